"""Who is shown others' data in full is written down: a page declares it, and the first look of a day leaves one row."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, delete, select

from deliberation.db.engine import Tx
from deliberation.db.tables import Reading
from deliberation.jobs import retention
from deliberation.jobs.clock import local
from deliberation.web.visit import Visit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reads:
    """`thing`: what a page shows in full (words section "reading"); `of`: the number in its address that says which one;
    `by`: the seats that are shown it, where others get the page without it."""

    thing: str
    of: str = ""
    by: tuple[str, ...] = ()


def note(visit: Visit, reads: Reads) -> None:
    """One row a person, thing and day; most looks find it there and write nothing. The page is shown even if this fails."""
    if visit.person is None or visit.request.method == "HEAD" or (reads.by and not visit.roles & set(reads.by)):
        return
    row = Reading(
        council_id=visit.council_id,
        reader_id=visit.me,
        thing=reads.thing,
        thing_id=visit.params[reads.of] if reads.of else 0,
        account_id=visit.about,
        day=local(visit.now).date(),
        at=visit.now,
    )
    if row.account_id == row.reader_id or _noted(visit.session, row):
        return
    try:
        with visit.site.db.write(visit.now, actor_id=visit.me, council_id=visit.council_id) as tx:
            # Two looks at the same moment: the second waited for the first one's turn.
            if not _noted(tx.session, row):
                tx.session.add(row)
    except SQLAlchemyError:
        log.exception("who read what could not be written down")


def _noted(session: Session, row: Reading) -> bool:
    found = select(Reading.id).where(
        Reading.council_id == row.council_id,
        Reading.reader_id == row.reader_id,
        Reading.thing == row.thing,
        Reading.thing_id == row.thing_id,
        Reading.day == row.day,
    )
    return session.exec(found).first() is not None


def forget(tx: Tx) -> None:
    """What is older than the table of retention allows."""
    tx.session.exec(delete(Reading).where(col(Reading.at) < tx.now - retention.READING.span))
