"""What is said of a matter at one of its stations: at one behind it, and at the one where it stands; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from deliberation.agenda.rules import State, triage_due
from deliberation.followup import rules as followup_rules
from deliberation.story.course import Course, When

Place = Literal["past", "present", "coming", "skipped", "stopped"]
"""`stopped`: the matter came as far as here and was turned away."""


@dataclass(frozen=True)
class Station:
    """`said`, `next` and `who` are codes of words, `facts` fill them in. `path` is inside the council."""

    key: str
    state: Place
    date: When | None = None
    actor: str = ""
    path: str = ""
    said: str = ""
    next: str = ""
    by_when: When | None = None
    who: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def opinion(course: Course) -> bool:
    """The owners were asked what they think and decided nothing."""
    return course.poll is not None and not course.poll.binds


def past(course: Course, key: str) -> Station:
    match key:
        case "raised":
            return Station(key, "past", course.raised_at, course.author)
        case "accepted":
            path = f"/motions/{course.motion.id}" if course.motion else ""
            if course.merged_into:
                path = f"/matters/{course.merged_into}"
            place: Place = "past" if course.state == State.ACCEPTED else "stopped"
            return Station(key, place, course.decided_at, course.decided_by, path, said=f"accepted_{course.state}")
        case "discussed" if course.meeting:
            said = f"discussed_{course.meeting.conclusion}" if course.meeting.conclusion else ""
            held = course.meeting.opened_at or course.meeting.starts_at
            return Station(key, "past", held, path=f"/meetings/{course.meeting.id}", said=said)
        case "minutes" if course.minutes:
            facts = {"serial_no": course.minutes.serial_no}
            path = f"/minutes/{course.minutes.id}"
            return Station(key, "past", course.minutes.frozen_at, path=path, said="minutes_frozen", facts=facts)
        case "poll" if course.poll:
            said = ""
            if course.decision:
                said = "poll_passed" if course.decision.passed else "poll_failed"
                said = said if course.decision.valid else "poll_invalid"
                said = said.replace("poll_", "opinion_") if opinion(course) else said
            lost = course.decision is not None and not course.decision.passed and not opinion(course)
            return Station(
                key, "stopped" if lost else "past", course.poll.closed_at, path=f"/polls/{course.poll.id}", said=said
            )
        case "notice" if course.decision:
            path = f"/decisions/{course.decision.id}"
            return Station(key, "past", course.decision.final_at, path=path, said="notice_final")
        case "task":
            at = max((one.closed_out_at for one in course.tasks if one.closed_out_at), default=None)
            return Station(
                key, "past", at, path=_task_path(course), said="task_done", facts={"count": len(course.tasks)}
            )
        case _:
            satisfied = sum(one.satisfied for one in course.tasks)
            rated = {"satisfied": satisfied, "of": satisfied + sum(one.unsatisfied for one in course.tasks)}
            said = "review_done" if rated["of"] else "review_quiet"
            return Station(key, "past", path=_task_path(course), said=said, facts=rated)


def _task_path(course: Course) -> str:
    return f"/tasks/{course.tasks[0].id}" if len(course.tasks) == 1 else "/tasks"


def present_at(course: Course, key: str, now: datetime) -> Station:
    opened = {
        "accepted": _triage,
        "discussed": _meeting,
        "minutes": _minutes,
        "poll": _poll,
        "notice": _notice,
        "task": _task,
        "review": _review,
    }[key]
    return opened(course, now)


def _triage(course: Course, now: datetime) -> Station:
    facts = {"count": course.support, "needed": course.needed}
    due = triage_due(course.raised_at)
    what = "triage_late" if now > due else "triage"
    return Station("accepted", "present", said="seconds", next=what, by_when=due, who="moderator", facts=facts, path="")


def _meeting(course: Course, now: datetime) -> Station:
    meeting = course.meeting
    if meeting is None or meeting.over:
        what = "poll_or_meeting" if course.motion and course.motion.ready else "needs_meeting"
        return Station("discussed", "present", next=what, who="moderator")
    path = f"/meetings/{meeting.id}"
    if meeting.opened_at:
        return Station("discussed", "present", next="meeting_running", who="everyone", path=path)
    if meeting.notice_at is None:
        return Station("discussed", "present", next="meeting_planned", who="moderator")
    return Station(
        "discussed", "present", next="meeting_announced", by_when=meeting.starts_at, who="everyone", path=path
    )


def _minutes(course: Course, now: datetime) -> Station:
    minutes = course.minutes
    if minutes is None:
        path = f"/meetings/{course.meeting.id}" if course.meeting else ""
        return Station("minutes", "present", next="minutes_missing", who="recorder", path=path)
    path = f"/minutes/{minutes.id}"
    if minutes.put_up_at is None:
        return Station("minutes", "present", next="minutes_draft", who="recorder", path=path)
    return Station(
        "minutes", "present", next="minutes_confirming", by_when=minutes.confirm_until, who="attendees", path=path
    )


def _poll(course: Course, now: datetime) -> Station:
    poll, motion = course.poll, course.motion
    if poll is None:
        path = f"/motions/{motion.id}" if motion else ""
        if motion is None or not motion.missing_checks:
            return Station("poll", "present", next="poll_ready", who="moderator", path=path)
        what = "check_failed" if motion.check_failed else "checks_missing"
        facts = {"missing": motion.missing_checks}
        return Station("poll", "present", next=what, who="moderator", path=path, facts=facts)
    path = f"/polls/{poll.id}"
    if now < poll.opens_at:
        return Station("poll", "present", next="poll_announced", by_when=poll.opens_at, who="owners", path=path)
    if now < poll.closes_at:
        return Station("poll", "present", next="poll_open", by_when=poll.closes_at, who="owners", path=path)
    return Station("poll", "present", next="poll_counting", path=path)


def _notice(course: Course, now: datetime) -> Station:
    decision = course.decision
    if decision is None:
        path = f"/polls/{course.poll.id}" if course.poll else ""
        return Station("notice", "present", next="poll_counting", path=path)
    path = f"/decisions/{decision.id}"
    if now < decision.objection_until:
        until = decision.objection_until
        return Station("notice", "present", next="objections_open", by_when=until, who="everyone", path=path)
    return Station("notice", "present", next="objections_waiting", who="moderator", path=path)


def _task(course: Course, now: datetime) -> Station:
    running = [one for one in course.tasks if one.closed_out_at is None]
    if not running:
        decided = "task_after_opinion" if opinion(course) else "task_missing"
        what = decided if course.decision else "task_or_poll"
        return Station("task", "present", next=what, who="moderator")
    first = min(running, key=lambda one: (one.due_on, one.id))
    return Station(
        "task",
        "present",
        next="task_running" if len(running) == 1 else "tasks_running",
        by_when=first.due_on,
        actor=first.assignee,
        path=f"/tasks/{first.id}",
        facts={"title": first.title, "others": len(running) - 1},
    )


def _review(course: Course, now: datetime) -> Station:
    closed = max(one.closed_out_at for one in course.tasks if one.closed_out_at)
    until = closed + followup_rules.RATING_TIME
    return Station("review", "present", next="rating", by_when=until, who="backers", path=_task_path(course))
