"""The roll as it was imported, version by version, and the heads on it."""

from __future__ import annotations

from sqlmodel import Session, col, select

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


def head(session: Session, council_id: int, head_key: str) -> Head | None:
    """One head on the newest roll: its units, its area, who may cast."""
    roll = newest(session, council_id)
    if roll is None:
        return None
    parking = session.get_one(Council, council_id).count_parking
    return next((one for one in voting_roll(session, roll.id).heads(parking) if one.key == head_key), None)
