"""The notice board: what everybody may know, without a name, a room or a telephone number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, bindparam, case, col, func, literal, select, union_all

from deliberation.ballot.rules import binds
from deliberation.ballot.tables import Poll
from deliberation.decision import rules as decisions
from deliberation.decision.tables import Decision
from deliberation.followup import queries as tasks
from deliberation.followup.tables import Task
from deliberation.meeting.tables import Item, Meeting
from deliberation.minutes.tables import Minutes

SIZE = 20


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


SOURCES: tuple[tuple[str, Any, Any, Any], ...] = (
    ("meeting", Meeting.id, Meeting.council_id, Meeting.notice_at),
    (
        "meeting_called_off",
        Meeting.id,
        Meeting.council_id,
        case((col(Meeting.notice_at).is_not(None), Meeting.called_off_at)),
    ),
    ("minutes", Minutes.id, Minutes.council_id, Minutes.frozen_at),
    ("poll", Poll.id, Poll.council_id, Poll.notice_at),
    ("poll_withdrawn", Poll.id, Poll.council_id, Poll.withdrawn_at),
    ("decision", Decision.id, Decision.council_id, Decision.published_at),
    ("decision_final", Decision.id, Decision.council_id, Decision.final_at),
    ("task", Task.id, Task.council_id, Task.assigned_at),
    ("task_done", Task.id, Task.council_id, Task.closed_out_at),
)
"""What hangs on the board, each from the moment of its column on. Of what was posted at one moment, the last here stands first."""


_POSTED: Any = union_all(
    *(
        select(at.label("at"), literal(rank).label("rank"), number.label("id")).where(
            council == bindparam("council"), at.is_not(None)
        )
        for rank, (_, number, council, at) in enumerate(SOURCES)
    )
).subquery()
"""Every sheet as (at, rank, id); the rank is its place among the sources."""
_COUNT = select(func.count()).select_from(_POSTED)
_PAGE = (
    select(_POSTED.c.rank, _POSTED.c.id)
    .order_by(_POSTED.c.at.desc(), _POSTED.c.rank.desc(), _POSTED.c.id.desc())
    .offset(bindparam("before"))
    .limit(bindparam("size"))
)
# Put together once, which takes longer than the database's answers.


def count(session: Session, council_id: int) -> int:
    return int(session.execute(_COUNT, {"council": council_id}).scalar_one())


def notices(session: Session, council_id: int, *, page: int = 1, size: int = SIZE) -> list[Notice]:
    """One page, newest first: only what is on it is read, however long the board is."""
    asked = {"council": council_id, "before": (page - 1) * size, "size": size}
    rows = session.execute(_PAGE, asked).all()
    wanted: dict[str, list[int]] = {}
    for rank, number in rows:
        wanted.setdefault(SOURCES[rank][0], []).append(number)
    found: dict[tuple[str, int], Notice] = {}
    for kinds, read in READERS:
        ids = sorted({number for kind in kinds for number in wanted.get(kind, ())})
        found.update(((one.kind, number), one) for number, one in (read(session, council_id, ids) if ids else ()))
    return [found[SOURCES[rank][0], number] for rank, number in rows]


Numbered = Iterator[tuple[int, Notice]]


def _items(session: Session, meeting_ids: Sequence[int]) -> dict[int, list[Item]]:
    items: dict[int, list[Item]] = {}
    for item in session.exec(
        select(Item).where(col(Item.meeting_id).in_(meeting_ids)).order_by(col(Item.position), col(Item.id))
    ):
        items.setdefault(item.meeting_id, []).append(item)
    return items


def _meetings(session: Session, council_id: int, ids: Sequence[int]) -> Numbered:
    """The call with its agenda, and that it was called off."""
    items = _items(session, ids)
    for meeting in session.exec(select(Meeting).where(col(Meeting.id).in_(ids))):
        path = f"/meetings/{meeting.id}"
        if meeting.notice_at:
            facts = {
                "starts_at": meeting.starts_at,
                "place": meeting.place,
                "online": bool(meeting.online_link),
                "called_off": meeting.called_off_at is not None,
            }
            agenda = tuple((item.title, "") for item in items.get(meeting.id, []))
            yield meeting.id, Notice(meeting.notice_at, "meeting", meeting.title, facts, agenda, member_path=path)
        if meeting.called_off_at:
            why = {"reason": meeting.called_off_reason}
            yield (
                meeting.id,
                Notice(meeting.called_off_at, "meeting_called_off", meeting.title, why, member_path=path),
            )


def _minutes(session: Session, council_id: int, ids: Sequence[int]) -> Numbered:
    """Of frozen minutes, the conclusions alone."""
    rows = session.exec(
        select(Minutes, Meeting.title)
        .join(Meeting, col(Meeting.id) == col(Minutes.meeting_id))
        .where(col(Minutes.id).in_(ids))
    ).all()
    items = _items(session, [minutes.meeting_id for minutes, _ in rows])
    for minutes, title in rows:
        if minutes.frozen_at:
            yield (
                minutes.id,
                Notice(
                    minutes.frozen_at,
                    "minutes",
                    title,
                    {"serial_no": minutes.serial_no, "sha256": minutes.sha256},
                    tuple((item.title, item.conclusion) for item in items.get(minutes.meeting_id, [])),
                    member_path=f"/minutes/{minutes.id}",
                ),
            )


def _polls(session: Session, council_id: int, ids: Sequence[int]) -> Numbered:
    for poll in session.exec(select(Poll).where(col(Poll.id).in_(ids))):
        path = f"/polls/{poll.id}"
        facts = {
            "opens_at": poll.opens_at,
            "closes_at": poll.closes_at,
            "heads": poll.heads,
            "area": poll.area,
            "law_item": poll.law_item,
            "standing": poll.standing,
            "withdrawn_at": poll.withdrawn_at,
        }
        yield poll.id, Notice(poll.notice_at, "poll", poll.title, facts, path=f"{path}/sheet", member_path=path)
        if poll.withdrawn_at:
            why = {"reason": poll.withdrawn_reason}
            yield (
                poll.id,
                Notice(poll.withdrawn_at, "poll_withdrawn", poll.title, why, path=f"{path}/sheet", member_path=path),
            )


def _decisions(session: Session, council_id: int, ids: Sequence[int]) -> Numbered:
    for one, standing in session.exec(
        select(Decision, Poll.standing)
        .join(Poll, col(Poll.id) == col(Decision.poll_id))
        .where(col(Decision.id).in_(ids))
    ):
        outcome = decisions.outcome(valid=one.valid, passed=one.passed, binds=binds(standing))
        facts = {"outcome": outcome, "until": one.objection_until}
        path = f"/decisions/{one.id}"
        yield one.id, Notice(one.published_at, "decision", one.title, facts, path=path)
        if one.final_at:
            yield one.id, Notice(one.final_at, "decision_final", one.title, facts, path=path)


def _tasks(session: Session, council_id: int, ids: Sequence[int]) -> Numbered:
    for row in tasks.some(session, council_id, ids):
        path = f"/tasks/{row.id}"
        yield row.id, Notice(row.assigned_at, "task", row.title, {"due_on": row.due_on}, member_path=path)
        if row.closed_out_at:
            facts = {"rated": row.rated, "satisfied": row.satisfied}
            yield row.id, Notice(row.closed_out_at, "task_done", row.title, facts, member_path=path)


READERS = (
    (("meeting", "meeting_called_off"), _meetings),
    (("minutes",), _minutes),
    (("poll", "poll_withdrawn"), _polls),
    (("decision", "decision_final"), _decisions),
    (("task", "task_done"), _tasks),
)
