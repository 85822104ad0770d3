"""SPEC 7.4: the three ways to play the attacker, pinned where they were checked against each other."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

import votes.exposure
from tests.votes.tilted import Tilted
from votes.exposure import (
    _TWO_PI,
    IMPOSSIBLE,
    MILLION,
    Exposure,
    Window,
    _both,
    _damped,
    _margin,
    _mixtures,
    _on_grid,
    _Sets,
    _stepped,
    _tilted,
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
            (100_000, [None, Exposure(MILLION, 55568)]),
            (300_000, [Exposure(712351, 110289), Exposure(470881, 254364)]),
            (1_000_000, [Exposure(537091, 151200), Exposure(412348, 293747)]),
            (3_000_000, [Exposure(467279, 174949), Exposure(395143, 306837)]),
        ],
    )
    def test_tightens_as_the_budget_grows(self, budget: int, bounds: list[Exposure | None]) -> None:
        assert coarse(PLANS, WINDOWS, budget) == bounds
        for bound, true in zip(bounds, self.TRUE, strict=True):
            assert bound is None or (bound.most >= true.most and bound.least <= true.least)

    def test_takes_the_finest_grid_that_it_can_pay_for(self) -> None:
        enough = _on_grid(PLANS, WINDOWS, 1).cost
        assert coarse(PLANS, WINDOWS, enough) == list(self.TRUE)
        assert coarse(PLANS, WINDOWS, enough - 1) != list(self.TRUE)

    def test_says_impossible_only_when_it_is(self) -> None:
        assert coarse(PLANS, [Window(range(15, 16), 1, 9)], 300_000) == [IMPOSSIBLE]

    def test_rounding_errors_are_summed_to_the_worst_side(self) -> None:
        areas, two, one = [10, 12, 17, 13, 3], Window(range(1, 3), 30, 40), Window(range(1, 2), 11, 21)
        steps = [2, 2, 3, 3, 1]
        of_two, of_one = [(7, 7), (6, 8)], [(3, 3), (2, 4)]
        assert rounded(areas, [two], 5) == (steps, of_two, 8)
        assert rounded(areas, [one], 5) == (steps, of_one, 4)
        assert rounded(areas, [two, one], 5) == (steps, [*of_two, (3, 3), (2, 5)], 8)
        assert rounded([10, 12], [two], 5)[2] == rounded([13, 10], [two], 5)[2] == 2
        assert rounded([1, 2, 3], [two], 1) == ([1, 2, 3], [(30, 40)] * 2, 0)

    @given(st.lists(st.integers(1, 40), min_size=2, max_size=7), st.integers(1, 50), st.integers(0, 5), st.data())
    def test_rounded_windows_hold_whatever_the_rounding_did(
        self, areas: list[int], grid: int, spare: int, data: st.DataObject
    ) -> None:
        count = data.draw(st.integers(0, len(areas)))
        window = Window(range(count, count + 1), low := data.draw(st.integers(0, 90)), low + spare * grid)
        found = _on_grid(areas, [window], grid)
        surely, maybe = found.windows
        assert found.cost == work(found.steps, found.windows)
        for chosen in itertools.combinations(range(len(areas)), count):
            exactly, about = sum(areas[i] for i in chosen), sum(found.steps[i] for i in chosen)
            if surely.low <= about <= surely.high:
                assert window.low <= exactly <= window.high
            if window.low <= exactly <= window.high:
                assert maybe.low <= about <= maybe.high

    def test_the_largest_count_of_any_window_is_budgeted_for(self) -> None:
        few, many = Window(range(1, 2), 11, 21), Window(range(3, 4), 30, 40)
        assert _on_grid([13, 13, 13, 12], [few, many], 10).doubt == 9

    @pytest.mark.parametrize("largest", [13_999, 95_078, 1_000_000, 10_000_000])
    @pytest.mark.parametrize(("budget", "times"), [(30_000, 0), (10_000_000, 1)])
    def test_never_counts_beyond_the_budget(
        self, largest: int, budget: int, times: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A mall on the roll needs a grid on which no flat is a step: then the rounding alone opens hundreds of sums."""
        areas = [*all_distinct(), largest]
        total = sum(areas[:60])
        windows = [Window(range(60, 61), total - 500, total + 499), Window(range(55, 65), total - 5000, total + 4999)]
        count, done = votes.exposure._count_sets, list[int]()

        def watched(areas: Sequence[int], windows: Sequence[Window]) -> list[_Sets]:
            done.append(work(areas, windows))
            assert done[-1] <= budget
            return count(areas, windows)

        monkeypatch.setattr(votes.exposure, "_count_sets", watched)
        assert len(coarse(areas, windows, budget)) == 2
        assert len(done) == times


def rounded(areas: list[int], windows: list[Window], grid: int) -> tuple[list[int], list[tuple[int, int]], int]:
    found = _on_grid(areas, windows, grid)
    assert [each.counts for each in found.windows] == [each.counts for each in windows for _ in range(2)]
    return found.steps, [(each.low, each.high) for each in found.windows], found.doubt


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

    def test_each_corner_is_looked_at(self) -> None:
        areas = all_distinct()
        total = sum(areas[:60])
        for low, high in ((total - 9000, total), (total, total + 9000)):
            with localcontext(prec=20):
                corners = [_tilted(Counter(areas), n, s, 9001) or [] for n in (59, 62) for s in (low, high)]
            most, least = max(map(max, corners)), min(map(min, corners))
            assert len({most, *map(max, corners)}) == 4
            found = smooth(areas, Window(range(59, 63), low, high), 10_000)
            assert found == Exposure(most + _margin(most), least - _margin(least))

    def test_needs_every_chance_between_one_in_twenty_and_four_in_five(self) -> None:
        areas = all_distinct() * 4
        for heads in (31, 479):
            assert self.level_share(areas, heads) is not None
        for heads in (29, 481):
            assert self.level_share(areas, heads) is None

    def test_exactly_one_in_twenty_and_four_in_five_will_do(self) -> None:
        areas = all_distinct()
        areas[0] += -sum(areas) % 5
        for heads, most, least in ((30, 61_875, 38_125), (480, 840_000, 760_000)):
            total = sum(areas) * 4 * heads // 600
            assert smooth(areas * 4, Window(range(heads, heads + 1), total, total), 100) == Exposure(most, least)

    def test_the_window_holds_both_its_ends(self) -> None:
        """Each corner is asked whether 64 mixtures fit a window as wide as this one."""
        areas = [9000, 10_100, 11_300] * 20
        seen = set()
        for width in range(7340, 7420):
            low = sum(areas) * 25 // 60 - width // 2
            corners = [Tilted.of(list(Counter(areas).items()), 25, total) for total in (low, low + width - 1)]
            fits = all(each is not None and each.mixtures(width) >= 64 for each in corners)
            assert (smooth(areas, Window(range(25, 26), low, low + width - 1), 20_000) is not None) is fits
            seen.add(fits)
        assert seen == {True, False}

    @staticmethod
    def level_share(areas: list[int], heads: int) -> Exposure | None:
        total = sum(areas) * heads // len(areas)
        return smooth(areas, Window(range(heads, heads + 1), total, total + 399), 100)


class TestTilted:
    """The shares, held against bisection in floats."""

    @pytest.mark.parametrize("seed", range(40))
    def test_shares_are_those_of_another_way_to_find_them(self, seed: int) -> None:
        chance = random.Random(seed)
        sizes = [chance.randint(6000, 14000) for _ in range(chance.choice([2, 3, 6, 30]))]
        areas = [chance.choice(sizes) for _ in range(chance.randint(10, 90))]
        areas[0] = chance.choice([areas[0], 21488])
        count = chance.randint(1, len(areas) - 1)
        chosen = sorted(areas, reverse=chance.random() < 0.5)[: count // 2] + areas[: count - count // 2]
        width = chance.choice([100, 1000, 10_000])
        plans = Counter(areas)
        with localcontext(prec=20):
            found = _tilted(plans, count, sum(chosen), width)
        other = Tilted.of(list(plans.items()), count, sum(chosen))
        if other is None:
            assert found is None or min(found) < 1000
        elif other.pull > 0.0626 or other.mixtures(width) < 63.9:
            assert found is None
        elif abs(other.tilt) < 9 and other.pull < 0.0624 and other.mixtures(width) > 64.1:
            assert found is not None
            for share, true in zip(found, other.shares, strict=True):
                assert abs(share - true * MILLION) < 1000

    def test_a_head_may_pull_the_totals_by_a_sixteenth_and_no_more(self) -> None:
        """Half of everybody and of every area: then all shares are a half, and each of 2 n heads on two plans pulls by 1/n."""
        for each, shares in ((16, [500_000, 500_000]), (15, None)):
            assert _tilted(Counter({9000: each, 11000: each}), each, each * 10_000, 10**6) == shares

    @pytest.mark.parametrize("count", [45, 113])
    def test_a_shop_among_flats_may_be_as_large_as_its_pull_allows(self, count: int) -> None:
        flats = Counter({7000: 100, 8000: 50, 9500: 60, 12_000: 15})
        allowed = []
        for shop in range(13_000, 24_000, 60):
            plans = flats + Counter({shop: 1})
            total = count * sum(plans.elements()) // 226 * 97 // 100
            with localcontext(prec=20):
                found = _tilted(plans, count, total, 10**6)
            other = Tilted.of(list(plans.items()), count, total)
            assert other is not None
            assert abs(other.pull - 1 / 16) > 1e-5
            assert (found is not None) is (other.pull < 1 / 16)
            allowed.append(found is not None)
        assert {*allowed} == {True, False}

    def test_sixty_four_mixtures_fit_the_window(self) -> None:
        """Two plans of 16 heads, spread by 4 each: (2 pi e 4) / (2 pi 8) mixtures for each 1000 of width."""
        plans = Counter({9000: 16, 11000: 16})
        assert _tilted(plans, 16, 160_000, 47_308) is None
        assert _tilted(plans, 16, 160_000, 47_309) == [500_000, 500_000]
        assert _mixtures([Decimal(17), Decimal("0.01"), Decimal(68)], Decimal(4), _TWO_PI * 6) == 3 * 17 * 34

    @pytest.mark.parametrize(("count", "total"), [(0, 0), (32, 320_000), (33, 330_000), (16, 144_000), (16, 176_000)])
    def test_nothing_is_said_where_the_totals_leave_no_choice(self, count: int, total: int) -> None:
        assert _tilted(Counter({9000: 16, 11000: 16}), count, total, 10**6) is None

    def test_one_head_and_all_but_one_are_a_choice(self) -> None:
        plans = Counter({9000: 600, 10_000: 400, 11_000: 200})
        assert _tilted(plans, 1, 9667, 10**8) == [833] * 3
        assert _tilted(plans, 1199, sum(plans.elements()) - 9667, 10**8) == [999_166] * 3


def on_a_ladder(areas: list[int], finest: int) -> bool:
    """Every step up to the widest gap, through everybody; one area alone counts as a ladder."""
    reach = max(areas) - min(areas)
    steps = range(finest, reach + 1) if reach else [1]
    tried = [[(area - first) % step for area in areas] + [step] for step in steps for first in areas]
    return any(
        4 * sum(8 * min(rest, step - rest) <= step for rest in rests) >= 3 * len(rests) for *rests, step in tried
    )


class TestLadders:
    @given(st.lists(st.integers(100, 115), min_size=1, max_size=8), st.integers(1, 20))
    def test_is_what_trying_every_ladder_says(self, areas: list[int], finest: int) -> None:
        assert _stepped(areas, finest) is on_a_ladder(areas, finest)

    @pytest.mark.parametrize(("off", "stepped"), [(9, True), (10, True), (11, False)])
    def test_three_quarters_on_one_ladder_is_too_many(self, off: int, stepped: bool) -> None:
        assert _stepped([1000, 1100, 1200] * 10 + [1061] * off, 100) is stepped

    @pytest.mark.parametrize(("apart", "stepped"), [(12, True), (13, False)])
    def test_near_enough_is_an_eighth_of_a_step_to_either_side(self, apart: int, stepped: bool) -> None:
        assert _stepped([1000, 1000 + apart] * 5 + [1100], 100) is stepped

    @pytest.mark.parametrize("seed", range(30))
    def test_no_ladder_is_passed_over_between_two_steps(self, seed: int) -> None:
        chance = random.Random(seed)
        step, rungs, first = chance.randint(100, 3000), chance.randint(4, 80), chance.randint(2000, 9000)
        ladder = [first + step * n for n in range(rungs)]
        assert _stepped([chance.choice(ladder) for _ in range(90)], step - step // 16)

    @pytest.mark.parametrize(
        ("below", "middle", "above", "stepped"), [(9, 1, 7, True), (10, 1, 6, False), (10, 2, 5, True)]
    )
    def test_a_ladder_is_looked_for_through_heads_of_every_size_and_through_common_areas(
        self, below: int, middle: int, above: int, stepped: bool
    ) -> None:
        """Only from 10125 are the others within an eighth of a step. Of eighteen heads every third one is asked."""
        sides = [*range(10_000, 10_000 + below), *range(10_251 - above, 10_251), 11_000]
        assert _stepped(sides + [10_125] * middle, 1000) is stepped

    def test_finer_ladders_do_not_matter(self) -> None:
        ladder = [6000 + 100 * n for n in range(60)]
        assert _stepped(ladder, 100)
        assert not _stepped(ladder, 102)
        window = Window(range(60, 61), sum(ladder) - 400, sum(ladder) + 400)
        assert smooth(ladder * 3, window, 807) is None
        assert smooth(ladder * 3, window, 816) is not None
        assert not _stepped(all_distinct(), 12)
        assert smooth(all_distinct() * 2, Window(range(100, 101), 10**6, 10**6 + 799), 800) is not None

    def test_one_plan_alone_is_a_ladder(self) -> None:
        assert _stepped([8937] * 50, 100)

    def test_a_mall_among_flats_is_a_ladder(self) -> None:
        assert _stepped([*all_distinct(), 1_000_000], 12)

    def test_of_many_heads_about_a_hundred_are_looked_at(self) -> None:
        chance = random.Random(3)
        odd = [6000 + 200 * n + chance.randint(30, 170) for n in range(96)]
        mixed = sorted(odd + [6000 + 200 * n for n in range(97)])
        assert _stepped(mixed, 190)
        assert not _stepped(mixed[1:], 190)
        assert not _stepped(odd, 190)


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
