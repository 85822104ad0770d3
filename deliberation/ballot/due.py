"""Polls open and close by the clock; both moments are recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import col, select

from deliberation.ballot import actions
from deliberation.ballot.tables import Poll
from deliberation.db.engine import Database, Tx
from deliberation.jobs.runner import each


def due(db: Database, now: datetime) -> None:
    with db.read() as session:
        standing = select(Poll.id, Poll.council_id).where(col(Poll.withdrawn_at).is_(None)).order_by(col(Poll.id))
        opening = session.exec(standing.where(col(Poll.opened_at).is_(None), col(Poll.opens_at) <= now)).all()
        closing = session.exec(standing.where(col(Poll.closed_at).is_(None), col(Poll.closes_at) <= now)).all()

    def turn(one: tuple[Callable[[Tx, int], object], int, int]) -> None:
        act, poll_id, council_id = one
        with db.write(now, council_id=council_id) as tx:
            act(tx, poll_id)

    each([(actions.open_now, *one) for one in opening] + [(actions.close, *one) for one in closing], turn)
