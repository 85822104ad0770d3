"""What an attacker learns who knows every area and sees how many heads, and how much area, stand in one cell (SPEC 7.2).

Two ways, both without floats. `exact` counts every possible set of heads with big integers. `smooth`, for councils too large for
that, uses the tilted-share approximation and says so by giving up whenever the totals could have arithmetic structure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import product
from math import comb, gcd


@dataclass(frozen=True, slots=True)
class Window:
    """Published facts on one cell: the head counts it may have, and the exact area it may have, both ends included."""

    counts: range
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """The largest and the smallest chance, over all owners, of being in the cell, in millionths, rounded away from safety.
    An owner proved in or out of the cell shows as 1000000 or 0."""

    most: int
    least: int

    @property
    def certain(self) -> bool:
        return self.most == MILLION or self.least == 0


MILLION = 1_000_000
IMPOSSIBLE = Exposure(0, MILLION)
TRIED_GRIDS = 24


def work(areas: Sequence[int], windows: Sequence[Window]) -> int:
    """How many bytes `exact` would have to move, within a factor of two: known before starting."""
    layers, _, slots = _shape(areas, windows)
    return (len(areas) + len(set(areas))) * layers * slots * _slot(len(areas), layers) // 16


def _shape(areas: Sequence[int], windows: Sequence[Window]) -> tuple[int, int, int]:
    """(largest count, common step of areas, number of useful sums) with every area counted above the smallest one."""
    least = min(areas)
    step = gcd(*(area - least for area in areas)) or 1
    span = max(window.high - window.counts[0] * least for window in windows)
    return max(window.counts[-1] for window in windows), step, max(0, span // step) + 1


def _slot(heads: int, layers: int) -> int:
    """Bits that hold any count of sets of at most `layers` out of `heads`."""
    return comb(heads, min(layers, heads // 2)).bit_length()


def exact(areas: Sequence[int], windows: Sequence[Window]) -> list[Exposure | None]:
    """For each window: every set of heads that fits is as likely as any other. IMPOSSIBLE where none fits."""
    return [_between(sets, sets) for sets in _count_sets(areas, windows)]


@dataclass(frozen=True, slots=True)
class _Sets:
    """How many sets of heads fit a window; and for each distinct area, how many of them hold one given head of it."""

    all: int
    holding: list[int]


def _between(surely: _Sets, maybe: _Sets) -> Exposure | None:
    """What holds whichever sets fit, if the first do and none but the second can."""
    if surely.all == 0:
        return None if maybe.all else IMPOSSIBLE
    most = -(-max(maybe.holding) * MILLION // surely.all)
    return Exposure(min(MILLION, most), min(surely.holding) * MILLION // maybe.all)


def _count_sets(areas: Sequence[int], windows: Sequence[Window]) -> list[_Sets]:
    base = min(areas)
    layers, step, slots = _shape(areas, windows)
    bits = _slot(len(areas), layers)
    mask = (1 << (slots * bits)) - 1
    ways = [1] + [0] * layers
    for area in areas:
        shift = (area - base) // step * bits
        for count in range(layers, 0, -1):
            ways[count] = (ways[count] + (ways[count - 1] << shift)) & mask
    totals = [sum(_within(ways[n], n, 0, base, step, bits, window) for n in window.counts) for window in windows]
    inside = [_ways_with(ways, area, base, step, bits, mask, windows) for area in set(areas)]
    return [_Sets(total, [row[n] for row in inside]) for n, total in enumerate(totals)]


def coarse(areas: Sequence[int], windows: Sequence[Window], budget: int) -> list[Exposure | None]:
    """Bounds that hold for certain, from areas rounded to about the finest grid the budget allows: sets that fit whatever the
    rounding did, and sets that might. None where the two are too far apart to say anything."""
    finest = 1 + bisect_left(
        range(1, max(areas) + 1), True, key=lambda grid: _on_grid(areas, windows, grid).cost <= budget
    )
    tried = [_on_grid(areas, windows, finest + finest * extra // (2 * TRIED_GRIDS)) for extra in range(TRIED_GRIDS)]
    grids = [one for one in tried if one.cost <= budget]
    if not grids:
        return [None] * len(windows)
    best = min(grids, key=lambda one: one.doubt)
    counted = _count_sets(best.steps, best.windows)
    return [_between(*counted[n : n + 2]) for n in range(0, len(counted), 2)]


@dataclass(frozen=True, slots=True)
class _Rounded:
    """Areas in steps of a grid; for each window, one that fits whatever the rounding did and one that might; how far
    apart those are; and what counting both costs."""

    steps: list[int]
    windows: list[Window]
    doubt: int
    cost: int


def _on_grid(areas: Sequence[int], windows: Sequence[Window], grid: int) -> _Rounded:
    half = grid // 2
    errors = sorted((area + half) % grid - half for area in areas)
    heads = max(window.counts[-1] for window in windows)
    under, over = sum(min(0, error) for error in errors[:heads]), sum(max(0, error) for error in errors[-heads:])
    both = [
        Window(window.counts, -(-(window.low - first) // grid), (window.high - last) // grid)
        for window in windows
        for first, last in ((under, over), (over, under))
    ]
    steps = [(area + half) // grid for area in areas]
    return _Rounded(steps, both, over - under, work(steps, both))


def _ways_with(
    ways: Sequence[int], area: int, base: int, step: int, bits: int, mask: int, windows: Sequence[Window]
) -> list[int]:
    """For each window, the sets that hold one given head of this area: divide its factor out, then add it back."""
    shift = (area - base) // step * bits
    without = 0
    inside = [0] * len(windows)
    for count in range(len(ways) - 1):
        without = ways[count] - ((without << shift) & mask)
        for n, window in enumerate(windows):
            if count + 1 in window.counts:
                inside[n] += _within(without, count, area, base, step, bits, window)
    return inside


def _within(packed: int, count: int, plus: int, base: int, step: int, bits: int, window: Window) -> int:
    """How many of the packed sets of `count` heads have a sum that, `plus` more, lies in the window."""
    offset = count * base + plus
    first = max(0, -(-(window.low - offset) // step))
    last = (window.high - offset) // step
    if last < first:
        return 0
    return _sum_slots((packed >> (first * bits)) & ((1 << ((last - first + 1) * bits)) - 1), bits)


def _sum_slots(packed: int, bits: int) -> int:
    """The sum of all slots: fold the upper half onto the lower; sums stay below the total number of sets, so they fit."""
    while (slots := -(-packed.bit_length() // bits)) > 1:
        half = slots // 2 * bits
        packed = (packed & ((1 << half) - 1)) + (packed >> half)
    return packed


def exposures(
    areas: Sequence[int], windows: Sequence[Window], grids: Sequence[int], budget: int
) -> list[Exposure | None]:
    """The exposure of a cell in each window, exactly where that costs at most `budget`, else smoothly with structure ruled out
    at the window's grid; None where neither can be said."""
    first = windows[0].counts
    flipped = first[0] + first[-1] > len(areas)
    if flipped:
        windows = [mirrored(window, len(areas), sum(areas)) for window in windows]
    if work(areas, windows) <= budget:
        found = exact(areas, windows)
    else:
        each = zip(coarse(areas, windows, budget), windows, grids, strict=True)
        found = [_both(sure, smooth(areas, window, grid)) for sure, window, grid in each]
    return [Exposure(MILLION - e.least, MILLION - e.most) if e and flipped else e for e in found]


def _both(one: Exposure | None, other: Exposure | None) -> Exposure | None:
    """Each bounds the truth by itself; together they leave what both allow."""
    if one is None or other is None:
        return one or other
    return Exposure(min(one.most, other.most), max(one.least, other.least))


def mirrored(window: Window, heads: int, whole: int) -> Window:
    """What a window on one cell says about the other one, when both together are `heads` heads and `whole` area."""
    counts = range(heads - window.counts[-1], heads - window.counts[0] + 1)
    return Window(counts, whole - window.high, whole - window.low)


FINEST_SMOOTH = 100
MOST_SMOOTH, LEAST_SMOOTH = 800_000, 50_000
_WIDE = Decimal(64)
_TWO_PI = Decimal("6.283185307")
_MOST_PULL = Decimal("0.0625")
_STEPS = 10
_CLOSE = Decimal("0.001")
_SAMPLE, _ANCHORS = 192, 8


def smooth(areas: Sequence[int], window: Window, grid: int) -> Exposure | None:
    """The tilted-share approximation at the corners of the window. None unless every chance stays well inside (5 % to 80 %), at
    least 64 distinct mixtures of floor plans fit the window, no one head pulls the totals by more than a sixteenth, and no ladder
    of areas coarser than an eighth of `grid` holds most heads: without these the approximation could miss a proof."""
    if grid < FINEST_SMOOTH or _stepped(areas, grid // 8):
        return None
    plans = Counter(areas)
    seen: list[int] = []
    with localcontext(prec=20):
        for count, total in product({window.counts[0], window.counts[-1]}, (window.low, window.high)):
            chances = _tilted(plans, count, total, window.high - window.low + 1)
            if chances is None or max(chances) > MOST_SMOOTH or min(chances) < LEAST_SMOOTH:
                return None
            seen += chances
    most, least = max(seen), min(seen)
    return Exposure(most + _margin(most), least - _margin(least))


def _margin(chance: int) -> int:
    """What is granted to the approximation: a quarter more odds to either side."""
    return chance * (MILLION - chance) // (4 * MILLION)


def _stepped(areas: Sequence[int], finest: int) -> bool:
    """Do three quarters of the heads stand, within an eighth of a step, on a ladder of areas at least so coarse? Then the sum
    shows who is off it. The coarsest come first, so that a mall among flats is found at once."""
    heads = sorted(areas)[:: -(-len(areas) // _SAMPLE)]
    common = (area for area, _ in Counter(heads).most_common(_ANCHORS))
    through = {*common, *heads[:: -(-len(heads) // _ANCHORS)]}
    reach = step = heads[-1] - heads[0]
    while step >= finest:
        rests = sorted(area % step for area in heads)
        around = [rest + turn for turn in (-step, 0, step) for rest in rests]
        for anchor in through:
            first, last = anchor % step - step // 8, anchor % step + step // 8
            if 4 * (bisect_right(around, last) - bisect_left(around, first)) >= 3 * len(heads):
                return True
        step -= max(1, step * step // (8 * reach))
    return reach == 0


def _tilted(plans: Counter[int], count: int, total: int, width: int) -> list[int] | None:
    """Independent shares p = 1 / (1 + exp(-(a + b x))) whose expected count and area are the given ones, in millionths. Steps of
    at most one never come to where twenty digits could not tell the spread from nothing."""
    heads = plans.total()
    if not 0 < count < heads:
        return None
    mean = Decimal(sum(area * many for area, many in plans.items())) / heads
    scale = max(abs(area - mean) for area in plans)
    xs = [((area - mean) / scale, many) for area, many in plans.items()]
    a, b = (Decimal(count) / (heads - count)).ln(), Decimal(0)
    for _ in range(_STEPS):
        gap, gap_x = Decimal(count), (total - mean * count) / scale
        v = vx = vxx = Decimal(0)
        rows = []
        for x, many in xs:
            share = 1 / (1 + (-(a + b * x)).exp())
            weight = share * (1 - share) * many
            gap -= share * many
            gap_x -= share * many * x
            v += weight
            vx += weight * x
            vxx += weight * x * x
            rows.append((x, share, weight))
        spread = v * vxx - vx * vx
        if max(abs(gap), abs(gap_x)) < _CLOSE:
            pulls = [share * (1 - share) * (vxx - 2 * vx * x + v * x * x) for x, share, _ in rows]
            mixtures = _mixtures([weight for *_, weight in rows], spread, width / scale)
            sound = max(pulls) <= spread * _MOST_PULL and mixtures >= _WIDE
            return [int(share * MILLION) for _, share, _ in rows] if sound else None
        a += _damped((gap * vxx - gap_x * vx) / spread)
        b += _damped((gap_x * v - gap * vx) / spread)
    return None


def _damped(step: Decimal) -> Decimal:
    return max(Decimal(-1), min(Decimal(1), step))


def _mixtures(weights: Sequence[Decimal], spread: Decimal, width: Decimal) -> Decimal:
    """How many different mixtures of plans fit the window: the plans' own spreads multiplied, times the chance to hit it."""
    mixtures = width / (_TWO_PI * spread.sqrt())
    for weight in weights:
        mixtures *= max(Decimal(1), (Decimal(17) * weight).sqrt())
    return mixtures
