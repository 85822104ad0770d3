"""Giving a task out, reporting on it, closing it out, and the residents' word on the result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import select

from deliberation.agenda.actions import reopen_matter
from deliberation.agenda.queries import backers, proposal
from deliberation.db import photos
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.db.photos import Picture
from deliberation.followup import offers, queries, rules
from deliberation.followup.tables import Progress, Rating, Task
from deliberation.jobs.clock import local
from deliberation.people.tables import Account
from votes.refusal import Refused


def assign(
    tx: Tx,
    *,
    matter_id: int,
    title: str,
    due_on: date,
    text: str = "",
    assignee: str = "",
    assignee_id: int | None = None,
    decision_id: int | None = None,
    action_point_id: int | None = None,
) -> Task:
    """`assignee_id`: somebody with a seat, whose name is then taken from there; else `assignee` is a typed name."""
    matter = proposal(tx.session, tx.council, matter_id)
    promised = action_point_id is not None
    rules.may_assign(matter_state=matter.state, promised=promised, due_on=due_on, today=local(tx.now).date())
    if assignee_id is not None:
        if assignee_id not in {one[0] for one in offers.seat_holders(tx.session, tx.council)}:
            raise Refused("not_a_choice", field="assignee_id")
        assignee = tx.session.get_one(Account, assignee_id).name
    decision = offers.decision_of(tx.session, tx.council, matter_id)
    if decision_id is None and action_point_id is None and decision is not None and decision.passed:
        # What is assigned after the owners said yes carries that out, unless it is a point of an earlier meeting.
        decision_id = decision.id
    if decision_id is not None:
        if decision is None or decision.id != decision_id:
            raise Refused("not_a_choice")
        rules.may_carry_out(passed=decision.passed)
    if action_point_id is not None and not offers.points(tx.session, tx.council, action_point_id):
        raise Refused("point_given_out")
    task = Task(
        council_id=tx.council,
        matter_id=matter_id,
        decision_id=decision_id,
        action_point_id=action_point_id,
        title=title,
        text=text,
        assignee=assignee,
        assignee_id=assignee_id,
        due_on=due_on,
        assigned_by=tx.actor,
        assigned_at=tx.now,
    )
    tx.session.add(task)
    tx.session.flush()
    record(
        tx,
        "task.assigned",
        matter_id=matter_id,
        task_id=task.id,
        title=title,
        assignee=assignee,
        due=due_on.isoformat(),
    )
    _opens_matter(tx, task)
    return task


def _opens_matter(tx: Tx, task: Task) -> None:
    """What is to be done opens a closed matter again, but for an errand beside what the owners decided."""
    if task.decision_id is not None or offers.decision_of(tx.session, tx.council, task.matter_id) is None:
        reopen_matter(tx, task.matter_id)


def report(tx: Tx, task_id: int, *, percent: int, text: str, pictures: Iterable[Picture] = ()) -> Progress:
    task = queries.task(tx.session, tx.council, task_id)
    rules.may_report(closed=task.closed_out_at is not None)
    step = _step(tx, task, percent, text, pictures)
    record(
        tx, "task.progressed", matter_id=task.matter_id, task_id=task.id, title=task.title, percent=percent, text=text
    )
    return step


def _step(tx: Tx, task: Task, percent: int, text: str, pictures: Iterable[Picture]) -> Progress:
    step = Progress(council_id=tx.council, task_id=task.id, account_id=tx.actor, percent=percent, text=text, at=tx.now)
    tx.session.add(step)
    tx.session.flush()
    photos.keep(tx, "progress", step.id, pictures)
    return step


def close_out(tx: Tx, task_id: int, *, note: str, pictures: Iterable[Picture] = ()) -> Task:
    """The work is done; what was done is also its last report, so that its photos stand with the others."""
    task = queries.task(tx.session, tx.council, task_id)
    rules.may_report(closed=task.closed_out_at is not None)
    _step(tx, task, 100, note, pictures)
    task.closed_out_at, task.closed_out_by, task.close_note = tx.now, tx.actor, note
    tx.session.add(task)
    record(tx, "task.closed_out", matter_id=task.matter_id, task_id=task.id, title=task.title, text=note)
    return task


def move_due(tx: Tx, task_id: int, *, due_on: date) -> Task:
    """Another day to be done by, for instance after a resident had the task opened again."""
    task = queries.task(tx.session, tx.council, task_id)
    rules.may_move_due(closed=task.closed_out_at is not None, due_on=due_on, today=local(tx.now).date())
    if task.due_on != due_on:
        task.due_on = due_on
        tx.session.add(task)
        record(
            tx,
            "task.due_moved",
            matter_id=task.matter_id,
            task_id=task.id,
            title=task.title,
            due=due_on.isoformat(),
        )
    return task


def rate(tx: Tx, task_id: int, *, satisfied: bool, text: str = "") -> Rating:
    """A resident's word. "Not satisfied" opens the task again, and everybody is asked anew after its next close-out."""
    task = queries.task(tx.session, tx.council, task_id)
    already = tx.session.exec(
        select(Rating.id).where(Rating.task_id == task_id, Rating.account_id == tx.actor, Rating.round == task.round)
    ).first()
    rules.may_rate(
        closed=task.closed_out_at is not None,
        backer=tx.actor in backers(tx.session, task.matter_id),
        rated=already is not None,
    )
    rating = Rating(
        council_id=tx.council,
        task_id=task.id,
        account_id=tx.actor,
        round=task.round,
        satisfied=satisfied,
        text=text,
        at=tx.now,
    )
    tx.session.add(rating)
    tx.session.flush()
    verb = "task.satisfied" if satisfied else "task.not_satisfied"
    record(tx, verb, matter_id=task.matter_id, task_id=task.id, title=task.title, round=task.round)
    if not satisfied:
        task.closed_out_at = task.closed_out_by = None
        task.round += 1
        tx.session.add(task)
        record(tx, "task.reopened", matter_id=task.matter_id, task_id=task.id, title=task.title, round=task.round)
        _opens_matter(tx, task)
    return rating
