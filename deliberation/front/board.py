"""The notice board: what everybody may know, without a name, a room or a telephone number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from deliberation.ballot.tables import Poll
from deliberation.decision.tables import Decision
from deliberation.followup import queries as tasks
from deliberation.meeting.tables import Item, Meeting
from deliberation.minutes.tables import Minutes

SIZE = 20
HISTORY = timedelta(days=730)


@dataclass(frozen=True)
class Notice:
    """One sheet on the board; `kind` names its words (section notice). `path` is set only where the page is public."""

    at: datetime
    kind: str
    title: str
    facts: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[tuple[str, str], ...] = ()
    """Items of a meeting as (title, conclusion code or "")."""
    path: str = ""
    member_path: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.path or self.member_path or self.title}"


def notices(session: Session, council_id: int, now: datetime) -> list[Notice]:
    """Newest first."""
    since = now - HISTORY
    found = [
        *_meetings(session, council_id, since),
        *_polls(session, council_id, since),
        *_decisions(session, council_id, since),
        *_tasks(session, council_id, since),
    ]
    found.reverse()  # of what was posted at one moment, the last stands first
    return sorted(found, key=lambda one: one.at, reverse=True)


def _meetings(session: Session, council_id: int, since: datetime) -> Iterator[Notice]:
    """The call with its agenda; and, once the minutes are frozen, the conclusions alone."""
    meetings = session.exec(
        select(Meeting).where(Meeting.council_id == council_id, col(Meeting.notice_at) >= since)
    ).all()
    ids = [one.id for one in meetings]
    items: dict[int, list[Item]] = {}
    for item in session.exec(
        select(Item).where(col(Item.meeting_id).in_(ids)).order_by(col(Item.position), col(Item.id))
    ):
        items.setdefault(item.meeting_id, []).append(item)
    frozen = {
        one.meeting_id: one
        for one in session.exec(
            select(Minutes).where(col(Minutes.meeting_id).in_(ids), col(Minutes.frozen_at).is_not(None))
        )
    }
    for meeting in meetings:
        agenda = items.get(meeting.id, [])
        if meeting.notice_at:
            yield Notice(
                meeting.notice_at,
                "meeting",
                meeting.title,
                {
                    "starts_at": meeting.starts_at,
                    "place": meeting.place,
                    "online": bool(meeting.online_link),
                    "called_off": meeting.called_off_at is not None,
                },
                tuple((item.title, "") for item in agenda),
                member_path=f"/meetings/{meeting.id}",
            )
        if meeting.called_off_at:
            facts = {"reason": meeting.called_off_reason}
            yield Notice(
                meeting.called_off_at, "meeting_called_off", meeting.title, facts, member_path=f"/meetings/{meeting.id}"
            )
        minutes = frozen.get(meeting.id)
        if minutes and minutes.frozen_at:
            yield Notice(
                minutes.frozen_at,
                "minutes",
                meeting.title,
                {"serial_no": minutes.serial_no, "sha256": minutes.sha256},
                tuple((item.title, item.conclusion) for item in agenda),
                member_path=f"/minutes/{minutes.id}",
            )


def _polls(session: Session, council_id: int, since: datetime) -> Iterator[Notice]:
    for poll in session.exec(select(Poll).where(Poll.council_id == council_id, col(Poll.notice_at) >= since)):
        path = f"/polls/{poll.id}"
        yield Notice(
            poll.notice_at,
            "poll",
            poll.title,
            {
                "opens_at": poll.opens_at,
                "closes_at": poll.closes_at,
                "heads": poll.heads,
                "area": poll.area,
                "law_item": poll.law_item,
                "standing": poll.standing,
            },
            path=f"{path}/sheet",
            member_path=path,
        )
        if poll.withdrawn_at:
            yield Notice(poll.withdrawn_at, "poll_withdrawn", poll.title, member_path=path)


def _decisions(session: Session, council_id: int, since: datetime) -> Iterator[Notice]:
    for one in session.exec(
        select(Decision).where(Decision.council_id == council_id, col(Decision.published_at) >= since)
    ):
        outcome = "passed" if one.passed else "not_passed" if one.valid else "not_valid"
        facts = {"outcome": outcome, "until": one.objection_until}
        path = f"/decisions/{one.id}"
        yield Notice(one.published_at, "decision", one.title, facts, path=path)
        if one.final_at:
            yield Notice(one.final_at, "decision_final", one.title, facts, path=path)


def _tasks(session: Session, council_id: int, since: datetime) -> Iterator[Notice]:
    for closed in (False, True):
        for row in tasks.tasks(session, council_id, closed=closed):
            path = f"/tasks/{row.id}"
            if row.assigned_at >= since:
                yield Notice(row.assigned_at, "task", row.title, {"due_on": row.due_on}, member_path=path)
            if row.closed_out_at and row.closed_out_at >= since:
                facts = {"rated": row.rated, "satisfied": row.satisfied}
                yield Notice(row.closed_out_at, "task_done", row.title, facts, member_path=path)
