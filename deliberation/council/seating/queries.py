"""Changes of the seats that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from deliberation.council.seating.rules import State
from deliberation.council.tables import SeatChange
from deliberation.people.queries import names


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
