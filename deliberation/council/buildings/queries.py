"""What a building leader sees of their building: which home has come how far. No names, no numbers, nothing of any ballot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import Role, State, same_room
from deliberation.council.slips import queries as slip_queries
from deliberation.council.tables import HomeSlip, Membership, Seat, SlipBatch


class Reached(StrEnum):
    """How far a home has come, the furthest first."""

    JOINED = "joined"
    ASKED = "asked"
    HANDED = "handed"
    TO_HAND = "to_hand"
    PRINTED = "printed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Home:
    """`slip_id`: the slip that is to be handed out."""

    room: str
    reached: Reached
    slip_id: int | None = None


@dataclass(frozen=True)
class Building:
    name: str
    homes: tuple[Home, ...]

    def at(self, reached: str) -> list[Home]:
        return [one for one in self.homes if one.reached == reached]


def led(session: Session, council_id: int, account_id: int) -> list[str]:
    """The buildings this person leads now."""
    rows = session.exec(
        select(Seat.building)
        .where(
            Seat.council_id == council_id,
            Seat.account_id == account_id,
            Seat.role == Role.BUILDING,
            col(Seat.until).is_(None),
            col(Seat.rests_since).is_(None),
        )
        .order_by(col(Seat.id))
    )
    return list(rows)


def building(session: Session, council_id: int, name: str, now: datetime) -> Building:
    roll = roll_queries.newest(session, council_id)
    if roll is None:
        return Building(name, ())
    found = [
        (unit.room, head.key, slip_queries.building_of(head) == name)
        for head in slip_queries.heads(session, council_id, roll)
        for unit in head.own
        if f"{unit.group}{unit.building}{unit.entrance}" == name and unit.use != "parking"
    ]
    keys = {key for _, key, _ in found}
    joined, asked = _joined(session, council_id, keys), _asked(session, council_id, name)
    slips = _slips(session, council_id, keys, now)
    homes = []
    for room, key, slip_here in sorted(found):
        reached, slip_id = slips.get(key, (Reached.NOTHING, None))
        if key in joined:
            reached, slip_id = Reached.JOINED, None
        elif any(same_room(one, room) for one in asked):
            reached, slip_id = Reached.ASKED, None
        homes.append(Home(room, reached, slip_id if slip_here else None))
    return Building(name, tuple(homes))


def _joined(session: Session, council_id: int, keys: Collection[str]) -> set[str | None]:
    return set(
        session.exec(
            select(Membership.head_key).where(
                Membership.council_id == council_id,
                Membership.state == State.VERIFIED,
                Membership.tie == "owner",
                col(Membership.head_key).in_(keys),
            )
        )
    )


def _asked(session: Session, council_id: int, name: str) -> list[str]:
    """Rooms in this building that somebody waits to be confirmed for."""
    rows = session.exec(
        select(Membership.home).where(Membership.council_id == council_id, Membership.state == State.WAITING)
    )
    return [one.removeprefix(name) for one in rows if one.startswith(name)]


def _slips(
    session: Session, council_id: int, keys: Collection[str], now: datetime
) -> dict[str, tuple[Reached, int | None]]:
    """By head: what became of its newest slip that still stands."""
    rows = session.exec(
        select(HomeSlip, SlipBatch)
        .join(SlipBatch, col(SlipBatch.id) == col(HomeSlip.batch_id))
        .where(
            HomeSlip.council_id == council_id,
            col(HomeSlip.head_key).in_(keys),
            col(HomeSlip.ended_at).is_(None),
            col(HomeSlip.used_at).is_(None),
            col(SlipBatch.expires_at) > now,
        )
        .order_by(col(HomeSlip.id))
    )
    found: dict[str, tuple[Reached, int | None]] = {}
    for slip, batch in rows:
        if batch.confirmed_at is None:
            found[slip.head_key] = Reached.PRINTED, None
        elif slip.handed_at is None:
            found[slip.head_key] = Reached.TO_HAND, slip.id
        else:
            found[slip.head_key] = Reached.HANDED, None
    return found


def to_hand(session: Session, council_id: int, account_id: int, now: datetime) -> Counter[str]:
    """How many released slips wait in each building this person leads."""
    return Counter(
        {
            name: count
            for name in led(session, council_id, account_id)
            if (count := sum(one.slip_id is not None for one in building(session, council_id, name, now).homes))
        }
    )
