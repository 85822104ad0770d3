"""Who handed out a link, and what it leads to: for whoever opens it, before they choose a password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from deliberation.council.residents import queries as resident_queries
from deliberation.council.rules import PLATFORM, Role, State
from deliberation.council.tables import Council, Seat
from deliberation.people.queries import names
from deliberation.people.tables import Account


@dataclass(frozen=True)
class Leads:
    """`seats`: role and building of each the person holds there; `tie` and `home`: as they asked, or are confirmed; `givers`: name
    and office, "" where that has ended since."""

    council: str
    compound: str
    seats: list[tuple[str, str]]
    tie: str
    home: str
    givers: list[tuple[str, str]]


def leads(session: Session, council_id: int | None, account_id: int, *givers: int | None) -> Leads | None:
    """None for a link of before it was kept in whose name it was given."""
    if council_id is None:
        return None
    council = session.get_one(Council, council_id)
    held = session.exec(
        select(Seat.account_id, Seat.role, Seat.building)
        .where(
            Seat.council_id == council_id, col(Seat.until).is_(None), col(Seat.account_id).in_([account_id, *givers])
        )
        .order_by(col(Seat.id))
    ).all()
    order = {role.value: place for place, role in enumerate(Role)}
    offices = {who: role for who, role, _ in sorted(held, key=lambda one: order[one[1]], reverse=True)}
    member = resident_queries.membership_of(session, council_id, account_id)
    tied = member if member and member.state in {State.WAITING, State.VERIFIED} else None
    return Leads(
        council.name,
        council.compound,
        [(role, building) for who, role, building in held if who == account_id],
        tied.tie if tied else "",
        tied.home if tied else "",
        _named(session, offices, givers),
    )


def _named(session: Session, offices: dict[int, str], givers: tuple[int | None, ...]) -> list[tuple[str, str]]:
    people = names(session, givers)
    admins = select(Account.id).where(col(Account.id).in_(people), col(Account.platform_admin).is_(True))
    outside = dict.fromkeys(session.exec(admins), PLATFORM)
    return [(people[one], offices.get(one) or outside.get(one, "")) for one in dict.fromkeys(givers) if one in people]
