from datetime import UTC, datetime, timedelta

import pytest

from deliberation.minutes import rules
from deliberation.minutes.rules import Section, State, Text
from votes.refusal import Refused

NOW = datetime(2026, 3, 5, tzinfo=UTC)
TEXTS = [Text(Section.HEAD, None, "一"), Text(Section.ITEM, 7, "二"), Text(Section.ITEM, 7, "三")]


def said(texts: list[Text]) -> list[tuple[str, str]]:
    return [(text.section, text.text) for text in texts]


@pytest.mark.parametrize(
    ("put_up", "before", "frozen", "state"),
    [
        (False, False, False, State.DRAFT),
        (True, True, False, State.PUT_UP),
        (False, True, False, State.CORRECTING),
        (True, True, True, State.FROZEN),
    ],
)
def test_the_state_follows_from_what_was_done(put_up: bool, before: bool, frozen: bool, state: State) -> None:
    assert rules.state(put_up=put_up, put_up_before=before, frozen=frozen) is state


@pytest.mark.parametrize(
    ("state", "seen", "code"),
    [(State.PUT_UP, 3, "minutes_put_up"), (State.FROZEN, 3, "minutes_frozen"), (State.DRAFT, 2, "stale")],
)
def test_only_the_newest_draft_is_edited(state: State, seen: int, code: str) -> None:
    rules.may_edit(State.CORRECTING, version=3, seen_version=3)
    with pytest.raises(Refused) as refused:
        rules.may_edit(state, version=3, seen_version=seen)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("state", "seen", "late", "code"),
    [
        (State.DRAFT, 1, 0, "minutes_not_put_up"),
        (State.PUT_UP, 2, 0, "minutes_changed"),
        (State.PUT_UP, 1, 3, "minutes_frozen"),
        (State.FROZEN, 1, 0, "minutes_frozen"),
    ],
)
def test_a_word_is_given_on_the_text_as_it_stands_and_in_time(state: State, seen: int, late: int, code: str) -> None:
    until = NOW + timedelta(days=3)
    rules.may_attest(State.PUT_UP, version=1, seen_version=1, moment=until - timedelta(seconds=1), until=until)
    with pytest.raises(Refused) as refused:
        rules.may_attest(state, version=1, seen_version=seen, moment=NOW + timedelta(days=late), until=until)
    assert refused.value.code == code


def test_minutes_are_frozen_when_the_time_is_over_or_everybody_has_answered() -> None:
    until = NOW + timedelta(days=3)
    rules.may_freeze(State.PUT_UP, moment=until, until=until, missing=2)
    rules.may_freeze(State.PUT_UP, moment=NOW, until=until, missing=0)
    with pytest.raises(Refused) as refused:
        rules.may_freeze(State.PUT_UP, moment=until - timedelta(seconds=1), until=until, missing=1)
    assert refused.value.code == "answers_missing"


def test_a_serial_number_counts_within_its_year() -> None:
    assert (rules.serial_no(2026, 2), rules.serial_no(2026, 99)) == ("2026-03", "2026-100")


def test_paragraphs_are_changed_added_removed_and_moved() -> None:
    assert said(rules.changed(TEXTS, 2, "新"))[1] == ("item", "新")
    assert said(rules.inserted(TEXTS, 3, "四"))[3] == ("item", "四")
    assert said(rules.removed(TEXTS, 1)) == [("item", "二"), ("item", "三")]
    assert said(rules.moved(TEXTS, 3, up=True)) == [("head", "一"), ("item", "三"), ("item", "二")]


def test_a_paragraph_moved_over_the_edge_of_a_part_belongs_to_the_other_part() -> None:
    assert said(rules.moved(TEXTS, 2, up=True)) == [("head", "二"), ("item", "一"), ("item", "三")]


@pytest.mark.parametrize(("at", "up"), [(1, True), (3, False)])
def test_nothing_moves_beyond_the_ends(at: int, up: bool) -> None:
    with pytest.raises(Refused):
        rules.moved(TEXTS, at, up=up)


@pytest.mark.parametrize("at", [0, 4])
def test_a_number_that_is_not_there_is_refused(at: int) -> None:
    with pytest.raises(Refused) as refused:
        rules.changed(TEXTS, at, "新")
    assert refused.value.code == "no_such_paragraph"


def test_the_last_paragraph_stays() -> None:
    with pytest.raises(Refused):
        rules.removed(TEXTS[:1], 1)
