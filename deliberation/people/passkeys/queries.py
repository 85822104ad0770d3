"""The passkeys of an account, and the account of a passkey."""

from __future__ import annotations

from sqlmodel import Session, col, select

from deliberation.people.tables import Passkey


def passkeys_of(session: Session, account_id: int) -> list[Passkey]:
    return list(session.exec(select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.id))))


def by_credential(session: Session, credential_id: str) -> Passkey | None:
    return session.exec(select(Passkey).where(Passkey.credential_id == credential_id)).first()
