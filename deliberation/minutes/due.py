"""Minutes whose time for corrections is over are frozen."""

from __future__ import annotations

from datetime import datetime

from deliberation.db.engine import Database
from deliberation.jobs.runner import each
from deliberation.minutes import actions, waiting_queries


def due(db: Database, now: datetime) -> None:
    with db.read() as session:
        found = waiting_queries.past_their_time(session, now)

    def freeze(one: tuple[int, int]) -> None:
        council_id, minutes_id = one
        with db.write(now, council_id=council_id) as tx:
            actions.freeze(tx, minutes_id)

    each(found, freeze)
