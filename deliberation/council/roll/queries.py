"""The roll as it was imported, version by version, and the heads on it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlmodel import Session, col, select

from deliberation.council.roll.search_rules import sought
from deliberation.council.tables import Council, Roll, RollUnit
from votes.roll import COLUMNS, Head, Unit
from votes.roll import Roll as VotingRoll

_FIELDS = [english for _, english in COLUMNS]


def newest(session: Session, council_id: int) -> Roll | None:
    return session.exec(
        select(Roll).where(Roll.council_id == council_id).order_by(col(Roll.version).desc()).limit(1)
    ).first()


def versions(session: Session, council_id: int) -> list[Roll]:
    return list(session.exec(select(Roll).where(Roll.council_id == council_id).order_by(col(Roll.version).desc())))


def voting_roll(session: Session, roll_id: int) -> VotingRoll:
    """A version of the roll as `votes` counts with it."""
    rows = session.exec(select(RollUnit).where(RollUnit.roll_id == roll_id).order_by(col(RollUnit.line)))
    return VotingRoll(tuple(Unit(line=row.line, **{name: getattr(row, name) for name in _FIELDS}) for row in rows))


_KEPT = 8
_known: OrderedDict[str, VotingRoll] = OrderedDict()
_turn = Lock()


def known_roll(session: Session, roll_id: int, fingerprint: str) -> VotingRoll:
    """The same from memory. A version never changes once written, so the last few stay there under their fingerprint."""
    with _turn:
        if fingerprint in _known:
            _known.move_to_end(fingerprint)
            return _known[fingerprint]
    roll = voting_roll(session, roll_id)
    with _turn:
        _known[fingerprint] = roll
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return roll


def head(session: Session, council_id: int, head_key: str) -> Head | None:
    """One head on the newest roll: its units, its area, who may cast."""
    roll = newest(session, council_id)
    if roll is None:
        return None
    parking = session.get_one(Council, council_id).count_parking
    return next((one for one in voting_roll(session, roll.id).heads(parking) if one.key == head_key), None)


PAGE = 20


@dataclass(frozen=True)
class UnitRow:
    """One line of the posted roll; `number` counts the heads in the order of the roll and names nobody."""

    place: str
    use: str
    area: int
    number: int
    counted: bool
    owner_name: str
    owner_id: str
    delivery: str
    building: str
    """The place without the room."""


def unit_rows(
    session: Session,
    roll_id: int,
    *,
    parking: bool,
    search: str = "",
    building: str = "",
    names: bool = False,
    page: int = 1,
) -> tuple[list[UnitRow], int]:
    """A page of the roll and how many pages; the search looks at places, and with `names` also at owners."""
    found = [
        one
        for one in posted_rows(session, roll_id, parking=parking, search=search, names=names)
        if not building or one.building == building
    ]
    return found[(page - 1) * PAGE : page * PAGE], max(1, -(-len(found) // PAGE))


def posted_rows(
    session: Session, roll_id: int, *, parking: bool, search: str = "", names: bool = False
) -> list[UnitRow]:
    """The whole roll as it is posted; without `names` nothing in it names anybody."""
    columns = ("group", "building", "entrance", "room", "use", "area", "owner_name", "owner_id", "delivery", "head_key")
    rows = session.execute(
        select(*(getattr(RollUnit, one) for one in columns))
        .where(col(RollUnit.roll_id) == roll_id)
        .order_by(col(RollUnit.line))
    ).all()
    numbers: dict[str, int] = {}
    holds = sought(search)
    found = []
    for row in rows:
        number = numbers.setdefault(row.head_key, len(numbers) + 1)
        building = "".join((row.group, row.building, row.entrance))
        place = f"{building}{row.room}"
        if holds(f"{place}{row.owner_name}{row.owner_id}" if names else place):
            found.append(
                UnitRow(
                    place,
                    row.use,
                    row.area,
                    number,
                    parking or row.use != "parking",
                    row.owner_name if names else "",
                    row.owner_id if names else "",
                    row.delivery,
                    building,
                )
            )
    return found


def newest_at(session: Session, council_id: int, moment: datetime) -> Roll | None:
    """The version that was the newest then."""
    return session.exec(
        select(Roll)
        .where(Roll.council_id == council_id, col(Roll.imported_at) <= moment)
        .order_by(col(Roll.version).desc())
        .limit(1)
    ).first()
