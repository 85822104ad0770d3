"""Whose seats rest, and who could see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.council import queries
from deliberation.council.queries import SeatView
from deliberation.council.rules import Role
from deliberation.council.seating.rules import AGREES
from deliberation.council.tables import Seat
from deliberation.people.tables import Account

SEES = (Role.MODERATOR, *AGREES)
"""Who here may see the person with the account."""


def held_by(session: Session, account_id: int) -> list[Seat]:
    wanted = select(Seat).where(Seat.account_id == account_id, col(Seat.until).is_(None)).order_by(col(Seat.id))
    return list(session.exec(wanted))


def resting(session: Session, council_id: int, seat_id: int) -> tuple[Seat, datetime] | None:
    """A seat of this council that rests, and since when. Another council's is not there, whatever is sent."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.council_id != council_id or seat.until is not None or seat.rests_since is None:
        return None
    return seat, seat.rests_since


def of_account(session: Session, council_id: int, account_id: int) -> list[Seat]:
    return [one for one in held_by(session, account_id) if one.council_id == council_id and one.rests_since is not None]


def who_sees(session: Session, council_id: int, seat: Seat) -> list[str]:
    """Names of those here who could see the person now, besides the platform's admin."""
    left_out = _left_out(session, seat)
    counting = [one for one in queries.seats(session, council_id) if not one.rests_for]
    may = [one for one in counting if one.role in SEES and one.account_id not in left_out]
    return list(dict.fromkeys(one.name for one in may))


def to_see(session: Session, council_id: int, me: int) -> list[SeatView]:
    """The seats that rest until somebody like this person, who holds a seat that sees, has seen their holder."""
    return [one for one in that_rest(queries.seats(session, council_id)) if me not in _left_out(session, one)]


def that_rest(seats: Iterable[SeatView]) -> list[SeatView]:
    return [one for one in seats if one.rests_for]


def _left_out(session: Session, seat: Seat | SeatView) -> set[int | None]:
    """The holder, and whoever could have used the link first or has seen them already."""
    return {seat.account_id, seat.seen_by, session.get_one(Account, seat.account_id).opened_by}
