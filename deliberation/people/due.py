"""What nobody can use any more is removed once a day: ended sign-ins, links, and answers to forms sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, delete, or_, select

from deliberation.db.engine import Database
from deliberation.db.tables import Submission
from deliberation.jobs.runner import once_a_day
from deliberation.people.tables import AccountNotice, KnownDevice, OneTimeLink, SignIn

RETRIED_WITHIN = timedelta(days=2)
LOOKED_INTO_WITHIN = timedelta(days=30)
"""Ended sign-ins and links stay this long, in case somebody asks how an account was entered."""


TOLD_FOR = timedelta(days=90)
"""So long a notice waits to be read; a device that has not been signed in on for longer than its cookie lasts is forgotten."""
KNOWN_FOR = timedelta(days=400)


@once_a_day
def clean(db: Database, now: datetime) -> None:
    long_ago = now - LOOKED_INTO_WITHIN
    with db.write(now) as tx:
        tx.session.exec(delete(Submission).where(col(Submission.at) < now - RETRIED_WITHIN))
        tx.session.exec(delete(SignIn).where(or_(col(SignIn.expires_at) < long_ago, col(SignIn.revoked_at) < long_ago)))
        tx.session.exec(
            delete(OneTimeLink).where(or_(col(OneTimeLink.expires_at) < long_ago, col(OneTimeLink.used_at) < long_ago))
        )
        tx.session.exec(delete(AccountNotice).where(col(AccountNotice.at) < now - TOLD_FOR))
        signed_in = select(SignIn.device_id).where(col(SignIn.device_id).is_not(None))
        tx.session.exec(
            delete(KnownDevice).where(
                col(KnownDevice.first_seen_at) < now - KNOWN_FOR, col(KnownDevice.id).not_in(signed_in)
            )
        )
