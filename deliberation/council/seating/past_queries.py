"""What became of changes of the seats, and who ended a seat and why, which the journal tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select, true

from deliberation.council.seating.rules import TOLD_FOR, Kind, State
from deliberation.council.tables import Seat, SeatChange
from deliberation.db.tables import Event
from deliberation.people.queries import names

RESTS = "rests"
"""Instead of the state of an appointment that was agreed to, while its seat does not count yet."""


@dataclass(frozen=True)
class Answer:
    """`by`: who agreed or not; empty where it lapsed. `code` names its words (section news)."""

    council_id: int
    kind: str
    state: str
    name: str
    role: str
    building: str
    by: str

    @property
    def code(self) -> str:
        return f"seat_{self.kind}_{self.state}"


def answers(session: Session, me: int, now: datetime, council_id: int | None = None) -> list[Answer]:
    """What others have decided of late about changes this person put forward, and what lapsed, the newest first; in one council, or
    in all."""
    rows = session.exec(
        select(SeatChange)
        .where(
            SeatChange.put_by == me,
            col(SeatChange.decided_at) > now - TOLD_FOR,
            or_(col(SeatChange.decided_by).is_(None), col(SeatChange.decided_by) != me),
        )
        .where(SeatChange.council_id == council_id if council_id else true())
        .order_by(col(SeatChange.decided_at).desc(), col(SeatChange.id).desc())
    ).all()
    people = names(session, [one for row in rows for one in (row.account_id, row.decided_by)]) if rows else {}
    resting = _resting(session, [row.account_id for row in rows]) if rows else set()
    return [
        Answer(
            row.council_id,
            row.kind,
            RESTS if _given(row) in resting else row.state,
            people.get(row.account_id, ""),
            row.role,
            row.building,
            people.get(row.decided_by or 0, ""),
        )
        for row in rows
    ]


def _given(row: SeatChange) -> tuple[int, int, str, str] | None:
    """The seat that an agreed appointment made."""
    done = row.kind == Kind.APPOINTING and row.state == State.DONE
    return (row.council_id, row.account_id, row.role, row.building) if done else None


def _resting(session: Session, accounts: list[int]) -> set[tuple[int, int, str, str]]:
    held = select(Seat.council_id, Seat.account_id, Seat.role, Seat.building).where(
        col(Seat.account_id).in_(accounts), col(Seat.until).is_(None), col(Seat.rests_since).is_not(None)
    )
    return set(session.exec(held))


def waits_in(session: Session, account_id: int) -> list[int]:
    """The councils in which a change about this person waits."""
    found = select(SeatChange.council_id).where(SeatChange.account_id == account_id, SeatChange.state == State.WAITING)
    return list(session.exec(found.distinct()))


@dataclass(frozen=True)
class Ending:
    by: str
    reason: str


def endings(session: Session, council_id: int) -> Mapping[int, Ending]:
    """Seat -> who ended it, and the reason whoever wanted it gave; an end that took two is told of the one who agreed."""
    found: dict[int, tuple[int | None, str]] = {}
    put = reasons(session, council_id)
    for actor, facts in _told(session, council_id, "seat.ended", "seat.end_agreed"):
        reason = facts.get("reason") or put.get(facts.get("change_id", 0), "")
        found[facts["seat_id"]] = (actor, reason)
    people = names(session, [actor for actor, _ in found.values()]) if found else {}
    return {seat_id: Ending(people.get(actor or 0, ""), reason) for seat_id, (actor, reason) in found.items()}


def reasons(session: Session, council_id: int) -> Mapping[int, str]:
    """Change -> why somebody wants to end a seat."""
    told = _told(session, council_id, "seat.end_put")
    return {facts["change_id"]: facts["reason"] for _, facts in told if facts.get("reason")}


def _told(session: Session, council_id: int, *verbs: str) -> list[tuple[int | None, dict[str, Any]]]:
    rows = session.exec(
        select(Event.actor_id, Event.facts)
        .where(Event.council_id == council_id, col(Event.verb).in_(verbs))
        .order_by(col(Event.seq))
    )
    return [(actor, json.loads(facts)) for actor, facts in rows]
