"""RULES E1 to E4 through the app on the sample roll of 175 heads, and ties on a small one."""

import pytest

from deliberation.decision import queries
from tests.conftest import Town
from tests.deliberation.decision import build


def outcome(choices: dict[str, str], **changes: str) -> dict[str, str]:
    return {**choices, **changes}


def without(choices: dict[str, str], head: str) -> dict[str, str]:
    return {key: choice for key, choice in choices.items() if key != head}


def test_e1_a_developer_who_abstains_sinks_what_three_quarters_of_the_people_want(town: Town) -> None:
    decision = build.decided(town, build.e1_choices(), sample=True)
    verdict = queries.verdict_of(decision)
    assert (verdict.valid, verdict.passed) == (True, False)
    assert verdict.totals["roll"] == {"heads": 175, "area": 2045942}
    assert verdict.totals["taking_part"] == {"heads": 134, "area": 1568238}
    assert verdict.totals["for"] == {"heads": 101, "area": 1155245}
    assert verdict.totals["against"] == {"heads": 26, "area": 259716}
    assert verdict.totals["abstain"] == {"heads": 7, "area": 153277}
    assert [(test.name, test.met) for test in verdict.tests] == [
        ("participation.heads", True),
        ("participation.area", True),
        ("consent.heads", True),
        ("consent.area", False),
    ]
    page = town.as_(None).get(build.path(decision))
    assert "本次表决未通过：面积差 209.34 ㎡" in page.text


def test_e2_the_developer_for_it_carries_it(town: Town) -> None:
    decision = build.decided(town, outcome(build.e1_choices(), **{build.DEVELOPER: "for"}), sample=True)
    assert decision.passed


def test_e3_the_same_ballots_carry_an_ordinary_item(town: Town) -> None:
    decision = build.decided(town, build.e1_choices(), law_item=9, sample=True)
    assert decision.passed


def test_e4_the_developer_staying_away_carries_it(town: Town) -> None:
    decision = build.decided(town, without(build.e1_choices(), build.DEVELOPER), sample=True)
    assert decision.passed
    assert queries.verdict_of(decision).totals["taking_part"] == {"heads": 133, "area": 1473160}


# The small roll: 9 heads, 930.50 m2. Y01 200.00, Y02 100.00, Y03 80.50, Y04 120.00, Y05 100.00, Y06 90.00, Y07 90.00,
# Y08 60.00, D01 90.00. Two thirds are 6 heads and 620.34 m2.
SIX = {"Y01": "for", "Y02": "for", "Y04": "for", "Y05": "for", "Y06": "for", "Y07": "for"}


@pytest.mark.parametrize(
    ("choices", "law_item", "valid", "passed", "why"),
    [
        (SIX, 8, True, True, "six of nine heads are exactly two thirds"),
        (without(SIX, "Y07"), 8, False, False, "five heads are too few"),
        (outcome(without(SIX, "Y01"), Y08="for"), 8, False, False, "six heads with 560.00 m2 are too little area"),
        (
            {**SIX, "Y06": "against", "Y08": "for", "D01": "against"},
            8,
            True,
            True,
            "six of eight heads are exactly three quarters",
        ),
        (
            {"Y01": "for", "Y02": "for", "Y03": "for", "Y04": "against", "Y05": "against", "Y06": "against"},
            9,
            True,
            False,
            "three of six heads are half and not more",
        ),
        (
            {
                "Y01": "against",
                "Y04": "against",
                "Y02": "for",
                "Y06": "for",
                "Y07": "for",
                "Y08": "for",
                "Y05": "abstain",
            },
            9,
            True,
            False,
            "four of seven heads are more than half but 340.00 of 760.00 m2 are not",
        ),
        ({}, 9, False, False, "nobody voted"),
    ],
)
def test_each_majority_is_needed_twice(
    town: Town, choices: dict[str, str], law_item: int, valid: bool, passed: bool, why: str
) -> None:
    decision = build.decided(town, choices, law_item=law_item)
    assert (decision.valid, decision.passed) == (valid, passed), why
