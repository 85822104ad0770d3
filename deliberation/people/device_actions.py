"""Knowing a browser again, and telling a person what happened to their account."""

from __future__ import annotations

from sqlmodel import col, update

from deliberation.db.engine import Tx
from deliberation.people import actions, device_queries
from deliberation.people.queries import token_hash
from deliberation.people.tables import AccountNotice, KnownDevice, SignIn
from deliberation.web.viewer import Person


def arrive(tx: Tx, account_id: int, key: str, agent: str) -> KnownDevice:
    """The browser somebody signs in on. One that this account was not seen on before is told of on the others."""
    device = device_queries.known(tx.session, account_id, token_hash(key))
    if device is not None:
        return device
    has_others = device_queries.any_known(tx.session, account_id)
    device = KnownDevice(account_id=account_id, key_hash=token_hash(key), first_seen_at=tx.now)
    tx.session.add(device)
    tx.session.flush()
    if has_others:
        tell(tx, account_id, "new_device", device_id=device.id, agent=agent)
    return device


def tell(tx: Tx, account_id: int, code: str, *, device_id: int | None = None, agent: str = "") -> None:
    tx.session.add(AccountNotice(account_id=account_id, code=code, at=tx.now, device_id=device_id, agent=agent[:120]))
    tx.session.flush()
    tx.touch(f"account:{account_id}")


def tell_others(tx: Tx, account_id: int, code: str, key: str) -> None:
    """Tell of what was done on the browser that is known by this key, on the others."""
    device = device_queries.known(tx.session, account_id, token_hash(key)) if key else None
    tell(tx, account_id, code, device_id=device.id if device else None)


def dismiss(tx: Tx, notice: AccountNotice) -> None:
    notice.dismissed_at = tx.now
    tx.session.add(notice)


def not_me(tx: Tx, person: Person, notice: AccountNotice) -> None:
    """Every other device is signed out, and the strange one is a strange one again should it come back."""
    dismiss(tx, notice)
    actions.sign_out_everywhere(tx, person.account_id, but=person.sign_in_id)
    actions.end_links(tx, person.account_id)
    if notice.device_id is not None:
        strange = tx.session.get_one(KnownDevice, notice.device_id)
        tx.session.exec(update(SignIn).where(col(SignIn.device_id) == strange.id).values(device_id=None))
        tx.session.exec(update(AccountNotice).where(col(AccountNotice.device_id) == strange.id).values(device_id=None))
        tx.session.delete(strange)
