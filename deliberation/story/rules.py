"""Where a matter stands on its way of eight stations, and what comes next; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from deliberation.agenda.rules import State
from deliberation.followup import rules as followup_rules
from deliberation.story.course import Course, TaskFacts
from deliberation.story.station_rules import Station, opinion, past, present_at

KEYS = ("raised", "accepted", "discussed", "minutes", "poll", "notice", "task", "review")
Ending = Literal["done", "voted_down", "opinion_against", "not_valid", "merged", "answered", "declined"]


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
            line.append(present_at(course, key, now))
        elif done[key]:
            line.append(past(course, key))
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
    if _voted_down(course) and opinion(course):
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
