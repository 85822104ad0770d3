"""From the bytes of a CSV file to rows of cells: four encodings, three separators, no row lost in a quote (SPEC 2.1)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence

from votes.problem import Problem, Unusable

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 200_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
_BARE = {delimiter: re.compile(f"[^{delimiter}\n]*+") for delimiter in ",\t;"}


def decode(data: bytes) -> list[list[str]]:
    """The rows of a CSV file (UTF-8 with or without BOM, UTF-16, GB18030; comma, tab or semicolon), row n at index n-1."""
    if len(data) > MAX_BYTES:
        raise Unusable([Problem(1, "", "file_too_large")])
    if data.startswith(_WORKBOOKS):
        raise Unusable([Problem(1, "", "workbook")])
    text = _text(data).replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n", 50) if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    rows: list[list[str]] = []
    heading: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if reader.line_num > len(rows) + 1:
                _check_cells(row, len(rows) + 1, delimiter, heading)
            heading = heading or _filled(row)
            # A cell may hold a line break: pad, so that a row's place stays the line a person sees in an editor.
            rows.append(row)
            while len(rows) < reader.line_num:
                rows.append([])
            if len(rows) > MAX_ROWS:
                raise Unusable([Problem(MAX_ROWS, "", "file_too_large")])
    except csv.Error:
        raise Unusable([_open_quote(text, len(rows), delimiter, heading)]) from None
    return rows


def _text(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    elif b"\0" in data[:200]:
        even, odd = data[:200:2].count(0), data[1:200:2].count(0)
        tried = ["utf-16-be" if even > odd else "utf-16-le"]
    else:
        tried = ["utf-8", "gb18030"]
    at = 0
    for encoding in tried:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
    raise Unusable([Problem(data.count(b"\n", 0, at) + 1, "", "encoding")])


def _filled(row: list[str]) -> list[str]:
    """Without the blank cells at its end."""
    while row and not row[-1].strip():
        row = row[:-1]
    return row


def _name(heading: Sequence[str], at: int) -> str:
    """What a person calls column `at`."""
    return " ".join(heading[at].split()) if at < len(heading) and heading[at].strip() else f"#{at + 1}"


def _check_cells(row: Sequence[str], line: int, delimiter: str, heading: Sequence[str]) -> None:
    """A quote that is closed rows later swallows what stands between: refuse a cell in which a line looks like a row."""
    for at, cell in enumerate(row):
        inner = [below.count(delimiter) for below in cell.split("\n")[1:]]
        if inner and inner[-1]:
            inner[-1] += len(row) - at - 1  # the cells behind it stand on its last line
        if inner and max(inner) >= max(1, len(heading or row) - 1):
            raise Unusable([Problem(line, _name(heading, at), "swallowed_rows")])
        line += len(inner)


def _open_quote(text: str, line: int, delimiter: str, heading: Sequence[str]) -> Problem:
    """Where in the row behind `line` a quoted cell is not closed at its end; what else a reader stumbles over is no table."""
    at = place = 0
    for _ in range(line):
        place = text.index("\n", place) + 1
    line += 1
    while place < len(text):
        cell = (_QUOTED if text[place] == '"' else _BARE[delimiter]).match(text, place)
        if cell is None or text[cell.end() : cell.end() + 1] not in ("", "\n", delimiter):
            return Problem(line, _name(heading, at), "open_quote")
        if text[cell.end() : cell.end() + 1] != delimiter:
            break
        line += cell[0].count("\n")
        at, place = at + 1, cell.end() + 1
    return Problem(line, "", "not_csv")
