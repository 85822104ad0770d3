"""Dates stand in the compound's own time; the year is said where it is not this one."""

from datetime import UTC, date, datetime

import pytest

from deliberation.i18n import dates
from deliberation.web.render import _environment

NEW_YEAR_MORNING = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
"""1 January 2027, 01:30 in Fujian."""


@pytest.mark.parametrize(
    ("value", "year"),
    [(NEW_YEAR_MORNING, 2027), (date(2026, 12, 31), 2026), (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), 2026)],
)
def test_the_year_is_that_of_the_calendar_here(value: date | datetime, year: int) -> None:
    assert dates.year(value) == year


def test_on_new_year_s_morning_yesterday_has_its_year_and_today_has_none() -> None:
    template = _environment("zh").from_string("{{ a|moment(year=a|year != now|year) }}")
    assert template.render(a=NEW_YEAR_MORNING, now=NEW_YEAR_MORNING) == "1月1日（周五）01:30"
    assert (
        template.render(a=datetime(2026, 12, 31, 11, 30, tzinfo=UTC), now=NEW_YEAR_MORNING)
        == "2026年12月31日（周四）19:30"
    )


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (1096, "三年", "three years"),
        (1095, "三年", "three years"),
        (366, "一年", "one year"),
        (365, "一年", "one year"),
        (400, "400 天", "400 days"),
        (360, "360 天", "360 days"),
        (90, "90 天", "90 days"),
        (1, "1 天", "1 day"),
    ],
)
def test_days_that_make_whole_years_are_called_years(count: int, zh: str, en: str) -> None:
    assert (dates.days(count, "zh"), dates.days(count, "en")) == (zh, en)
