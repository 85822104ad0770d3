from datetime import date

import pytest

from deliberation.followup import rules
from votes.refusal import Refused

DUE = date(2026, 3, 10)


@pytest.mark.parametrize(("today", "late"), [(date(2026, 3, 10), False), (date(2026, 3, 11), True)])
def test_a_task_is_late_from_the_day_after_its_due_date(today: date, late: bool) -> None:
    assert rules.is_late(closed=False, due_on=DUE, today=today) is late


def test_a_task_that_is_closed_out_is_never_late() -> None:
    assert not rules.is_late(closed=True, due_on=DUE, today=date(2027, 1, 1))


def test_a_reopened_task_is_assigned_again_until_somebody_reports() -> None:
    assert rules.state(closed=False, reported=False) is rules.State.ASSIGNED
    assert rules.state(closed=False, reported=True) is rules.State.UNDER_WAY
    assert rules.state(closed=True, reported=True) is rules.State.CLOSED_OUT


@pytest.mark.parametrize(
    ("matter_state", "due_on", "code"),
    [
        ("declined", DUE, "matter_not_taken_up"),
        ("closed", DUE, "matter_closed"),
        ("accepted", date(2026, 3, 8), "due_in_the_past"),
    ],
)
def test_a_task_needs_a_matter_taken_up_and_a_day_to_come(matter_state: str, due_on: date, code: str) -> None:
    rules.may_assign(matter_state="accepted", promised=False, due_on=DUE, today=DUE)
    rules.may_assign(matter_state="closed", promised=True, due_on=DUE, today=DUE)
    with pytest.raises(Refused) as refused:
        rules.may_assign(matter_state=matter_state, promised=False, due_on=due_on, today=date(2026, 3, 9))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("closed", "backer", "rated", "code"),
    [
        (True, False, False, "not_a_backer"),
        (False, True, False, "task_not_closed_out"),
        (True, True, True, "rated_already"),
    ],
)
def test_only_those_who_stood_behind_it_rate_what_is_done_and_once(
    closed: bool, backer: bool, rated: bool, code: str
) -> None:
    rules.may_rate(closed=True, backer=True, rated=False)
    with pytest.raises(Refused) as refused:
        rules.may_rate(closed=closed, backer=backer, rated=rated)
    assert refused.value.code == code
