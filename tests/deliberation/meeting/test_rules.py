from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

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
    called_off_at: datetime | None = None
    starts_at: datetime = NOON


@dataclass
class Asked:
    id: int
    asked_at: datetime
    put_first_at: datetime | None = None


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_a_meeting_goes_from_draft_to_closed() -> None:
    assert rules.state(Times(), NOON) is State.DRAFT
    assert rules.state(Times(NOON), NOON) is State.ANNOUNCED
    assert rules.state(Times(NOON, NOON), NOON) is State.OPEN
    assert rules.state(Times(NOON, NOON, NOON), NOON) is State.CLOSED
    assert rules.state(Times(NOON, called_off_at=NOON), NOON) is State.CALLED_OFF


def test_an_announced_meeting_that_nobody_opened_was_not_held_some_hours_after_its_start() -> None:
    late = NOON + rules.LAPSES_AFTER
    assert rules.state(Times(NOON), late - rules.TICK) is State.ANNOUNCED
    assert rules.state(Times(NOON), late) is State.NOT_HELD
    assert rules.state(Times(), late) is State.DRAFT
    assert rules.state(Times(NOON, NOON), late) is State.OPEN
    assert not rules.signing_in(State.NOT_HELD, NOON, late)
    assert not rules.signing_in(State.CALLED_OFF, NOON, NOON)


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


START = datetime(2026, 12, 4, 11, 30, tzinfo=UTC)


def opens(state: State = State.ANNOUNCED, **facts: Any) -> None:
    usual = {"starts_at": START, "moment": START, "counted": 3, "quorum": 3, "anyway": False}
    rules.may_open(state, **{**usual, **facts})


def test_only_an_announced_meeting_opens() -> None:
    opens()
    for state, why in [(State.DRAFT, "notice_first"), (State.OPEN, "meeting_begun"), (State.CLOSED, "meeting_begun")]:
        with pytest.raises(Refused) as refused:
            opens(state)
        assert code(refused) == why


def test_a_meeting_opens_when_its_door_does_and_not_a_second_before() -> None:
    opens(moment=START - timedelta(minutes=60))
    with pytest.raises(Refused) as refused:
        opens(moment=START - timedelta(minutes=60, seconds=1), anyway=True)
    assert (code(refused), refused.value.facts["earliest"]) == ("open_too_early", START - timedelta(minutes=60))


def test_one_too_few_opens_only_when_the_moderator_says_so() -> None:
    with pytest.raises(Refused) as refused:
        opens(counted=2)
    assert code(refused) == "too_few_people"
    opens(counted=2, anyway=True)
    opens(counted=0, quorum=0)


def test_guests_and_observers_are_not_counted_for_the_least_number() -> None:
    roles = ["moderator", "owner", "tenant", "family", "property", "supervisor", "guest", "sitting_in"]
    assert [role for role in roles if not rules.counts(role)] == ["guest", "sitting_in"]


def test_nobody_agrees_in_an_empty_room_and_nobody_is_sent_away_unseen() -> None:
    rules.may_conclude(rules.Conclusion.AGREED, present=1, waiting=0, let_go=False)
    rules.may_conclude(rules.Conclusion.NONE, present=0, waiting=0, let_go=False)
    rules.may_conclude(rules.Conclusion.PARTLY, present=3, waiting=2, let_go=True)
    for present, waiting, let_go, why in [(0, 0, True, "nobody_agreed"), (3, 1, False, "people_wait")]:
        with pytest.raises(Refused) as refused:
            rules.may_conclude(rules.Conclusion.AGREED, present=present, waiting=waiting, let_go=let_go)
        assert code(refused) == why


def test_a_code_is_read_however_it_was_typed() -> None:
    assert {rules.typed_code(text) for text in ("482913", " 482 913 ", "４８２９１３", "482-913", "482\u3000913")} == {
        "482913"
    }


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
