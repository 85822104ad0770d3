"""The tilted shares of SPEC 7.4 found by bisection in floats, with pull and mixtures in their textbook form."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Tilted:
    tilt: float
    """How much the odds of the largest and the smallest areas differ from those of the middle ones, as a logarithm."""
    shares: list[float]
    pull: float
    """The largest leverage of one head on the fitted count and area."""
    wide: float
    """Mixtures of plans for each unit of width."""

    def mixtures(self, width: int) -> float:
        return self.wide * width

    @classmethod
    def of(cls, plans: Sequence[tuple[int, int]], count: int, total: int) -> Tilted | None:
        """None where no shares have the expected count and area, or nearly so."""
        heads = sum(many for _, many in plans)
        middle = sum(area * many for area, many in plans) / heads
        apart = max(abs(area - middle) for area, _ in plans)
        xs = [(area - middle) / apart for area, _ in plans]

        def shares(b: float) -> list[float]:
            a = _rising(lambda a: sum(many * _share(a + b * x) for x, (_, many) in zip(xs, plans, strict=True)), count)
            return [_share(a + b * x) for x in xs]

        def area(b: float) -> float:
            return sum(p * size * many for p, (size, many) in zip(shares(b), plans, strict=True))

        if not area(-30) < total < area(30):
            return None
        tilt = _rising(area, total, 30)
        found = shares(tilt)
        spreads = [p * (1 - p) for p in found]
        weights = [spread * many for spread, (_, many) in zip(spreads, plans, strict=True)]
        mid = sum(w * size for w, (size, _) in zip(weights, plans, strict=True)) / sum(weights)
        square = sum(w * (size - mid) ** 2 for w, (size, _) in zip(weights, plans, strict=True))
        pull = max(
            s * (1 / sum(weights) + (size - mid) ** 2 / square) for s, (size, _) in zip(spreads, plans, strict=True)
        )
        wide = math.prod(max(1, math.sqrt(17 * w)) for w in weights) / math.tau / math.sqrt(sum(weights) * square)
        return cls(tilt, found, pull, wide)


def _share(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _rising(of: Callable[[float], float], want: float, bound: float = 60) -> float:
    low, high = -bound, bound
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if of(middle) < want else (low, middle)
    return low
