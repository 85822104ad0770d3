"""SPEC 7.4: the three ways to play the attacker, pinned where they were checked against each other."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from votes.exposure import (
    IMPOSSIBLE,
    MILLION,
    Exposure,
    Window,
    _both,
    _damped,
    _margin,
    _off,
    _on_grid,
    _stepped,
    coarse,
    exact,
    exposures,
    smooth,
    work,
)


def five_plans() -> list[int]:
    chance = random.Random(11)
    return [chance.choice([6020, 8940, 9850, 11260, 12610]) for _ in range(44)]


def all_distinct() -> list[int]:
    chance = random.Random(12)
    return [chance.randrange(6000, 14000) for _ in range(150)]


PLANS = five_plans()
TOTAL = sum(PLANS[:15])
WINDOWS = [Window(range(15, 16), TOTAL - 5000, TOTAL + 4999), Window(range(14, 17), TOTAL - 9000, TOTAL + 8999)]


class TestCoarse:
    TRUE = (Exposure(449056, 183304), Exposure(385319, 313357))

    def test_the_truth_it_is_held_against(self) -> None:
        assert exact(PLANS, WINDOWS) == list(self.TRUE)
        assert work(PLANS, WINDOWS) == 16_579_836

    @pytest.mark.parametrize(
        ("budget", "bounds"),
        [
            (100_000, [None, Exposure(MILLION, 71409)]),
            (300_000, [Exposure(852987, 88596), Exposure(477747, 251529)]),
            (1_000_000, [Exposure(480289, 169324), Exposure(399455, 303955)]),
            (3_000_000, [Exposure(467279, 174949), Exposure(395143, 306837)]),
        ],
    )
    def test_tightens_as_the_budget_grows(self, budget: int, bounds: list[Exposure | None]) -> None:
        assert coarse(PLANS, WINDOWS, budget) == bounds
        for bound, true in zip(bounds, self.TRUE, strict=True):
            assert bound is None or (bound.most >= true.most and bound.least <= true.least)

    def test_says_impossible_only_when_it_is(self) -> None:
        assert coarse(PLANS, [Window(range(15, 16), 1, 9)], 300_000) == [IMPOSSIBLE]

    def test_rounding_errors_are_summed_to_the_worst_side(self) -> None:
        assert _on_grid([10, 12, 17, 13, 3], 5, 2) == (5, [2, 2, 3, 3, 1], -4, 4)
        assert _on_grid([10, 12, 17, 13, 3], 5, 1) == (5, [2, 2, 3, 3, 1], -2, 2)
        assert _on_grid([10, 12], 5, 2) == (5, [2, 2], 0, 2)
        assert _on_grid([13, 10], 5, 2) == (5, [3, 2], -2, 0)
        assert _on_grid([1, 2, 3], 1, 3) == (1, [1, 2, 3], 0, 0)


def smoothly(count: int, width: int, grid: int) -> Exposure | None:
    areas = all_distinct()
    total = sum(areas[:count])
    return smooth(areas, Window(range(count, count + 1), total - width // 2, total + width // 2 - 1), grid)


class TestSmooth:
    @pytest.mark.parametrize(
        ("count", "width", "most", "least"),
        [
            (45, 1000, 389_328, 215_935),
            (45, 10_000, 415_681, 195_147),
            (60, 1000, 485_897, 318_966),
            (75, 10_000, 651_047, 356_633),
        ],
    )
    def test_known_answers(self, count: int, width: int, most: int, least: int) -> None:
        assert smoothly(count, width, width) == Exposure(most, least)

    def test_bands_take_the_worst_corner(self) -> None:
        areas = all_distinct()
        total = sum(areas[:60])
        one = smooth(areas, Window(range(60, 61), total - 5000, total + 4999), 10_000)
        both = smooth(areas, Window(range(59, 62), total - 5000, total + 4999), 10_000)
        assert one is not None
        assert both is not None
        assert (both.most > one.most, both.least < one.least) == (True, True)

    @pytest.mark.parametrize("grid", [-1, 0, 1, 99])
    def test_is_not_used_below_a_square_metre(self, grid: int) -> None:
        assert smoothly(60, 100, grid) is None
        assert smoothly(60, 100, 100) is not None

    def test_the_margin_is_a_quarter_of_the_odds(self) -> None:
        assert [_margin(chance) for chance in (0, 100_000, 500_000, 900_000, MILLION)] == [0, 22_500, 62_500, 22_500, 0]

    def test_steps_are_damped(self) -> None:
        assert [_damped(Decimal(n)) for n in ("-7", "-0.5", "0.25", "3")] == [
            Decimal(n) for n in ("-1", "-0.5", "0.25", "1")
        ]


class TestLadders:
    def test_heads_off_the_ladder_are_counted_beyond_an_eighth_of_a_step(self) -> None:
        plans = Counter({1000: 3, 1112: 2, 1113: 4, 1150: 1, 988: 5, 987: 6, 888: 1})
        assert _off(plans, 1000, 100, 100) == 11
        assert _off(plans, 1000, 100, 4) == 4
        assert _off(plans, 1000, 1, 100) == 0
        assert _off(Counter({1000: 1, 1112: 2}), 1000, 96, 100) == 2
        assert _off(Counter({1000: 1, 1012: 2}), 1000, 96, 100) == 0

    @pytest.mark.parametrize(("off", "stepped"), [(7, True), (8, True), (9, False), (12, False)])
    def test_three_quarters_on_one_ladder_is_too_many(self, off: int, stepped: bool) -> None:
        assert _stepped(Counter({1000: 10, 1100: 10, 1200: 10, 1037: off}), 800) is stepped

    def test_only_ladders_as_coarse_as_an_eighth_of_the_grid_matter(self) -> None:
        plans = Counter({1000: 10, 1100: 10, 1200: 10, 1037: 2})
        assert _stepped(plans, 800)
        assert _stepped(plans, 808)
        assert not _stepped(plans, 1600)

    def test_one_plan_alone_is_a_ladder(self) -> None:
        assert _stepped(Counter({8937: 50}), 1000)

    def test_distinct_areas_on_a_ladder_are_seen_from_several_anchors(self) -> None:
        ladder = Counter({6000 + 100 * n: 1 for n in range(60)})
        assert _stepped(ladder, 800)
        odd_first = Counter({5950: 1, **{6000 + 100 * n: 1 for n in range(60)}})
        assert _stepped(odd_first, 800)
        assert not _stepped(Counter(dict.fromkeys(all_distinct(), 1)), 800)


class TestChoice:
    def test_what_both_answers_allow_is_kept(self) -> None:
        wide, narrow = Exposure(800_000, 300_000), Exposure(600_000, 200_000)
        assert _both(None, None) is None
        assert _both(wide, None) == wide
        assert _both(None, narrow) == narrow
        assert _both(wide, narrow) == _both(narrow, wide) == Exposure(600_000, 300_000)
        assert _both(IMPOSSIBLE, wide) == IMPOSSIBLE

    def test_beyond_the_budget_the_better_of_both_is_taken(self) -> None:
        areas = all_distinct()
        total = sum(areas[:60])
        window = Window(range(60, 61), total - 500, total + 499)
        assert exposures(areas, [window], [1000], 0) == [smooth(areas, window, 1000)]
        assert exposures(PLANS, WINDOWS, [1, 1], 3_000_000) == coarse(PLANS, WINDOWS, 3_000_000)
        assert exposures(PLANS, WINDOWS, [1, 1], 16_579_836) == exact(PLANS, WINDOWS)
        assert exposures(PLANS, WINDOWS, [1, 1], 16_579_835) != exact(PLANS, WINDOWS)

    def test_the_larger_side_is_answered_by_the_smaller_one(self) -> None:
        areas = all_distinct()
        total = sum(areas[:60])
        small = Window(range(60, 61), total - 500, total + 499)
        large = Window(range(90, 91), sum(areas) - small.high, sum(areas) - small.low)
        found = smooth(areas, small, 1000)
        assert found is not None
        assert exposures(areas, [large], [1000], 0) == [Exposure(MILLION - found.least, MILLION - found.most)]
