"""What the form for a new task offers: matters, people with a seat, the decision, points agreed in a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from deliberation.agenda.tables import Proposal
from deliberation.ballot.rules import binds
from deliberation.ballot.tables import Poll
from deliberation.council.queries import seats
from deliberation.decision.tables import Decision
from deliberation.followup.tables import Task
from deliberation.meeting.tables import ActionPoint, Item


def open_matters(session: Session, council_id: int) -> list[tuple[int, str]]:
    rows = session.exec(
        select(Proposal.id, Proposal.title)
        .where(Proposal.council_id == council_id, Proposal.state == "accepted")
        .order_by(col(Proposal.id).desc())
    )
    return list(rows.all())


def seat_holders(session: Session, council_id: int) -> list[tuple[int, str, str]]:
    """(account, name, role) of each person with a seat that counts, once; by the first they were given."""
    found: dict[int, tuple[int, str, str]] = {}
    for one in sorted(seats(session, council_id), key=lambda one: one.id):
        if not one.rests_for:
            found.setdefault(one.account_id, (one.account_id, one.name, one.role))
    return list(found.values())


def decision_of(session: Session, council_id: int, matter_id: int) -> Decision | None:
    """The newest result that decides something; an opinion asked for is no decision to carry out."""
    rows = session.exec(
        select(Decision, Poll.standing)
        .join(Poll, col(Poll.id) == col(Decision.poll_id))
        .where(Decision.council_id == council_id, Decision.matter_id == matter_id)
        .order_by(col(Decision.id).desc())
    )
    return next((decision for decision, standing in rows if binds(standing)), None)


def opinion_asked(session: Session, council_id: int, matter_id: int) -> bool:
    rows = session.exec(
        select(Poll.standing)
        .join(Decision, col(Decision.poll_id) == col(Poll.id))
        .where(Decision.council_id == council_id, Decision.matter_id == matter_id)
    )
    return any(not binds(standing) for standing in rows)


@dataclass(frozen=True)
class Point:
    """A task agreed in a meeting that nobody has been given yet."""

    id: int
    meeting_id: int
    matter_id: int | None
    text: str
    assignee: str
    due_on: date | None


def points(session: Session, council_id: int, point_id: int | None = None) -> list[Point]:
    """Action points without a task, oldest first; or the one of this number."""
    taken = select(Task.id).where(Task.action_point_id == ActionPoint.id)
    query = (
        select(ActionPoint, Item.matter_id)
        .join(Item, col(Item.id) == col(ActionPoint.item_id), isouter=True)
        .where(ActionPoint.council_id == council_id, ~taken.exists())
        .order_by(col(ActionPoint.id))
    )
    if point_id is not None:
        query = query.where(ActionPoint.id == point_id)
    return [
        Point(one.id, one.meeting_id, matter_id, one.text, one.assignee, one.due_on)
        for one, matter_id in session.exec(query)
    ]
