"""SPEC 7: a separate attacker finds nobody in what the gate lets through. VOTES_COUNCILS=2000 is the full run."""

from __future__ import annotations

import os
import random
from fractions import Fraction

import pytest

from tests.votes.attacker import attack, attack_without_turnout, effort, more_than_half, three_quarters
from votes.disclosure import Figures, Publication, decide

COUNCILS = int(os.environ.get("VOTES_COUNCILS", "48"))
NINETY = Fraction(9, 10)


def council(chance: random.Random) -> list[int]:
    """1-12 floor plans, or every area its own; sometimes with a shop or a developer among them."""
    while True:
        plans = chance.choice([*range(1, 13), 0])
        heads = chance.randint(28, 32) if plans == 0 else chance.randint(26, 40 if plans > 6 else 120)
        sizes = [chance.randrange(6000, 14000, chance.choice([1, 1, 10, 100])) for _ in range(plans or heads)]
        areas = [chance.choice(sizes) for _ in range(heads)] if plans else sizes
        if chance.random() < 0.3:
            areas[0] = chance.choice([2126, 21488, 95078])
        if effort(areas) <= 70_000:
            return areas


def poll(chance: random.Random, areas: list[int]) -> Figures:
    """Sometimes a whole floor plan votes alike, which is what totals betray most easily."""
    share = chance.choice([chance.uniform(0.15, 0.92), 0.5, 0.75])  # a close vote's outcome tells most
    by_plan = {area: min(1.0, max(0.0, share + chance.choice([0, 0, 0.5, -0.5, 1, -1]))) for area in set(areas)}
    alike = chance.random() < 0.5
    yes = [area for area in areas if chance.random() < (by_plan[area] if alike else share)]
    no = len(areas) - len(yes)
    abstain = chance.randint(0, no)
    return Figures(len(yes), no - abstain, abstain, sum(yes), sum(areas) - sum(yes))


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_nobody_is_known_with_nine_in_ten_or_proved(part: int) -> None:
    levels: dict[str, int] = {}
    for seed in range(part, COUNCILS, 8):
        chance = random.Random(seed)
        areas = council(chance)
        figures = poll(chance, areas)
        shown = decide(areas, figures, budget=chance.choice([0, 1_000_000, 20_000_000, 250_000_000]))
        levels[shown.level] = levels.get(shown.level, 0) + 1
        if shown.level == "thresholds":
            assert shown == Publication("thresholds", shown.reason)
            continue
        for met in (None, more_than_half, three_quarters):
            for area, share in attack(areas, shown, met, (figures.heads_for, figures.area_for)).items():
                assert 1 - NINETY < share < NINETY, (seed, shown, met, area, share)
    assert set(levels) - {"thresholds"}, levels


@pytest.mark.long
@pytest.mark.parametrize("seed", range(max(6, COUNCILS // 20)))
def test_nor_by_somebody_who_does_not_know_who_took_part(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [chance.randrange(6000, 14000) for _ in range(2)]
    roll = [chance.choice(sizes) for _ in range(44)]
    voters = sorted(roll, key=lambda _: chance.random())[: chance.randint(32, 42)]
    shown = decide(voters, poll(chance, voters), roll=roll)
    if shown.level in ("thresholds", "bands"):
        assert shown.area_for is None
        return
    for area, shares in attack_without_turnout(roll, shown).items():
        assert all(0 < share < NINETY for share in shares), (shown, area, shares)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_the_smooth_way_holds_where_the_exact_attack_still_can(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [chance.randrange(6000, 14000) for _ in range(chance.randint(3, 5))]
    areas = [chance.choice(sizes) for _ in range(chance.randint(100, 160))]
    while effort(areas) > 60_000:
        areas.pop()
    figures = poll(chance, areas)
    shown = decide(areas, figures, budget=0)
    if shown.level == "thresholds":
        assert shown.area_for is None
        return
    for met in (None, more_than_half, three_quarters):
        told = attack(areas, shown, met, (figures.heads_for, figures.area_for))
        assert all(1 - NINETY < share < NINETY for share in told.values())
