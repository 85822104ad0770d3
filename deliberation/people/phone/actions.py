"""A phone that somebody claims becomes theirs when a code sent there comes back, or when the staff confirm the person."""

from __future__ import annotations

from sqlmodel import Session, col, select, update

from deliberation import keyed
from deliberation.db.engine import Tx
from deliberation.people import queries, rules
from deliberation.people.tables import Account, PhoneCode
from votes.refusal import Refused


def to_prove(session: Session, account_id: int) -> str | None:
    """The number of this account that no code has proved yet."""
    account = session.get_one(Account, account_id)
    return account.claimed_phone or (account.phone if account.phone_proved_at is None else None)


def only_claims(session: Session, account_id: int) -> bool:
    """Whether the number is one they gave themselves, and nobody has confirmed yet."""
    return session.get_one(Account, account_id).claimed_phone is not None


def phone_taken(session: Session, account_id: int) -> bool:
    """Whether the number this account claims signs another account in."""
    claimed = session.get_one(Account, account_id).claimed_phone
    return claimed is not None and queries.by_identifier(session, claimed) is not None


def new_code(tx: Tx, secret: bytes, account_id: int) -> tuple[str, str] | None:
    """(phone, code to be sent there), or None where the number is already another account's. Earlier codes end."""
    phone = to_prove(tx.session, account_id)
    if phone is None:
        raise Refused("phone_proved_already")
    tx.session.exec(
        update(PhoneCode)
        .where(col(PhoneCode.account_id) == account_id, col(PhoneCode.used_at).is_(None))
        .values(used_at=tx.now)
    )
    code = rules.new_phone_code()
    tx.session.add(
        PhoneCode(
            account_id=account_id,
            phone=phone,
            code_hash=rules.phone_code_hash(secret, account_id=account_id, phone=phone, code=code),
            created_at=tx.now,
            expires_at=tx.now + rules.PHONE_CODE_FOR,
        )
    )
    tx.session.flush()
    owner = queries.by_identifier(tx.session, phone)
    return (phone, code) if owner is None or owner.id == account_id else None


def prove(tx: Tx, secret: bytes, account_id: int, code: str) -> bool:
    """Whether this was the code; every try is counted, so the caller must let the transaction stand."""
    row = tx.session.exec(
        select(PhoneCode)
        .where(PhoneCode.account_id == account_id, col(PhoneCode.used_at).is_(None), col(PhoneCode.expires_at) > tx.now)
        .order_by(col(PhoneCode.id).desc())
    ).first()
    if row is None or row.tries >= rules.PHONE_CODE_TRIES:
        return False
    row.tries += 1
    tx.session.add(row)
    sent = rules.phone_code_hash(secret, account_id=account_id, phone=row.phone, code=code)
    account = tx.session.get_one(Account, account_id)
    if not keyed.same(sent, row.code_hash) or row.phone not in {account.phone, account.claimed_phone}:
        return False
    if account.claimed_phone == row.phone and not settle(tx, account_id):
        return False
    row.used_at = account.phone_proved_at = tx.now
    tx.session.add(account)
    tx.touch(f"account:{account_id}")
    return True


def settle(tx: Tx, account_id: int) -> bool:
    """The claimed number becomes this account's own, unless it is another's by now."""
    account = tx.session.get_one(Account, account_id)
    if account.claimed_phone is None or queries.by_identifier(tx.session, account.claimed_phone):
        return False
    account.phone, account.claimed_phone, account.phone_proved_at = account.claimed_phone, None, None
    tx.session.add(account)
    tx.session.flush()
    return True


def unprove(tx: Tx, account_id: int) -> None:
    """Whoever enters anew without the phone has shown nothing about it."""
    account = tx.session.get_one(Account, account_id)
    account.phone_proved_at = None
    tx.session.add(account)
