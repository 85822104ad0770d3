"""The turns of a meeting, shared by whoever ends them: the moderator, the item, the person who leaves."""

from __future__ import annotations

from sqlmodel import Session, col, select

from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.meeting import rules
from deliberation.meeting.tables import Meeting, Presence, Turn


def running(session: Session, meeting_id: int) -> Turn | None:
    return session.exec(
        select(Turn).where(
            Turn.meeting_id == meeting_id, col(Turn.started_at).is_not(None), col(Turn.ended_at).is_(None)
        )
    ).first()


def waiting(session: Session, meeting_id: int) -> list[Turn]:
    return list(
        session.exec(
            select(Turn).where(
                Turn.meeting_id == meeting_id, col(Turn.started_at).is_(None), col(Turn.withdrawn_at).is_(None)
            )
        )
    )


def end_running(tx: Tx, meeting: Meeting) -> Turn | None:
    turn = running(tx.session, meeting.id)
    if turn is not None:
        turn.ended_at = tx.now
        tx.session.add(turn)
        spoken = rules.seconds_spoken(turn.started_at, turn.ended_at)
        record(tx, "floor.taken", meeting_id=meeting.id, turn_id=turn.id, presence_id=turn.presence_id, seconds=spoken)
    return turn


def clear(tx: Tx, meeting: Meeting) -> None:
    """The item or the meeting is over: who speaks stops, who waits waits no longer."""
    end_running(tx, meeting)
    for turn in waiting(tx.session, meeting.id):
        turn.withdrawn_at = tx.now
        tx.session.add(turn)
    tx.session.flush()


def end_turns_of(tx: Tx, meeting: Meeting, presence: Presence) -> bool:
    """Whether this person had a place on the list or the floor."""
    own = [turn for turn in waiting(tx.session, meeting.id) if turn.presence_id == presence.id]
    for turn in own:
        turn.withdrawn_at = tx.now
        tx.session.add(turn)
    speaking = running(tx.session, meeting.id)
    if speaking is None or speaking.presence_id != presence.id:
        return bool(own)
    end_running(tx, meeting)
    return True
