"""Uploads whose reading a restart cut off are read anew; what nobody imported, old tries at codes and old looks are removed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from deliberation.council.roll import reader as roll_reader
from deliberation.council.roll import upload_actions, upload_queries
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import queries as seating_queries
from deliberation.council.slips import actions as slip_actions
from deliberation.council.tables import RollUpload
from deliberation.db.engine import Database
from deliberation.jobs import retention
from deliberation.jobs.runner import each, once_a_day
from deliberation.web import readings


def due(db: Database, now: datetime) -> None:
    roll_reader.resume(db, now)


@once_a_day
def clean(db: Database, now: datetime) -> None:
    """A roll file is full of names; it stays no longer than it is needed."""
    with db.read() as session:
        left = session.exec(
            select(RollUpload.id, RollUpload.council_id).where(
                col(RollUpload.state).in_([upload_queries.BAD, upload_queries.READY]),
                col(RollUpload.uploaded_at) < now - retention.UPLOAD.span,
            )
        ).all()

    def remove(one: tuple[int, int]) -> None:
        upload_id, council_id = one
        with db.write(now, council_id=council_id) as tx:
            upload_actions.expire(tx, upload_id)

    each(left, remove)
    with db.read() as session:
        undecided = seating_queries.left_undecided(session, now)

    def drop(one: tuple[int, int]) -> None:
        change_id, council_id = one
        with db.write(now, council_id=council_id) as tx:
            seating_actions.expire(tx, change_id)

    each(undecided, drop)
    with db.write(now) as tx:
        slip_actions.forget_tries(tx)
        readings.forget(tx)
