"""Closed polls are counted, and decisions become final when nothing stands against it."""

from __future__ import annotations

import logging
from datetime import datetime

from deliberation.db.engine import Database
from deliberation.decision import actions, queries
from deliberation.jobs.runner import each

log = logging.getLogger(__name__)


def due(db: Database, now: datetime) -> None:
    each((_count, _make_final), lambda stage: stage(db, now))


def _count(db: Database, now: datetime) -> None:
    with db.read() as session:
        undecided = queries.undecided(session, now)

    def count(one: tuple[int, int]) -> None:
        poll_id, council_id = one
        try:
            with db.write(now, council_id=council_id) as tx:
                actions.decide(tx, poll_id)
        except actions.DoesNotFit as problem:
            # Members are told that this poll's records were changed.
            log.error("poll %s is not counted: its %s does not fit", poll_id, problem)
            with db.write(now, council_id=council_id) as tx:
                actions.hold_back(tx, poll_id, str(problem))

    each(undecided, count)


def _make_final(db: Database, now: datetime) -> None:
    with db.read() as session:
        waiting = queries.not_final(session, now)
        owed = queries.unanswered(session, [decision_id for decision_id, _ in waiting])

    def make_final(one: tuple[int, int]) -> None:
        decision_id, council_id = one
        with db.write(now, council_id=council_id) as tx:
            actions.make_final(tx, decision_id)

    each([one for one in waiting if one[0] not in owed], make_final)
