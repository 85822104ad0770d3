"""Ways back in: which are open, which link is good, and what a signed-out device is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from deliberation.people.queries import token_hash
from deliberation.people.tables import KnownDevice, Recovery, SignIn

CONFIRM_WITHIN = timedelta(days=1)
LINK_LASTS = timedelta(hours=1)
TOLD_FOR = timedelta(days=30)


def is_open(recovery: Recovery, now: datetime) -> bool:
    """Waits for its second person, or for the link to be used."""
    if recovery.ended_at is not None:
        return False
    if recovery.confirmed_at is None:
        return recovery.started_at > now - CONFIRM_WITHIN
    return recovery.confirmed_at > now - LINK_LASTS


def of_council(session: Session, council_id: int, most: int = 30) -> list[Recovery]:
    """The newest first."""
    return list(
        session.exec(
            select(Recovery).where(Recovery.council_id == council_id).order_by(col(Recovery.id).desc()).limit(most)
        )
    )


def open_for(session: Session, account_id: int, now: datetime) -> list[Recovery]:
    rows = session.exec(select(Recovery).where(Recovery.account_id == account_id, col(Recovery.ended_at).is_(None)))
    return [one for one in rows if is_open(one, now)]


def by_token(session: Session, token: str, now: datetime) -> Recovery | None:
    found = session.exec(select(Recovery).where(Recovery.token_hash == token_hash(token))).first()
    return found if found and is_open(found, now) else None


def told_on(session: Session, device_key: str, now: datetime) -> bool:
    """Whether an account that was signed in on this browser has been opened anew at a desk since it was last seen here."""
    if not device_key:
        return False
    back_since = select(SignIn.id).where(
        col(SignIn.device_id) == col(KnownDevice.id), col(SignIn.created_at) >= col(Recovery.confirmed_at)
    )
    found = (
        select(Recovery.id)
        .join(KnownDevice, col(KnownDevice.account_id) == col(Recovery.account_id))
        .where(
            KnownDevice.key_hash == token_hash(device_key),
            col(Recovery.confirmed_at) > now - TOLD_FOR,
            col(KnownDevice.first_seen_at) < col(Recovery.confirmed_at),
            ~back_since.exists(),
            or_(col(Recovery.how) == "used", col(Recovery.ended_at).is_(None)),
        )
    )
    return session.exec(found.limit(1)).first() is not None
