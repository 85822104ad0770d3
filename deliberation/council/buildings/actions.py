"""A building leader hands out the slips of their building; releasing them stays with two others."""

from __future__ import annotations

from collections.abc import Collection

from deliberation.council.buildings import queries as building_queries
from deliberation.council.tables import HomeSlip
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from votes.refusal import Refused


def hand_out(tx: Tx, slip_ids: Collection[int]) -> int:
    """These envelopes were handed over or put into the letter box. Returns how many; those of other buildings are refused."""
    if not slip_ids:
        raise Refused("tick_handed", field="slip")
    mine = {
        home.slip_id: name
        for name in building_queries.led(tx.session, tx.council, tx.actor)
        for home in building_queries.building(tx.session, tx.council, name, tx.now).homes
        if home.slip_id is not None
    }
    for slip_id in slip_ids:
        if slip_id not in mine:
            raise Refused("not_to_hand", field="slip")
        slip = tx.session.get_one(HomeSlip, slip_id)
        slip.handed_at, slip.handed_by = tx.now, tx.actor
        tx.session.add(slip)
    for name in sorted({mine[one] for one in slip_ids}):
        count = sum(mine[one] == name for one in slip_ids)
        record(tx, "slip.handed_out", count=count, building_name=name)
    return len(slip_ids)
