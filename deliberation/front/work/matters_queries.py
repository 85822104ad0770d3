"""What is due of matters, their meetings, minutes and tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlmodel import Session, col, select

from deliberation.agenda.rules import OPEN
from deliberation.agenda.tables import Proposal
from deliberation.council.roll import queries as roll_queries
from deliberation.followup import offers
from deliberation.followup import queries as task_queries
from deliberation.front.work.rules import (
    DRAFT_WITHIN,
    ELSEWHERE,
    Due,
)
from deliberation.jobs.clock import local
from deliberation.meeting import rules as meeting_rules
from deliberation.meeting.tables import Meeting
from deliberation.minutes import queries as minutes_queries
from deliberation.minutes import waiting_queries
from deliberation.minutes.rules import State as MinutesState
from deliberation.story import course_queries
from deliberation.story.asks import Reader, ask
from deliberation.story.rules import present_of, stations


def first_steps(session: Session, council_id: int) -> Iterator[Due]:
    if roll_queries.newest(session, council_id) is None:
        yield Due("roll", "", "/roll/import")


def next_steps(session: Session, council_id: int, roles: frozenset[str], now: datetime) -> Iterator[Due]:
    """The next step of each open matter, as its dossier says it."""
    ids = session.exec(
        select(Proposal.id).where(Proposal.council_id == council_id, col(Proposal.state).in_(OPEN))
    ).all()
    reader = Reader(roles=roles)
    for number, course in course_queries.courses(session, council_id, ids).items():
        line = stations(course, now)
        present, wanted = present_of(line), ask(course, line, reader)
        if present is None or wanted is None or wanted.code in ELSEWHERE or wanted.post:
            continue
        if wanted.code == "join_meeting":
            continue
        at = present.by_when if isinstance(present.by_when, datetime | date) else None
        yield Due(wanted.code, course.title, wanted.path or f"/matters/{number}", at, wanted.facts, "ask", number)


def meetings(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    for meeting in session.exec(
        select(Meeting).where(
            Meeting.council_id == council_id, col(Meeting.closed_at).is_(None), col(Meeting.called_off_at).is_(None)
        )
    ):
        state = meeting_rules.state(meeting, now)
        path = f"/meetings/{meeting.id}"
        if state is meeting_rules.State.DRAFT:
            # Notice goes out a week ahead where there still is a week.
            yield Due("give_notice", meeting.title, path, max(now, meeting.starts_at - meeting_rules.LEAD))
        elif state is meeting_rules.State.OPEN:
            yield Due("meeting_on", meeting.title, f"{path}/console", now)
        elif state is meeting_rules.State.NOT_HELD:
            yield Due("not_held", meeting.title, f"{path}/editing", meeting.starts_at)
        else:
            doors = meeting_rules.signing_in(state, meeting.starts_at, now)
            code = "open_meeting" if doors else "meeting_ahead"
            yield Due(code, meeting.title, f"{path}/console" if doors else path, meeting.starts_at)


def desks(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    """Meetings whose doors are open: somebody must sign in those who come without a phone."""
    for meeting in session.exec(
        select(Meeting).where(
            Meeting.council_id == council_id, col(Meeting.notice_at).is_not(None), col(Meeting.closed_at).is_(None)
        )
    ):
        if meeting_rules.signing_in(meeting_rules.state(meeting, now), meeting.starts_at, now):
            yield Due("meeting_desk", meeting.title, f"/meetings/{meeting.id}/desk", max(now, meeting.starts_at))


def minutes(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    for number, title, closed in waiting_queries.meetings_without(session, council_id):
        yield Due("draft_minutes", title, f"/meetings/{number}/minutes", closed + DRAFT_WITHIN)
    for one in waiting_queries.not_frozen(session, council_id):
        path = f"/minutes/{one.id}"
        state = minutes_queries.state(one)
        if state in (MinutesState.DRAFT, MinutesState.CORRECTING):
            yield Due("put_up_minutes", one.title, f"{path}/editing", one.drafted_at + DRAFT_WITHIN)
            continue
        given = minutes_queries.answers(session, one)
        missing = len(minutes_queries.missing(given))
        if missing == 0 or (one.confirm_until and one.confirm_until <= now):
            yield Due("freeze_minutes", one.title, path, one.confirm_until)
        else:
            facts = {"answered": len(given) - missing, "all": len(given)}
            yield Due("minutes_waiting", one.title, path, one.confirm_until, facts)


def tasks(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    today = local(now).date()
    reopened = task_queries.reopened(session, council_id)
    for row in reopened:
        code = "task_reopened_late" if row.late(today) else "task_reopened"
        yield Due(code, row.title, f"/tasks/{row.id}", row.due_on, {"words": row.complaint, "assignee": row.assignee})
    for row in task_queries.overdue(session, council_id, today):
        if row.id not in {one.id for one in reopened}:
            yield Due("task_late", row.title, f"/tasks/{row.id}", row.due_on, {"assignee": row.assignee})


def points(points: Iterable[offers.Point]) -> Iterator[Due]:
    for point in points:
        matter = f"&matter={point.matter_id}" if point.matter_id else ""
        yield Due("point", point.text, f"/tasks/new?action_point={point.id}{matter}", point.due_on)
