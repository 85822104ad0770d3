"""Councils, seats and memberships, read for the person who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, bindparam, col, select

from deliberation.council.resting.rules import active
from deliberation.council.rules import OFFICES, Role, State, known_level, waiting_seats
from deliberation.council.tables import Council, Membership, Seat
from deliberation.people.queries import HAS_ENTERED, names, person_signed_in
from deliberation.people.tables import Account
from deliberation.web.viewer import CouncilName, NotHere, Viewer

# Put together once: every page asks these, and that takes longer than the database's answers.
_COUNCIL = select(Council.id, Council.slug, Council.name, Council.compound, Council.staff_second_step).where(  # type: ignore[call-overload]
    Council.slug == bindparam("slug")
)
_SEATS = select(Seat.role, Seat.since, Seat.rests_since).where(
    Seat.council_id == bindparam("council"), Seat.account_id == bindparam("account"), col(Seat.until).is_(None)
)
_TIE = (
    select(Membership.tie, Membership.level, Membership.head_key, Membership.home, Account.phone_proved_at)  # type: ignore[call-overload]
    .join(Account, col(Account.id) == col(Membership.account_id))
    .where(
        Membership.council_id == bindparam("council"),
        Membership.account_id == bindparam("account"),
        Membership.state == State.VERIFIED,
    )
)


def resolve(session: Session, token: str | None, slug: str | None, now: datetime) -> Viewer:
    """Who asks, and what they are in the council they ask in; all rights come from here."""
    person = person_signed_in(session, token, now)
    if slug is None:
        return Viewer(person)
    found = session.execute(_COUNCIL, {"slug": slug}).first()
    if found is None:
        raise NotHere
    council, wanted = CouncilName(*found[:4]), bool(found[4])
    if person is None:
        return Viewer(None, council)
    whose = {"council": council.id, "account": person.account_id}
    seats, resting = active([(role, since, rests) for role, since, rests in session.execute(_SEATS, whose)])
    withheld, second_step_by = waiting_seats(seats, wanted=wanted, strong=person.strong, now=now)
    member = session.execute(_TIE, whose).first()
    return Viewer(
        person,
        council,
        frozenset(seats) - withheld,
        tie=member.tie if member else None,
        level=known_level(member.level, phone_proved=member.phone_proved_at is not None) if member else 0,
        head_key=member.head_key if member and member.tie == "owner" else None,
        home=member.home if member else "",
        withheld=withheld,
        second_step_by=second_step_by,
        resting=resting,
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


def only_council(session: Session, account_id: int) -> str | None:
    own = councils_of(session, account_id)
    return own[0].slug if len(own) == 1 else None


def all_councils(session: Session) -> list[CouncilName]:
    rows = session.exec(select(Council.id, Council.slug, Council.name, Council.compound).order_by(col(Council.id)))
    return [CouncilName(*row) for row in rows]


def settings_of(session: Session, council_id: int) -> Council:
    return session.get_one(Council, council_id)


def by_slug(session: Session, slug: str) -> Council | None:
    return session.exec(select(Council).where(Council.slug == slug)).first()


@dataclass(frozen=True)
class TieView:
    """What one person is in one council, for their own page."""

    slug: str
    council: str
    roles: tuple[str, ...]
    tie: str | None
    home: str
    state: str


def ties_of(session: Session, account_id: int) -> list[TieView]:
    seats = session.exec(
        select(Seat.council_id, Seat.role).where(Seat.account_id == account_id, col(Seat.until).is_(None))
    )
    roles: dict[int, list[str]] = {}
    for council_id, role in seats:
        roles.setdefault(council_id, []).append(role)
    homes = {
        one.council_id: one for one in session.exec(select(Membership).where(Membership.account_id == account_id)).all()
    }
    views = []
    for council in councils_of(session, account_id):
        home = homes.get(council.id)
        views.append(
            TieView(
                council.slug,
                council.name,
                tuple(roles.get(council.id, ())),
                home.tie if home else None,
                home.home if home else "",
                home.state if home else "",
            )
        )
    return views


@dataclass(frozen=True)
class SeatView:
    id: int
    account_id: int
    name: str
    role: str
    since: datetime
    entered: bool
    building: str = ""
    appointed_by: str = ""
    confirmed_by: str = ""
    until: datetime | None = None
    rests_for: str = ""
    """Why it gives no rights until others have seen the person; empty for a seat that does."""
    seen_by: int | None = None


def seats(session: Session, council_id: int) -> list[SeatView]:
    """Who sits now, in the order of the roles."""
    order = {role: place for place, role in enumerate(Role)}
    return sorted(_seats(session, council_id, col(Seat.until).is_(None)), key=lambda one: order[Role(one.role)])


def hands(session: Session, council_id: int, *, but: int | None = None) -> list[tuple[int, str]]:
    """(account, role) of each seat that counts, without those that rest, or the one (`but`) that is to end."""
    return [(one.account_id, one.role) for one in seats(session, council_id) if not one.rests_for and one.id != but]


def seat(session: Session, council_id: int, seat_id: int) -> SeatView | None:
    """One seat, also when it has ended."""
    return next(iter(_seats(session, council_id, col(Seat.id) == seat_id)), None)


def ended_seats(session: Session, council_id: int, most: int) -> list[SeatView]:
    """The last to end first."""
    found = _seats(session, council_id, col(Seat.until).is_not(None))
    return sorted(found, key=lambda one: (one.until, one.id), reverse=True)[:most]


def _seats(session: Session, council_id: int, wanted: ColumnElement[bool]) -> list[SeatView]:
    rows = session.exec(
        select(Seat, Account.name, HAS_ENTERED)
        .join(Account, col(Account.id) == col(Seat.account_id))
        .where(Seat.council_id == council_id, wanted)
        .order_by(col(Seat.id))
    ).all()
    givers = names(session, [one for seat, _, _ in rows for one in (seat.appointed_by, seat.confirmed_by)])
    return [
        SeatView(
            seat.id,
            seat.account_id,
            name,
            seat.role,
            seat.since,
            entered,
            seat.building,
            givers.get(seat.appointed_by or 0, ""),
            givers.get(seat.confirmed_by or 0, ""),
            seat.until,
            seat.rests_for,
            seat.seen_by,
        )
        for seat, name, entered in rows
    ]


def of_community(session: Session, community: str) -> list[int]:
    return list(session.exec(select(Council.id).where(Council.community == community).order_by(col(Council.id))))


def held(session: Session, council_id: int, account_id: int, role: str) -> list[Seat]:
    found = select(Seat).where(
        Seat.council_id == council_id, Seat.account_id == account_id, Seat.role == role, col(Seat.until).is_(None)
    )
    return list(session.exec(found))


def officers(session: Session, community: str) -> dict[int, str]:
    """Account -> name of whom the community has above all its councils."""
    rows = session.exec(
        select(Account.id, Account.name)
        .join(Seat, col(Seat.account_id) == col(Account.id))
        .where(
            Seat.role == Role.COMMUNITY,
            col(Seat.until).is_(None),
            col(Seat.council_id).in_(of_community(session, community)),
        )
        .order_by(col(Account.id))
    )
    return dict(rows.all())


def moderators(session: Session, council_ids: Sequence[int]) -> dict[int, list[tuple[str, bool]]]:
    """Council -> name of each, and whether the seat rests."""
    rows = session.exec(
        select(Seat.council_id, Account.name, Seat.rests_since)
        .join(Account, col(Account.id) == col(Seat.account_id))
        .where(col(Seat.council_id).in_(council_ids), Seat.role == Role.MODERATOR, col(Seat.until).is_(None))
        .order_by(col(Seat.id))
    )
    found: dict[int, list[tuple[str, bool]]] = {}
    for council_id, name, rests_since in rows:
        found.setdefault(council_id, []).append((name, rests_since is not None))
    return found


def roles_of(session: Session, council_id: int, account_id: int) -> frozenset[str]:
    return frozenset(
        session.exec(
            select(Seat.role).where(
                Seat.council_id == council_id, Seat.account_id == account_id, col(Seat.until).is_(None)
            )
        )
    )


def roles_ever(session: Session, council_id: int, account_id: int) -> frozenset[str]:
    """Also those that have ended."""
    return frozenset(
        session.exec(select(Seat.role).where(Seat.council_id == council_id, Seat.account_id == account_id))
    )


def roles_anywhere(session: Session, account_id: int) -> frozenset[str]:
    """In all councils together."""
    return frozenset(
        session.exec(select(Seat.role).where(Seat.account_id == account_id, col(Seat.until).is_(None)).distinct())
    )


def sits_in(session: Session, account_id: int) -> list[int]:
    """The councils in which the person has a seat now."""
    found = select(Seat.council_id).where(Seat.account_id == account_id, col(Seat.until).is_(None)).distinct()
    return list(session.exec(found))


def sits_elsewhere(session: Session, council_id: int, account_id: int) -> bool:
    """Holds an office there."""
    found = select(Seat.id).where(
        Seat.council_id != council_id,
        Seat.account_id == account_id,
        col(Seat.role).in_(OFFICES),
        col(Seat.until).is_(None),
    )
    return session.exec(found).first() is not None


def tied_elsewhere(session: Session, council_id: int, account_id: int) -> bool:
    """Whether another council has this person as a resident, or asked to be one."""
    found = select(Membership.id).where(
        Membership.council_id != council_id,
        Membership.account_id == account_id,
        col(Membership.state).in_([State.WAITING, State.VERIFIED]),
    )
    return session.exec(found.limit(1)).first() is not None
