"""Councils, seats and memberships, read for the person who asks."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.council.tables import Council, Membership, Seat
from deliberation.people.queries import person_signed_in
from deliberation.web.viewer import CouncilName, NotHere, Viewer


def resolve(session: Session, token: str | None, slug: str | None, now: datetime) -> Viewer:
    """Who asks, and what they are in the council they ask in; all rights come from here."""
    person = person_signed_in(session, token, now)
    if slug is None:
        return Viewer(person)
    found = session.exec(select(Council.id, Council.slug, Council.name, Council.compound).where(Council.slug == slug)).first()
    if found is None:
        raise NotHere
    council = CouncilName(*found)
    if person is None:
        return Viewer(None, council)
    roles = session.exec(
        select(Seat.role).where(
            Seat.council_id == council.id, Seat.account_id == person.account_id, col(Seat.until).is_(None)
        )
    )
    member = session.exec(
        select(Membership).where(
            Membership.council_id == council.id,
            Membership.account_id == person.account_id,
            Membership.state == "verified",
        )
    ).first()
    return Viewer(
        person,
        council,
        frozenset(roles),
        tie=member.tie if member else None,
        level=member.level if member else 0,
        head_key=member.head_key if member and member.tie == "owner" else None,
        home=member.home if member else "",
    )


def councils_of(session: Session, account_id: int) -> list[CouncilName]:
    """Every council in which the person has a seat or a membership, also one still waiting."""
    seats = select(Seat.council_id).where(Seat.account_id == account_id, col(Seat.until).is_(None))
    homes = select(Membership.council_id).where(Membership.account_id == account_id)
    rows = session.exec(
        select(Council.id, Council.slug, Council.name, Council.compound)
        .where(col(Council.id).in_(seats) | col(Council.id).in_(homes))
        .order_by(col(Council.id))
    )
    return [CouncilName(*row) for row in rows]


def all_councils(session: Session) -> list[CouncilName]:
    rows = session.exec(
        select(Council.id, Council.slug, Council.name, Council.compound).order_by(col(Council.id))
    )
    return [CouncilName(*row) for row in rows]


def settings_of(session: Session, council_id: int) -> Council:
    return session.get_one(Council, council_id)
