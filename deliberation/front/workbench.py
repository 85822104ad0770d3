"""What is due for the staff: one list by deadline, each thing with its one next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from deliberation.agenda.rules import OPEN
from deliberation.agenda.tables import Proposal
from deliberation.ballot import queries as ballots
from deliberation.ballot import rolls
from deliberation.ballot.paper import queries as papers
from deliberation.ballot.proxies import queries as proxies
from deliberation.ballot.proxies.rules import State as ProxyState
from deliberation.ballot.rules import last_step
from deliberation.ballot.tables import PaperBallot, Poll
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import upload_queries
from deliberation.council.rules import STAFF, WRITES_ROLL, Role
from deliberation.council.slips import queries as slip_queries
from deliberation.council.tables import Membership
from deliberation.decision import queries as decisions
from deliberation.decision.tables import Decision
from deliberation.followup import offers
from deliberation.followup import queries as tasks
from deliberation.i18n.dates import LOCAL
from deliberation.jobs.clock import local
from deliberation.meeting import rules as meeting_rules
from deliberation.meeting.tables import Meeting
from deliberation.minutes import queries as minutes
from deliberation.minutes import waiting_queries
from deliberation.minutes.rules import State as MinutesState
from deliberation.people.recovery import queries as recovery_queries
from deliberation.story import course_queries
from deliberation.story.asks import Reader, ask
from deliberation.story.rules import present_of, stations
from votes.threshold import area_text

DRAFT_WITHIN = timedelta(days=3)
CONFIRM_WITHIN = timedelta(hours=48)
ELSEWHERE = frozenset({"draft_minutes", "put_up_minutes", "give_notice", "answer_objections"})
"""Steps of a matter that are listed elsewhere: once for its meeting, or from the first objection on."""

WORDS_RECORDS = frozenset({Role.MODERATOR, Role.RECORDER})
EVERY = frozenset(STAFF)
MODERATOR = frozenset({Role.MODERATOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
WORKERS = (*STAFF, Role.SUPERVISOR)
"""Whose work the workbench lists."""


@dataclass(frozen=True)
class Due:
    """`code` names the sentence and the button (sections due and due_button, or ask and ask_button of the dossier)."""

    code: str
    title: str
    path: str
    at: datetime | date | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    section: str = "due"
    of: int = 0
    """The matter it is the next step of, if it is one."""
    button: str = ""
    """The button's own code where it is not the sentence's."""

    def moment(self) -> datetime | None:
        """When its time is over: a day ends at midnight here."""
        if self.at is None or isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at + timedelta(days=1), time(), LOCAL)

    def late(self, now: datetime) -> bool:
        over = self.moment()
        return over is not None and over < now


def due(session: Session, council_id: int, roles: frozenset[str], me: int, now: datetime) -> list[Due]:
    """What these roles can do, the earliest deadline first, what has none last."""
    points = offers.points(session, council_id) if roles & MODERATOR else []
    given_out = {point.matter_id for point in points}
    found = [
        *(_first_steps(session, council_id) if roles & WORDS_RECORDS else ()),
        # A point agreed on in a meeting already says who should be given what.
        *(one for one in _matters(session, council_id, roles, now) if one.code != "assign" or one.of not in given_out),
        *(_meetings(session, council_id, now) if roles & WORDS_RECORDS else ()),
        *(_desks(session, council_id, now) if Role.DESK in roles else ()),
        *(_minutes(session, council_id, now) if roles & WORDS_RECORDS else ()),
        *(_results(session, council_id) if roles & MODERATOR else ()),
        *(_supervised(session, council_id) if roles & SUPERVISOR else ()),
        *(_voting(session, council_id, bool(roles & EVERY), now) if roles & {*EVERY, *SUPERVISOR} else ()),
        *(_tasks(session, council_id, now) if roles & MODERATOR else ()),
        *_points(points),
        *(_people(session, council_id) if roles & EVERY else ()),
        *(_roll(session, council_id, roles, me) if roles & EVERY else ()),
        *(_proxies(session, council_id, me, now) if roles & EVERY else ()),
        *(_slips(session, council_id, me, now) if roles & WORDS_RECORDS else ()),
        *(_recoveries(session, council_id, me, now) if roles & EVERY else ()),
        *(_papers(session, council_id, me) if roles & EVERY else ()),
    ]
    far = now + timedelta(days=36500)
    return sorted(found, key=lambda one: one.moment() or far)


def _first_steps(session: Session, council_id: int) -> Iterator[Due]:
    if roll_queries.newest(session, council_id) is None:
        yield Due("roll", "", "/roll/import")


def _matters(session: Session, council_id: int, roles: frozenset[str], now: datetime) -> Iterator[Due]:
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


def _meetings(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
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


def _desks(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    """Meetings whose doors are open: somebody must sign in those who come without a phone."""
    for meeting in session.exec(
        select(Meeting).where(
            Meeting.council_id == council_id, col(Meeting.notice_at).is_not(None), col(Meeting.closed_at).is_(None)
        )
    ):
        if meeting_rules.signing_in(meeting_rules.state(meeting, now), meeting.starts_at, now):
            yield Due("meeting_desk", meeting.title, f"/meetings/{meeting.id}/desk", max(now, meeting.starts_at))


def _minutes(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    for number, title, closed in waiting_queries.meetings_without(session, council_id):
        yield Due("draft_minutes", title, f"/meetings/{number}/minutes", closed + DRAFT_WITHIN)
    for one in waiting_queries.not_frozen(session, council_id):
        path = f"/minutes/{one.id}"
        state = minutes.state(one)
        if state in (MinutesState.DRAFT, MinutesState.CORRECTING):
            yield Due("put_up_minutes", one.title, f"{path}/editing", one.drafted_at + DRAFT_WITHIN)
            continue
        given = minutes.answers(session, one)
        missing = len(minutes.missing(given))
        if missing == 0 or (one.confirm_until and one.confirm_until <= now):
            yield Due("freeze_minutes", one.title, path, one.confirm_until)
        else:
            facts = {"answered": len(given) - missing, "all": len(given)}
            yield Due("minutes_waiting", one.title, path, one.confirm_until, facts)


def _results(session: Session, council_id: int) -> Iterator[Due]:
    """Objections that wait for an answer, disputed ballots, and closed polls whose records do not fit."""
    open_ones = session.exec(
        select(Decision).where(Decision.council_id == council_id, col(Decision.final_at).is_(None))
    ).all()
    waiting = decisions.unanswered(session, [one.id for one in open_ones])
    for one in open_ones:
        if count := waiting.get(one.id, 0):
            yield Due("objections", one.title, f"/decisions/{one.id}", one.objection_until, {"count": count})
    for poll_id, title, count in papers.open_disputes(session, council_id):
        yield Due("disputes", title, f"/polls/{poll_id}/disputes", None, {"count": count})
    for poll in _held_back(session, council_id):
        yield Due("held_back", poll.title, f"/polls/{poll.id}", poll.closed_at)


def _held_back(session: Session, council_id: int) -> list[Poll]:
    decided = select(Decision.poll_id).where(Decision.council_id == council_id)
    closed = session.exec(
        select(Poll).where(
            Poll.council_id == council_id, col(Poll.closed_at).is_not(None), col(Poll.id).not_in(decided)
        )
    )
    return [poll for poll in closed if decisions.held_back(session, council_id, poll)]


def _supervised(session: Session, council_id: int) -> Iterator[Due]:
    """Results that are open to objections: somebody independent counts them again and sees that objections are answered."""
    open_ones = session.exec(
        select(Decision).where(Decision.council_id == council_id, col(Decision.final_at).is_(None))
    ).all()
    waiting = decisions.unanswered(session, [one.id for one in open_ones])
    for one in open_ones:
        path = f"/decisions/{one.id}"
        yield Due("recount", one.title, path, one.objection_until)
        if count := waiting.get(one.id, 0):
            yield Due("objections_owed", one.title, path, one.objection_until, {"count": count})
    for poll in _held_back(session, council_id):
        yield Due("held_back_check", poll.title, f"/polls/{poll.id}", poll.closed_at)


def _voting(session: Session, council_id: int, keys_in: bool, now: datetime) -> Iterator[Due]:
    """Polls that are open: how far they are from counting at all, as the poll's own page tells it."""
    for poll in session.exec(
        select(Poll).where(
            Poll.council_id == council_id,
            col(Poll.withdrawn_at).is_(None),
            col(Poll.opens_at) <= now,
            col(Poll.closes_at) > now,
        )
    ):
        turnout = rolls.turnout(session, poll, ballots.heads_in(session, poll.id, before=last_step(now)))
        facts = {"left": turnout.heads.short_by, "area": area_text(turnout.area.short_by), "closes": poll.closes_at}
        code = "voting_heads" if turnout.heads.short_by else "voting_area" if turnout.area.short_by else "voting"
        path = f"/polls/{poll.id}/paper" if keys_in else f"/polls/{poll.id}"
        yield Due(code, poll.title, path, poll.closes_at, facts, button="" if keys_in else "voting_seen")


def _tasks(session: Session, council_id: int, now: datetime) -> Iterator[Due]:
    today = local(now).date()
    reopened = tasks.reopened(session, council_id)
    for row in reopened:
        code = "task_reopened_late" if row.late(today) else "task_reopened"
        yield Due(code, row.title, f"/tasks/{row.id}", row.due_on, {"words": row.complaint, "assignee": row.assignee})
    for row in tasks.overdue(session, council_id, today):
        if row.id not in {one.id for one in reopened}:
            yield Due("task_late", row.title, f"/tasks/{row.id}", row.due_on, {"assignee": row.assignee})


def _points(points: Iterable[offers.Point]) -> Iterator[Due]:
    for point in points:
        matter = f"&matter={point.matter_id}" if point.matter_id else ""
        yield Due("point", point.text, f"/tasks/new?action_point={point.id}{matter}", point.due_on)


def _people(session: Session, council_id: int) -> Iterator[Due]:
    count = resident_queries.count(session, council_id, "waiting")
    if count:
        asked = session.exec(
            select(Membership.asked_at)
            .where(Membership.council_id == council_id, Membership.state == "waiting")
            .order_by(col(Membership.asked_at))
            .limit(1)
        ).one()
        yield Due("residents", "", "/residents", asked + CONFIRM_WITHIN, {"count": count})


def _roll(session: Session, council_id: int, roles: frozenset[str], me: int) -> Iterator[Due]:
    """What the roll waits for: a file or a change by hand another has brought, and residents who say that it is wrong."""
    open_ones = dispute_queries.disputes(session, council_id)
    unanswered = [one for one in open_ones if one.state == "open"]
    if unanswered:
        asked = min(one.at for one in unanswered)
        yield Due("roll_disputes", "", "/roll/disputes", asked + CONFIRM_WITHIN, {"count": len(unanswered)})
    if not roles & frozenset(WRITES_ROLL):
        return
    waiting = [one.answer for one in open_ones if one.answer and not one.outcome]
    waiting += dispute_queries.changes_waiting(session, council_id)
    others = [one for one in waiting if one.put_by != me]
    if others:
        put = min(one.put_at for one in others)
        yield Due("roll_changes", "", "/roll/disputes", put + CONFIRM_WITHIN, {"count": len(others)})
    for upload in upload_queries.open_uploads(session, council_id):
        if upload.state == upload_queries.READY and upload.uploaded_by != me:
            yield Due(
                "roll_upload", upload.file_name, f"/roll/uploads/{upload.id}", upload.uploaded_at + CONFIRM_WITHIN
            )


def _proxies(session: Session, council_id: int, me: int, now: datetime) -> Iterator[Due]:
    """Written proxies on paper that another has recorded: nobody can use them before they are confirmed."""
    live = proxies.live(session, council_id, now)
    waiting = [one for one in live if one.state == ProxyState.WAITING and me not in {one.recorded_by, one.holder_id}]
    if waiting:
        recorded = min(one.recorded_at for one in waiting)
        yield Due("proxies", "", "/proxies/desk", recorded + CONFIRM_WITHIN, {"count": len(waiting)})


def _slips(session: Session, council_id: int, me: int, now: datetime) -> Iterator[Due]:
    """Slips a colleague has printed: until they are counted and released, the codes in the letter boxes do not work."""
    for batch in slip_queries.batches(session, council_id):
        if batch.waits(now) and batch.printed_by_id != me:
            yield Due("slips", "", "/home-slips", batch.printed_at + CONFIRM_WITHIN, {"count": batch.slips})


def _recoveries(session: Session, council_id: int, me: int, now: datetime) -> Iterator[Due]:
    """People who lost phone and password, and wait for a second of the staff."""
    for one in recovery_queries.of_council(session, council_id):
        waits = recovery_queries.is_open(one, now) and one.confirmed_at is None
        if waits and me not in {one.started_by, one.account_id}:
            yield Due("recovery", "", "/recoveries", one.started_at + recovery_queries.CONFIRM_WITHIN)


def _papers(session: Session, council_id: int, me: int) -> Iterator[Due]:
    """Paper ballots that wait for a second pair of eyes, or whose two readings differ."""
    rows = session.exec(
        select(PaperBallot, Poll.title, Poll.closes_at)
        .join(Poll, col(Poll.id) == col(PaperBallot.poll_id))
        .where(
            PaperBallot.council_id == council_id,
            col(PaperBallot.state).in_(["waiting", "conflict"]),
            col(Poll.closed_at).is_(None),
        )
    )
    waiting: dict[int, tuple[str, datetime, int, int]] = {}
    for paper, title, closes in rows:
        _, _, first, differ = waiting.get(paper.poll_id, (title, closes, 0, 0))
        mine = paper.state == "waiting" and paper.first_by == me
        waiting[paper.poll_id] = (
            title,
            closes,
            first + (paper.state == "waiting" and not mine),
            differ + (paper.state == "conflict"),
        )
    for poll_id, (title, closes, first, differ) in waiting.items():
        if first:
            yield Due("papers", title, f"/polls/{poll_id}/paper", closes, {"count": first})
        if differ:
            yield Due("papers_differ", title, f"/polls/{poll_id}/paper", closes, {"count": differ})
