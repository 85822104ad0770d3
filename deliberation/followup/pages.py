"""The list of tasks, giving one out, and one task with its progress, close-out and rating."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.agenda.queries import backers, proposal
from deliberation.council.rules import STAFF, Role
from deliberation.db import photos
from deliberation.followup import actions, offers, queries, rules
from deliberation.followup.tables import Task
from deliberation.jobs.clock import local
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, NotAllowed, seat
from deliberation.web.visit import Visit
from votes.refusal import Refused

TASK = "/c/{council}/tasks/{task_id:int}"


def tasks_page(visit: Visit) -> Response:
    shown = "closed" if visit.query("show") == "closed" else "open"
    return visit.render(
        "followup/tasks.html",
        shown=shown,
        rows=queries.tasks(visit.session, visit.council_id, closed=shown == "closed"),
        share=queries.satisfaction(visit.session, visit.council_id),
        today=local(visit.now).date(),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def new_page(visit: Visit) -> Response:
    """From a decision, from a point agreed in a meeting, or free for a matter taken up."""
    point_id = _number(visit.value("action_point") or visit.query("action_point"))
    found = offers.points(visit.session, visit.council_id, point_id) if point_id else []
    point = found[0] if found else None
    matter_id = _number(visit.value("matter") or visit.query("matter")) or (point.matter_id if point else None)
    return visit.render(
        "followup/new.html",
        point=point,
        matter=proposal(visit.session, visit.council_id, matter_id) if matter_id else None,
        decision=offers.decision_of(visit.session, visit.council_id, matter_id) if matter_id else None,
        opinion=offers.opinion_asked(visit.session, visit.council_id, matter_id) if matter_id else False,
        matters=offers.open_matters(visit.session, visit.council_id),
        holders=offers.seat_holders(visit.session, visit.council_id),
        today=local(visit.now).date(),
    )


def assign(visit: Visit) -> Response:
    form = visit.form
    matter_id = form.whole("matter", least=1, most=10**9)
    decision_id = form.whole("decision", least=0, most=10**9, default=0)
    point_id = form.whole("action_point", least=0, most=10**9, default=0)
    title = form.text("title", most=60, least=2)
    text = form.text("text", most=2000, required=False, one_line=False)
    holder = form.whole("assignee_id", least=0, most=10**9, default=0)
    typed = form.text("assignee", most=40, required=False)
    if not holder and not typed:
        form.fault("assignee_id", "assignee_missing")
    if holder and typed:
        form.fault("assignee", "assignee_twice")
    due_on = form.day("due_on")
    form.check()
    if due_on is None:
        raise Refused("missing", field="due_on")
    task = actions.assign(
        visit.tx,
        matter_id=matter_id,
        title=title,
        text=text,
        due_on=due_on,
        assignee=typed,
        assignee_id=holder or None,
        decision_id=decision_id or None,
        action_point_id=point_id or None,
    )
    return visit.to(visit.url(f"/tasks/{task.id}"), said="task_assigned")


def task_page(visit: Visit) -> Response:
    task = queries.task(visit.session, visit.council_id, visit.params["task_id"])
    raters = backers(visit.session, task.matter_id)
    rated = queries.rated_by(visit.session, task.id, task.round)
    reported = queries.steps(visit.session, task.id)
    words = queries.ratings(visit.session, task.id)
    opened_by = next((word for word in words if not word.satisfied and word.round == task.round - 1), None)
    return visit.render(
        "followup/task.html",
        task=task,
        row=queries.row(visit.session, visit.council_id, task.id),
        steps=reported,
        pictures=photos.of(visit.session, visit.council_id, "progress", [step.id for step in reported]),
        words=words,
        opened_by=opened_by,
        asked=len(raters),
        filed_on=task.closed_out_at + rules.RATING_TIME if task.closed_out_at and raters else None,
        may_report=_works_on(visit, task),
        may_close_out=_closes_out(visit, task),
        may_move_due=Role.MODERATOR in visit.roles,
        may_rate=visit.me in raters and visit.me not in rated,
        today=local(visit.now).date(),
    )


def _works_on(visit: Visit, task: Task) -> bool:
    return bool(visit.roles & set(STAFF)) or task.assignee_id == visit.me


def _closes_out(visit: Visit, task: Task) -> bool:
    return Role.MODERATOR in visit.roles or task.assignee_id == visit.me


def report(visit: Visit) -> Response:
    task = queries.task(visit.session, visit.council_id, visit.params["task_id"])
    if not _works_on(visit, task):
        raise NotAllowed
    percent = visit.form.whole("percent", least=0, most=100)
    text = visit.form.text("text", most=1000, one_line=False)
    pictures = visit.form.photos("photos", most=rules.MOST_PHOTOS)
    visit.form.check()
    actions.report(visit.tx, task.id, percent=percent, text=text, pictures=pictures)
    return visit.to(visit.url(f"/tasks/{task.id}"), said="progress_kept")


def close_out(visit: Visit) -> Response:
    task = queries.task(visit.session, visit.council_id, visit.params["task_id"])
    if not _closes_out(visit, task):
        raise NotAllowed
    note = visit.form.text("note", most=1000, least=2, one_line=False)
    pictures = visit.form.photos("close_photos", most=rules.MOST_PHOTOS)
    visit.form.check()
    actions.close_out(visit.tx, task.id, note=note, pictures=pictures)
    return visit.to(visit.url(f"/tasks/{task.id}"), said="task_closed_out")


def move_due(visit: Visit) -> Response:
    due_on = visit.form.day("new_due_on")
    visit.form.check()
    if due_on is None:
        raise Refused("missing", field="new_due_on")
    actions.move_due(visit.tx, visit.params["task_id"], due_on=due_on)
    return visit.to(visit.url(f"/tasks/{visit.params['task_id']}"), said="due_moved")


def rate(visit: Visit) -> Response:
    satisfied = visit.form.choice("satisfied", ("yes", "no"))
    text = visit.form.text("rating_text", most=300, required=False, one_line=False)
    if visit.form.raw("satisfied") == "no" and not text:
        visit.form.fault("rating_text", "say_what_is_missing")
    visit.form.check()
    task_id = visit.params["task_id"]
    actions.rate(visit.tx, task_id, satisfied=satisfied == "yes", text=text)
    return visit.to(visit.url(f"/tasks/{task_id}"), said="rated_satisfied" if satisfied == "yes" else "rated_not")


_GIVING = seat(Role.MODERATOR)

routes: list[Route] = [
    page("/c/{council}/tasks", tasks_page, needs=MEMBER),
    page("/c/{council}/tasks/new", new_page, needs=_GIVING),
    act("/c/{council}/tasks/new", assign, needs=_GIVING, page="/c/{council}/tasks/new"),
    page(TASK, task_page, needs=MEMBER),
    act(f"{TASK}/progress", report, needs=MEMBER, page=TASK, most_mb=80),
    act(f"{TASK}/close-out", close_out, needs=MEMBER, page=TASK, most_mb=80),
    act(f"{TASK}/due-date", move_due, needs=_GIVING, page=TASK),
    act(f"{TASK}/rating", rate, needs=MEMBER, page=TASK),
]
