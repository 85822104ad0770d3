"""The number that an owner's phone shows to the second of the staff who sees the papers."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from deliberation.council.residents import rules as resident_rules
from deliberation.council.rules import known_by_two
from deliberation.council.tables import Membership
from deliberation.people.queries import gave_key
from deliberation.people.tables import Account


def phone_number(session: Session, secret: bytes, member: Membership, now: datetime) -> str:
    """Empty where nobody asks for it."""
    by_two = known_by_two(member.level, member.slip_id)
    if not resident_rules.asks(tie=member.tie, by_two=by_two, gave_key=gave_key(session, member.account_id, now)):
        return ""
    account = session.get_one(Account, member.account_id)
    return resident_rules.number(secret, member_id=member.id, password_hash=account.password_hash)
