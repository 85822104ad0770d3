"""The one straw poll that may run, shared by whoever ends it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from deliberation.db.engine import Tx
from deliberation.meeting.tables import Meeting, Straw


def running(session: Session, meeting_id: int) -> Straw | None:
    return session.exec(select(Straw).where(Straw.meeting_id == meeting_id, col(Straw.closed_at).is_(None))).first()


def close_running(tx: Tx, meeting: Meeting) -> Straw | None:
    straw = running(tx.session, meeting.id)
    if straw is not None:
        straw.closed_at = tx.now
        tx.session.add(straw)
        tx.session.flush()
    return straw
