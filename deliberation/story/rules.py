"""Where a matter stands on its way of eight stations, and what comes next; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from deliberation.agenda.rules import State, triage_due
from deliberation.followup import rules as followup_rules
from deliberation.story.course import Course, TaskFacts, When

KEYS = ("raised", "accepted", "discussed", "minutes", "poll", "notice", "task", "review")
Place = Literal["past", "present", "coming", "skipped", "stopped"]
"""`stopped`: the matter came as far as here and was turned away."""
Ending = Literal["done", "voted_down", "opinion_against", "not_valid", "merged", "answered", "declined"]


@dataclass(frozen=True)
class Station:
    """One station; `said`, `next` and `who` are codes of words, `facts` fill them in. `path` is inside the council."""

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


def stations(course: Course, now: datetime) -> tuple[Station, ...]:
    done = _done(course, now)
    ended = course.state not in (State.RAISED, State.ACCEPTED) or _voted_down(course)
    last = max(index for index, key in enumerate(KEYS) if done[key])
    needless = _needless(course, done)
    present = None if ended else _present(course, done, last, needless)
    reached = max(last, KEYS.index(present)) if present else last
    beside = _beside(course, done)
    line = []
    for index, key in enumerate(KEYS):
        if key == present:
            line.append(_open(course, key, now))
        elif done[key]:
            line.append(_past(course, key))
        elif ended or key in needless or (index < reached and key not in beside):
            line.append(Station(key, "skipped", said=_passed_over(course, key)))
        else:
            line.append(Station(key, "coming"))
    return tuple(line)


def ending(course: Course, line: tuple[Station, ...]) -> Ending | None:
    """How the matter came to its end; None while it goes on."""
    if present_of(line) is not None:
        return None
    match course.state:
        case State.MERGED:
            return "merged"
        case State.ANSWERED:
            return "answered"
        case State.DECLINED:
            return "declined"
    if _voted_down(course) and _opinion(course):
        return "opinion_against"
    if _voted_down(course):
        return "voted_down" if course.decision and course.decision.valid else "not_valid"
    return "done"


def present_of(line: tuple[Station, ...]) -> Station | None:
    return next((one for one in line if one.state == "present"), None)


def _done(course: Course, now: datetime) -> dict[str, bool]:
    tasks = course.tasks
    closed = bool(tasks) and all(one.closed_out_at for one in tasks)
    return {
        "raised": True,
        "accepted": course.state != State.RAISED,
        "discussed": course.meeting is not None and course.meeting.discussed,
        "minutes": course.minutes is not None and course.minutes.frozen_at is not None,
        "poll": course.poll is not None and course.poll.closed_at is not None,
        "notice": course.decision is not None and course.decision.final_at is not None,
        "task": closed,
        "review": closed and course.asked > 0 and all(_settled(course, one, now) for one in tasks),
    }


def _settled(course: Course, task: TaskFacts, now: datetime) -> bool:
    return followup_rules.settled(
        closed_out_at=task.closed_out_at,
        asked=course.asked,
        satisfied=task.satisfied,
        unsatisfied=task.unsatisfied,
        author_content=task.author_content,
        now=now,
    )


def _opinion(course: Course) -> bool:
    """The owners were asked what they think and decided nothing."""
    return course.poll is not None and not course.poll.binds


def _voted_down(course: Course) -> bool:
    """The owners said no, for good, and nothing is left to carry out."""
    decision = course.decision
    return decision is not None and decision.final_at is not None and not decision.passed and not course.tasks


def _passed_over(course: Course, key: str) -> str:
    """A poll may be held on what no meeting has talked over: that is said, not called needless."""
    if course.poll is not None and key in {"discussed", "minutes"}:
        return f"{key}_never"
    closed = bool(course.tasks) and all(one.closed_out_at for one in course.tasks)
    return "review_nobody" if key == "review" and closed and not course.asked else ""


def _needless(course: Course, done: Mapping[str, bool]) -> frozenset[str]:
    """Without a law item the council's word is enough; that shows once its minutes are frozen. What the owners did not
    decide for has nothing to carry out."""
    if course.decision is not None and not course.decision.passed and not course.tasks:
        return frozenset({"task", "review"})
    needed = course.poll is not None or (course.motion is not None and course.motion.law_item > 0)
    unneeded = set() if needed or not done["minutes"] else {"poll", "notice"}
    return frozenset(unneeded | (set() if course.asked else {"review"}))


def _beside(course: Course, done: Mapping[str, bool]) -> frozenset[str]:
    """What is still under way though the matter has gone on, such as minutes that wait while a poll is announced."""
    found = set()
    if course.meeting is not None and not course.meeting.over:
        found.add("discussed")
    if done["discussed"]:
        found.add("minutes")
    return frozenset(found)


def _present(course: Course, done: Mapping[str, bool], last: int, needless: frozenset[str]) -> str | None:
    if course.decision is not None and not done["notice"]:
        return "notice"
    if course.poll is not None and not done["poll"]:
        return "poll"
    if _given_out(course) and not done["task"]:
        return "task"
    return next((key for key in KEYS[last + 1 :] if not done[key] and key not in needless), None)


def _given_out(course: Course) -> bool:
    """A small matter that was taken up and handed to somebody at once, with nothing to discuss or to decide."""
    return bool(course.tasks) and course.meeting is None and course.poll is None


def _past(course: Course, key: str) -> Station:
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
                said = said.replace("poll_", "opinion_") if _opinion(course) else said
            lost = course.decision is not None and not course.decision.passed and not _opinion(course)
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


def _open(course: Course, key: str, now: datetime) -> Station:
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
        decided = "task_after_opinion" if _opinion(course) else "task_missing"
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
