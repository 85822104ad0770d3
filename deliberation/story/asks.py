"""What a matter asks of the person who looks: one thing at most; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deliberation.story.course import Course
from deliberation.story.rules import present_of
from deliberation.story.station_rules import Station


@dataclass(frozen=True)
class Reader:
    """The person who looks, as far as this matter goes."""

    roles: frozenset[str] = frozenset()
    verified: bool = False
    own: bool = False
    seconded: bool = False
    may_vote: bool = False
    on_paper: bool = False
    """They may vote, but not on their own device."""
    has_voted: bool = False
    may_confirm: bool = False
    may_rate: int | None = None
    """The task whose present round this person may still rate."""
    assigned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ask:
    """What the page asks of its reader: a code of words and the one button's place."""

    code: str
    path: str
    post: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)


def ask(course: Course, line: tuple[Station, ...], reader: Reader) -> Ask | None:
    """The one thing the matter needs of this reader now, if any; what only they can do comes first."""
    present = present_of(line)
    if present is None:
        return None
    if (own := _resident(course, present, reader)) is not None:
        return own
    return _staff(course, present, reader)


def _resident(course: Course, present: Station, reader: Reader) -> Ask | None:
    staff_first = "moderator" in reader.roles and present.key == "accepted"
    match present.next:
        case "triage" | "triage_late" if reader.verified and not reader.own and not reader.seconded and not staff_first:
            left = max(0, course.needed - course.support)
            code = "second" if left else "second_more"
            return Ask(code, f"/proposals/{course.id}/seconding", post=True, facts={"left": left})
        case "meeting_running":
            return Ask("join_meeting", f"{present.path}/live")
        case "minutes_confirming" if reader.may_confirm:
            return Ask("confirm_minutes", present.path)
        case "poll_open" if reader.may_vote and not reader.has_voted:
            return Ask("vote_on_paper" if reader.on_paper else "vote", present.path)
        case "rating" if reader.may_rate is not None:
            return Ask("rate", f"/tasks/{reader.may_rate}")
        case "task_running" | "tasks_running":
            task_id = next(
                (one.id for one in course.tasks if one.id in reader.assigned and not one.closed_out_at), None
            )
            return Ask("report", f"/tasks/{task_id}") if task_id is not None else None
    return None


def ways(course: Course, line: tuple[Station, ...], reader: Reader) -> tuple[Ask, ...]:
    """What a moderator can do instead of the one thing that is asked, the likelier first."""
    present = present_of(line)
    if present is None or "moderator" not in reader.roles:
        return ()
    steps = _steps(course, present)
    others = _WAYS.get(present.next, ())[1:]
    return tuple(Ask(code, steps[code]) for code in others if _fits(course, code))


_WAYS: Mapping[str, tuple[str, ...]] = {
    "needs_meeting": ("call_meeting", "check", "assign", "choose_law"),
    "poll_or_meeting": ("announce", "call_meeting"),
    "meeting_planned": ("give_notice", "announce", "assign"),
    "checks_missing": ("check", "edit_text", "call_meeting"),
    "check_failed": ("reword", "check_anew", "call_meeting"),
    "poll_ready": ("announce", "call_meeting"),
    "task_or_poll": ("assign", "choose_law", "call_meeting"),
    "task_missing": ("assign",),
    "task_after_opinion": ("assign",),
    "triage": ("triage",),
    "triage_late": ("triage",),
    "objections_waiting": ("answer_objections",),
}
"""What comes next -> the steps of a moderator: the first is asked of them, the others are offered."""


def _fits(course: Course, code: str) -> bool:
    motion = course.motion
    match code:
        case "announce":
            return motion is not None and motion.ready
        case "check":
            return motion is not None and motion.law_item > 0 and motion.missing_checks > 0
        case "choose_law":
            return motion is not None and motion.law_item == 0 and not motion.locked
        case "assign":
            # What the owners have to decide is not carried out before.
            return motion is None or motion.law_item == 0 or course.decision is not None
        case _:
            return True


def _steps(course: Course, present: Station) -> Mapping[str, str]:
    """Each step of a moderator and its place."""
    motion = f"/motions/{course.motion.id}" if course.motion else ""
    return {
        "triage": f"/matters/{course.id}/triage",
        "call_meeting": f"/meetings/new?motion={course.motion.id}" if course.motion else "/meetings/new",
        "give_notice": f"/meetings/{course.meeting.id}" if course.meeting else "/meetings",
        "check": f"{motion}/checks",
        "check_anew": f"{motion}/checks",
        "reword": f"{motion}/editing",
        "edit_text": f"{motion}/editing",
        "choose_law": f"{motion}/editing",
        "announce": f"{motion}/poll",
        "answer_objections": present.path,
        "assign": f"/tasks/new?matter={course.id}",
    }


def _staff(course: Course, present: Station, reader: Reader) -> Ask | None:
    if "moderator" in reader.roles and present.next in _WAYS:
        code = _WAYS[present.next][0]
        return Ask(code, _steps(course, present)[code])
    recording = {"minutes_missing": "draft_minutes", "minutes_draft": "put_up_minutes"}
    if reader.roles & {"moderator", "recorder"} and present.next in recording:
        return Ask(recording[present.next], present.path)
    return None
