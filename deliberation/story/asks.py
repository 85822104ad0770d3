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


def _staff(course: Course, present: Station, reader: Reader) -> Ask | None:
    motion_path = f"/motions/{course.motion.id}" if course.motion else ""
    moderating = {
        "triage": ("triage", f"/matters/{course.id}/triage"),
        "triage_late": ("triage", f"/matters/{course.id}/triage"),
        "needs_meeting": (
            "call_meeting",
            f"/meetings/new?motion={course.motion.id}" if course.motion else "/meetings/new",
        ),
        "meeting_planned": ("give_notice", f"/meetings/{course.meeting.id}" if course.meeting else "/meetings"),
        "checks_missing": ("check", f"{motion_path}/checks"),
        "check_failed": ("reword", f"{motion_path}/editing"),
        "poll_ready": ("announce", f"{motion_path}/poll"),
        "objections_waiting": ("answer_objections", present.path),
        "task_missing": ("assign", f"/tasks/new?matter={course.id}"),
        "task_after_opinion": ("assign", f"/tasks/new?matter={course.id}"),
        "task_or_poll": ("assign", f"/tasks/new?matter={course.id}"),
    }
    recording = {
        "minutes_missing": ("draft_minutes", present.path),
        "minutes_draft": ("put_up_minutes", present.path),
    }
    if "moderator" in reader.roles and present.next in moderating:
        return Ask(*moderating[present.next])
    if reader.roles & {"moderator", "recorder"} and present.next in recording:
        return Ask(*recording[present.next])
    return None
