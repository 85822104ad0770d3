"""How far a council's journal has come, asked before every page that is shown again: in microseconds, and never in the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_LAST = """
SELECT (SELECT max(seq) FROM event WHERE event.council_id = council.id) FROM council WHERE slug = ?
"""


class Numbers:
    """Of embedded SQLite alone. It is a connection of its own that holds nothing between two questions: a reader there waits
    for no writer, so that the event loop may ask."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def last(self, slug: str) -> int | None:
        """The number of the council's last act; None where that cannot be said."""
        if self._path is None:
            return None
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    f"file:{self._path}?mode=ro", timeout=0, isolation_level=None, check_same_thread=False, uri=True
                )
            found = self._connection.execute(_LAST, (slug,)).fetchall()
        except sqlite3.Error:
            return None
        return found[0][0] if found else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
