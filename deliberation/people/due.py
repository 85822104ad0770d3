"""What nobody can use any more is removed once a day: ended sign-ins, links, and answers to forms sent twice."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, delete, or_, select

from deliberation.db.engine import Database
from deliberation.db.tables import Submission
from deliberation.jobs import retention
from deliberation.jobs.runner import once_a_day
from deliberation.people.tables import AccountNotice, KnownDevice, OneTimeLink, PhoneCode, SignIn


@once_a_day
def clean(db: Database, now: datetime) -> None:
    # Ended sign-ins and links stay a while, in case somebody asks how an account was entered.
    ended, used = now - retention.SIGN_IN.span, now - retention.LINK.span
    with db.write(now) as tx:
        tx.session.exec(delete(Submission).where(col(Submission.at) < now - retention.SUBMISSION.span))
        tx.session.exec(delete(SignIn).where(or_(col(SignIn.expires_at) < ended, col(SignIn.revoked_at) < ended)))
        tx.session.exec(
            delete(OneTimeLink).where(or_(col(OneTimeLink.expires_at) < used, col(OneTimeLink.used_at) < used))
        )
        tx.session.exec(delete(PhoneCode).where(col(PhoneCode.expires_at) < used))
        tx.session.exec(delete(AccountNotice).where(col(AccountNotice.at) < now - retention.NOTICE.span))
        signed_in = select(SignIn.device_id).where(col(SignIn.device_id).is_not(None))
        tx.session.exec(
            delete(KnownDevice).where(
                col(KnownDevice.first_seen_at) < now - retention.DEVICE.span, col(KnownDevice.id).not_in(signed_in)
            )
        )
