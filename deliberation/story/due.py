"""A matter that has gone its whole way is closed, so that no list of open matters has to look at it again."""

from __future__ import annotations

from datetime import datetime

from deliberation.agenda.actions import close_matter
from deliberation.db.engine import Database
from deliberation.jobs.runner import each
from deliberation.story import queries


def due(db: Database, now: datetime) -> None:
    with db.read() as session:
        finished = queries.finished(session, now)

    def close(one: tuple[int, int]) -> None:
        matter_id, council_id = one
        with db.write(now, council_id=council_id) as tx:
            # Somebody may have said "not satisfied" meanwhile.
            if queries.finished(tx.session, now, only=matter_id):
                close_matter(tx, matter_id)

    each(finished, close)
