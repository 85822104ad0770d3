"""Notice, window, state, chain: plain values only."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deliberation import typed
from deliberation.ballot import rules
from deliberation.ballot.booth import rules as booth_rules
from deliberation.ballot.paper import rules as paper_rules
from deliberation.ballot.paper.rules import Keyed
from deliberation.ballot.rules import PollState
from deliberation.i18n.dates import LOCAL
from votes.refusal import Refused

NOTICE = datetime(2026, 3, 1, 9, tzinfo=LOCAL)


def local(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=LOCAL)


@dataclass(frozen=True)
class Times:
    opens_at: datetime = datetime(2026, 3, 16, 9, tzinfo=LOCAL)
    closes_at: datetime = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    withdrawn_at: datetime | None = None


def test_fourteen_days_apart_is_refused_and_fifteen_is_allowed() -> None:
    with pytest.raises(Refused) as refused:
        rules.check_times(NOTICE, local(3, 15, 23), local(3, 30))
    assert refused.value.code == "notice_too_short"
    assert refused.value.facts["days"] == 14
    rules.check_times(NOTICE, local(3, 16, 0), local(3, 30))


def test_notice_days_are_days_of_the_compound_not_of_greenwich() -> None:
    late_evening = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # already 2 March in Fujian
    with pytest.raises(Refused):
        rules.check_times(late_evening, local(3, 16), local(3, 30))
    rules.check_times(late_evening, local(3, 17, 0), local(3, 30))


@pytest.mark.parametrize(("span", "fits"), [(23, False), (24, True), (24 * 60, True), (24 * 60 + 1, False)])
def test_voting_lasts_from_one_to_sixty_days(span: int, fits: bool) -> None:
    opens = local(3, 16)
    if fits:
        rules.check_times(NOTICE, opens, opens + timedelta(hours=span))
    else:
        with pytest.raises(Refused) as refused:
            rules.check_times(NOTICE, opens, opens + timedelta(hours=span))
        assert refused.value.facts["field"] == "closes_at"


def test_the_defaults_fit_the_rules() -> None:
    opens = rules.earliest_opening(NOTICE)
    assert opens == local(3, 16)
    rules.check_times(NOTICE, opens, rules.default_close(opens))


def test_a_poll_is_open_from_its_opening_up_to_but_not_including_its_close() -> None:
    poll = Times()
    second = timedelta(seconds=1)
    assert rules.state(poll, poll.opens_at - second) is PollState.ANNOUNCED
    assert rules.state(poll, poll.opens_at) is PollState.OPEN
    assert rules.state(poll, poll.closes_at - second) is PollState.OPEN
    assert rules.state(poll, poll.closes_at) is PollState.CLOSED


def test_a_recorded_close_and_a_withdrawal_hold_whatever_the_clock_says() -> None:
    poll = Times()
    before_close = poll.closes_at - timedelta(hours=1)
    assert rules.state(replace(poll, closed_at=before_close), before_close) is PollState.CLOSED
    assert rules.state(replace(poll, withdrawn_at=NOTICE), before_close) is PollState.WITHDRAWN


@pytest.mark.parametrize("item", range(1, 10))
def test_items_six_seven_and_eight_alone_need_three_quarters(item: int) -> None:
    rule = rules.rule_for(item, invalid_takes_part=False, count_parking=False)
    assert str(rule.consent) == (">= 3/4" if item in (6, 7, 8) else "> 1/2")
    assert str(rule.quorum) == ">= 2/3"


def test_what_the_compound_sets_changes_the_fingerprint_of_the_rule() -> None:
    plain = rules.rule_for(8, invalid_takes_part=False, count_parking=False)
    hashes = {
        rules.rule_for(8, invalid_takes_part=invalid, count_parking=parking).hash
        for invalid in (False, True)
        for parking in (False, True)
    }
    assert len(hashes) == 4
    assert plain.hash in hashes


def test_the_locked_text_holds_everything_that_decides() -> None:
    text = rules.locked_text("装充电桩。", option="三处", cost="26,000 元", income_share="按面积分配")
    assert text == "装充电桩。\n\n选定方案：三处\n\n费用：26,000 元\n\n收益分配：按面积分配"
    assert rules.text_hash("甲", text) != rules.text_hash("乙", text)


def test_a_receipt_holds_eighty_bits_and_no_letter_that_looks_like_another() -> None:
    receipts = {rules.new_receipt() for _ in range(200)}
    assert len(receipts) == 200
    assert all(len(one) == 16 and not set(one) & set("01IO") for one in receipts)
    assert typed.letters(" abcd-efgh 2345 wxyz ") == "ABCDEFGH2345WXYZ"


def test_one_person_cannot_read_a_slip_twice_and_only_equal_readings_match() -> None:
    first = Keyed("Y01", "0101", "for", "谢玉志")
    with pytest.raises(Refused):
        paper_rules.paper_outcome(first, 5, first, 5)
    assert (
        paper_rules.paper_outcome(first, 5, replace(first, room="水仙里1幢1单元0101", cast_by=" 谢玉志 "), 6)
        == "matched"
    )
    assert paper_rules.paper_outcome(first, 5, replace(first, choice="against"), 6) == "conflict"
    assert paper_rules.paper_outcome(first, 5, replace(first, head_key="Y02"), 6) == "conflict"
    assert paper_rules.paper_outcome(first, 5, replace(first, cast_by="谢玉芝"), 6) == "conflict"


def test_rooms_that_no_roll_has_are_compared_as_written_and_who_signed_an_invalid_paper_does_not_matter() -> None:
    nowhere = Keyed("", "9幢 0909", "for", "谢玉志")
    assert nowhere.differs(replace(nowhere, room="９幢0909")) == []
    assert nowhere.differs(replace(nowhere, room="9幢0908", choice="abstain")) == ["room", "choice"]
    invalid = Keyed("Y01", "0101", "invalid", "")
    assert invalid.differs(replace(invalid, cast_by="谢玉志")) == []


@pytest.mark.parametrize("typed", ["200", "0200", "００２００", " 2 00 "])
def test_one_paper_has_one_number_however_it_is_typed(typed: str) -> None:
    assert paper_rules.slip_number(typed) == "0200"


def test_a_number_that_is_more_than_digits_or_longer_stays_what_it_is() -> None:
    assert (paper_rules.slip_number("a-001"), paper_rules.slip_number("12345"), paper_rules.slip_number("0")) == (
        "A-001",
        "12345",
        "0000",
    )


def test_a_misread_letter_of_a_receipt_is_taken_for_the_one_it_looks_like() -> None:
    assert typed.letters("０OI1 abcd") == "QQLLABCD"


def test_the_token_of_a_choice_holds_for_one_account_poll_and_head_and_names_no_choice() -> None:
    whose: Any = {"account_id": 7, "poll_id": 3, "head_key": "Y01"}
    tokens = {choice: booth_rules.choice_token(b"secret", choice=choice, **whose) for choice in rules.CASTABLE}
    assert len(set(tokens.values())) == 3
    for choice, token in tokens.items():
        assert booth_rules.choice_of_token(b"secret", token, **whose) is choice
        assert booth_rules.choice_of_token(b"other", token, **whose) is None
        for change in ({"account_id": 8}, {"poll_id": 4}, {"head_key": "Y02"}):
            assert booth_rules.choice_of_token(b"secret", token, **{**whose, **change}) is None
    assert booth_rules.choice_of_token(b"secret", "ä", **whose) is None


def test_only_who_keyed_a_paper_in_puts_it_right_and_only_until_it_is_settled() -> None:
    paper_rules.check_correction("waiting", by=5, first_by=5, second_by=None)
    paper_rules.check_correction("conflict", by=6, first_by=5, second_by=6)
    for state, by, code in (("waiting", 6, "not_your_keying"), ("matched", 5, "paper_settled")):
        with pytest.raises(Refused) as refused:
            paper_rules.check_correction(state, by=by, first_by=5, second_by=None)
        assert refused.value.code == code
