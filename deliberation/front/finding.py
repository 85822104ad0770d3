"""Search over everything a member may read in the council."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from deliberation.agenda.tables import Motion, Proposal
from deliberation.ballot.tables import Poll
from deliberation.decision.tables import Decision
from deliberation.followup.tables import Task
from deliberation.meeting.tables import Meeting
from deliberation.minutes.tables import Minutes, Paragraph

MOST = 20
AROUND = 24


@dataclass(frozen=True)
class Hit:
    kind: str
    title: str
    path: str
    at: datetime
    excerpt: str = ""


def find(session: Session, council_id: int, text: str) -> list[Hit]:
    """Newest first within each kind; at most MOST of a kind."""
    if not text:
        return []
    return [
        *_matters(session, council_id, text),
        *_meetings(session, council_id, text),
        *_minutes(session, council_id, text),
        *_polls(session, council_id, text),
        *_tasks(session, council_id, text),
    ]


def _matters(session: Session, council_id: int, text: str) -> Iterable[Hit]:
    rows = session.exec(
        select(Proposal, Motion)
        .join(Motion, col(Motion.proposal_id) == col(Proposal.id), isouter=True)
        .where(
            Proposal.council_id == council_id,
            or_(
                *(
                    one.icontains(text, autoescape=True)
                    for one in (
                        col(Proposal.title),
                        col(Proposal.text),
                        col(Proposal.suggestion),
                        col(Motion.title),
                        col(Motion.text),
                    )
                )
            ),
        )
        .order_by(col(Proposal.id).desc())
        .limit(MOST)
    )
    for proposal, outer in rows:
        motion: Motion | None = outer
        excerpt = around(text, proposal.text, proposal.suggestion, motion.text if motion else "")
        yield Hit("matter", proposal.title, f"/matters/{proposal.id}", proposal.raised_at, excerpt)


def _meetings(session: Session, council_id: int, text: str) -> Iterable[Hit]:
    rows = session.exec(
        select(Meeting)
        .where(
            Meeting.council_id == council_id,
            col(Meeting.notice_at).is_not(None),
            col(Meeting.title).icontains(text, autoescape=True) | col(Meeting.place).icontains(text, autoescape=True),
        )
        .order_by(col(Meeting.starts_at).desc())
        .limit(MOST)
    )
    for meeting in rows:
        yield Hit("meeting", meeting.title, f"/meetings/{meeting.id}", meeting.starts_at)


def _minutes(session: Session, council_id: int, text: str) -> Iterable[Hit]:
    rows = session.exec(
        select(Minutes, Paragraph)
        .join(Paragraph, col(Paragraph.minutes_id) == col(Minutes.id))
        .where(
            Minutes.council_id == council_id,
            col(Minutes.confirm_until).is_not(None),
            col(Paragraph.text).icontains(text, autoescape=True),
        )
        .order_by(col(Minutes.id).desc(), col(Paragraph.position))
        .limit(MOST)
    )
    for minutes, paragraph in rows:
        path = f"/minutes/{minutes.id}#p{paragraph.position}"
        title = f"{minutes.serial_no} {minutes.title}"
        yield Hit("minutes", title, path, minutes.drafted_at, around(text, paragraph.text))


def _polls(session: Session, council_id: int, text: str) -> Iterable[Hit]:
    rows = session.exec(
        select(Poll, Decision)
        .join(Decision, col(Decision.poll_id) == col(Poll.id), isouter=True)
        .where(
            Poll.council_id == council_id,
            col(Poll.title).icontains(text, autoescape=True) | col(Poll.text).icontains(text, autoescape=True),
        )
        .order_by(col(Poll.id).desc())
        .limit(MOST)
    )
    for poll, outer in rows:
        decision: Decision | None = outer
        excerpt = around(text, poll.text)
        if decision:
            yield Hit("decision", poll.title, f"/decisions/{decision.id}", decision.published_at, excerpt)
        else:
            yield Hit("poll", poll.title, f"/polls/{poll.id}", poll.notice_at, excerpt)


def _tasks(session: Session, council_id: int, text: str) -> Iterable[Hit]:
    rows = session.exec(
        select(Task)
        .where(
            Task.council_id == council_id,
            col(Task.title).icontains(text, autoescape=True) | col(Task.text).icontains(text, autoescape=True),
        )
        .order_by(col(Task.id).desc())
        .limit(MOST)
    )
    for task in rows:
        yield Hit("task", task.title, f"/tasks/{task.id}", task.assigned_at, around(text, task.text))


def around(wanted: str, *texts: str) -> str:
    """The words around the first place where it stands: "… the charging piles are …"."""
    for text in texts:
        flat = " ".join(text.split())
        place = flat.lower().find(wanted.lower())
        if place >= 0:
            start, end = max(0, place - AROUND), min(len(flat), place + len(wanted) + AROUND)
            return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
    return ""
