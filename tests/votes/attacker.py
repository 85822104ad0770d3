"""A stranger's attack on published totals, sharing no code with the gate: meet in the middle over mixtures of floor plans.

Exact: every set of owners that agrees with the published figures is as likely as any other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import accumulate, product
from math import comb, prod

from votes.disclosure import Publication

Mixture = tuple[tuple[int, ...], int, int, int]
SIZES = {"exact": 1, "1": 100, "10": 1000, "100": 10000}


def halves(plans: dict[int, int]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    left: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    for plan in sorted(plans.items(), key=lambda item: -item[1]):
        smaller = left if prod(m + 1 for _, m in left) <= prod(m + 1 for _, m in right) else right
        smaller.append(plan)
    return left, right


def effort(areas: list[int]) -> int:
    return max(prod(m + 1 for _, m in half) for half in halves(Counter(areas)))


def mixtures(half: list[tuple[int, int]]) -> Iterator[Mixture]:
    for picked in product(*(range(m + 1) for _, m in half)):
        ways = prod(comb(m, x) for (_, m), x in zip(half, picked, strict=True))
        yield picked, sum(picked), sum(a * x for (a, _), x in zip(half, picked, strict=True)), ways


def shares_in_favour(
    areas: list[int], heads: range, lowest: Callable[[int], int], highest: Callable[[int], int]
) -> dict[int, Fraction]:
    """Area -> chance that one given owner of it is in favour, given how many are, and the exact area that may have."""
    left, right = halves(Counter(areas))
    out: dict[int, Fraction] = {}
    for own, other in ((left, right), (right, left)):
        by_count: dict[int, Counter[int]] = defaultdict(Counter)
        for _, count, total, ways in mixtures(other):
            by_count[count][total] += ways
        table = {
            count: (sorted(sums), [0, *accumulate(sums[s] for s in sorted(sums))]) for count, sums in by_count.items()
        }
        all_ways = 0
        weighted = [0] * len(own)
        for picked, count, total, ways in mixtures(own):
            partners = 0
            for head in heads:
                if head - count in table:
                    sums, cumulated = table[head - count]
                    low = bisect_left(sums, lowest(head) - total)
                    high = bisect_right(sums, highest(head) - total)
                    partners += cumulated[max(high, low)] - cumulated[low]
            all_ways += ways * partners
            for n, x in enumerate(picked):
                weighted[n] += ways * partners * x
        for (area, many), weight in zip(own, weighted, strict=True):
            out[area] = Fraction(weight, all_ways * many)
    return out


Met = Callable[[int, int], bool]


def more_than_half(have: int, of: int) -> bool:
    return 2 * have > of


def three_quarters(have: int, of: int) -> bool:
    return 4 * have >= 3 * of


def attack(
    areas: list[int], shown: Publication, met: Met | None = None, yes: tuple[int, int] = (0, 0)
) -> dict[int, Fraction]:
    """What somebody learns who knows exactly who took part and, with `met`, whether the true heads and area in favour, `yes`, met
    the consent tests: that is always told."""
    whole, heads = sum(areas), len(areas)

    def told_alike(have: int, of: int, true: int) -> bool:
        return met is None or met(have, of) == met(true, of)

    if shown.level == "bands":
        assert shown.heads_band is not None
        assert shown.area_band is not None
        low, high = shown.heads_band
        counts = [h for h in range(heads + 1) if low * heads <= 100 * h and (100 * h < high * heads or high == 100)]
        least, most = shown.area_band
        first = next(s for s in range(whole * least // 100 - 2, whole + 1) if 100 * s >= least * whole)
        last = next(s for s in range(whole * most // 100 + 2, 0, -1) if 100 * s < most * whole or most == 100)
        counts = [h for h in counts if told_alike(h, heads, yes[0])]
        if not told_alike(first, whole, yes[1]):
            first = next(s for s in range(first, last + 1) if told_alike(s, whole, yes[1]))
        if not told_alike(last, whole, yes[1]):
            last = next(s for s in range(last, first - 1, -1) if told_alike(s, whole, yes[1]))
        return shares_in_favour(areas, range(counts[0], counts[-1] + 1), lambda _: first, lambda _: last)
    step = SIZES[shown.level]
    assert shown.heads_for is not None
    assert shown.area_for is not None
    assert shown.area_not_for is not None
    middle = shown.area_for
    fitting = [
        s
        for s in range(middle - step, middle + step + 1)
        if _round(s, step) == middle and _round(whole - s, step) == shown.area_not_for and told_alike(s, whole, yes[1])
    ]
    return shares_in_favour(
        areas, range(shown.heads_for, shown.heads_for + 1), lambda _: fitting[0], lambda _: fitting[-1]
    )


def _round(area: int, step: int) -> int:
    down = area - area % step
    return down if 2 * (area - down) < step else down + step


def attack_without_turnout(roll: list[int], shown: Publication) -> dict[int, tuple[Fraction, Fraction]]:
    """Area -> chances of (in favour, not in favour) for somebody who knows the roll but not who took part. Few plans only."""
    plans = sorted(Counter(roll).items())
    step = SIZES[shown.level]
    sides = {(x, y): comb(m, x) * comb(m - x, y) for _, m in plans[:1] for x in range(m + 1) for y in range(m + 1 - x)}
    states: dict[tuple[int, int, int, int], int] = {(0, 0, 0, 0): 1}
    states = {(x, y, x * plans[0][0], y * plans[0][0]): ways for (x, y), ways in sides.items()}
    histories = {state: {(0, state[0], state[1]): ways} for state, ways in states.items()}
    for n, (area, many) in enumerate(plans[1:], start=1):
        grown: dict[tuple[int, int, int, int], Counter[tuple[int, int, int]]] = defaultdict(Counter)
        totals: Counter[tuple[int, int, int, int]] = Counter()
        for (f, a, sf, sa), ways in states.items():
            for x in range(many + 1):
                for y in range(many + 1 - x):
                    new = (f + x, a + y, sf + x * area, sa + y * area)
                    more = comb(many, x) * comb(many - x, y)
                    totals[new] += ways * more
                    for key, old in histories[(f, a, sf, sa)].items():
                        grown[new][key] += old * more
                    grown[new][(n, x, y)] += ways * more
        states, histories = dict(totals), {state: dict(h) for state, h in grown.items()}
    fits = [
        state
        for state in states
        if (state[0], state[1]) == (shown.heads_for, shown.heads_not_for)
        and (_round(state[2], step), _round(state[3], step)) == (shown.area_for, shown.area_not_for)
    ]
    everything = sum(states[state] for state in fits)
    out: dict[int, tuple[Fraction, Fraction]] = {}
    for n, (area, many) in enumerate(plans):
        yes = sum(x * ways for state in fits for (k, x, _), ways in histories[state].items() if k == n)
        no = sum(y * ways for state in fits for (k, _, y), ways in histories[state].items() if k == n)
        out[area] = (Fraction(yes, everything * many), Fraction(no, everything * many))
    return out
