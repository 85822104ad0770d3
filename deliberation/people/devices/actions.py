"""Knowing a browser again, and telling a person what happened to their account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select, update

from deliberation.db.columns import table_of
from deliberation.db.engine import Tx
from deliberation.people.devices import queries as device_queries
from deliberation.people.queries import token_hash
from deliberation.people.tables import AccountNotice, KnownDevice, SignIn

_DEVICES, _NOTICES = table_of(KnownDevice), table_of(AccountNotice)


def arrive(tx: Tx, account_id: int, key: str, agent: str) -> int:
    """The browser somebody signs in on, by its number. One that this account was not seen on before is told of on the others."""
    this, had_one = device_queries.this_and_any(tx.connection, account_id, token_hash(key))
    if this is not None:
        return this
    this = tx.insert(_DEVICES, account_id=account_id, key_hash=token_hash(key), first_seen_at=tx.now)
    if had_one:
        tell(tx, account_id, "new_device", device_id=this, agent=agent, facts=_opened_by(tx, account_id))
    return this


def _opened_by(tx: Tx, account_id: int) -> dict[str, Any]:
    """A code on paper that opened it in this same act is told with the device, once and not as a second warning."""
    used = select(AccountNotice).where(
        AccountNotice.account_id == account_id, AccountNotice.code == "paper_code_used", AccountNotice.at == tx.now
    )
    notices = tx.session.exec(used).all()
    for notice in notices:
        tx.session.delete(notice)
    return {"paper_code": True} if notices else {}


def tell(
    tx: Tx,
    account_id: int,
    code: str,
    *,
    device_id: int | None = None,
    agent: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """`facts`: what it is about, in the words of whoever knows more than accounts (`council.notice_actions`)."""
    tx.insert(
        _NOTICES,
        account_id=account_id,
        code=code,
        at=tx.now,
        device_id=device_id,
        agent=agent[:120],
        facts=json.dumps(facts, ensure_ascii=False) if facts else "",
        dismissed_at=None,
    )
    tx.touch(f"account:{account_id}")


def untell(tx: Tx, account_id: int, *codes: str, about: Mapping[str, Any]) -> None:
    """What is so no more is taken down: nobody is to run to the desk about it. `about`: of the facts, those that have to be the
    same; a notice from before there were any fits whatever it is asked for."""
    still = (col(AccountNotice.account_id) == account_id, col(AccountNotice.dismissed_at).is_(None))
    for notice in tx.session.exec(select(AccountNotice).where(*still, col(AccountNotice.code).in_(codes))):
        if not notice.facts or about.items() <= json.loads(notice.facts).items():
            dismiss(tx, notice)


def vouch(tx: Tx, account_id: int, device_id: int | None) -> None:
    """Others have seen that this device is the person's own: its coming needs no answer from an earlier one any more."""
    about_it = (
        col(AccountNotice.account_id) == account_id,
        col(AccountNotice.device_id) == device_id,
        col(AccountNotice.code) == "new_device",
        col(AccountNotice.dismissed_at).is_(None),
    )
    tx.session.exec(update(AccountNotice).where(*about_it).values(dismissed_at=tx.now))


def dismiss(tx: Tx, notice: AccountNotice) -> None:
    notice.dismissed_at = tx.now
    tx.session.add(notice)


def forget(tx: Tx, device_id: int) -> None:
    """The device is a strange one again should it come back."""
    tx.session.exec(update(SignIn).where(col(SignIn.device_id) == device_id).values(device_id=None))
    tx.session.exec(update(AccountNotice).where(col(AccountNotice.device_id) == device_id).values(device_id=None))
    tx.session.delete(tx.session.get_one(KnownDevice, device_id))
