"""Who was shown the full roll, minutes or residents' pages, for the council's members to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from deliberation.ballot.tables import Poll
from deliberation.council.queries import seats
from deliberation.council.rules import STAFF, Role
from deliberation.council.tables import Council
from deliberation.db.tables import Reading
from deliberation.i18n.catalog import Lang, word
from deliberation.meeting.tables import Meeting
from deliberation.minutes.tables import Minutes
from deliberation.people.queries import names
from deliberation.people.rules import masked
from deliberation.people.tables import Account
from deliberation.web.viewer import Viewer

SIZE = 40
SEE_NAMES = {*STAFF, Role.SUPERVISOR}


@dataclass(frozen=True)
class Look:
    """`mine`: what was read is about whoever is reading this list."""

    day: date
    text: str
    mine: bool


def count(session: Session, council_id: int) -> int:
    return session.exec(select(func.count()).where(Reading.council_id == council_id)).one()


def looks(session: Session, viewer: Viewer, lang: Lang, page: int) -> list[Look]:
    """The newest day first. Who holds a seat stands with seat and name; a neighbor's name is masked for other neighbors, since
    who reads minutes on which evening is theirs. The moment is kept and not shown."""
    if viewer.council is None:
        return []
    rows = session.exec(
        select(Reading)
        .where(Reading.council_id == viewer.council.id)
        .order_by(col(Reading.day).desc(), col(Reading.id).desc())
        .offset((page - 1) * SIZE)
        .limit(SIZE)
    ).all()
    people = names(session, [one.reader_id for one in rows])
    titles = _titles(session, rows)
    roles: dict[int, str] = {}
    for seat in seats(session, viewer.council.id):
        roles.setdefault(seat.account_id, word("role", seat.role, lang))
    me = viewer.person.account_id if viewer.person else 0

    def who(reader_id: int) -> str:
        name = people[reader_id]
        if reader_id in roles:
            return f"{roles[reader_id]} {name}" if lang == "en" else f"{roles[reader_id]}{name}"
        return name if reader_id == me or viewer.roles & SEE_NAMES else masked(name)

    return [
        Look(
            one.day,
            word("reading", one.thing, lang, who=who(one.reader_id), title=titles.get((one.thing, one.thing_id), "")),
            me != 0 and one.account_id == me,
        )
        for one in rows
    ]


@dataclass(frozen=True)
class LookAtMe:
    day: date
    name: str
    council: str


def at_page_of(session: Session, account_id: int) -> list[LookAtMe]:
    """Who of the staff opened this person's page, on which day, the newest first: for that person."""
    rows = session.exec(
        select(col(Reading.day), col(Account.name), col(Council.name))
        .join(Account, col(Account.id) == col(Reading.reader_id))
        .join(Council, col(Council.id) == col(Reading.council_id))
        .where(Reading.account_id == account_id)
        .order_by(col(Reading.day).desc(), col(Reading.id).desc())
    ).all()
    return [LookAtMe(*row) for row in rows]


def _titles(session: Session, rows: Sequence[Reading]) -> dict[tuple[str, int], str]:
    def of(thing: str) -> list[int]:
        return [one.thing_id for one in rows if one.thing == thing]

    minutes = dict(
        session.exec(
            select(Minutes.id, Meeting.title)
            .join(Meeting, col(Meeting.id) == col(Minutes.meeting_id))
            .where(col(Minutes.id).in_([*of("minutes"), *of("minutes_file")]))
        ).all()
    )
    meetings = dict(session.exec(select(Meeting.id, Meeting.title).where(col(Meeting.id).in_(of("presence")))).all())
    polls = dict(session.exec(select(Poll.id, Poll.title).where(col(Poll.id).in_(of("ballot_disputes")))).all())
    return {
        **{(thing, key): title for thing in ("minutes", "minutes_file") for key, title in minutes.items()},
        **{("presence", key): title for key, title in meetings.items()},
        **{("ballot_disputes", key): title for key, title in polls.items()},
    }
