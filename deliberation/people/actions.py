"""Making accounts, signing in and out, links that work once. Passwords arrive here already hashed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlmodel import Session, SQLModel, col, select, update

from deliberation.db.columns import table_of
from deliberation.db.engine import Tx
from deliberation.people import passwords, queries, tables
from deliberation.people.tables import Account, OneTimeLink, Recovery, SignIn
from votes.refusal import Refused

_SIGN_INS = table_of(SignIn)
SIGNED_IN_FOR = timedelta(days=30)
SEEN_EVERY = timedelta(hours=1)


def create_account(
    tx: Tx,
    *,
    name: str,
    phone: str | None = None,
    sign_in_name: str | None = None,
    password_hash: str | None = None,
    platform_admin: bool = False,
    claimed_phone: str | None = None,
) -> Account:
    for taken, field in ((phone, "phone"), (sign_in_name, "sign_in_name")):
        if taken and queries.by_identifier(tx.session, taken):
            raise Refused("identifier_taken", field=field)
    account = Account(
        name=name,
        phone=phone,
        sign_in_name=sign_in_name,
        password_hash=password_hash,
        platform_admin=platform_admin,
        claimed_phone=claimed_phone,
        created_at=tx.now,
    )
    tx.session.add(account)
    tx.session.flush()
    return account


def sign_in(tx: Tx, account_id: int, device: str, *, device_id: int | None = None, strong: bool = False) -> str:
    """Returns the token for the cookie; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    tx.insert(
        _SIGN_INS,
        account_id=account_id,
        token_hash=queries.token_hash(token),
        device=device[:120],
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + SIGNED_IN_FOR,
        revoked_at=None,
        device_id=device_id,
        strong=strong,
    )
    return token


def seen(tx: Tx, sign_in_id: int) -> None:
    """This device was used; noted with an act, since looking writes nothing, and at most once an hour."""
    tx.session.exec(
        update(SignIn)
        .where(col(SignIn.id) == sign_in_id, col(SignIn.seen_at) <= tx.now - SEEN_EVERY)
        .values(seen_at=tx.now)
    )


def sign_out(tx: Tx, sign_in_id: int) -> None:
    found = tx.session.get(SignIn, sign_in_id)
    if found and found.revoked_at is None:
        found.revoked_at = tx.now
        tx.session.add(found)
        tx.touch(f"account:{found.account_id}")


def sign_out_everywhere(tx: Tx, account_id: int, *, but: int | None = None) -> None:
    """`but`: the sign-in that stays, by its number."""
    ended = update(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.revoked_at).is_(None))
    if but is not None:
        ended = ended.where(col(SignIn.id) != but)
    tx.session.exec(ended.values(revoked_at=tx.now))
    tx.touch(f"account:{account_id}")


def sign_out_all(tx: Tx, *, but: int) -> None:
    """Everybody on this server, on all devices, but the one who does it: after a break-in, say."""
    open_ones = select(SignIn.account_id).where(col(SignIn.revoked_at).is_(None)).distinct()
    for account_id in tx.session.exec(open_ones).all():
        sign_out_everywhere(tx, account_id, but=but)


_KEPT_HERE = {
    one.__tablename__ for one in vars(tables).values() if isinstance(one, type) and hasattr(one, "__tablename__")
}
CLOSED = "已注销 (closed)"
"""What stands in place of a name whose account was closed; what they raised and said stays."""


def close_account(tx: Tx, account_id: int) -> None:
    """Name, number, password, sign-ins and links go; the row stays, since the journal and what was decided point at it."""
    account = tx.session.get_one(Account, account_id)
    account.name, account.phone, account.sign_in_name, account.password_hash = CLOSED, None, None, None
    account.claimed_phone = account.phone_proved_at = None
    tx.session.add(account)
    # Whatever else this step keeps for an account serves to sign in.
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name in _KEPT_HERE and "account_id" in table.c:
            tx.session.execute(table.delete().where(table.c.account_id == account_id))
    tx.touch(f"account:{account_id}")


def make_link(tx: Tx, purpose: str, *, account_id: int | None = None, days: int = 7) -> str:
    token = secrets.token_urlsafe(24)
    if account_id is not None:
        end_links(tx, account_id)
    tx.session.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=queries.token_hash(token),
            account_id=account_id,
            created_at=tx.now,
            expires_at=tx.now + timedelta(days=days),
            made_by=tx.actor_id,
            council_id=tx.council_id,
        )
    )
    tx.session.flush()
    return token


def end_links(tx: Tx, account_id: int) -> None:
    """A slip that was lost dies when a new one is given, and all die when a password is set."""
    tx.session.exec(
        update(OneTimeLink)
        .where(col(OneTimeLink.account_id) == account_id, col(OneTimeLink.used_at).is_(None))
        .values(used_at=tx.now)
    )
    tx.session.exec(
        update(Recovery)
        .where(col(Recovery.account_id) == account_id, col(Recovery.ended_at).is_(None))
        .values(ended_at=tx.now, how="over")
    )


def use_link(tx: Tx, token: str, purpose: str) -> OneTimeLink:
    link = queries.live_link(tx.session, token, purpose, tx.now)
    if link is None:
        raise Refused("link_used_up")
    link.used_at = tx.now
    tx.session.add(link)
    if link.account_id is not None:
        opened(tx, link.account_id, link.made_by)
    return link


def opened(tx: Tx, account_id: int, by: int | None) -> None:
    """With a link that `by` had handed out."""
    account = tx.session.get_one(Account, account_id)
    account.opened_by = by
    tx.session.add(account)


def set_password(tx: Tx, account_id: int, password_hash: str) -> None:
    """A new password ends all other sign-ins."""
    account = tx.session.get_one(Account, account_id)
    account.password_hash = password_hash
    tx.session.add(account)
    end_links(tx, account_id)
    sign_out_everywhere(tx, account_id)


def knows_password(session: Session, account_id: int, password: str) -> bool:
    account = session.get_one(Account, account_id)
    return passwords.fits(account.password_hash, password)
