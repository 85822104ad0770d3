"""Moments, days and spans as people write them here; always in the compound's own time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deliberation.i18n.catalog import Lang

LOCAL = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"


def day(value: date | datetime, lang: Lang, *, year: bool = False) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(LOCAL).date()
    if lang == "zh":
        prefix = f"{value.year}年" if year else ""
        return f"{prefix}{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）"
    suffix = f" {value.year}" if year else ""
    return f"{value:%a} {value.day} {value:%b}{suffix}"


def year(value: date | datetime) -> int:
    """Of the calendar here: the first eight hours of a year belong to the one before in UTC."""
    return (value.astimezone(LOCAL) if isinstance(value, datetime) else value).year


def moment(value: datetime, lang: Lang, *, year: bool = False) -> str:
    here = value.astimezone(LOCAL)
    if lang == "zh":
        return f"{day(here, lang, year=year)}{here:%H:%M}"
    return f"{day(here, lang, year=year)}, {here:%H:%M}"


def clock_time(value: datetime) -> str:
    return f"{value.astimezone(LOCAL):%H:%M}"


def span(value: timedelta, lang: Lang) -> str:
    """How long, in the largest fitting unit, rounded down: "3 天", "5 小时", "12 分钟"."""
    seconds = max(0, int(value.total_seconds()))
    for size, chinese, english in ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute")):
        count = seconds // size
        if count >= 1:
            return f"{count} {chinese}" if lang == "zh" else f"{count} {english}{'s' if count > 1 else ''}"
    return "不到 1 分钟" if lang == "zh" else "less than a minute"


_NUMBERS = {"zh": "一二三四五六七八九", "en": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")}


def days(count: int, lang: Lang) -> str:
    """So many days; those that make whole years are called years: "三年", "90 天"."""
    years = round(count / 365.25)
    if 1 <= years <= len(_NUMBERS[lang]) and abs(count - years * 365.25) <= 1:
        number = _NUMBERS[lang][years - 1]
        return f"{number}年" if lang == "zh" else f"{number} year{'s' if years > 1 else ''}"
    return f"{count} 天" if lang == "zh" else f"{count} day{'s' if count != 1 else ''}"
