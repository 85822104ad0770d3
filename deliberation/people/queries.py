"""Finding accounts and the person behind a sign-in token."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import Session, bindparam, col, or_, select

from deliberation.db.columns import table_of
from deliberation.db.engine import Database
from deliberation.people.tables import Account, OneTimeLink, Passkey, ProviderTie, SecondStep, SignIn
from deliberation.web.viewer import Person


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_WHO = (
    select(SignIn.account_id, Account.name, SignIn.id, Account.platform_admin, SignIn.device_id, SignIn.strong)  # type: ignore[call-overload]
    .join(Account, col(Account.id) == col(SignIn.account_id))
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        col(SignIn.revoked_at).is_(None),
        col(SignIn.expires_at) > bindparam("now"),
    )
)
"""Put together once: every page asks it, and that takes longer than the database's answer."""


def person_signed_in(session: Session, token: str | None, now: datetime) -> Person | None:
    if not token:
        return None
    row = session.execute(_WHO, {"token_hash": token_hash(token), "now": now}).first()
    return Person(*row) if row else None


def by_identifier(session: Session, identifier: str) -> Account | None:
    return session.exec(
        select(Account).where(or_(Account.phone == identifier, Account.sign_in_name == identifier))
    ).first()


_ACCOUNTS, _STEPS = table_of(Account).c, table_of(SecondStep).c
_WHOSE = (
    sqlalchemy.select(_ACCOUNTS.id, _ACCOUNTS.password_hash, _STEPS.id)
    .join_from(table_of(Account), table_of(SecondStep), _STEPS.account_id == _ACCOUNTS.id, isouter=True)
    .where(or_(_ACCOUNTS.phone == bindparam("typed"), _ACCOUNTS.sign_in_name == bindparam("typed")))
)


def password_of(db: Database, identifier: str) -> tuple[int, str | None, bool]:
    """The account of a phone or a sign-in name (0 for none), what is kept of its password, and whether it asks for a second step.

    No connection is held afterwards: a hash takes its time."""
    with db.reader.connect() as connection:
        row = connection.execute(_WHOSE, {"typed": identifier}).first()
    return (row[0], row[1], row[2] is not None) if row else (0, None, False)


def names(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    rows = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(wanted)))
    return dict(rows.all())


def sign_ins(session: Session, account_id: int, now: datetime) -> list[SignIn]:
    return list(
        session.exec(
            select(SignIn)
            .where(SignIn.account_id == account_id, col(SignIn.revoked_at).is_(None), col(SignIn.expires_at) > now)
            .order_by(col(SignIn.created_at).desc())
        )
    )


HAS_ENTERED: ColumnElement[bool] = or_(
    col(Account.password_hash).is_not(None),
    *(
        select(one.id).where(col(one.account_id) == col(Account.id)).exists()
        for one in (SignIn, Passkey, SecondStep, ProviderTie)
    ),
)
"""Of an account: somebody has used it, chose a password, keeps a passkey or another way in, or signed in without one."""


def entered(session: Session, account: Account) -> bool:
    return session.exec(select(Account.id).where(Account.id == account.id, HAS_ENTERED)).first() is not None


def live_link(session: Session, token: str, purpose: str, now: datetime) -> OneTimeLink | None:
    return session.exec(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.purpose == purpose,
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > now,
        )
    ).first()


def gave_key(session: Session, account_id: int, now: datetime) -> frozenset[int]:
    """Who handed out the link that opened this account last, or one that still could: they may hold it themselves."""
    made = select(OneTimeLink.made_by).where(
        OneTimeLink.account_id == account_id, col(OneTimeLink.used_at).is_(None), col(OneTimeLink.expires_at) > now
    )
    opened = select(Account.opened_by).where(Account.id == account_id)
    return frozenset(one for query in (made, opened) for one in session.exec(query) if one is not None)


def anybody(session: Session) -> bool:
    return session.exec(select(Account.id).limit(1)).first() is not None
