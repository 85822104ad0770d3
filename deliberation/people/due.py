"""What nobody can use any more is removed once a day: ended sign-ins, links, and answers to forms sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, delete, or_

from deliberation.db.engine import Database
from deliberation.db.tables import Submission
from deliberation.jobs.runner import once_a_day
from deliberation.people.tables import OneTimeLink, SignIn

RETRIED_WITHIN = timedelta(days=2)
LOOKED_INTO_WITHIN = timedelta(days=30)
"""Ended sign-ins and links stay this long, in case somebody asks how an account was entered."""


@once_a_day
def clean(db: Database, now: datetime) -> None:
    long_ago = now - LOOKED_INTO_WITHIN
    with db.write(now) as tx:
        tx.session.exec(delete(Submission).where(col(Submission.at) < now - RETRIED_WITHIN))
        tx.session.exec(delete(SignIn).where(or_(col(SignIn.expires_at) < long_ago, col(SignIn.revoked_at) < long_ago)))
        tx.session.exec(
            delete(OneTimeLink).where(or_(col(OneTimeLink.expires_at) < long_ago, col(OneTimeLink.used_at) < long_ago))
        )
