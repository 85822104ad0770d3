"""Tying an account to a provider's, and untying it: always the signed-in person's own act, never a match of addresses."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, delete, select

from deliberation.db.engine import Tx
from deliberation.people.tables import ProviderTie
from votes.refusal import Refused


def tie_of(session: Session, account_id: int, issuer: str) -> ProviderTie | None:
    return session.exec(
        select(ProviderTie).where(ProviderTie.account_id == account_id, ProviderTie.issuer == issuer)
    ).first()


def account_of(session: Session, issuer: str, subject: str) -> int | None:
    return session.exec(
        select(ProviderTie.account_id).where(ProviderTie.issuer == issuer, ProviderTie.subject == subject)
    ).first()


def tie(tx: Tx, account_id: int, issuer: str, subject: str) -> None:
    owner = account_of(tx.session, issuer, subject)
    if owner == account_id:
        return
    if owner is not None or tie_of(tx.session, account_id, issuer):
        raise Refused("provider_tied_already")
    tx.session.add(ProviderTie(account_id=account_id, issuer=issuer, subject=subject, made_at=tx.now))
    tx.session.flush()


def untie(tx: Tx, account_id: int, *, since: datetime | None = None) -> None:
    gone = delete(ProviderTie).where(col(ProviderTie.account_id) == account_id)
    tx.session.exec(gone if since is None else gone.where(col(ProviderTie.made_at) >= since))
