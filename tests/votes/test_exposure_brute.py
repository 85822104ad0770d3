"""SPEC 7: what a window on a cell's area tells of an owner, held against trying every set."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.every_set import brute
from votes.exposure import IMPOSSIBLE, MILLION, Exposure, Window, coarse, exact, exposures, smooth, work


@st.composite
def cells(draw: st.DrawFn) -> tuple[list[int], list[Window]]:
    step = draw(st.sampled_from([1, 1, 5]))
    areas = draw(st.lists(st.integers(1, 12).map(lambda n: n * step), min_size=2, max_size=9))
    windows = []
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, len(areas)))
        last = draw(st.integers(first, min(len(areas), first + 2)))
        low = draw(st.integers(-5, 60))
        windows.append(Window(range(first, last + 1), low, low + draw(st.integers(-1, 15))))
    return areas, windows


class TestExposure:
    @given(cells())
    def test_exact_is_what_trying_every_set_says(self, cell: tuple[list[int], list[Window]]) -> None:
        areas, windows = cell
        assert exact(areas, windows) == [brute(areas, window) for window in windows]

    @given(cells())
    def test_counting_the_smaller_cell_instead_changes_nothing(self, cell: tuple[list[int], list[Window]]) -> None:
        areas, windows = cell
        windows = [Window(windows[0].counts, window.low, window.high) for window in windows]
        assert exposures(areas, windows, [1] * len(windows), 10**9) == [brute(areas, window) for window in windows]

    @given(cells(), st.integers(0, 3000))
    def test_coarse_bounds_hold(self, cell: tuple[list[int], list[Window]], budget: int) -> None:
        areas, windows = cell
        for bound, window in zip(coarse(areas, windows, budget), windows, strict=True):
            true = brute(areas, window)
            if bound == IMPOSSIBLE:
                assert true == IMPOSSIBLE
            elif bound is not None:
                assert true != IMPOSSIBLE
                assert bound.most >= true.most
                assert bound.least <= true.least

    def test_coarse_with_budget_enough_is_exact(self) -> None:
        areas, window = [7, 8, 9, 10, 11], Window(range(2, 3), 17, 19)
        assert coarse(areas, [window], 10**9) == exact(areas, [window]) == [brute(areas, window)]
        assert coarse(areas, [window], 0) == [None]

    def test_work_is_known_before_it_is_done_and_grows(self) -> None:
        areas = [7, 8, 9, 10, 11]
        assert work(areas, [Window(range(1, 2), 0, 20)]) == 26
        assert work([101, 151, 251], [Window(range(2, 3), 0, 402)]) == 6 * 2 * 5 * 2 // 16
        assert work([100] * 5, [Window(range(2, 3), 0, 402)]) == 6 * 2 * 203 * 4 // 16
        assert work([100] * 5, [Window(range(2, 3), 0, 99)]) == 6 * 2 * 1 * 4 // 16
        assert 0 < work(areas, [Window(range(1, 2), 0, 20)]) < work(areas, [Window(range(3, 4), 0, 40)])

    def test_smooth_comes_close_to_exact_and_stays_on_the_safe_side(self) -> None:
        chance = random.Random(7)
        areas = [chance.randrange(6000, 14000, 10) for _ in range(120)]
        total = sum(areas[:20])
        window = Window(range(20, 21), total - 500, total + 499)
        assert smooth([*areas[:-1], 95078], window, 1000) is None
        near, (true,) = smooth(areas, window, 1000), exact(areas, [window])
        assert near is not None
        assert true is not None
        assert true.most <= near.most <= true.most + 90_000
        assert true.least - 60_000 <= near.least <= true.least

    @pytest.mark.parametrize(
        ("plans", "why"),
        [
            ([9000, 10000, 11000], "all on a ladder of ten square metres"),
            ([9000, 10006, 11012], "nearly on one"),
            ([8937], "one plan"),
        ],
    )
    def test_smooth_gives_up_on_arithmetic_structure(self, plans: list[int], why: str) -> None:
        areas = plans * (200 // len(plans)) + [9549]
        total = sum(areas[:60])
        assert smooth(areas, Window(range(60, 61), total - 500, total + 499), 1000) is None, why

    def test_smooth_gives_up_on_too_fine_a_grid_or_too_few_mixtures(self) -> None:
        chance = random.Random(7)
        areas = [chance.randint(6000, 14000) for _ in range(60)]
        total = sum(areas[:15])
        assert smooth(areas, Window(range(15, 16), total, total), 1) is None
        few = areas[:12]
        middle = sum(few) // 2
        assert smooth(few, Window(range(6, 7), middle - 50, middle + 49), 100) is None

    def test_smooth_gives_up_where_a_chance_is_near_none_or_near_certain(self) -> None:
        chance = random.Random(7)
        areas = [chance.randint(6000, 14000) for _ in range(200)]
        lopsided = sum(sorted(areas)[:100]) + 20_000
        assert smooth(areas, Window(range(100, 101), lopsided, lopsided + 999), 1000) is None
        assert smooth(areas, Window(range(100, 101), 1, 1000), 1000) is None
        assert smooth(areas, Window(range(1), 0, 0), 1000) is None

    def test_certain_is_either_end(self) -> None:
        assert Exposure(MILLION, 1).certain
        assert Exposure(999_999, 0).certain
        assert not Exposure(999_999, 1).certain
