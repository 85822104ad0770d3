from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from deliberation.meeting import rules
from deliberation.meeting.rules import State
from votes.refusal import Refused

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@dataclass
class Times:
    notice_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass
class Asked:
    id: int
    asked_at: datetime
    put_first_at: datetime | None = None


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_a_meeting_goes_from_draft_to_closed() -> None:
    assert rules.state(Times()) is State.DRAFT
    assert rules.state(Times(NOON)) is State.ANNOUNCED
    assert rules.state(Times(NOON, NOON)) is State.OPEN
    assert rules.state(Times(NOON, NOON, NOON)) is State.CLOSED


@pytest.mark.parametrize(
    ("state", "why"),
    [(State.DRAFT, "meeting_not_open"), (State.ANNOUNCED, "meeting_not_open"), (State.CLOSED, "meeting_closed")],
)
def test_a_meeting_that_is_not_open_refuses_with_its_own_sentence(state: State, why: str) -> None:
    rules.need_open(State.OPEN)
    with pytest.raises(Refused) as refused:
        rules.need_open(state)
    assert code(refused) == why


def test_an_empty_agenda_cannot_be_announced_nor_one_announced_twice() -> None:
    rules.may_announce(State.DRAFT, 1)
    for state, items, why in [(State.DRAFT, 0, "agenda_empty"), (State.ANNOUNCED, 2, "notice_given")]:
        with pytest.raises(Refused) as refused:
            rules.may_announce(state, items)
        assert code(refused) == why


def test_only_an_announced_meeting_opens() -> None:
    rules.may_open(State.ANNOUNCED)
    for state, why in [(State.DRAFT, "notice_first"), (State.OPEN, "meeting_begun"), (State.CLOSED, "meeting_begun")]:
        with pytest.raises(Refused) as refused:
            rules.may_open(state)
        assert code(refused) == why


def test_the_door_opens_sixty_minutes_before_the_start_to_the_second() -> None:
    hour = timedelta(minutes=60)
    assert rules.signing_in(State.ANNOUNCED, NOON, NOON - hour)
    assert not rules.signing_in(State.ANNOUNCED, NOON, NOON - hour - timedelta(seconds=1))
    assert rules.signing_in(State.ANNOUNCED, NOON, NOON + timedelta(hours=3))
    assert rules.signing_in(State.OPEN, NOON, NOON - timedelta(hours=3))
    assert not rules.signing_in(State.CLOSED, NOON, NOON)
    assert not rules.signing_in(State.DRAFT, NOON, NOON)


def test_an_online_link_is_https_or_nothing() -> None:
    assert rules.online_link("") == ""
    assert rules.online_link("https://meet.example/a?b=1") == "https://meet.example/a?b=1"
    for text in ["http://meet.example", "javascript:alert(1)", "meet.example", "https://", "https://a b.example"]:
        with pytest.raises(Refused) as refused:
            rules.online_link(text)
        assert code(refused) == "not_https"


def test_options_are_two_to_six_lines_each_once() -> None:
    assert rules.options(" 同意 \n\n反对\n同意\n") == ["同意", "反对"]
    for text, why in [
        ("同意", "options_count"),
        ("同意\n同意", "options_count"),
        ("\n".join("一二三四五六七"), "options_count"),
        ("好" * 31 + "\n不好", "option_too_long"),
    ]:
        with pytest.raises(Refused) as refused:
            rules.options(text)
        assert code(refused) == why


def test_speakers_go_in_the_order_of_asking_and_who_was_put_first_last_goes_first() -> None:
    minute = timedelta(minutes=1)
    early, late = Asked(1, NOON), Asked(2, NOON + minute)
    same_second = Asked(3, NOON)
    assert [turn.id for turn in rules.in_order([late, same_second, early])] == [1, 3, 2]
    late.put_first_at = NOON + 2 * minute
    same_second.put_first_at = NOON + 3 * minute
    assert [turn.id for turn in rules.in_order([early, late, same_second])] == [3, 2, 1]


def test_a_first_time_speaker_behind_one_who_has_spoken_is_hinted_at() -> None:
    assert rules.fairer_first([(1, 2), (2, 1), (3, 0), (4, 0)]) == 3
    assert rules.fairer_first([(1, 0), (2, 1), (3, 0)]) is None
    assert rules.fairer_first([(1, 1), (2, 1)]) is None
    assert rules.fairer_first([]) is None


def test_seconds_spoken_are_whole_and_never_negative() -> None:
    assert rules.seconds_spoken(NOON, NOON + timedelta(seconds=75, milliseconds=900)) == 75
    assert rules.seconds_spoken(NOON, NOON - timedelta(seconds=5)) == 0
    assert rules.seconds_spoken(None, None) == 0
