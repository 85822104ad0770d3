"""Minutes whose time for corrections is over are frozen."""

from __future__ import annotations

from datetime import datetime

from deliberation.db.engine import Database
from deliberation.minutes import actions, queries


def due(db: Database, now: datetime) -> None:
    with db.read() as session:
        found = queries.past_their_time(session, now)
    for council_id, minutes_id in found:
        with db.write(now, council_id=council_id) as tx:
            actions.freeze(tx, minutes_id)
