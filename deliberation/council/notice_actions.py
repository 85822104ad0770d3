"""Telling a person what was done to their tie or their seat: in which council, for which home, by which office and why."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from deliberation.council.rules import PLATFORM, Role
from deliberation.council.tables import Council, Membership, Seat, SeatChange
from deliberation.db.engine import Tx
from deliberation.people.devices import actions as device_actions


def of_tie(
    tx: Tx, member: Membership, code: str, *, home: str = "", reason: str = "", also_by: int | None = None
) -> None:
    """`home`: where it is another than the person stated. `also_by`: who wanted it first, where it took two."""
    said = {**_council(tx, member.council_id), "home": home or member.home, "tie": member.tie, "reason": reason}
    _tell(tx, member.account_id, code, said, _offices(tx, member.council_id, also_by, tx.actor_id))


def tie_settled(tx: Tx, member: Membership, *codes: str) -> None:
    device_actions.untell(tx, member.account_id, *codes, about=_council(tx, member.council_id))


def of_seat(
    tx: Tx,
    seat: Seat | SeatChange,
    code: str,
    *,
    reason: str = "",
    also_by: int | None = None,
    by_platform: bool = False,
) -> None:
    """Nobody is told of what they did themselves."""
    if seat.account_id == tx.actor_id:
        return
    said = {**_seat(tx, seat), "reason": reason}
    by = [PLATFORM] if by_platform else _offices(tx, seat.council_id, tx.actor_id)
    _tell(tx, seat.account_id, code, said, [*_offices(tx, seat.council_id, also_by), *by])


def of_office(tx: Tx, account_id: int, code: str, *, community: str, reason: str) -> None:
    """The seat above all councils of a community, told once and not for each of them."""
    said = {"council": community, "role": Role.COMMUNITY, "reason": reason}
    _tell(tx, account_id, code, said, [PLATFORM])


def seat_settled(tx: Tx, change: SeatChange, *codes: str) -> None:
    device_actions.untell(tx, change.account_id, *codes, about=_seat(tx, change))


def _council(tx: Tx, council_id: int) -> dict[str, Any]:
    council = tx.session.get_one(Council, council_id)
    return {"council": council.name, "slug": council.slug}


def _seat(tx: Tx, seat: Seat | SeatChange) -> dict[str, Any]:
    building = {"home": seat.building} if seat.building else {}
    return {**_council(tx, seat.council_id), "role": seat.role, **building}


def _tell(tx: Tx, account_id: int, code: str, said: dict[str, Any], by: list[str]) -> None:
    kept = {name: value for name, value in said.items() if value}
    device_actions.tell(tx, account_id, code, facts={**kept, "by": list(dict.fromkeys(by))})


def _offices(tx: Tx, council_id: int, *accounts: int | None) -> list[str]:
    """The first office of each, as the roles are ordered: a person is told which office acted, not which neighbor."""
    found = []
    for account_id in accounts:
        held = select(Seat.role).where(
            Seat.council_id == council_id,
            Seat.account_id == account_id,
            col(Seat.until).is_(None),
            col(Seat.rests_since).is_(None),
        )
        roles = set(tx.session.exec(held)) if account_id else set()
        found += [role.value for role in Role if role in roles][:1]
    return found
