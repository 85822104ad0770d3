"""The journal for members: every act in words, newest first, and whether the chain holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlmodel import Session, col, func, or_, select

from deliberation.council.rules import Role
from deliberation.council.tables import Seat
from deliberation.db.engine import Database
from deliberation.db.journal import GENESIS, broken_at
from deliberation.db.tables import Event
from deliberation.i18n.catalog import Lang
from deliberation.i18n.dates import LOCAL
from deliberation.jobs.clock import local
from deliberation.meeting import queries as meetings
from deliberation.story.timeline import actors, sentence
from deliberation.web.viewer import Viewer

SIZE = 40
KINDS: dict[str, tuple[str, ...]] = {
    "matters": ("proposal", "motion", "matter"),
    "meetings": (
        "meeting",
        "agenda",
        "item",
        "door_code",
        "presence",
        "turn",
        "turns",
        "floor",
        "statement",
        "straw",
        "action_point",
        "minutes",
    ),
    "polls": ("poll", "ballot", "paper", "proxy", "decision"),
    "tasks": ("task",),
    "staff": ("council", "seat", "account", "resident", "slip", "roll"),
}
"""What a reader may look for -> the first words of its verbs."""


BY = ("staff", "others", "clock")
"""Whose acts: of those who hold or held an office of the council, of everybody else, or of the clock."""
OFFICES = (Role.MODERATOR, Role.RECORDER, Role.DESK, Role.SUPERVISOR)


@dataclass(frozen=True)
class Act:
    seq: int
    at: datetime
    text: str
    hash: str
    matter_id: int | None
    meeting_id: int | None


@dataclass(frozen=True)
class Chain:
    """`broken`: the number of the first act that does not fit, or None; `last`: the hash that stands for all before it;
    `since`: when the first act was written."""

    count: int
    broken: int | None
    last: str
    since: datetime | None = None


_known: dict[tuple[str, int], tuple[date, int, str]] = {}
"""By database and council: the day its chain was last found whole from the start, and how far it is known since."""


def chain(session: Session, council_id: int, today: date) -> Chain:
    """Only what is new is checked at each look, and all of it again each day: years of acts take seconds."""
    key = (str(session.get_bind().engine.url), council_id)
    count, newest = session.exec(
        select(func.count(), func.coalesce(func.max(Event.seq), 0)).where(Event.council_id == council_id)
    ).one()
    day, seq, prev = _known.get(key, (today, 0, GENESIS))
    if day != today or count != newest or not _stands(session, council_id, seq, prev):
        seq, prev = 0, GENESIS
    broken = broken_at(_events(session, council_id, after=seq), after=seq, prev=prev)
    last = _hash(session, council_id, newest)
    if broken is None:
        _known[key] = (today, newest, last or GENESIS)
    else:
        _known.pop(key, None)
    return Chain(count, broken, last, first(session, council_id))


def _stands(session: Session, council_id: int, seq: int, known: str) -> bool:
    return seq == 0 or _hash(session, council_id, seq) == known


def _hash(session: Session, council_id: int, seq: int) -> str:
    return session.exec(select(Event.hash).where(Event.council_id == council_id, Event.seq == seq)).first() or ""


def _events(session: Session, council_id: int, *, after: int = 0) -> Iterator[Event]:
    return iter(
        session.exec(
            select(Event)
            .where(Event.council_id == council_id, col(Event.seq) > after)
            .order_by(col(Event.seq))
            .execution_options(yield_per=500)
        )
    )


def _wanted(council_id: int, kind: str, month: str, by: str) -> list[Any]:
    found: list[Any] = [col(Event.council_id) == council_id]
    office = select(Seat.account_id).where(Seat.council_id == council_id, col(Seat.role).in_(OFFICES))
    if by == "clock":
        found.append(col(Event.actor_id).is_(None))
    elif by:
        found.append(col(Event.actor_id).in_(office) if by == "staff" else col(Event.actor_id).not_in(office))
    if kind in KINDS:
        found.append(or_(*(col(Event.verb).startswith(f"{one}.") for one in KINDS[kind])))
    if month:
        year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1, 12)
        after, then = divmod(year * 12 + number + 1, 12)
        found.append(col(Event.at) >= datetime(year, number + 1, 1, tzinfo=LOCAL))
        found.append(col(Event.at) < datetime(after, then + 1, 1, tzinfo=LOCAL))
    return found


def first(session: Session, council_id: int) -> datetime | None:
    return session.exec(
        select(Event.at).where(Event.council_id == council_id).order_by(col(Event.seq)).limit(1)
    ).first()


def months(session: Session, council_id: int, now: datetime) -> list[str]:
    """From the first act's month to this one, as "2026-11", the newest first."""
    begun = first(session, council_id)
    if begun is None:
        return []
    start, end = local(begun), local(now)
    span = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in reversed(span)]


def count(session: Session, council_id: int, kind: str, month: str, by: str) -> int:
    return session.exec(select(func.count()).select_from(Event).where(*_wanted(council_id, kind, month, by))).one()


def acts(
    session: Session, viewer: Viewer, lang: Lang, page: int, kind: str = "", month: str = "", by: str = ""
) -> list[Act]:
    """`kind` is one of KINDS, `month` one of `months`, `by` one of BY; or empty for all."""
    if viewer.council is None:
        return []
    rows = session.exec(
        select(Event)
        .where(*_wanted(viewer.council.id, kind, month, by))
        .order_by(col(Event.seq).desc())
        .offset((page - 1) * SIZE)
        .limit(SIZE)
    ).all()
    known = actors(session, viewer, rows, lang)
    # A meeting being planned has a page for those who plan it alone: nobody else is led there.
    steers = bool(viewer.roles & {Role.MODERATOR, Role.RECORDER})
    readable = {one.id for one in meetings.meetings(session, viewer.council.id, drafts=steers)}
    return [
        Act(
            row.seq,
            row.at,
            sentence(row.verb, row.facts, known.get(row.seq), lang),
            row.hash,
            row.matter_id,
            row.meeting_id if row.meeting_id in readable else None,
        )
        for row in rows
    ]


def as_file(db: Database, council_id: int) -> Iterator[str]:
    """One act a line, with all that its hash is made of; a few hundred at a time, however long the journal is."""
    with db.read() as session:
        events = _events(session, council_id)
        while some := list(islice(events, 500)):
            yield "".join(map(_line, some))


def _line(event: Event) -> str:
    return (
        json.dumps(
            {
                "council": event.council_id,
                "seq": event.seq,
                "at": event.at.astimezone(UTC).isoformat(),
                "actor": event.actor_id,
                "verb": event.verb,
                "matter": event.matter_id,
                "meeting": event.meeting_id,
                "facts": event.facts,
                "prev": event.prev,
                "hash": event.hash,
            },
            ensure_ascii=False,
        )
        + "\n"
    )
