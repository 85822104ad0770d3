"""What needs this person: at most a few things, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from deliberation.agenda.rules import Channel
from deliberation.agenda.tables import Proposal, Seconding
from deliberation.ballot import queries as ballots
from deliberation.ballot.booth import queries as booth
from deliberation.ballot.paper import queries as papers
from deliberation.council.buildings import queries as building_queries
from deliberation.council.resting import queries as resting_queries
from deliberation.council.rules import Role
from deliberation.council.seating import past_queries
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import AGREES
from deliberation.decision import queries as decisions
from deliberation.followup import queries as tasks
from deliberation.jobs.clock import local
from deliberation.meeting import rules as meeting_rules
from deliberation.meeting.queries import presence_of
from deliberation.meeting.tables import Meeting
from deliberation.minutes import waiting_queries
from deliberation.web.viewer import Viewer

SHOWN = 3
SOON = timedelta(days=7)
NEWS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Need:
    """`code` names its words (sections need, need_text, need_button); `path` is inside the council."""

    code: str
    path: str
    facts: Mapping[str, object] = field(default_factory=dict)
    until: datetime | date | None = None
    waits: bool = True
    """Whether something stays undone without this person; what is only offered to them is not counted."""


@dataclass(frozen=True)
class Coming:
    """Something that will need them, and when."""

    code: str
    path: str
    title: str
    at: datetime


def needs(session: Session, viewer: Viewer, now: datetime) -> list[Need]:
    """In this order: a meeting that is on, polls, minutes, ratings, one's own tasks, a supervisor's, a neighbor's matter."""
    return list(_needs(session, viewer, now))


def _needs(session: Session, viewer: Viewer, now: datetime) -> Iterator[Need]:
    if viewer.person is None or viewer.council is None:
        return
    me, council_id = viewer.person.account_id, viewer.council.id
    yield from _meetings(session, council_id, viewer, now)
    yield from _polls(session, council_id, viewer, now)
    for one in waiting_queries.waiting_for(session, council_id, me, now):
        yield Need("minutes", f"/minutes/{one.id}", {"title": one.title}, one.confirm_until)
    for task in tasks.to_rate(session, council_id, me, now):
        yield Need("rate", f"/tasks/{task.id}", {"title": task.title})
    today = local(now).date()
    for task in tasks.assigned_to(session, council_id, me):
        if task.complaint:
            facts = {"title": task.title, "words": task.complaint}
            yield Need("task_reopened", f"/tasks/{task.id}", facts, task.due_on)
        elif task.late(today) or task.due_on <= today + SOON or task.reported_at is None:
            code = "task_late" if task.late(today) else "task"
            yield Need(code, f"/tasks/{task.id}", {"title": task.title}, task.due_on)
    yield from _of_offices(session, council_id, viewer.roles, me, now)
    if viewer.verified:
        yield from _to_second(session, council_id, me)


def _of_offices(session: Session, council_id: int, roles: frozenset[str], me: int, now: datetime) -> Iterator[Need]:
    """What waits for those who watch, agree or lead a building."""
    if Role.SUPERVISOR in roles:
        for decision_id, title, count in decisions.open_objections(session, council_id):
            yield Need("objections", f"/decisions/{decision_id}#objections", {"title": title, "count": count})
        for poll_id, title, count in papers.open_disputes(session, council_id):
            yield Need("disputes", f"/polls/{poll_id}/disputes", {"title": title, "count": count})
    if roles & set(AGREES):
        for change in seating_queries.waiting(session, council_id):
            if change.agrees(me, *AGREES):
                yield Need("seat_change", "/seats", {"name": change.name, "role": change.role})
    if roles & set(resting_queries.SEES):
        for seat in resting_queries.to_see(session, council_id, me):
            yield Need("seat_to_see", "/seats", {"name": seat.name})
    if Role.BUILDING in roles:
        waiting = building_queries.to_hand(session, council_id, me, now)
        for name, count in waiting.items():
            yield Need("slips_to_hand", "/my-building", {"building": name, "count": count})
        if not waiting:
            yield Need("my_building", "/my-building", waits=False)


def _meetings(session: Session, council_id: int, viewer: Viewer, now: datetime) -> Iterator[Need]:
    """A meeting that is on, or whose doors are open; who runs it or keeps its door is led to that work."""
    for meeting in session.exec(
        select(Meeting)
        .where(Meeting.council_id == council_id, col(Meeting.notice_at).is_not(None), col(Meeting.closed_at).is_(None))
        .order_by(col(Meeting.starts_at))
    ):
        state = meeting_rules.state(meeting, now)
        if not meeting_rules.signing_in(state, meeting.starts_at, now):
            continue
        here = presence_of(session, meeting.id, viewer.person.account_id) if viewer.person else None
        facts = {"title": meeting.title, "place": meeting.place}
        is_on = state is meeting_rules.State.OPEN
        if viewer.roles & {Role.MODERATOR, Role.RECORDER}:
            yield Need("meeting_lead" if is_on else "meeting_ready", f"/meetings/{meeting.id}/console", facts)
        elif Role.DESK in viewer.roles:
            yield Need("meeting_desk", f"/meetings/{meeting.id}/desk", facts)
        elif here and here.left_at is None:
            yield Need("meeting_go_on", f"/meetings/{meeting.id}/live", facts, waits=False)
        else:
            code = "meeting_on" if is_on else "meeting_soon"
            yield Need(code, f"/meetings/{meeting.id}/live", facts, meeting.starts_at)


def _polls(session: Session, council_id: int, viewer: Viewer, now: datetime) -> Iterator[Need]:
    """Open polls this owner can still vote in, here or on paper, and those of the owners who named this person."""
    if viewer.person is None:
        return
    me, name = viewer.person.account_id, viewer.person.name
    told = False
    for poll in ballots.open_for(session, council_id, viewer.head_key, now):
        why = booth.obstacle(session, poll, head_key=viewer.head_key, account_id=me, name=name, now=now)
        if why is None or why.code in booth.PAPER_HELPS:
            code = "vote" if why is None else "prove_home" if why.code == "known_by_one" else "vote_on_paper"
            told = told or code == "prove_home"
            yield Need(code, f"/polls/{poll.id}", {"title": poll.title}, poll.closes_at)
    ahead = None
    if not told:
        ahead = booth.to_prove_for(session, council_id, head_key=viewer.head_key, account_id=me, name=name, now=now)
    if ahead is not None:
        yield Need("prove_home", f"/polls/{ahead.id}", {"title": ahead.title}, ahead.closes_at)
    for poll, count in booth.proxies_to_use(session, council_id, me, now):
        yield Need("vote_by_proxy", f"/polls/{poll.id}", {"title": poll.title, "count": count}, poll.closes_at)


def _to_second(session: Session, council_id: int, me: int) -> Iterator[Need]:
    """The newest matter of a neighbor that still gathers support; one is enough."""
    mine = select(Seconding.id).where(Seconding.proposal_id == Proposal.id, Seconding.account_id == me)
    found = session.exec(
        select(Proposal.id, Proposal.title)
        .where(
            Proposal.council_id == council_id,
            Proposal.state == "raised",
            Proposal.author_id != me,
            ~mine.exists(),
        )
        .order_by(col(Proposal.id).desc())
        .limit(1)
    ).first()
    if found:
        yield Need("second", f"/matters/{found[0]}", {"title": found[1]}, waits=False)


@dataclass(frozen=True)
class News:
    """What became of something this person raised or put forward; `code` names its words (section news)."""

    code: str
    path: str
    title: str
    role: str = ""
    """Of a change of the seats: which seat, with its building, and who decided."""
    building: str = ""
    by: str = ""


def news(session: Session, council_id: int, me: int, now: datetime) -> list[News]:
    """Answers of the last days to what they raised or put forward themselves, each kind with the newest first."""
    seats = past_queries.answers(session, me, now, council_id)
    return [
        *_raised(session, council_id, me, now),
        *(News(one.code, "/seats", one.name, one.role, one.building, one.by) for one in seats),
    ]


def _raised(session: Session, council_id: int, me: int, now: datetime) -> list[News]:
    rows = session.exec(
        select(Proposal)
        .where(
            Proposal.council_id == council_id,
            Proposal.author_id == me,
            Proposal.channel == Channel.ONLINE,
            col(Proposal.decided_at) > now - NEWS_FOR,
        )
        .order_by(col(Proposal.decided_at).desc())
    )
    return [News(one.state, f"/matters/{one.id}", one.title) for one in rows]


def coming(session: Session, council_id: int, now: datetime) -> Coming | None:
    """The next date of the council, for a day on which nothing needs anybody."""
    found = [
        Coming("meeting", f"/meetings/{meeting.id}", meeting.title, meeting.starts_at)
        for meeting in session.exec(
            select(Meeting).where(
                Meeting.council_id == council_id,
                col(Meeting.notice_at).is_not(None),
                col(Meeting.closed_at).is_(None),
                col(Meeting.called_off_at).is_(None),
                col(Meeting.starts_at) > now,
            )
        )
    ]
    for poll in ballots.polls_ahead(session, council_id, now):
        opens = poll.opens_at > now
        code = "poll_opens" if opens else "poll_closes"
        found.append(Coming(code, f"/polls/{poll.id}", poll.title, poll.opens_at if opens else poll.closes_at))
    return min(found, key=lambda one: one.at, default=None)
