"""Matters as lists: under way, finished, page by page; and the papers of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select, true

from deliberation.agenda.rules import State
from deliberation.agenda.tables import Proposal
from deliberation.ballot import queries as ballots
from deliberation.ballot.tables import Poll
from deliberation.decision.tables import Decision
from deliberation.followup.tables import Rating, Task
from deliberation.story import course, rules
from deliberation.story.course import Course
from deliberation.story.course_queries import courses, meetings_of, minutes_of
from deliberation.story.station_rules import Station

PAGE_SIZE = 30


@dataclass(frozen=True)
class MatterPage:
    rows: list[tuple[Course, tuple[Station, ...]]]
    total: int
    page: int
    pages: int


def finished(session: Session, now: datetime, *, only: int | None = None) -> list[tuple[int, int]]:
    """(matter, council) of each that was taken up and has come to its end, and is not closed yet; `only` looks at one."""
    decided = select(Decision.id).where(Decision.matter_id == Proposal.id, col(Decision.final_at).is_not(None))
    rated = select(Rating.id).join(Task, col(Task.id) == col(Rating.task_id)).where(Task.matter_id == Proposal.id)
    may_be = session.exec(
        select(Proposal.id, Proposal.council_id)
        .where(Proposal.state == State.ACCEPTED, decided.exists() | rated.exists())
        .where(true() if only is None else col(Proposal.id) == only)
        .order_by(col(Proposal.id))
    ).all()
    by_council: dict[int, list[int]] = {}
    for matter_id, council_id in may_be:
        by_council.setdefault(council_id, []).append(matter_id)
    return [
        (matter_id, council_id)
        for council_id, ids in by_council.items()
        for matter_id, course in courses(session, council_id, ids).items()
        if rules.ending(course, rules.stations(course, now)) is not None
    ]


@dataclass(frozen=True)
class Papers:
    """All meetings, minutes, polls and tasks of one matter, also those that the line passes over."""

    meetings: tuple[course.MeetingFacts, ...]
    minutes: dict[int, course.MinutesFacts]
    """By meeting."""
    polls: tuple[tuple[int, datetime, bool], ...]
    """(number, notice given, withdrawn)"""
    tasks: tuple[tuple[int, str], ...]


def papers(session: Session, matter_id: int) -> Papers:
    meetings = {one.id: one for one in meetings_of(session, [matter_id]).get(matter_id, ())}
    polls = session.exec(
        select(Poll.id, Poll.notice_at, col(Poll.withdrawn_at).is_not(None))
        .where(Poll.matter_id == matter_id)
        .order_by(col(Poll.id))
    )
    tasks = session.exec(select(Task.id, Task.title).where(Task.matter_id == matter_id).order_by(col(Task.id)))
    return Papers(
        tuple(meetings.values()),
        minutes_of(session, list(meetings)),
        tuple((number, at, bool(gone)) for number, at, gone in polls),
        tuple((number, title) for number, title in tasks),
    )


LOOKED_THROUGH = 60
"""Newest matters among which those under way are looked for; those being voted on are found however old they are."""


def under_way(session: Session, council_id: int, now: datetime, most: int) -> list[tuple[Course, tuple[Station, ...]]]:
    """What goes on now: matters the owners are voting on first, then the newest."""
    voting = session.exec(select(Poll.matter_id).where(*ballots.is_open(council_id, now))).all()
    newest = session.exec(
        select(Proposal.id)
        .where(Proposal.council_id == council_id, col(Proposal.state).in_([*STATES["waiting"], *STATES["under_way"]]))
        .order_by(col(Proposal.id).desc())
        .limit(LOOKED_THROUGH)
    ).all()
    found = courses(session, council_id, [*voting, *newest])
    rows = []
    for one in dict.fromkeys([*voting, *newest]):
        line = rules.stations(found[one], now)
        if rules.present_of(line) is not None:
            rows.append((found[one], line))
    return rows[:most]


STATES: dict[str, tuple[str, ...]] = {
    "waiting": ("raised",),
    "under_way": ("accepted",),
    "ended": ("answered", "declined", "merged", "closed"),
}


def matters(
    session: Session, council_id: int, now: datetime, *, group: str = "", category: str = "", q: str = "", page: int = 1
) -> MatterPage:
    """A page of the list, newest first; `group` is one of STATES or empty for all."""
    wanted: list[Any] = [col(Proposal.council_id) == council_id]
    if group in STATES:
        wanted.append(col(Proposal.state).in_(STATES[group]))
    if category:
        wanted.append(col(Proposal.category) == category)
    if q:
        wanted.append(
            or_(
                col(Proposal.title).icontains(q, autoescape=True),
                col(Proposal.text).icontains(q, autoescape=True),
                col(Proposal.place).icontains(q, autoescape=True),
            )
        )
    total = session.exec(select(func.count()).select_from(Proposal).where(*wanted)).one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    ids = session.exec(
        select(Proposal.id)
        .where(*wanted)
        .order_by(col(Proposal.id).desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    found = courses(session, council_id, ids)
    return MatterPage([(found[one], rules.stations(found[one], now)) for one in ids], total, page, pages)
