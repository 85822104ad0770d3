"""Gathering what all steps know of a matter, for one dossier or for a whole list with the same few questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select, true

from deliberation.agenda import queries as agenda
from deliberation.agenda import rules as agenda_rules
from deliberation.agenda.rules import Channel, State
from deliberation.agenda.tables import Motion, Proposal
from deliberation.ballot.rules import binds
from deliberation.ballot.tables import Poll
from deliberation.council.queries import settings_of
from deliberation.decision.tables import Decision
from deliberation.followup.queries import last_words
from deliberation.followup.tables import Rating, Task
from deliberation.meeting.tables import Item, Meeting
from deliberation.minutes.tables import Minutes
from deliberation.people.queries import names
from deliberation.story import rules
from deliberation.story.rules import Course, Station

PAGE_SIZE = 30


@dataclass(frozen=True)
class MatterPage:
    rows: list[tuple[Course, tuple[Station, ...]]]
    total: int
    page: int
    pages: int


def courses(session: Session, council_id: int, matter_ids: Sequence[int]) -> dict[int, Course]:
    """Everything the line needs of these matters, with a number of queries that does not grow with them."""
    proposals = session.exec(
        select(Proposal).where(Proposal.council_id == council_id, col(Proposal.id).in_(list(matter_ids)))
    ).all()
    ids = [one.id for one in proposals]
    if not ids:
        return {}
    people = names(session, [account for one in proposals for account in (one.author_id, one.decided_by)])
    authors = {one.id: one.author_id for one in proposals if one.channel == Channel.ONLINE}
    support = agenda.support(session, ids)
    needed = settings_of(session, council_id).seconds_needed
    motions = _motions(session, ids)
    polls = _polls(session, ids)
    meetings = _meetings(session, ids)
    decisions = _decisions(session, [one.id for one in polls.values()])
    asked = agenda.backers_of(session, ids)
    tasks = _tasks(session, ids, deciding=_deciding(motions, polls, decisions), authors=authors)
    counting = {matter: _meeting_that_counts(found, matter in polls) for matter, found in meetings.items()}
    minutes = _minutes(session, [one.id for one in counting.values() if one])
    return {
        one.id: Course(
            id=one.id,
            title=one.title,
            category=one.category,
            # The line is told from the facts; the mark only spares the lists what is finished.
            state=State.ACCEPTED if one.state == State.CLOSED else one.state,
            raised_at=one.raised_at,
            author=one.raised_for or people.get(one.author_id, ""),
            support=support.get(one.id, 0),
            needed=needed,
            asked=len(asked[one.id]),
            decided_at=one.decided_at,
            decided_by=people.get(one.decided_by, "") if one.decided_by else "",
            merged_into=one.merged_into_id,
            motion=motions.get(one.id),
            meeting=(meeting := counting.get(one.id)),
            minutes=minutes.get(meeting.id) if meeting else None,
            poll=polls.get(one.id),
            decision=decisions.get(polls[one.id].id) if one.id in polls else None,
            tasks=tuple(tasks.get(one.id, ())),
        )
        for one in proposals
    }


def _motions(session: Session, ids: list[int]) -> dict[int, rules.MotionFacts]:
    motions = session.exec(select(Motion).where(col(Motion.proposal_id).in_(ids))).all()
    checks = agenda.newest_checks(session, [one.id for one in motions])
    found = {}
    for motion in motions:
        newest = checks.get(motion.id, {})
        failed = any(
            one.outcome != agenda_rules.Outcome.HOLDS and one.motion_version == motion.version
            for one in newest.values()
        )
        missing = len(agenda_rules.missing_checks(motion.version, newest))
        found[motion.proposal_id] = rules.MotionFacts(
            motion.id, motion.locked_at is not None, motion.law_item, missing, failed
        )
    return found


def _meetings(session: Session, ids: list[int]) -> dict[int, list[rules.MeetingFacts]]:
    """The meetings that had each matter on their agenda, in order of time."""
    matter: Any = func.coalesce(Item.matter_id, Motion.proposal_id)
    rows = session.exec(
        select(matter, Meeting, Item)
        .join(Meeting, col(Meeting.id) == col(Item.meeting_id))
        .join(Motion, col(Motion.id) == col(Item.motion_id), isouter=True)
        .where(or_(col(Item.matter_id).in_(ids), col(Motion.proposal_id).in_(ids)))
        .where(col(Meeting.called_off_at).is_(None))
        .order_by(col(Meeting.starts_at), col(Item.position))
    )
    found: dict[int, list[rules.MeetingFacts]] = {}
    for matter_id, meeting, item in rows:
        found.setdefault(matter_id, []).append(
            rules.MeetingFacts(
                meeting.id,
                meeting.title,
                meeting.starts_at,
                meeting.notice_at,
                meeting.opened_at,
                meeting.closed_at,
                item.opened_at is not None,
                item.closed_at is not None,
                item.conclusion,
            )
        )
    return found


def _meeting_that_counts(found: list[rules.MeetingFacts], has_poll: bool) -> rules.MeetingFacts | None:
    """One still ahead, as long as no poll was announced; else the last that talked about the matter."""
    ahead = [one for one in found if not one.over and not one.discussed]
    talked = [one for one in found if one.discussed]
    if talked and (has_poll or not ahead):
        return talked[-1]
    return ahead[0] if ahead else None


def _minutes(session: Session, meeting_ids: list[int]) -> dict[int, rules.MinutesFacts]:
    rows = session.exec(select(Minutes).where(col(Minutes.meeting_id).in_(meeting_ids)))
    return {
        one.meeting_id: rules.MinutesFacts(one.id, one.serial_no, one.put_up_at, one.confirm_until, one.frozen_at)
        for one in rows
    }


def _polls(session: Session, ids: list[int]) -> dict[int, rules.PollFacts]:
    rows = session.exec(
        select(Poll).where(col(Poll.matter_id).in_(ids), col(Poll.withdrawn_at).is_(None)).order_by(col(Poll.id))
    )
    return {
        one.matter_id: rules.PollFacts(one.id, one.opens_at, one.closes_at, one.closed_at, binds(one.standing))
        for one in rows
    }


def _decisions(session: Session, poll_ids: list[int]) -> dict[int, rules.DecisionFacts]:
    """By the poll they come from: after a consultation the matter may have another poll, whose result is still out."""
    rows = session.exec(select(Decision).where(col(Decision.poll_id).in_(poll_ids)))
    return {
        one.poll_id: rules.DecisionFacts(
            one.id, one.valid, one.passed, one.published_at, one.objection_until, one.final_at
        )
        for one in rows
    }


def _deciding(
    motions: dict[int, rules.MotionFacts],
    polls: dict[int, rules.PollFacts],
    decisions: dict[int, rules.DecisionFacts],
) -> set[int]:
    """The matters the owners decide. After a consultation that was all there is, the council goes on by itself."""
    asked_only = {matter for matter, one in polls.items() if not one.binds and one.id in decisions}
    wanted = {*polls, *(matter for matter, one in motions.items() if one.law_item)}
    return wanted - asked_only


def _tasks(
    session: Session, ids: list[int], *, deciding: set[int], authors: dict[int, int]
) -> dict[int, list[rules.TaskFacts]]:
    """Where the owners decide (`deciding`), only what carries their decision out; an errand on the way there is no station."""
    tasks = session.exec(
        select(Task)
        .where(col(Task.matter_id).in_(ids))
        .where(col(Task.decision_id).is_not(None) | col(Task.matter_id).not_in(deciding))
        .order_by(col(Task.id))
    ).all()
    said = last_words(session, [task.id for task in tasks])
    content = {
        (one.task_id, one.round, one.account_id)
        for one in session.exec(
            select(Rating).where(col(Rating.task_id).in_([task.id for task in tasks]), col(Rating.satisfied))
        )
    }
    found: dict[int, list[rules.TaskFacts]] = {}
    for task in tasks:
        have, glad = said.get(task.id, (0, 0))
        found.setdefault(task.matter_id, []).append(
            rules.TaskFacts(
                task.id,
                task.title,
                task.assignee,
                task.due_on,
                task.closed_out_at,
                glad,
                have - glad,
                (task.id, task.round, authors.get(task.matter_id)) in content,
            )
        )
    return found


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

    meetings: tuple[rules.MeetingFacts, ...]
    minutes: dict[int, rules.MinutesFacts]
    """By meeting."""
    polls: tuple[tuple[int, datetime, bool], ...]
    """(number, notice given, withdrawn)"""
    tasks: tuple[tuple[int, str], ...]


def papers(session: Session, matter_id: int) -> Papers:
    meetings = {one.id: one for one in _meetings(session, [matter_id]).get(matter_id, ())}
    polls = session.exec(
        select(Poll.id, Poll.notice_at, col(Poll.withdrawn_at).is_not(None))
        .where(Poll.matter_id == matter_id)
        .order_by(col(Poll.id))
    )
    tasks = session.exec(select(Task.id, Task.title).where(Task.matter_id == matter_id).order_by(col(Task.id)))
    return Papers(
        tuple(meetings.values()),
        _minutes(session, list(meetings)),
        tuple((number, at, bool(gone)) for number, at, gone in polls),
        tuple((number, title) for number, title in tasks),
    )


LOOKED_THROUGH = 60
"""Newest matters among which those under way are looked for; those being voted on are found however old they are."""


def under_way(session: Session, council_id: int, now: datetime, most: int) -> list[tuple[Course, tuple[Station, ...]]]:
    """What goes on now: matters the owners are voting on first, then the newest."""
    voting = session.exec(
        select(Poll.matter_id).where(
            Poll.council_id == council_id,
            col(Poll.withdrawn_at).is_(None),
            col(Poll.opens_at) <= now,
            col(Poll.closes_at) > now,
        )
    ).all()
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
