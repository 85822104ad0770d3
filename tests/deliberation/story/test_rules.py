"""Where a matter stands and what it asks, from plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.i18n.catalog import words
from deliberation.story import rules
from deliberation.story.asks import Reader, ask, ways
from deliberation.story.course import (
    Course,
    DecisionFacts,
    MeetingFacts,
    MinutesFacts,
    MotionFacts,
    PollFacts,
    TaskFacts,
)
from deliberation.story.rules import stations

NOW = datetime(2026, 3, 20, tzinfo=UTC)
DAY = timedelta(days=1)

RAISED = Course(1, "充电桩", "fire", "raised", NOW - DAY, "谢玉志", 1, 3, asked=2)
MOTION = MotionFacts(5, locked=False, law_item=8, missing_checks=0, check_failed=False)
ACCEPTED = replace(RAISED, state="accepted", decided_at=NOW, decided_by="林主持", motion=MOTION)
PLANNED = MeetingFacts(2, "会", NOW + DAY, NOW, None, None, False, False, "")
HELD = MeetingFacts(2, "会", NOW - DAY, NOW, NOW, NOW, True, True, "agreed")
FINAL_MINUTES = MinutesFacts(3, "2026-01", NOW, NOW, NOW)
POLL = PollFacts(4, NOW - DAY, NOW + DAY, None)
CLOSED_POLL = PollFacts(4, NOW - DAY * 8, NOW - DAY, NOW - DAY)
DECISION = DecisionFacts(6, True, True, NOW, NOW + DAY, None)
FINAL = replace(DECISION, final_at=NOW)
TASK = TaskFacts(7, "装好", "物业", date(2026, 4, 1), None, 0, 0)
CLOSED_TASK = replace(TASK, closed_out_at=NOW)
LONG_CLOSED = replace(TASK, closed_out_at=NOW - 14 * DAY)
ASKED = replace(CLOSED_POLL, binds=False)

# what is known -> (present station, code of what comes next, places of all stations)
WAY: list[tuple[dict[str, Any], str | None, str, str]] = [
    ({"state": "raised", "motion": None}, "accepted", "triage", "x.------"),
    ({"state": "raised", "motion": None, "raised_at": NOW - 3 * DAY}, "accepted", "triage_late", "x.------"),
    ({}, "discussed", "poll_or_meeting", "xx.-----"),
    ({"motion": replace(MOTION, missing_checks=1)}, "discussed", "needs_meeting", "xx.-----"),
    ({"motion": replace(MOTION, law_item=0)}, "discussed", "needs_meeting", "xx.-----"),
    ({"meeting": replace(PLANNED, notice_at=None)}, "discussed", "meeting_planned", "xx.-----"),
    ({"tasks": (TASK,)}, "task", "task_running", "xxoooo.-"),
    ({"tasks": (CLOSED_TASK,)}, "review", "rating", "xxoooox."),
    ({"meeting": PLANNED, "tasks": (TASK,)}, "discussed", "meeting_announced", "xx.-----"),
    ({"meeting": PLANNED}, "discussed", "meeting_announced", "xx.-----"),
    ({"meeting": replace(PLANNED, opened_at=NOW)}, "discussed", "meeting_running", "xx.-----"),
    ({"meeting": replace(HELD, item_opened=False, item_closed=False)}, "discussed", "poll_or_meeting", "xx.-----"),
    ({"meeting": HELD}, "minutes", "minutes_missing", "xxx.----"),
    ({"meeting": HELD, "minutes": MinutesFacts(3, "1", None, None, None)}, "minutes", "minutes_draft", "xxx.----"),
    ({"meeting": HELD, "minutes": MinutesFacts(3, "1", NOW, NOW, None)}, "minutes", "minutes_confirming", "xxx.----"),
    ({"meeting": HELD, "minutes": FINAL_MINUTES}, "poll", "poll_ready", "xxxx.---"),
    (
        {"meeting": HELD, "minutes": FINAL_MINUTES, "motion": replace(MOTION, missing_checks=2)},
        "poll",
        "checks_missing",
        "xxxx.---",
    ),
    (
        {"meeting": HELD, "minutes": FINAL_MINUTES, "motion": replace(MOTION, missing_checks=1, check_failed=True)},
        "poll",
        "check_failed",
        "xxxx.---",
    ),
    (
        {"meeting": HELD, "minutes": FINAL_MINUTES, "motion": replace(MOTION, law_item=0)},
        "task",
        "task_or_poll",
        "xxxxoo.-",
    ),
    (
        {"meeting": HELD, "minutes": FINAL_MINUTES, "poll": replace(POLL, opens_at=NOW + DAY)},
        "poll",
        "poll_announced",
        "xxxx.---",
    ),
    ({"meeting": HELD, "minutes": FINAL_MINUTES, "poll": POLL}, "poll", "poll_open", "xxxx.---"),
    (
        {"meeting": HELD, "minutes": FINAL_MINUTES, "poll": replace(POLL, closes_at=NOW)},
        "poll",
        "poll_counting",
        "xxxx.---",
    ),
    ({"poll": POLL}, "poll", "poll_open", "xxoo.---"),
    ({"meeting": PLANNED, "poll": POLL}, "poll", "poll_open", "xx-o.---"),
    ({"meeting": HELD, "minutes": MinutesFacts(3, "1", NOW, NOW, None), "poll": POLL}, "poll", "poll_open", "xxx-.---"),
    ({"poll": CLOSED_POLL}, "notice", "poll_counting", "xxoox.--"),
    ({"poll": CLOSED_POLL, "decision": DECISION}, "notice", "objections_open", "xxoox.--"),
    (
        {"poll": CLOSED_POLL, "decision": replace(DECISION, objection_until=NOW)},
        "notice",
        "objections_waiting",
        "xxoox.--",
    ),
    ({"poll": CLOSED_POLL, "decision": DECISION, "tasks": (CLOSED_TASK,)}, "notice", "objections_open", "xxoox.x-"),
    ({"poll": CLOSED_POLL, "decision": FINAL}, "task", "task_missing", "xxooxx.-"),
    ({"poll": CLOSED_POLL, "decision": FINAL, "tasks": (CLOSED_TASK, TASK)}, "task", "task_running", "xxooxx.-"),
    ({"poll": CLOSED_POLL, "decision": FINAL, "tasks": (TASK, TASK)}, "task", "tasks_running", "xxooxx.-"),
    ({"poll": CLOSED_POLL, "decision": FINAL, "tasks": (CLOSED_TASK,)}, "review", "rating", "xxooxxx."),
    (
        {"poll": CLOSED_POLL, "decision": FINAL, "tasks": (replace(CLOSED_TASK, satisfied=2),)},
        None,
        "",
        "xxooxxxx",
    ),
    ({"tasks": (replace(CLOSED_TASK, satisfied=1),)}, "review", "rating", "xxoooox."),
    ({"tasks": (replace(CLOSED_TASK, satisfied=1, author_content=True),)}, None, "", "xxooooxx"),
    ({"tasks": (replace(CLOSED_TASK, satisfied=2),)}, None, "", "xxooooxx"),
    (
        {"tasks": (replace(CLOSED_TASK, satisfied=1, unsatisfied=1, author_content=True),)},
        "review",
        "rating",
        "xxoooox.",
    ),
    ({"tasks": (replace(LONG_CLOSED, unsatisfied=1),)}, None, "", "xxooooxx"),
    ({"tasks": (LONG_CLOSED,)}, None, "", "xxooooxx"),
    ({"tasks": (LONG_CLOSED, CLOSED_TASK)}, "review", "rating", "xxoooox."),
    ({"asked": 0, "tasks": (TASK,)}, "task", "task_running", "xxoooo.o"),
    ({"asked": 0, "tasks": (CLOSED_TASK,)}, None, "", "xxooooxo"),
    ({"poll": ASKED, "decision": DECISION}, "notice", "objections_open", "xxoox.--"),
    ({"poll": ASKED, "decision": FINAL}, "task", "task_after_opinion", "xxooxx.-"),
    ({"poll": ASKED, "decision": replace(FINAL, passed=False)}, None, "", "xxooxxoo"),
    ({"poll": CLOSED_POLL, "decision": replace(FINAL, passed=False)}, None, "", "xxoo!xoo"),
    ({"poll": CLOSED_POLL, "decision": replace(DECISION, passed=False)}, "notice", "objections_open", "xxoo!.oo"),
    ({"state": "declined", "motion": None}, None, "", "x!oooooo"),
    ({"state": "answered", "motion": None}, None, "", "x!oooooo"),
    ({"state": "merged", "motion": None, "merged_into": 9}, None, "", "x!oooooo"),
]
MARKS = {"past": "x", "present": ".", "coming": "-", "skipped": "o", "stopped": "!"}


@pytest.mark.parametrize(("known", "key", "code", "marks"), WAY)
def test_the_line_shows_where_the_matter_stands_and_what_comes_next(
    known: dict[str, Any], key: str | None, code: str, marks: str
) -> None:
    line = stations(replace(ACCEPTED, **known), NOW)
    assert "".join(MARKS[one.state] for one in line) == marks
    present = rules.present_of(line)
    assert (present.key if present else None, present.next if present else "") == (key, code)


@pytest.mark.parametrize(("known", "key", "code", "marks"), WAY)
def test_everything_a_line_says_has_words(known: dict[str, Any], key: str | None, code: str, marks: str) -> None:
    for station in stations(replace(ACCEPTED, **known), NOW):
        for section, said in (("station", station.said), ("next", station.next), ("who", station.who)):
            if said:
                for language in words()[section][said]:
                    language.format(**station.facts)


def test_the_open_station_says_by_when_and_who() -> None:
    triage = rules.present_of(stations(RAISED, NOW))
    assert triage
    assert (triage.by_when, triage.who) == (RAISED.raised_at + timedelta(hours=48), "moderator")
    running = rules.present_of(stations(replace(ACCEPTED, decision=FINAL, tasks=(TASK,)), NOW))
    assert running
    assert (running.by_when, running.actor, running.path) == (TASK.due_on, "物业", "/tasks/7")


def test_the_open_review_says_until_when_a_word_is_waited_for() -> None:
    review = rules.present_of(stations(replace(ACCEPTED, tasks=(CLOSED_TASK, LONG_CLOSED)), NOW))
    assert review
    assert review.by_when == NOW + 14 * DAY


def test_an_opinion_is_never_called_carried() -> None:
    for passed, valid, said in ((True, True, "passed"), (False, True, "failed"), (False, False, "invalid")):
        course = replace(ACCEPTED, poll=ASKED, decision=replace(FINAL, passed=passed, valid=valid))
        assert stations(course, NOW)[4].said == f"opinion_{said}"


def test_how_a_matter_ended_is_told_apart() -> None:
    ways: dict[str | None, dict[str, Any]] = {
        None: {"poll": CLOSED_POLL, "decision": replace(DECISION, passed=False)},
        "voted_down": {"poll": CLOSED_POLL, "decision": replace(FINAL, passed=False)},
        "opinion_against": {"poll": ASKED, "decision": replace(FINAL, passed=False)},
        "not_valid": {"poll": CLOSED_POLL, "decision": replace(FINAL, passed=False, valid=False)},
        "done": {"poll": CLOSED_POLL, "decision": FINAL, "tasks": (replace(CLOSED_TASK, satisfied=2),)},
        "declined": {"state": "declined"},
        "answered": {"state": "answered"},
        "merged": {"state": "merged"},
    }
    for ending, known in ways.items():
        course = replace(ACCEPTED, **known)
        assert rules.ending(course, stations(course, NOW)) == ending
        assert ending is None or (ending in words()["ending"] and ending in words()["ending_text"])


def test_a_poll_without_a_meeting_says_that_nobody_met() -> None:
    line = {one.key: one.said for one in stations(replace(ACCEPTED, poll=POLL), NOW)}
    assert (line["discussed"], line["minutes"]) == ("discussed_never", "minutes_never")
    handed_on = {one.key: one.said for one in stations(replace(ACCEPTED, tasks=(TASK,)), NOW)}
    assert handed_on["discussed"] == ""


MODERATOR = Reader(roles=frozenset({"moderator"}))
RECORDER = Reader(roles=frozenset({"recorder"}))
RESIDENT = Reader(verified=True)
OWNER = Reader(verified=True, may_vote=True)


@pytest.mark.parametrize(
    ("known", "reader", "code", "path"),
    [
        ({"state": "raised"}, RESIDENT, "second", "/proposals/1/seconding"),
        ({"state": "raised", "support": 3}, RESIDENT, "second_more", "/proposals/1/seconding"),
        ({"state": "raised"}, replace(RESIDENT, own=True), None, ""),
        ({"state": "raised"}, replace(RESIDENT, seconded=True), None, ""),
        ({"state": "raised"}, Reader(roles=frozenset({"supervisor"})), None, ""),
        ({"state": "raised"}, MODERATOR, "triage", "/matters/1/triage"),
        ({"state": "raised"}, replace(MODERATOR, verified=True), "triage", "/matters/1/triage"),
        ({}, MODERATOR, "announce", "/motions/5/poll"),
        ({"motion": replace(MOTION, missing_checks=3)}, MODERATOR, "call_meeting", "/meetings/new?motion=5"),
        ({"motion": None}, MODERATOR, "call_meeting", "/meetings/new"),
        ({}, OWNER, None, ""),
        ({"meeting": replace(PLANNED, notice_at=None)}, MODERATOR, "give_notice", "/meetings/2"),
        ({"meeting": replace(PLANNED, opened_at=NOW)}, RESIDENT, "join_meeting", "/meetings/2/live"),
        ({"meeting": HELD}, RECORDER, "draft_minutes", "/meetings/2"),
        (
            {"meeting": HELD, "minutes": MinutesFacts(3, "1", None, None, None)},
            RECORDER,
            "put_up_minutes",
            "/minutes/3",
        ),
        (
            {"meeting": HELD, "minutes": MinutesFacts(3, "1", NOW, NOW, None)},
            replace(RESIDENT, may_confirm=True),
            "confirm_minutes",
            "/minutes/3",
        ),
        ({"meeting": HELD, "minutes": FINAL_MINUTES}, MODERATOR, "announce", "/motions/5/poll"),
        (
            {"meeting": HELD, "minutes": FINAL_MINUTES, "motion": replace(MOTION, missing_checks=3)},
            MODERATOR,
            "check",
            "/motions/5/checks",
        ),
        (
            {"meeting": HELD, "minutes": FINAL_MINUTES, "motion": replace(MOTION, missing_checks=1, check_failed=True)},
            MODERATOR,
            "reword",
            "/motions/5/editing",
        ),
        ({"meeting": HELD, "minutes": FINAL_MINUTES, "poll": POLL}, OWNER, "vote", "/polls/4"),
        ({"meeting": HELD, "minutes": FINAL_MINUTES, "poll": POLL}, replace(OWNER, has_voted=True), None, ""),
        ({"meeting": HELD, "minutes": FINAL_MINUTES, "poll": POLL}, RESIDENT, None, ""),
        ({"decision": replace(DECISION, objection_until=NOW)}, MODERATOR, "answer_objections", "/decisions/6"),
        ({"poll": CLOSED_POLL, "decision": FINAL}, MODERATOR, "assign", "/tasks/new?matter=1"),
        ({"poll": ASKED, "decision": FINAL}, MODERATOR, "assign", "/tasks/new?matter=1"),
        ({"poll": POLL}, replace(OWNER, on_paper=True), "vote_on_paper", "/polls/4"),
        ({"decision": FINAL, "tasks": (TASK,)}, replace(RESIDENT, assigned=frozenset({7})), "report", "/tasks/7"),
        ({"decision": FINAL, "tasks": (TASK,)}, RESIDENT, None, ""),
        ({"decision": FINAL, "tasks": (CLOSED_TASK,)}, replace(RESIDENT, may_rate=7), "rate", "/tasks/7"),
        ({"state": "declined"}, MODERATOR, None, ""),
    ],
)
def test_a_matter_asks_one_thing_of_each_reader_at_most(
    known: dict[str, Any], reader: Reader, code: str | None, path: str
) -> None:
    course = replace(ACCEPTED, **known)
    asked = ask(course, stations(course, NOW), reader)
    assert (asked.code if asked else None, asked.path if asked else "") == (code, path)
    if asked:
        assert asked.code in words()["ask_button"]
        assert all(one.format(**asked.facts) for one in words()["ask"][asked.code])


moments = st.none() | st.sampled_from([NOW - DAY, NOW, NOW + DAY])
anything = st.builds(
    Course,
    id=st.just(1),
    title=st.just("充电桩"),
    category=st.just("fire"),
    state=st.sampled_from(["raised", "accepted", "merged", "answered", "declined"]),
    raised_at=st.just(NOW),
    author=st.just("谢玉志"),
    support=st.integers(0, 9),
    needed=st.integers(0, 5),
    asked=st.integers(0, 3),
    motion=st.none()
    | st.builds(MotionFacts, st.just(5), st.booleans(), st.integers(0, 9), st.integers(0, 3), st.booleans()),
    meeting=st.none()
    | st.builds(
        MeetingFacts,
        st.just(2),
        st.just("会"),
        st.just(NOW),
        moments,
        moments,
        moments,
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "agreed", "none"]),
    ),
    minutes=st.none() | st.builds(MinutesFacts, st.just(3), st.just("1"), moments, moments, moments),
    poll=st.none() | st.builds(PollFacts, st.just(4), st.just(NOW), st.just(NOW + DAY), moments, st.booleans()),
    decision=st.none()
    | st.builds(DecisionFacts, st.just(6), st.booleans(), st.booleans(), st.just(NOW), st.just(NOW), moments),
    tasks=st.lists(st.sampled_from([TASK, CLOSED_TASK, replace(CLOSED_TASK, satisfied=1)]), max_size=2).map(tuple),
)


UNREADY, NO_LAW = replace(MOTION, missing_checks=2), replace(MOTION, law_item=0)


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        ({}, ["announce", "call_meeting"]),
        ({"motion": UNREADY}, ["call_meeting", "check"]),
        ({"motion": NO_LAW}, ["call_meeting", "assign", "choose_law"]),
        ({"motion": None}, ["call_meeting", "assign"]),
        ({"meeting": replace(PLANNED, notice_at=None)}, ["give_notice", "announce"]),
        ({"meeting": replace(PLANNED, notice_at=None), "motion": NO_LAW}, ["give_notice", "assign"]),
        ({"meeting": HELD, "minutes": FINAL_MINUTES}, ["announce", "call_meeting"]),
        ({"meeting": HELD, "minutes": FINAL_MINUTES, "motion": UNREADY}, ["check", "edit_text", "call_meeting"]),
        (
            {"meeting": HELD, "minutes": FINAL_MINUTES, "motion": replace(UNREADY, check_failed=True)},
            ["reword", "check_anew", "call_meeting"],
        ),
        ({"meeting": HELD, "minutes": FINAL_MINUTES, "motion": NO_LAW}, ["assign", "choose_law", "call_meeting"]),
        ({"poll": POLL}, []),
    ],
)
def test_a_moderator_is_offered_every_way_on_the_likeliest_first(known: dict[str, Any], codes: list[str]) -> None:
    course = replace(ACCEPTED, **known)
    line = stations(course, NOW)
    first = ask(course, line, MODERATOR)
    offered = [*([first] if first else []), *ways(course, line, MODERATOR)]
    assert [one.code for one in offered] == codes
    assert all(one.path and one.code in words()["ask_button"] for one in offered)
    assert ways(course, line, Reader(roles=frozenset({"recorder"}), verified=True)) == ()


@given(anything, st.sampled_from([MODERATOR, RECORDER, OWNER, RESIDENT]))
def test_whatever_is_known_the_line_has_eight_stations_and_at_most_one_is_open(course: Course, reader: Reader) -> None:
    line = stations(course, NOW)
    assert [one.key for one in line] == list(rules.KEYS)
    assert [one.state for one in line].count("present") <= 1
    assert line[0].state == "past"
    asked = ask(course, line, reader)
    assert asked is None or asked.path.startswith("/")


def test_the_meeting_s_station_shows_when_it_really_took_place() -> None:
    held = replace(HELD, starts_at=NOW + DAY, opened_at=NOW - DAY)
    assert stations(replace(ACCEPTED, meeting=held), NOW)[2].date == NOW - DAY
