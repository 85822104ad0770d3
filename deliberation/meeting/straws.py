"""Ending the one straw poll that may run: shared by whoever does it."""

from __future__ import annotations

from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.meeting import queries
from deliberation.meeting.tables import Meeting


def close_running(tx: Tx, meeting: Meeting) -> None:
    straw = queries.running_straw(tx.session, meeting.id)
    if straw is not None:
        straw.closed_at = tx.now
        tx.session.add(straw)
        record(tx, "straw.closed", meeting_id=meeting.id, straw_id=straw.id, question=straw.question)
