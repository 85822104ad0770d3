"""Closed polls are counted, and decisions become final when nothing stands against it."""

from __future__ import annotations

import logging
from datetime import datetime

from deliberation.db.engine import Database
from deliberation.decision import actions, queries

log = logging.getLogger(__name__)


def due(db: Database, now: datetime) -> None:
    with db.read() as session:
        undecided = queries.undecided(session)
    for poll_id, council_id in undecided:
        try:
            with db.write(now, council_id=council_id) as tx:
                actions.decide(tx, poll_id)
        except actions.DoesNotFit as problem:
            # One poll whose records were changed must not stop the others from being counted.
            log.error("poll %s is not counted: its %s does not fit", poll_id, problem)
            with db.write(now, council_id=council_id) as tx:
                actions.hold_back(tx, poll_id, str(problem))
    with db.read() as session:
        waiting = queries.not_final(session, now)
        owed = queries.unanswered(session, [decision_id for decision_id, _ in waiting])
    for decision_id, council_id in waiting:
        if decision_id not in owed:
            with db.write(now, council_id=council_id) as tx:
                actions.make_final(tx, decision_id)
