"""Raising, seconding, triage, wording and checks: the rules alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.agenda import rules
from deliberation.agenda.rules import Check, Checked, Outcome, State
from votes.refusal import Refused

HOLDING: dict[str, Checked] = {kind: Checked(Outcome.HOLDS, 2) for kind in Check}


def test_triage_is_due_48_hours_after_a_matter_was_raised() -> None:
    assert rules.triage_due(datetime(2026, 3, 1, 1, 0, tzinfo=UTC)) == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "own", "already", "code"),
    [
        ("accepted", False, False, "seconding_over"),
        ("merged", False, False, "seconding_over"),
        ("raised", True, False, "own_proposal"),
        ("raised", False, True, "seconded_already"),
    ],
)
def test_seconding_is_for_others_once_and_while_the_matter_waits(
    state: str, own: bool, already: bool, code: str
) -> None:
    rules.may_second(state="raised", own=False, already=False)
    with pytest.raises(Refused) as refused:
        rules.may_second(state=state, own=own, already=already)
    assert refused.value.code == code


@pytest.mark.parametrize("state", [one for one in State if one != State.RAISED])
def test_a_matter_is_decided_once(state: State) -> None:
    rules.may_triage("raised")
    with pytest.raises(Refused, match="already_decided"):
        rules.may_triage(state)


@pytest.mark.parametrize(("into_id", "into_state"), [(7, "raised"), (8, "merged"), (8, "declined"), (8, None)])
def test_a_matter_is_merged_only_into_another_open_one(into_id: int, into_state: str | None) -> None:
    rules.may_merge(7, 8, "raised")
    rules.may_merge(7, 8, "accepted")
    with pytest.raises(Refused, match="not_a_merge_target"):
        rules.may_merge(7, into_id, into_state)


def test_a_locked_or_changed_text_is_not_edited() -> None:
    rules.may_edit(locked=False, version=3, seen_version=3)
    with pytest.raises(Refused, match="motion_locked"):
        rules.may_edit(locked=True, version=3, seen_version=3)
    with pytest.raises(Refused, match="stale"):
        rules.may_edit(locked=False, version=3, seen_version=2)


def test_a_check_is_made_for_the_text_as_it_stands() -> None:
    rules.may_check(locked=False, version=3, seen_version=3)
    with pytest.raises(Refused, match="text_changed_meanwhile"):
        rules.may_check(locked=False, version=3, seen_version=2)
    with pytest.raises(Refused, match="motion_locked"):
        rules.may_check(locked=True, version=3, seen_version=3)


@pytest.mark.parametrize("item", range(10))
def test_each_law_item_needs_its_reason_and_item_8_needs_to_say_whose_the_income_is(item: int) -> None:
    empty = rules.motion_faults(law_item=item, law_reason="", income_share="")
    assert set(empty) == ({"law_reason"} if item else set()) | ({"income_share"} if item == 8 else set())
    assert rules.motion_faults(law_item=item, law_reason="why", income_share="all owners") == {}


def test_checks_count_for_the_present_text_only_and_only_when_they_hold() -> None:
    assert rules.missing_checks(2, HOLDING) == []
    assert rules.missing_checks(3, HOLDING) == list(Check)
    assert rules.missing_checks(2, {}) == list(Check)
    for outcome in (Outcome.NEEDS_CHANGE, Outcome.DOES_NOT_HOLD):
        assert rules.missing_checks(2, {**HOLDING, Check.SAFETY: Checked(outcome, 2)}) == [Check.SAFETY]


def test_a_poll_needs_an_open_text_a_law_item_and_three_checks_that_hold() -> None:
    assert rules.before_poll(locked=False, law_item=8, missing=[]) is None
    assert rules.before_poll(locked=True, law_item=8, missing=[]) == "motion_locked"
    assert rules.before_poll(locked=False, law_item=0, missing=[]) == "law_item_missing"
    assert rules.before_poll(locked=False, law_item=8, missing=[Check.SAFETY]) == "checks_missing"


@pytest.mark.parametrize(
    ("one", "other", "text", "shown"),
    [
        ("请在架空层装充电桩", "架空层安装电动车充电桩", "", True),
        ("楼道灯坏了没人修", "2单元楼道灯坏了", "", True),
        ("电动车充电桩安装", "三栋楼飞线太危险", "每晚都有人拉线给电动车充电，请装充电桩。", True),
        ("停车位不够", "停车场太暗", "晚上看不清路。", False),
        ("电梯总是坏", "请在架空层装充电桩", "每晚都有人拉线给电动车充电。", False),
    ],
)
def test_matters_about_the_same_thing_are_found_alike(one: str, other: str, text: str, shown: bool) -> None:
    assert (rules.likeness(rules.bigrams(one), other, text) > 0) is shown


@given(st.text(), st.text())
def test_likeness_lies_between_0_and_100_and_goes_both_ways(one: str, other: str) -> None:
    first, second = rules.bigrams(one), rules.bigrams(other)
    assert 0 <= rules.alike(first, second) == rules.alike(second, first) <= 100
    assert rules.alike(first, first) == (100 if first else 0)
