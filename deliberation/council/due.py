"""Uploads whose reading a restart cut off are read anew."""

from __future__ import annotations

from datetime import datetime

from deliberation.council import roll_reader
from deliberation.db.engine import Database


def due(db: Database, now: datetime) -> None:
    roll_reader.resume(db, now)
