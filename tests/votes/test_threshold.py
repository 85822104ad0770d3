"""SPEC 4: exact shares."""

import pytest

from votes.refusal import Refused
from votes.threshold import Bar, area_text, percent_text

BARS = [Bar(2, 3, False), Bar(3, 4, False), Bar(1, 2, True), Bar(1, 1, False), Bar(1, 2, False), Bar(2, 3, True)]


@pytest.mark.parametrize("bar", BARS, ids=str)
def test_met_says_what_cross_multiplication_says_for_every_small_pair(bar: Bar) -> None:
    for of in range(1, 60):
        for have in range(of + 1):
            left, right = have * bar.denominator, of * bar.numerator
            assert bar.test("consent.heads", have, of).met == (left > right if bar.strict else left >= right)


@pytest.mark.parametrize("bar", BARS, ids=str)
def test_short_by_is_the_fewest_more_that_would_meet_the_bar(bar: Bar) -> None:
    for of in range(1, 60):
        for have in range(of + 1):
            test = bar.test("consent.area", have, of)
            assert (test.short_by == 0) == test.met
            assert bar.test("consent.area", have + test.short_by, of).met
            if not test.met:
                assert not bar.test("consent.area", have + test.short_by - 1, of).met
                assert test.need == have + test.short_by


@pytest.mark.parametrize("bar", BARS, ids=str)
def test_a_share_of_nothing_is_compared_like_any_other(bar: Bar) -> None:
    test = bar.test("consent.heads", 0, 0)
    assert (test.met, test.short_by, test.need) == ((False, 1, 1) if bar.strict else (True, 0, 0))


@pytest.mark.parametrize(
    ("bar", "have", "of", "met"),
    [
        (Bar(2, 3, False), 20_000_00, 30_000_00, True),
        (Bar(2, 3, False), 19_999_99, 30_000_00, False),
        (Bar(3, 4, False), 150, 200, True),
        (Bar(3, 4, False), 149, 200, False),
        (Bar(1, 2, True), 110, 220, False),
        (Bar(1, 2, True), 111, 220, True),
        (Bar(2, 3, False), 2 * 10**17, 3 * 10**17, True),
        (Bar(2, 3, False), 2 * 10**17 - 1, 3 * 10**17, False),
    ],
)
def test_a_tie_counts_for_at_least_and_not_for_more_than(bar: Bar, have: int, of: int, met: bool) -> None:
    assert bar.test("participation.area", have, of).met is met


def test_a_test_carries_the_integers_that_were_compared() -> None:
    test = Bar(3, 4, False).test("consent.area", 1155245, 1568238)
    assert test.as_json() == {
        "name": "consent.area",
        "have": 1155245,
        "of": 1568238,
        "required": "3/4",
        "comparison": ">=",
        "met": False,
        "short_by": 20934,
    }
    assert test.about_area
    assert test.bar == Bar(3, 4, False)
    assert not Bar(1, 2, True).test("consent.heads", 1, 2).about_area


@pytest.mark.parametrize(("have", "of"), [(-1, 2), (0, -1)])
def test_negative_counts_are_a_programming_error(have: int, of: int) -> None:
    with pytest.raises(ValueError, match=r"^consent\.heads: counts cannot be negative$"):
        Bar(1, 2, True).test("consent.heads", have, of)


@pytest.mark.parametrize("text", [">= 2/3", "> 1/2", ">= 1/1", ">= 3/4", "> 2/3"])
def test_a_bar_reads_back_as_it_is_written(text: str) -> None:
    assert str(Bar.parse(text)) == text
    assert Bar.parse(f" {text.replace(' ', '')} ") == Bar.parse(text)


@pytest.mark.parametrize(
    "text", ["", "2/3", "> 1/1", "> 3/2", ">= 3/2", ">= 0/2", ">= 1/0", "< 1/2", ">= 1.5/2", ">= 66%", ">= 12345/99999"]
)
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Bar.parse(text)
    assert refused.value.code == "bad_bar"
    assert refused.value.facts == {"value": text}


def test_areas_and_percentages_are_written_for_people() -> None:
    assert area_text(2045942) == "20,459.42"
    assert area_text(5) == "0.05"
    assert area_text(100) == "1.00"
    assert percent_text(101, 134) == "75.37"
    assert percent_text(1155245, 1568238) == "73.67"
    assert percent_text(199_999, 300_000) == "66.67"
    assert percent_text(1, 8) == "12.50"
    assert percent_text(1, 20_000) == "0.01"
    assert percent_text(99_999, 200_000_000) == "0.05"
    assert percent_text(0, 0) == "0.00"
    assert percent_text(3, 3) == "100.00"
    assert percent_text(1, 1) == "100.00"
