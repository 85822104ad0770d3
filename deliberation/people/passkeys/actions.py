"""Keeping a passkey, signing in with one, removing one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from deliberation.db.engine import Tx
from deliberation.people.passkeys import queries as passkey_queries
from deliberation.people.passkeys.ceremony import Made
from deliberation.people.queries import token_hash
from deliberation.people.tables import OneTimeLink, Passkey
from votes.refusal import Refused

MOST = 12
"""Passkeys one account may have."""


def spend(tx: Tx, challenge: str, lasts: timedelta) -> None:
    """A challenge is answered once; the same answer sent again says nothing new."""
    spent = OneTimeLink(
        purpose="challenge",
        token_hash=token_hash(challenge),
        created_at=tx.now,
        expires_at=tx.now + lasts,
        used_at=tx.now,
    )
    if tx.session.exec(select(OneTimeLink.id).where(OneTimeLink.token_hash == spent.token_hash)).first():
        raise Refused("passkey_does_not_hold")
    tx.session.add(spent)
    tx.session.flush()


def keep(tx: Tx, account_id: int, name: str, made: Made) -> Passkey:
    if len(passkey_queries.passkeys_of(tx.session, account_id)) >= MOST:
        raise Refused("enough_passkeys", most=MOST)
    if passkey_queries.by_credential(tx.session, made.credential_id):
        raise Refused("passkey_does_not_hold")
    passkey = Passkey(
        account_id=account_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        made_at=tx.now,
    )
    tx.session.add(passkey)
    tx.session.flush()
    return passkey


def used(tx: Tx, passkey: Passkey, sign_count: int) -> None:
    passkey.sign_count, passkey.used_at = sign_count, tx.now
    tx.session.add(passkey)


def remove(tx: Tx, passkey: Passkey) -> None:
    tx.session.delete(passkey)


def remove_all(tx: Tx, account_id: int, *, since: datetime | None = None) -> None:
    gone = delete(Passkey).where(col(Passkey.account_id) == account_id)
    tx.session.exec(gone if since is None else gone.where(col(Passkey.made_at) >= since))
