"""What an attacker learns who knows every area and sees how many heads, and how much area, stand in one cell (SPEC 7.2).

Two ways, both without floats. `exact` counts every possible set of heads with big integers. `smooth`, for councils too large for
that, uses the tilted-share approximation and says so by giving up whenever the totals could have arithmetic structure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
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


def work(areas: Sequence[int], windows: Sequence[Window]) -> int:
    """How many bytes `exact` would have to move, within a factor of two: known before starting."""
    layers, _, slots = _shape(areas, windows)
    return (len(areas) + len(set(areas))) * layers * slots * _slot(len(areas), layers) // 16


def _shape(areas: Sequence[int], windows: Sequence[Window]) -> tuple[int, int, int]:
    """(largest count, common step of areas, number of useful sums) with every area counted above the smallest one."""
    least = min(areas)
    step = 0
    for area in areas:
        step = gcd(step, area - least)
    span = max(window.high - window.counts[0] * least for window in windows)
    return max(window.counts[-1] for window in windows), step or 1, max(0, span // (step or 1)) + 1


def _slot(heads: int, layers: int) -> int:
    """Bits that hold any count of sets of at most `layers` out of `heads`."""
    return comb(heads, min(layers, heads // 2)).bit_length()


def exact(areas: Sequence[int], windows: Sequence[Window]) -> list[Exposure | None]:
    """For each window: every set of heads that fits is as likely as any other. IMPOSSIBLE where none fits."""
    totals, inside = _count_sets(areas, windows)
    found: list[Exposure | None] = []
    for n, total in enumerate(totals):
        sets = [row[n] for row in inside]
        fits = Exposure(-(-max(sets) * MILLION // total), min(sets) * MILLION // total) if total else IMPOSSIBLE
        found.append(fits)
    return found


def _count_sets(areas: Sequence[int], windows: Sequence[Window]) -> tuple[list[int], list[list[int]]]:
    """For each window the number of sets that fit; for each distinct area, the number of those that hold one given head of it."""
    base = min(areas)
    layers, step, slots = _shape(areas, windows)
    bits = _slot(len(areas), layers)
    mask = (1 << (slots * bits)) - 1
    ways = [1] + [0] * layers
    for done, area in enumerate(areas):
        shift = (area - base) // step * bits
        for count in range(min(layers, done + 1), 0, -1):
            ways[count] = (ways[count] + (ways[count - 1] << shift)) & mask
    totals = [sum(_within(ways[n], n, 0, base, step, bits, window) for n in window.counts) for window in windows]
    return totals, [_ways_with(ways, area, base, step, bits, mask, windows) for area in sorted(set(areas))]


TRIED_GRIDS = 24


def coarse(areas: Sequence[int], windows: Sequence[Window], budget: int) -> list[Exposure | None]:
    """Bounds that hold for certain, from areas rounded to the finest grid the budget allows: sets that fit whatever the rounding
    did, and sets that might. None where the two are too far apart to say anything."""
    largest = max(areas)

    def fits(grid: int) -> bool:
        scaled = [Window(window.counts, 0, window.high // grid) for window in windows]
        return work([area // grid for area in areas], scaled) <= budget

    if not fits(largest):
        return [None] * len(windows)
    low, high = (1, 1) if fits(1) else (1, largest)
    while high - low > max(1, low // 16):
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        else:
            low = middle
    most_heads = max(window.counts[-1] for window in windows)
    tried = [_on_grid(areas, high + high * extra // (2 * TRIED_GRIDS), most_heads) for extra in range(TRIED_GRIDS)]
    grid, rounded, under, over = min(tried, key=lambda one: one[3] - one[2])
    both: list[Window] = []
    for window in windows:
        both.append(Window(window.counts, -(-(window.low - under) // grid), (window.high - over) // grid))
        both.append(Window(window.counts, -(-(window.low - over) // grid), (window.high - under) // grid))
    totals, inside = _count_sets(rounded, both)
    found: list[Exposure | None] = []
    for n in range(0, len(both), 2):
        surely, maybe = totals[n], totals[n + 1]
        if surely == 0:
            found.append(None if maybe else IMPOSSIBLE)
            continue
        most = -(-max(row[n + 1] for row in inside) * MILLION // surely)
        found.append(Exposure(min(MILLION, most), min(row[n] for row in inside) * MILLION // maybe))
    return found


def _on_grid(areas: Sequence[int], grid: int, most_heads: int) -> tuple[int, list[int], int, int]:
    """(grid, areas in grid steps, least and most that the rounding can have taken from a sum of up to `most_heads` areas)."""
    rounded = [(area + grid // 2) // grid for area in areas]
    errors = sorted(area - grid * steps for area, steps in zip(areas, rounded, strict=True))
    under = sum(error for error in errors[:most_heads] if error < 0)
    over = sum(error for error in errors[-most_heads:] if error > 0)
    return grid, rounded, under, over


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
    part = (packed >> (first * bits)) & ((1 << ((last - first + 1) * bits)) - 1)
    return _sum_slots(part, bits, last - first + 1)


def _sum_slots(packed: int, bits: int, slots: int) -> int:
    """The sum of all slots: fold the upper half onto the lower; sums stay below the total number of sets, so they fit."""
    while slots > 1:
        half = slots // 2
        low = packed & ((1 << (half * bits)) - 1)
        packed = low + (packed >> (half * bits))
        slots -= half
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
        sure = coarse(areas, windows, budget)
        near = [smooth(areas, window, grid) for window, grid in zip(windows, grids, strict=True)]
        found = [_both(one, other) for one, other in zip(sure, near, strict=True)]
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
_SAMPLE = 96


def smooth(areas: Sequence[int], window: Window, grid: int) -> Exposure | None:
    """The tilted-share approximation at the corners of the window. None unless every chance stays well inside (5 % to 80 %), at
    least 64 distinct mixtures of floor plans fit the window, no one head pulls the totals by more than a sixteenth, and no ladder
    of areas coarser than an eighth of `grid` holds most heads: without these the approximation could miss a proof."""
    plans = Counter(areas)
    if grid < FINEST_SMOOTH or _stepped(plans, grid):
        return None
    corners = [(h, s) for h in {window.counts[0], window.counts[-1]} for s in {window.low, window.high}]
    most, least = 0, MILLION
    with localcontext() as context:
        context.prec = 20
        for count, total in corners:
            chances = _tilted(plans, count, total, window.high - window.low + 1)
            if chances is None:
                return None
            most, least = max(most, *chances), min(least, *chances)
            if most > MOST_SMOOTH or least < LEAST_SMOOTH:
                return None
    return Exposure(most + _margin(most), least - _margin(least))


def _margin(chance: int) -> int:
    """What is granted to the approximation: a quarter more odds to either side."""
    return chance * (MILLION - chance) // (4 * MILLION)


def _stepped(plans: Counter[int], grid: int) -> bool:
    """Do three quarters of the heads stand, near enough, on a ladder of areas? Then the sum shows who is off it."""
    ordered = sorted(plans)
    if len(ordered) > _SAMPLE:
        plans = Counter({area: plans[area] for area in ordered[:: len(ordered) // _SAMPLE]})
    heads = sum(plans.values())
    (main, many), *_ = plans.most_common(1)
    anchors = [main] if 4 * many > heads else list(plans)[:8]
    reach = ordered[-1] - ordered[0]
    enough_off = max(8, heads // 4)
    step = max(2, grid // 8)
    while step <= reach:
        if any(_off(plans, anchor, step, enough_off) < enough_off for anchor in anchors):
            return True
        step += max(1, step * step // (8 * reach))
    return reach == 0


def _off(plans: Counter[int], anchor: int, step: int, enough: int) -> int:
    """Heads more than an eighth of a step away from the ladder through `anchor`; stops counting at `enough`."""
    off = 0
    for area, many in plans.items():
        rest = (area - anchor) % step
        if 8 * min(rest, step - rest) > step:
            off += many
            if off >= enough:
                break
    return off


def _tilted(plans: Counter[int], count: int, total: int, width: int) -> list[int] | None:
    """Independent shares p = 1 / (1 + exp(-(a + b x))) whose expected count and area are the given ones, in millionths."""
    heads = sum(plans.values())
    whole = sum(area * many for area, many in plans.items())
    if not 0 < count < heads or not min(plans) * count < total < max(plans) * count:
        return None
    mean = Decimal(whole) / heads
    scale = max(abs(area - mean) for area in plans)
    xs = [((area - mean) / scale, many) for area, many in plans.items()]
    want_x = (Decimal(total) - mean * count) / scale
    a, b = (Decimal(count) / (heads - count)).ln(), Decimal(0)
    for _ in range(_STEPS):
        shares = [1 / (1 + (-(a + b * x)).exp()) for x, _ in xs]
        weights = [share * (1 - share) * many for share, (_, many) in zip(shares, xs, strict=True)]
        gap = count - sum((share * many for share, (_, many) in zip(shares, xs, strict=True)), Decimal(0))
        gap_x = want_x - sum((s * many * x for s, (x, many) in zip(shares, xs, strict=True)), Decimal(0))
        v = sum(weights, Decimal(0))
        vx = sum((w * x for w, (x, _) in zip(weights, xs, strict=True)), Decimal(0))
        vxx = sum((w * x * x for w, (x, _) in zip(weights, xs, strict=True)), Decimal(0))
        spread = v * vxx - vx * vx
        if spread <= 0:
            return None
        if abs(gap) < Decimal("0.001") and abs(gap_x) < Decimal("0.001"):
            pulls = [
                share * (1 - share) * (vxx - 2 * vx * x + v * x * x) for share, (x, _) in zip(shares, xs, strict=True)
            ]
            if max(pulls) > spread * _MOST_PULL:
                return None
            return _if_wide(shares, weights, spread, Decimal(width) / scale)
        a += _damped((gap * vxx - gap_x * vx) / spread)
        b += _damped((gap_x * v - gap * vx) / spread)
        if abs(a) > 40 or abs(b) > 40:
            return None
    return None


def _damped(step: Decimal) -> Decimal:
    return max(Decimal(-1), min(Decimal(1), step))


def _if_wide(shares: list[Decimal], weights: list[Decimal], spread: Decimal, width: Decimal) -> list[int] | None:
    """How many different mixtures of plans fit the window: the plans' own spreads multiplied, times the chance to hit it."""
    mixtures = width / (_TWO_PI * spread.sqrt())
    for weight in weights:
        mixtures *= max(Decimal(1), (Decimal(17) * weight).sqrt())
    return [int(share * MILLION) for share in shares] if mixtures >= _WIDE else None
