"""SPEC 7: what may be shown of a secret poll."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.votes.every_set import brute
from tests.votes.make import SAMPLE
from votes.disclosure import BUDGET, OWNERS, Figures, Publication, decide, with_known
from votes.exposure import IMPOSSIBLE, MILLION, Window
from votes.roll import read
from votes.rules import RuleSet
from votes.shown import among_voters, band, rounded, within_band, without_turnout
from votes.threshold import Bar


def figures(voters: Sequence[int], yes: Sequence[int], abstain: int = 0) -> Figures:
    no = len(voters) - len(yes)
    return Figures(len(yes), no - abstain, abstain, sum(yes), sum(voters) - sum(yes))


class TestRounding:
    def test_is_half_up_once(self) -> None:
        assert [rounded(12_345, level) for level in ("exact", "1", "10", "100")] == [12_345, 12_300, 12_000, 10_000]
        assert [rounded(150, "1"), rounded(149, "1"), rounded(500, "10"), rounded(5000, "100")] == [
            200,
            100,
            1000,
            10000,
        ]

    def test_bands_are_five_points_and_the_last_holds_all(self) -> None:
        assert [band(n, 20) for n in (0, 1, 10, 19, 20)] == [(0, 5), (5, 10), (50, 55), (95, 100), (95, 100)]
        assert band(99, 200) == (45, 50)
        assert band(100, 200) == (50, 55)

    def test_a_band_is_read_back_as_every_figure_that_shows_as_it(self) -> None:
        for of in range(1, 64):
            for have in range(of + 1):
                alike = [other for other in range(of + 1) if band(other, of) == band(have, of)]
                assert list(within_band(have, of)) == alike


EVEN = [8937] * 40


class TestDecide:
    def test_equal_flats_hide_one_another(self) -> None:
        shown = decide(EVEN, figures(EVEN, EVEN[:22], abstain=6))
        assert shown == Publication(
            "exact",
            "",
            heads_for=22,
            heads_not_for=18,
            heads_against=12,
            heads_abstain=6,
            area_for=22 * 8937,
            area_not_for=18 * 8937,
            worst=550_000,
        )
        assert shown.as_json() == {
            "level": "exact",
            "reason": "",
            "heads_for": 22,
            "heads_not_for": 18,
            "heads_against": 12,
            "heads_abstain": 6,
            "area_for": 196614,
            "area_not_for": 160866,
            "worst": 550_000,
        }

    @pytest.mark.parametrize(("abstain", "split"), [(4, False), (5, True), (13, True), (14, False)])
    def test_against_and_abstain_are_told_apart_only_with_five_of_each(self, abstain: int, split: bool) -> None:
        shown = decide(EVEN, figures(EVEN, EVEN[:22], abstain=abstain))
        assert (shown.heads_abstain, shown.heads_against) == ((abstain, 18 - abstain) if split else (None, None))

    @pytest.mark.parametrize(
        ("voters", "yes", "reason"),
        [(29, 15, "few_cast"), (30, 15, ""), (40, 4, "small_cell"), (40, 5, ""), (40, 36, "small_cell"), (40, 35, "")],
    )
    def test_the_hard_floor(self, voters: int, yes: int, reason: str) -> None:
        areas = [8937] * voters
        shown = decide(areas, figures(areas, areas[:yes]))
        assert (shown.level, shown.reason) == ("exact" if not reason else "thresholds", reason)

    @pytest.mark.parametrize("yes", [0, 40])
    def test_unanimity_shows_only_the_thresholds(self, yes: int) -> None:
        assert decide(EVEN, figures(EVEN, EVEN[:yes])) == Publication("thresholds", "small_cell")

    def test_nine_in_ten_on_one_side_is_too_sure_about_everyone(self) -> None:
        areas = [8937] * 100
        assert decide(areas, figures(areas, areas[:89])).level == "exact"
        assert decide(areas, figures(areas, areas[:90])) == Publication("thresholds", "revealing")
        assert decide(areas, figures(areas, areas[:11])).level == "exact"
        assert decide(areas, figures(areas, areas[:10])).level == "bands"

    def test_a_shop_that_stands_out_makes_the_figures_coarser(self) -> None:
        areas = [*EVEN, 21488]
        shown = decide(areas, figures(areas, [*EVEN[:20], 21488]))
        assert (shown.level, shown.reason) == ("bands", "revealing")
        assert (shown.heads_band, shown.area_band, shown.area_for) == ((50, 55), (50, 55), None)
        assert shown.worst == 548_694

    def test_rounding_hides_what_exact_areas_would_tell(self) -> None:
        chance = random.Random(4)
        areas = [chance.randint(6000, 14000) for _ in range(31)]
        yes = areas[:8]
        shown = decide(areas, figures(areas, yes))
        assert shown.level == "1"
        assert shown.reason == "revealing"
        assert shown.area_for == rounded(sum(yes), shown.level)

    def test_somebody_who_does_not_know_who_took_part_is_played_too(self) -> None:
        voters = [8937] * 36
        roll = [*voters, *[12605] * 2]
        alone = decide(voters, figures(voters, voters[:18]))
        assert alone.level == "exact"
        with_roll = decide(voters, figures(voters, voters[:18]), roll=roll)
        assert with_roll.level != "exact"

    def test_who_does_not_know_who_took_part_sees_the_tests_as_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: set[tuple[int, RuleSet | None]] = set()

        def noted(figures: Figures, level: str, whole: int, told: RuleSet | None = None) -> tuple[Window, Window]:
            asked.add((whole, told))
            return without_turnout(figures, level, whole, told)

        monkeypatch.setattr("votes.disclosure.without_turnout", noted)
        voters = [8937] * 36
        decide(voters, figures(voters, voters[:18]), roll=[*voters, 12605])
        assert asked == {(sum(voters) + 12605, told) for told in (None, *OWNERS)}

    @pytest.mark.parametrize("swapped", [False, True])
    def test_either_side_may_be_the_one_that_gives_somebody_away(self, swapped: bool) -> None:
        voters = [7000] * 16 + [9700] * 14
        sides = (19, 154600), (11, 93200)
        (heads_for, area_for), (heads_not, area_not) = reversed(sides) if swapped else sides
        told = Figures(heads_for, heads_not, 0, area_for, area_not)
        assert decide(voters, told).level == "exact"
        assert decide(voters, told, roll=[*voters, 10500, 18300]).level == "100"

    def test_figures_of_other_voters_are_an_error(self) -> None:
        with pytest.raises(ValueError, match=r"^the figures are not those of these voters$"):
            decide(EVEN[:-1], figures(EVEN, EVEN[:22]))
        with pytest.raises(ValueError, match=r"^the figures are not those of these voters$"):
            decide([*EVEN[:-1], 8938], figures(EVEN, EVEN[:22]))

    def test_a_correction_is_shown_only_where_it_reads_the_same(self) -> None:
        first = decide(EVEN, figures(EVEN, EVEN[:22]))
        assert decide(EVEN, figures(EVEN, EVEN[:22]), previous=first) == first
        assert decide(EVEN, figures(EVEN, EVEN[:23]), previous=first) == Publication("thresholds", "corrected")
        hidden = Publication("thresholds", "few_cast")
        assert decide(EVEN, figures(EVEN, EVEN[:23]), previous=hidden) == hidden
        areas = [*EVEN, 21488]
        coarse_first = decide(areas, figures(areas, [*EVEN[:20], 21488]))
        assert decide(areas, figures(areas, EVEN[:21]), previous=coarse_first).level == "thresholds"

    def test_a_correction_is_read_at_the_level_that_was_shown_though_a_finer_one_would_do(self) -> None:
        told = figures(EVEN, EVEN[:22])
        exact = decide(EVEN, told)
        coarse = replace(
            exact, level="10", reason="revealing", area_for=196_000 + 1_000, area_not_for=161_000, worst=123
        )
        assert decide(EVEN, told, previous=coarse) == coarse
        assert decide(EVEN, told, previous=replace(coarse, area_for=196_000)).reason == "corrected"

    def test_the_sample_compound_gets_bands(self) -> None:
        areas = [head.area for head in read(SAMPLE).heads()]
        chance = random.Random(1)
        yes = [area for area in areas if chance.random() < 0.55]
        shown = decide(areas, figures(areas, yes), roll=areas)
        assert shown.level == "bands"
        assert shown.heads_band == band(len(yes), 175)

    @pytest.mark.long
    @pytest.mark.parametrize(("plans", "mall"), [(0, 0), (6, 0), (0, 1_000_000), (0, 10_000_000), (6, 10_000_000)])
    def test_two_thousand_heads_take_two_seconds_at_most(self, plans: int, mall: int) -> None:
        chance = random.Random(2000)
        sizes = [chance.randint(6000, 14000) for _ in range(plans or 2000)]
        areas = [chance.choice(sizes) for _ in range(2000)] if plans else sizes
        areas[-1] += mall
        started = time.process_time_ns()
        shown = decide(areas[:1600], figures(areas[:1600], areas[:1000]), roll=areas)
        assert time.process_time_ns() - started < 2_000_000_000
        assert shown.level == ("thresholds" if plans or mall else "1")


def alike(have: int, of: int, other: int, bar: Bar | None) -> bool:
    """Is a share told to be met, or not, with `other` as with `have`?"""
    return bar is None or meets(have, of, bar) == meets(other, of, bar)


def meets(have: int, of: int, bar: Bar) -> bool:
    left, right = have * bar.denominator, bar.numerator * of
    return left > right if bar.strict else left >= right


def shown_window(figures: Figures, level: str, rule: RuleSet | None = None) -> Window:
    """What the side in favour may be, read off the definition of each level and of each outcome, and nothing else."""
    whole, everyone, bar = figures.area, figures.heads, rule.consent if rule else None
    fits = [a for a in range(whole + 1) if alike(figures.area_for, whole, a, bar)]
    if level == "bands":
        heads = [h for h in range(everyone + 1) if band(h, everyone) == band(figures.heads_for, everyone)]
        heads = [h for h in heads if alike(figures.heads_for, everyone, h, bar)]
        fits = [a for a in fits if band(a, whole) == band(figures.area_for, whole)]
        return Window(range(heads[0], heads[-1] + 1), fits[0], fits[-1])
    totals = rounded(figures.area_for, level), rounded(figures.area_not_for, level)
    fits = [a for a in fits if (rounded(a, level), rounded(whole - a, level)) == totals]
    return Window(range(figures.heads_for, figures.heads_for + 1), fits[0], fits[-1])


TOLD = (None, *OWNERS)


def brute_known(voters: list[int], figures: Figures, level: str, known: int) -> int | None:
    each = [brute_known_told(voters, figures, level, known, rule) for rule in TOLD]
    chances = [chance for chance in each if chance is not None]
    return max(chances) if len(chances) == len(each) else None


def brute_known_told(voters: list[int], figures: Figures, level: str, known: int, rule: RuleSet | None) -> int | None:
    window = shown_window(figures, level, rule)
    ordered = sorted(voters, reverse=True)
    others = ordered[known:]
    worst = 0
    for sides in itertools.product((False, True), repeat=known):
        chosen = [area for area, side in zip(ordered, sides, strict=False) if side]
        counts = [h - len(chosen) for h in window.counts if 0 <= h - len(chosen) <= len(others)]
        if not counts:
            continue
        left = Window(range(counts[0], counts[-1] + 1), window.low - sum(chosen), window.high - sum(chosen))
        found = brute(others, left)
        if found == IMPOSSIBLE:
            continue
        if found.certain:
            return None
        worst = max(worst, found.most, MILLION - found.least)
    return worst


def brute_level(voters: list[int], roll: list[int], figures: Figures) -> tuple[str, int]:
    """The first level at which trying every set exposes nobody, and the best chance on anyone there."""
    for level in ("exact", "1", "10", "100", "bands"):
        among = [brute(voters, shown_window(figures, level, rule)) for rule in TOLD]
        # The sides' windows are checked for themselves, in TestOutcomes.
        sides = [side for rule in TOLD for side in without_turnout(figures, level, sum(roll), rule)]
        seen = [*among, *(brute(roll, side) for side in sides)]
        worst = max(*(MILLION - one.least for one in among), *(one.most for one in seen))
        if worst < 900_000 and not any(one.certain for one in seen):
            return level, worst
    return "thresholds", 0


@given(
    st.lists(st.integers(1, 30).map(lambda n: 10 * n), min_size=4, max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.lists(st.integers(1, 30).map(lambda n: 10 * n), max_size=2),
)
def test_the_level_is_the_first_at_which_trying_everything_exposes_nobody(
    voters: list[int], sides: list[bool], away: list[int]
) -> None:
    told = figures(voters, [area for area, side in zip(voters, sides, strict=False) if side])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("votes.disclosure.FEWEST_CAST", 4)
        patch.setattr("votes.disclosure.FEWEST_IN_CELL", 1)
        shown = decide(voters, told, roll=[*voters, *away])
    if min(told.heads_for, told.heads_not_for) < 1:
        assert shown == Publication("thresholds", "small_cell")
        return
    level, worst = brute_level(voters, [*voters, *away], told)
    assert (shown.level, shown.worst) == (level, worst)
    if level == "bands":
        assert (shown.heads_band, shown.area_band) == (
            band(told.heads_for, told.heads),
            band(told.area_for, told.area),
        )


class TestOutcomes:
    """Whether each test was met is told at every level."""

    def test_of_a_close_vote_make_the_figures_coarser(self) -> None:
        """Rounded to 100 m2, 33 of 44 heads leave one plan at 79 %; that three quarters of the area were met proves it at 99 %."""
        voters = [9459] * 25 + [10429] * 17 + [13216, 13972]
        close = Figures(33, 3, 8, 331210, 440956 - 331210)
        assert decide(voters, close, rules=()).level == "100"
        assert decide(voters, close, rules=OWNERS[:1]).level == "100"
        assert decide(voters, close, rules=OWNERS[1:]).level == "bands"
        assert decide(voters, close) == decide(voters, close, rules=OWNERS[1:])
        assert decide(voters, close, roll=voters).level == "bands"

    @given(st.integers(500, 4000), st.integers(500, 4000), st.sampled_from(["exact", "1", "10", "bands"]))
    def test_cut_what_the_figures_leave_open_among_voters(self, yes: int, no: int, level: str) -> None:
        told = Figures(yes // 100, no // 100, 1, yes, no)
        for rule in TOLD:
            assert among_voters(told, level, rule) == shown_window(told, level, rule)

    @settings(max_examples=25)
    @given(st.integers(100, 900), st.integers(100, 900), st.integers(0, 2000), st.sampled_from(["exact", "1"]))
    def test_cut_either_side_for_who_does_not_know_who_took_part(
        self, yes: int, no: int, away: int, level: str
    ) -> None:
        told = Figures(3, 2, 0, yes, no)
        whole, reach = yes + no + away, {"exact": 1, "1": 100}[level]
        pairs = [
            (y, n)
            for y in range(yes - reach, yes + reach + 1)
            for n in range(no - reach, no + reach + 1)
            if (rounded(y, level), rounded(n, level)) == (rounded(yes, level), rounded(no, level))
        ]
        for rule in OWNERS:
            by_consent = [
                (y, n) for y, n in pairs if meets(y, y + n, rule.consent) == meets(yes, yes + no, rule.consent)
            ]
            by_quorum = [
                (y, n) for y, n in pairs if meets(y + n, whole, rule.quorum) == meets(yes + no, whole, rule.quorum)
            ]
            both = set(by_consent) & set(by_quorum)
            windows = without_turnout(told, level, whole, rule)
            for side, window in enumerate(windows):
                ends = [
                    (min(p[side] for p in some), max(p[side] for p in some)) for some in (by_consent, by_quorum, both)
                ]
                assert window.low <= ends[2][0] <= ends[2][1] <= window.high
                assert window.low >= max(ends[0][0], ends[1][0])
                assert window.high <= min(ends[0][1], ends[1][1])

    @pytest.mark.parametrize("rule", TOLD)
    def test_cut_a_band_as_if_the_area_that_took_part_were_known(self, rule: RuleSet | None) -> None:
        told = Figures(21, 20, 0, 30_600, 10_000)
        yes, no = without_turnout(told, "bands", 50_000, rule)
        assert yes == shown_window(told, "bands", rule)
        assert (no.low, no.high) == (told.area - yes.high, told.area - yes.low)
        assert no.counts == range(told.heads - yes.counts[-1], told.heads - yes.counts[0] + 1)

    @pytest.mark.parametrize("rule", OWNERS)
    def test_tell_a_bar_that_is_just_met_from_one_just_missed(self, rule: RuleSet) -> None:
        whole = 40_100
        need = rule.consent.least(whole)
        read = []
        for yes in (need, need - 1):
            sides = without_turnout(Figures(30, 11, 0, yes, whole - yes), "100", 50_000, rule)
            assert all(side.low <= area <= side.high for side, area in zip(sides, (yes, whole - yes), strict=True))
            read.append(sides)
        assert read[0] != read[1]

    def test_that_turn_over_with_a_correction_are_told_and_the_figures_are_not(self) -> None:
        voters = [9459] * 25 + [10429] * 17 + [13216, 13972]
        before, after = (Figures(33, 3, 8, area, 440956 - area) for area in (330_700, 331_210))
        first = decide(voters, before)
        assert (first.level, first.area_for) == ("100", rounded(after.area_for, "100"))
        assert decide(voters, before, previous=first) == first
        assert decide(voters, after, previous=first) == Publication("thresholds", "corrected")


class TestKnownVotes:
    @given(
        st.lists(st.integers(50, 300), min_size=5, max_size=8),
        st.lists(st.booleans(), min_size=8, max_size=8),
        st.sampled_from(["exact", "1", "10", "bands"]),
        st.integers(0, 3),
    )
    def test_is_what_trying_everything_says(self, voters: list[int], sides: list[bool], level: str, known: int) -> None:
        told = figures(voters, [area for area, side in zip(voters, sides, strict=False) if side])
        assert with_known(voters, told, level, known) == brute_known(voters, told, level, known)

    def test_a_chance_of_being_on_the_other_side_counts_as_well(self) -> None:
        assert with_known(EVEN, figures(EVEN, EVEN[:8]), "exact", known=0) == 800_000

    def test_the_smooth_way_serves_large_polls(self) -> None:
        chance = random.Random(12)
        areas = [chance.randrange(6000, 14000) for _ in range(150)]
        told = figures(areas, areas[:60])
        assert decide(areas, told, budget=0).level == "1"
        known = with_known(areas, told, "1", budget=0)
        assert known is not None
        assert 600_000 < known < 800_000

    def test_the_smooth_way_serves_bands_of_large_polls(self) -> None:
        chance = random.Random(13)
        areas = [chance.randrange(4000, 16000) for _ in range(400)]
        known = with_known(areas, figures(areas, areas[:208]), "bands", known=0, budget=0)
        assert known is not None
        assert 520_000 < known < 850_000

    def test_a_ladder_is_looked_for_at_the_levels_own_grid(self) -> None:
        chance = random.Random(14)
        areas = [4000 + 250 * chance.randrange(48) for _ in range(400)]
        assert with_known(areas, figures(areas, areas[:200]), "1", known=0, budget=0) is None
        assert with_known(areas, figures(areas, areas[:200]), "100", known=0, budget=0) is not None

    def test_three_are_known_unless_said_otherwise(self) -> None:
        assert with_known(EVEN, figures(EVEN, EVEN[:22]), "exact") == 594_595
        assert with_known(EVEN, figures(EVEN, EVEN[:22]), "exact", known=0) == 550_000

    def test_what_cannot_be_said_within_the_budget_is_none(self) -> None:
        areas = [*EVEN, 21488]
        assert with_known(areas, figures(areas, EVEN[:22]), "10", budget=0) is None

    def test_a_proof_by_elimination_is_said_as_none(self) -> None:
        areas = [8937] * 6
        assert with_known(areas, figures(areas, areas[:3]), "exact", known=3) is None


def test_the_budget_bounds_a_cell_to_about_a_third_of_a_second() -> None:
    assert BUDGET == 250_000_000
