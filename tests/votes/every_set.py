"""What a window tells of an owner, found by trying every set of voters."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from votes.exposure import IMPOSSIBLE, MILLION, Exposure, Window


def brute(areas: Sequence[int], window: Window) -> Exposure:
    sets = [
        chosen
        for heads in window.counts
        for chosen in itertools.combinations(range(len(areas)), heads)
        if window.low <= sum(areas[i] for i in chosen) <= window.high
    ]
    if not sets:
        return IMPOSSIBLE
    inside = [Fraction(sum(i in chosen for chosen in sets), len(sets)) for i in range(len(areas))]
    most, least = max(inside) * MILLION, min(inside) * MILLION
    return Exposure(-(-most.numerator // most.denominator), least.numerator // least.denominator)
