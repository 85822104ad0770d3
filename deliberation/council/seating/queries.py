"""Changes of the seats that wait for a second person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, or_, select

from deliberation.council.rules import OFFICES, PLATFORM, Role
from deliberation.council.seating import rules
from deliberation.council.seating.rules import Asked, Kind, Second, State
from deliberation.council.tables import Seat, SeatChange
from deliberation.people.queries import names
from deliberation.people.tables import Account, SignIn


@dataclass(frozen=True)
class ChangeView:
    id: int
    kind: str
    account_id: int
    name: str
    role: str
    building: str
    put_by: int
    put_name: str
    put_at: datetime
    seconds: tuple[Second, ...]

    def agrees(self, account_id: int, *roles: str) -> bool:
        return any(one.account_id == account_id and one.role in roles for one in self.seconds)


def waiting(session: Session, council_id: int) -> list[ChangeView]:
    """The oldest first."""
    rows = session.exec(
        select(SeatChange)
        .where(SeatChange.council_id == council_id, SeatChange.state == State.WAITING)
        .order_by(SeatChange.id)  # type: ignore[arg-type]
    ).all()
    if not rows:
        return []
    people = names(session, [one for row in rows for one in (row.account_id, row.put_by)])
    watches = watching(session, council_id)
    behind_them = behind(session, council_id, {row.put_by for row in rows})
    return [
        ChangeView(
            row.id,
            row.kind,
            row.account_id,
            people.get(row.account_id, ""),
            row.role,
            row.building,
            row.put_by,
            people.get(row.put_by, ""),
            row.put_at,
            _of(watches, Asked(row.kind, row.account_id, row.put_by, behind_them[row.put_by])),
        )
        for row in rows
    ]


def seconds(session: Session, council_id: int, put_by: int, account_id: int) -> tuple[Second, ...]:
    """Who could agree if this person were put forward now."""
    asked = Asked(Kind.APPOINTING, account_id, put_by, behind(session, council_id, {put_by})[put_by])
    return _of(watching(session, council_id), asked)


def watching(session: Session, council_id: int) -> list[Second]:
    """Who may be a second here at all, the nearest first. An admin who works here is none."""
    sits = session.exec(
        select(Seat, Account.name, Account.opened_by)
        .join(Account, col(Account.id) == col(Seat.account_id))
        .where(Seat.council_id == council_id, col(Seat.until).is_(None))
        .order_by(col(Seat.id))
    ).all()
    found: dict[tuple[str, int], Second] = {}
    for role in rules.AGREES:
        for seat, name, opened_by in sits:
            if seat.role == role and seat.rests_since is None:
                one = found.get((role, seat.account_id)) or Second(seat.account_id, name, role, (), opened_by)
                given = (*one.sits, (seat.appointed_by, seat.confirmed_by))
                found[role, seat.account_id] = replace(one, sits=given)
    works = {seat.account_id for seat, *_ in sits if seat.role != Role.COMMUNITY}
    admins = session.exec(
        select(Account.id, Account.name, Account.opened_by).where(col(Account.platform_admin).is_(True))
    )
    by_platform = ((None, None),)
    outside = [Second(one, name, PLATFORM, by_platform, opened) for one, name, opened in admins if one not in works]
    return [*found.values(), *outside]


def _of(watches: list[Second], asked: Asked) -> tuple[Second, ...]:
    return tuple(one for one in watches if not rules.why_not(asked, one))


def to_agree(session: Session, admin_id: int) -> dict[int, int]:
    """Council -> how many changes of its seats this admin of the platform could agree with."""
    councils = session.exec(select(SeatChange.council_id).where(SeatChange.state == State.WAITING).distinct()).all()
    counts = {one: sum(change.agrees(admin_id, PLATFORM) for change in waiting(session, one)) for one in councils}
    return {one: count for one, count in counts.items() if count}


def waits(session: Session, council_id: int, account_id: int, kind: str, role: str, building: str = "") -> bool:
    found = select(SeatChange.id).where(
        SeatChange.council_id == council_id,
        SeatChange.account_id == account_id,
        SeatChange.kind == kind,
        SeatChange.role == role,
        SeatChange.building == building,
        SeatChange.state == State.WAITING,
    )
    return session.exec(found.limit(1)).first() is not None


def who_put(session: Session, council_id: int) -> list[int]:
    """Of each change that waits here."""
    wanted = select(SeatChange.put_by).where(SeatChange.council_id == council_id, SeatChange.state == State.WAITING)
    return list(session.exec(wanted))


def left_undecided(session: Session, now: datetime) -> list[tuple[int, int]]:
    """(change, council) of what nobody has decided in time."""
    wanted = select(SeatChange.id, SeatChange.council_id).where(
        SeatChange.state == State.WAITING, col(SeatChange.put_at) <= now - rules.WAITS_FOR
    )
    return list(session.exec(wanted))


def was_put(session: Session, council_id: int, account_id: int) -> bool:
    found = select(SeatChange.id).where(SeatChange.council_id == council_id, SeatChange.account_id == account_id)
    return session.exec(found.limit(1)).first() is not None


def change(session: Session, council_id: int, change_id: int) -> SeatChange | None:
    found = session.get(SeatChange, change_id)
    return found if found and found.council_id == council_id else None


def offices(session: Session, account_id: int, *, given_by: int) -> set[int]:
    """The councils in which the person has an office that counts and does not rest on `given_by` alone. Seats that a moderator
    gives without a second person are none."""
    found = select(Seat.council_id).where(
        Seat.account_id == account_id,
        col(Seat.until).is_(None),
        col(Seat.role).in_(OFFICES),
        col(Seat.rests_since).is_(None),
        or_(col(Seat.appointed_by).is_distinct_from(given_by), col(Seat.confirmed_by).is_not(None)),
    )
    return set(session.exec(found))


def seated_by_two(session: Session, account_id: int) -> list[int]:
    """The councils in which the person has an office that counts and that one has given and another confirmed; first the one in
    which they have had theirs longest."""
    found = (
        select(Seat.council_id)
        .where(
            Seat.account_id == account_id,
            col(Seat.until).is_(None),
            col(Seat.role).in_(OFFICES),
            col(Seat.rests_since).is_(None),
            col(Seat.confirmed_by).is_not(None),
        )
        .order_by(col(Seat.since), col(Seat.id))
    )
    return list(session.exec(found))


def works_here(session: Session, council_id: int, account_id: int) -> bool:
    found = select(Seat.id).where(
        Seat.council_id == council_id,
        Seat.account_id == account_id,
        col(Seat.role).in_(rules.BY_TWO),
        col(Seat.until).is_(None),
    )
    return session.exec(found.limit(1)).first() is not None


def ever_held(session: Session, council_id: int, role: str, *, but: int) -> bool:
    """Whether anybody but this person has or had this seat."""
    found = select(Seat.id).where(Seat.council_id == council_id, Seat.role == role, Seat.account_id != but)
    return session.exec(found.limit(1)).first() is not None


def moderated(session: Session, council_id: int, now: datetime) -> bool:
    """Whether a moderator was seated, or has done anything here on any device, not too long ago."""
    lately = now - rules.NOBODY_HERE_FOR
    been = select(SignIn.id).where(col(SignIn.account_id) == col(Seat.account_id), col(SignIn.seen_at) > lately)
    found = select(Seat.id).where(
        Seat.council_id == council_id,
        Seat.role == Role.MODERATOR,
        col(Seat.until).is_(None),
        or_(col(Seat.since) > lately, been.exists()),
    )
    return session.exec(found.limit(1)).first() is not None


def behind(session: Session, council_id: int, accounts: Collection[int]) -> dict[int, frozenset[int]]:
    """Account -> who of the council's own alone gave them a moderator's seat here. The platform's admin, who seats the first ones,
    is none."""
    rows = session.exec(
        select(Seat.account_id, Account.id)
        .join(Account, col(Account.id) == col(Seat.appointed_by))
        .where(
            Seat.council_id == council_id,
            col(Seat.account_id).in_(accounts),
            Seat.role == Role.MODERATOR,
            col(Seat.until).is_(None),
            col(Seat.confirmed_by).is_(None),
            col(Account.platform_admin).is_(False),
        )
    )
    found = dict.fromkeys(accounts, frozenset[int]())
    for account_id, given_by in rows:
        found[account_id] |= {given_by}
    return found
