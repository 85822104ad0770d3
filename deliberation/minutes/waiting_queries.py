"""Minutes that wait for somebody, and meetings that have none yet."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.meeting.tables import Meeting, Presence
from deliberation.minutes.tables import Attestation, Minutes


def waiting_for(session: Session, council_id: int, account_id: int, now: datetime) -> list[Minutes]:
    """Minutes put up that this person was there for (rules.attended) and has not answered as they stand now."""
    answered = select(Attestation.id).where(
        Attestation.minutes_id == Minutes.id,
        Attestation.presence_id == Presence.id,
        Attestation.version == Minutes.version,
    )
    return list(
        session.exec(
            select(Minutes)
            .join(Presence, col(Presence.meeting_id) == col(Minutes.meeting_id))
            .join(Meeting, col(Meeting.id) == col(Minutes.meeting_id))
            .where(
                Minutes.council_id == council_id,
                Presence.account_id == account_id,
                col(Presence.left_at).is_(None) | (col(Presence.left_at) > col(Meeting.opened_at)),
                col(Minutes.put_up_at).is_not(None),
                col(Minutes.frozen_at).is_(None),
                col(Minutes.confirm_until) > now,
                ~answered.exists(),
            )
            .order_by(col(Minutes.confirm_until))
        )
    )


def not_frozen(session: Session, council_id: int) -> list[Minutes]:
    return list(
        session.exec(
            select(Minutes)
            .where(Minutes.council_id == council_id, col(Minutes.frozen_at).is_(None))
            .order_by(col(Minutes.drafted_at))
        )
    )


def meetings_without(session: Session, council_id: int) -> list[tuple[int, str, datetime]]:
    """(number, title, end) of closed meetings that nobody has drafted minutes of."""
    drafted = select(Minutes.meeting_id).where(Minutes.council_id == council_id)
    rows = session.exec(
        select(Meeting.id, Meeting.title, Meeting.closed_at)
        .where(Meeting.council_id == council_id, col(Meeting.closed_at).is_not(None), col(Meeting.id).not_in(drafted))
        .order_by(col(Meeting.closed_at))
    )
    return [(number, title, closed) for number, title, closed in rows if closed is not None]


def past_their_time(session: Session, now: datetime) -> list[tuple[int, int]]:
    """(council, minutes) whose time for corrections is over."""
    rows = session.exec(
        select(Minutes.council_id, Minutes.id).where(
            col(Minutes.put_up_at).is_not(None), col(Minutes.frozen_at).is_(None), col(Minutes.confirm_until) <= now
        )
    )
    return list(rows.all())
