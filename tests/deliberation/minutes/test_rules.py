from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.minutes import rules
from deliberation.minutes.rules import Hold, Section, State, Text
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


LINE = Text(Section.ATTENDANCE, None, "到会", Hold.KEPT)
HEADING = Text(Section.ITEM, 7, "议程第 1 项", Hold.KEPT)
POINT = Text(Section.ITEM, 7, "要点")
NEXT = Text(Section.ITEM, 8, "议程第 2 项", Hold.KEPT)
SEAL = Text(Section.CLOSING, None, "校验码", Hold.SEALED)
RECORD = [Text(Section.HEAD, None, "题头"), LINE, HEADING, POINT, NEXT, Text(Section.CLOSING, None, "更正"), SEAL]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize("at", [2, 3, 5, 7])
def test_what_belongs_to_the_record_is_neither_deleted_nor_moved(at: int) -> None:
    assert refusal(lambda: rules.removed(RECORD, at)) == "paragraph_held"
    assert refusal(lambda: rules.moved(RECORD, at, up=True)) == "cannot_move"
    assert refusal(lambda: rules.moved(RECORD, at, up=False)) == "cannot_move"
    assert [rules.may_move(RECORD, at, up=up) for up in (True, False)] == [False, False]


def test_a_kept_paragraph_is_corrected_and_stays_kept_a_sealed_one_is_not_touched() -> None:
    assert rules.changed(RECORD, 2, "到会 3 人")[1] == replace(LINE, text="到会 3 人")
    assert refusal(lambda: rules.changed(RECORD, 7, "别的校验码")) == "paragraph_sealed"
    assert refusal(lambda: rules.inserted(RECORD, 7, "后面")) == "paragraph_sealed"
    assert not rules.may_move(RECORD, 6, up=False)


def test_past_a_heading_a_paragraph_belongs_to_the_other_item_and_the_heading_stays_first() -> None:
    down = rules.moved(RECORD, 4, up=False)
    assert [one.part for one in down[2:5]] == [("item", 7), ("item", 8), ("item", 8)]
    assert down[3] == NEXT
    assert rules.moved(down, 5, up=True) == RECORD


@given(st.data())
def test_however_it_is_moved_sections_stay_whole_and_headings_first(data: st.DataObject) -> None:
    texts = RECORD
    for _ in range(data.draw(st.integers(1, 12))):
        at, up = data.draw(st.integers(1, len(texts))), data.draw(st.booleans())
        texts = rules.moved(texts, at, up=up) if rules.may_move(texts, at, up=up) else texts
    parts = [one.part for one in texts]
    assert len([part for part, _ in groupby(parts)]) == len(set(parts))
    assert all(texts[parts.index(one.part)] == one for one in (HEADING, NEXT))
    assert texts[-1] == SEAL


@pytest.mark.parametrize("at", [1, 4, 6])
def test_what_was_deleted_comes_back_to_where_it_stood(at: int) -> None:
    assert rules.restored(rules.removed(RECORD, at), RECORD[at - 1], at) == (RECORD, at)


def test_what_comes_back_stays_in_its_part_whatever_happened_around_it() -> None:
    assert rules.restored(RECORD, POINT, 1) == ([*RECORD[:3], POINT, *RECORD[3:]], 4)
    assert rules.restored(RECORD, POINT, 99) == ([*RECORD[:4], POINT, *RECORD[4:]], 5)
    closing = Text(Section.CLOSING, None, "附件")
    assert rules.restored(RECORD, closing, 99) == ([*RECORD[:6], closing, SEAL], 7)
    task = Text(Section.TASKS, None, "接水管")
    assert rules.restored(RECORD, task, 1) == ([*RECORD[:5], task, *RECORD[5:]], 6)
