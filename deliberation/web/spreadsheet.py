"""Rows for a spreadsheet: the one way in which a table is given out."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from starlette.responses import Response

WORD_JOINER = "\u2060"
"""Put before a cell that a spreadsheet would run as a formula; `votes` drops it when it reads the file."""


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet would run is shown instead; also behind a space, and as a Chinese keyboard types it."""
    first = unicodedata.normalize("NFKC", text.lstrip())[:1]
    return WORD_JOINER + text if first in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def safe_rows(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [[safe_cell(cell) for cell in row] for row in rows]


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(safe_rows(rows))
    # With the mark at its head a spreadsheet reads the Chinese right.
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
