"""Changes of the seats that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from deliberation.council.rules import OFFICES, Role
from deliberation.council.seating.rules import State
from deliberation.council.tables import Seat, SeatChange
from deliberation.people.queries import names
from deliberation.people.tables import Account


@dataclass(frozen=True)
class ChangeView:
    id: int
    kind: str
    account_id: int
    name: str
    role: str
    building: str
    put_by: int
    put_name: str
    put_at: datetime


def waiting(session: Session, council_id: int) -> list[ChangeView]:
    """The oldest first."""
    rows = session.exec(
        select(SeatChange)
        .where(SeatChange.council_id == council_id, SeatChange.state == State.WAITING)
        .order_by(SeatChange.id)  # type: ignore[arg-type]
    ).all()
    people = names(session, [one for row in rows for one in (row.account_id, row.put_by)])
    return [
        ChangeView(
            row.id,
            row.kind,
            row.account_id,
            people.get(row.account_id, ""),
            row.role,
            row.building,
            row.put_by,
            people.get(row.put_by, ""),
            row.put_at,
        )
        for row in rows
    ]


def waits(session: Session, council_id: int, account_id: int, kind: str, role: str, building: str = "") -> bool:
    found = select(SeatChange.id).where(
        SeatChange.council_id == council_id,
        SeatChange.account_id == account_id,
        SeatChange.kind == kind,
        SeatChange.role == role,
        SeatChange.building == building,
        SeatChange.state == State.WAITING,
    )
    return session.exec(found.limit(1)).first() is not None


def change(session: Session, council_id: int, change_id: int) -> SeatChange | None:
    found = session.get(SeatChange, change_id)
    return found if found and found.council_id == council_id else None


def offices(session: Session, account_id: int, *, given_by: int) -> set[int]:
    """The councils in which the person has an office that does not rest on `given_by` alone. Seats that a moderator gives without
    a second person are none."""
    found = select(Seat.council_id).where(
        Seat.account_id == account_id,
        col(Seat.until).is_(None),
        col(Seat.role).in_(OFFICES),
        or_(col(Seat.appointed_by).is_distinct_from(given_by), col(Seat.confirmed_by).is_not(None)),
    )
    return set(session.exec(found))


def behind(session: Session, council_id: int, account_id: int) -> set[int]:
    """Who of the council's own alone gave this person a seat here. The platform's admin, who seats the first ones, is none."""
    found = (
        select(Seat.appointed_by)
        .join(Account, col(Account.id) == col(Seat.appointed_by))
        .where(
            Seat.council_id == council_id,
            Seat.account_id == account_id,
            Seat.role == Role.MODERATOR,
            col(Seat.until).is_(None),
            col(Seat.confirmed_by).is_(None),
            col(Account.platform_admin).is_(False),
        )
    )
    return {one for one in session.exec(found) if one is not None}
