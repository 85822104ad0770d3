"""When a task is late, and who may report on it, close it out and rate it; pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from deliberation.agenda.rules import State as MatterState
from votes.refusal import Refused

MOST_PHOTOS = 6
RATING_TIME = timedelta(days=14)
"""So long those who raised and seconded a matter are waited for; silence then counts as no objection."""


class State(StrEnum):
    ASSIGNED = "assigned"
    UNDER_WAY = "under_way"
    CLOSED_OUT = "closed_out"


def state(*, closed: bool, reported: bool) -> State:
    """`reported`: something was reported in this round, so a reopened task starts as assigned again."""
    if closed:
        return State.CLOSED_OUT
    return State.UNDER_WAY if reported else State.ASSIGNED


def is_late(*, closed: bool, due_on: date, today: date) -> bool:
    """The due date itself is still in time."""
    return not closed and today > due_on


def may_assign(*, matter_state: str, promised: bool, due_on: date, today: date) -> None:
    """`promised`: a meeting agreed on it; that is given out though the matter was closed meanwhile."""
    if matter_state == MatterState.CLOSED and not promised:
        raise Refused("matter_closed")
    if matter_state not in (MatterState.ACCEPTED, MatterState.CLOSED):
        raise Refused("matter_not_taken_up")
    if due_on < today:
        raise Refused("due_in_the_past", field="due_on")


def may_carry_out(*, passed: bool) -> None:
    """A decision that did not pass has nothing to carry out."""
    if not passed:
        raise Refused("decision_not_passed")


def may_report(*, closed: bool) -> None:
    if closed:
        raise Refused("task_closed_out")


def may_move_due(*, closed: bool, due_on: date, today: date) -> None:
    if closed:
        raise Refused("task_closed_out")
    if due_on < today:
        raise Refused("due_in_the_past", field="new_due_on")


def settled(
    *, closed_out_at: datetime | None, asked: int, satisfied: int, unsatisfied: int, author_content: bool, now: datetime
) -> bool:
    """Over for good: who raised it is content with what was done last, or all are, or the time has passed without a no.

    `satisfied` and `unsatisfied` are each resident's last word; a no to the present round would have opened it again.
    """
    if closed_out_at is None:
        return False
    if asked == 0 or now >= closed_out_at + RATING_TIME:
        return True
    return unsatisfied == 0 and (author_content or satisfied >= asked)


def may_rate(*, closed: bool, backer: bool, rated: bool) -> None:
    """`backer`: the resident raised the matter or seconded it, or another that was merged into it."""
    if not backer:
        raise Refused("not_a_backer")
    if not closed:
        raise Refused("task_not_closed_out")
    if rated:
        raise Refused("rated_already")
