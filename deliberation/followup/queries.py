"""Tasks as they are read: lists, one with its progress and ratings, what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from deliberation.agenda.queries import backed_by, backers_of
from deliberation.agenda.tables import Proposal
from deliberation.followup import rules
from deliberation.followup.tables import Progress, Rating, Task
from deliberation.people.tables import Account
from deliberation.web.viewer import NotHere


@dataclass(frozen=True)
class TaskRow:
    """One task in a list. `rated` of those asked said something in any of its rounds; `satisfied` of them were at last."""

    id: int
    matter_id: int
    matter: str
    title: str
    assignee: str
    assignee_id: int | None
    assigned_at: datetime
    due_on: date
    closed_out_at: datetime | None
    round: int
    percent: int
    reported_at: datetime | None
    rated: int
    satisfied: int
    complaint: str
    """What the resident said who opened it again, until something is reported since."""

    @property
    def state(self) -> rules.State:
        return rules.state(closed=self.closed_out_at is not None, reported=self.reported_at is not None)

    def late(self, today: date) -> bool:
        return rules.is_late(closed=self.closed_out_at is not None, due_on=self.due_on, today=today)


@dataclass(frozen=True)
class Step:
    """One report of progress, with its photos' numbers."""

    id: int
    at: datetime
    by: str
    percent: int
    text: str


@dataclass(frozen=True)
class Word:
    """What one resident said of one round."""

    at: datetime
    name: str
    round: int
    satisfied: bool
    text: str


@dataclass(frozen=True)
class Share:
    """Satisfied of those who rated, of those who were asked."""

    satisfied: int
    rated: int
    asked: int


def task(session: Session, council_id: int, task_id: int) -> Task:
    found = session.get(Task, task_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def _rows(session: Session, council_id: int, *conditions: object) -> list[TaskRow]:
    query = (
        select(Task, Proposal.title)
        .join(Proposal, col(Proposal.id) == col(Task.matter_id))
        .where(Task.council_id == council_id, *conditions)  # type: ignore[arg-type]
        .order_by(col(Task.due_on), col(Task.id))
    )
    found = list(session.exec(query))
    if not found:
        return []
    ids = [one.id for one, _ in found]
    newest = {
        row.task_id: row
        for row in session.exec(select(Progress).where(col(Progress.task_id).in_(ids)).order_by(col(Progress.id)))
    }
    reopened = _reopened(session, ids)
    said = last_words(session, ids)
    rows = []
    for one, matter in found:
        step = newest.get(one.id)
        opened_at, words = reopened.get(one.id, (None, ""))
        if step and opened_at and step.at <= opened_at:
            step = None
        complaint = words if one.closed_out_at is None and step is None else ""
        have, glad = said.get(one.id, (0, 0))
        rows.append(
            TaskRow(
                one.id,
                one.matter_id,
                matter,
                one.title,
                one.assignee,
                one.assignee_id,
                one.assigned_at,
                one.due_on,
                one.closed_out_at,
                one.round,
                step.percent if step else 0,
                step.at if step else None,
                have,
                glad,
                complaint,
            )
        )
    return rows


def last_words(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(who said something, how many of them are content) by task: each resident's last word over all rounds."""
    latest = (
        select(func.max(Rating.id))
        .where(col(Rating.task_id).in_(list(ids)))
        .group_by(col(Rating.task_id), col(Rating.account_id))
    )
    found: dict[int, tuple[int, int]] = {}
    for task_id, satisfied in session.exec(select(Rating.task_id, Rating.satisfied).where(col(Rating.id).in_(latest))):
        have, glad = found.get(task_id, (0, 0))
        found[task_id] = (have + 1, glad + satisfied)
    return found


def _reopened(session: Session, ids: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    """When the present round of a reopened task began, and the word that opened it."""
    rows = session.exec(
        select(Rating.task_id, Rating.at, Rating.text)
        .where(col(Rating.task_id).in_(ids), col(Rating.satisfied).is_(False))
        .order_by(col(Rating.id))
    )
    return {task_id: (at, said) for task_id, at, said in rows}


def tasks(session: Session, council_id: int, *, closed: bool) -> list[TaskRow]:
    """Open ones by due date, or those closed out, the newest first."""
    if closed:
        rows = _rows(session, council_id, col(Task.closed_out_at).is_not(None))
        return sorted(rows, key=lambda row: row.closed_out_at or row.assigned_at, reverse=True)
    return _rows(session, council_id, col(Task.closed_out_at).is_(None))


def some(session: Session, council_id: int, ids: Sequence[int]) -> list[TaskRow]:
    return _rows(session, council_id, col(Task.id).in_(list(ids)))


def row(session: Session, council_id: int, task_id: int) -> TaskRow:
    found = _rows(session, council_id, Task.id == task_id)
    if not found:
        raise NotHere
    return found[0]


def overdue(session: Session, council_id: int, today: date) -> list[TaskRow]:
    return _rows(session, council_id, col(Task.closed_out_at).is_(None), col(Task.due_on) < today)


def reopened(session: Session, council_id: int) -> list[TaskRow]:
    """Tasks a resident opened again on which nothing has been reported since."""
    rows = _rows(session, council_id, col(Task.closed_out_at).is_(None), col(Task.round) > 1)
    return [row for row in rows if row.complaint]


def steps(session: Session, task_id: int) -> list[Step]:
    """What was reported, newest first."""
    rows = session.exec(
        select(Progress, Account.name)
        .join(Account, col(Account.id) == col(Progress.account_id))
        .where(Progress.task_id == task_id)
        .order_by(col(Progress.id).desc())
    )
    return [Step(one.id, one.at, name, one.percent, one.text) for one, name in rows]


def ratings(session: Session, task_id: int) -> list[Word]:
    rows = session.exec(
        select(Rating, Account.name)
        .join(Account, col(Account.id) == col(Rating.account_id))
        .where(Rating.task_id == task_id)
        .order_by(col(Rating.id).desc())
    )
    return [Word(one.at, name, one.round, one.satisfied, one.text) for one, name in rows]


def rated_by(session: Session, task_id: int, number: int) -> set[int]:
    return set(session.exec(select(Rating.account_id).where(Rating.task_id == task_id, Rating.round == number)))


def to_rate(session: Session, council_id: int, account_id: int, now: datetime) -> list[TaskRow]:
    """Tasks closed out that wait for this resident's word, as long as they are waited for."""
    done = select(Rating.id).where(
        Rating.task_id == Task.id, Rating.round == Task.round, Rating.account_id == account_id
    )
    backed = backed_by(session, council_id, account_id)
    return _rows(
        session,
        council_id,
        col(Task.closed_out_at) > now - rules.RATING_TIME,
        col(Task.matter_id).in_(backed),
        ~done.exists(),
    )


def assigned_to(session: Session, council_id: int, account_id: int) -> list[TaskRow]:
    return _rows(session, council_id, Task.assignee_id == account_id, col(Task.closed_out_at).is_(None))


def satisfaction(session: Session, council_id: int) -> Share:
    """Over all tasks ever closed out: each resident's last word on each counts once."""
    latest = (
        select(func.max(Rating.id))
        .where(Rating.council_id == council_id)
        .group_by(col(Rating.task_id), col(Rating.account_id))
    )
    words = session.exec(select(Rating.satisfied).where(col(Rating.id).in_(latest))).all()
    closed = session.exec(
        select(Task.matter_id).where(Task.council_id == council_id, col(Task.closed_out_at).is_not(None))
    ).all()
    asked = backers_of(session, set(closed))
    return Share(sum(words), len(words), max(len(words), sum(len(asked[matter_id]) for matter_id in closed)))
