"""Times as people write them; without a zone they are China time (SPEC 2.4)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")
_EXCEL = re.compile(r"(\d{4})[/年-](\d{1,2})[/月-](\d{1,2})日?(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)


def moment(time: datetime) -> datetime:
    return time if time.utcoffset() is not None else time.replace(tzinfo=CHINA)


def parse_moment(text: str) -> datetime | None:
    """ISO 8601, or 2026/11/3 9:05 as spreadsheets write it; None when it is neither."""
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        pass
    found = _EXCEL.fullmatch(text)
    if not found:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None
