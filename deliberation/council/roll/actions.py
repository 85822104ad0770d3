"""Keeping a new version of the roll; older versions stay as they were."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from sqlalchemy import insert

from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll.rules import Origin
from deliberation.council.tables import Council, Roll, RollUnit
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from votes.roll import Roll as VotingRoll

VERBS = {
    Origin.IMPORT: "roll.imported",
    Origin.SETTINGS: "roll.counted_anew",
    Origin.CORRECT: "roll.corrected",
    Origin.MERGE: "roll.heads_merged",
    Origin.SPLIT: "roll.heads_split",
}


def keep(
    tx: Tx,
    voting: VotingRoll,
    *,
    file_name: str,
    record_date: date | None = None,
    origin: Origin = Origin.IMPORT,
    brought_by: int | None = None,
    reason: str = "",
    register: tuple[int | None, int | None] = (None, None),
) -> Roll:
    """Write a checked roll as the council's next version, all of it or nothing.

    `brought_by`: who uploaded it or put the change, where that is another than who confirms it now. `register`: the heads and
    the area typed in from the register.
    """
    parking = tx.session.get_one(Council, tx.council).count_parking
    heads = voting.heads(parking)
    head_of = {unit.line: head.key for head in voting.heads(count_parking=True) for unit in head.units}
    before = roll_queries.newest(tx.session, tx.council)
    roll = Roll(
        council_id=tx.council,
        version=before.version + 1 if before else 1,
        file_name=file_name[:120],
        imported_by=brought_by or tx.actor,
        imported_at=tx.now,
        units=len(voting.units),
        heads=len(heads),
        area=voting.area(parking),
        fingerprint=voting.fingerprint(),
        record_date=record_date,
        origin=origin,
        confirmed_by=tx.actor,
        reason=reason,
        register_heads=register[0],
        register_area=register[1],
    )
    tx.session.add(roll)
    tx.session.flush()
    rows = [{"roll_id": roll.id, "head_key": head_of[unit.line], **asdict(unit)} for unit in voting.units]
    tx.session.execute(insert(RollUnit), rows)
    record(
        tx,
        VERBS[origin],
        version=roll.version,
        units=roll.units,
        heads=roll.heads,
        area=roll.area,
        fingerprint=roll.fingerprint,
    )
    return roll
