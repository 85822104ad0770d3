"""Who is still missing before a poll that binds can be announced, for the pages that lead to one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from deliberation.council import queries
from deliberation.council.rules import SECOND_STEP, missing_hands
from deliberation.council.seating.rules import Kind, State
from deliberation.council.tables import SeatChange


@dataclass(frozen=True)
class Hands:
    """`missing`: codes of refusals; `waits`: whether somebody has been put forward for the staff or to watch it."""

    missing: tuple[str, ...]
    waits: bool


def hands(session: Session, council_id: int) -> Hands:
    missing = missing_hands(queries.hands(session, council_id))
    return Hands(missing, bool(missing) and _waits(session, council_id))


def _waits(session: Session, council_id: int) -> bool:
    found = select(SeatChange.id).where(
        SeatChange.council_id == council_id,
        SeatChange.kind == Kind.APPOINTING,
        SeatChange.state == State.WAITING,
        col(SeatChange.role).in_(SECOND_STEP),
    )
    return session.exec(found.limit(1)).first() is not None
