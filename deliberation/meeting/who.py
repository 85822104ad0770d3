"""Who may be signed in at a meeting, in which capacity, and for which head on the roll."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from deliberation.council.queries import hands, settings_of
from deliberation.council.roll import queries as roll_queries
from deliberation.council.tables import Membership, Roll
from deliberation.meeting.tables import Meeting
from deliberation.people.tables import Account
from votes.roll import Head

SEAT_FIRST = (
    "moderator",
    "recorder",
    "committee",
    "property",
    "affected",
    "supervisor",
    "sitting_in",
    "desk",
    "community",
)
"""In which capacity somebody with several seats is written down."""


@dataclass(frozen=True)
class Invitee:
    """A member with an account who may be signed in at the desk."""

    account_id: int
    name: str
    home: str
    role: str
    head_key: str | None

    @property
    def label(self) -> str:
        return f"{self.name} · {self.home}" if self.home else self.name


def invitees(session: Session, council_id: int) -> list[Invitee]:
    """Everybody with a seat that counts or a confirmed home, each once, by name."""
    homes = {
        row[0]: row
        for row in session.exec(
            select(Membership.account_id, Membership.tie, Membership.home, Membership.head_key).where(
                Membership.council_id == council_id, Membership.state == "verified"
            )
        )
    }
    seats: dict[int, list[str]] = {}
    for account_id, role in hands(session, council_id):
        seats.setdefault(account_id, []).append(role)
    names = session.exec(
        select(Account.id, Account.name)
        .where(col(Account.id).in_(homes.keys() | seats.keys()))
        .order_by(col(Account.name))
    )
    found = []
    for account_id, name in names:
        _, tie, home, head_key = homes.get(account_id, (account_id, None, "", None))
        role = capacity(seats.get(account_id, ()), tie)
        found.append(Invitee(account_id, name, home, role, head_key if tie == "owner" else None))
    return found


def capacity(roles: frozenset[str] | list[str] | tuple[str, ...], tie: str | None) -> str:
    """In which one capacity a person is written on the list: a seat before a home."""
    return next((role for role in SEAT_FIRST if role in roles), tie or "guest")


def heads_on_roll(session: Session, meeting: Meeting) -> dict[str, Head]:
    """The heads by key, of the roll on the day of the meeting; before it opens, of the newest."""
    if meeting.roll_id:
        roll, parking = session.get(Roll, meeting.roll_id), meeting.count_parking
    else:
        roll = roll_queries.newest(session, meeting.council_id)
        parking = settings_of(session, meeting.council_id).count_parking
    if roll is None:
        return {}
    return {head.key: head for head in roll_queries.known_roll(session, roll.id, roll.fingerprint).heads(parking)}
