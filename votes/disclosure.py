"""The publication gate (SPEC 7): may these totals of a secret poll be shown, and how finely, without showing who chose what?

It plays the attacker on what the attacker has: every area, who took part, and the totals about to be shown. It never sees a
choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from votes.exposure import IMPOSSIBLE, MILLION, Exposure, Window, exposures, mirrored
from votes.threshold import Test

LEVELS = ("exact", "1", "10", "100", "bands", "thresholds")
ROUNDING = {"exact": 1, "1": 100, "10": 1_000, "100": 10_000}
FEWEST_CAST = 30
FEWEST_IN_CELL = 5
FEWEST_SECRET = 10
TOO_SURE = 900_000
BUDGET = 250_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """The exact totals of those who took part; `not_for` is against and abstain together. Area in 0.01 m2."""

    heads_for: int
    heads_against: int
    heads_abstain: int
    area_for: int
    area_not_for: int

    @property
    def heads_not_for(self) -> int:
        return self.heads_against + self.heads_abstain

    @property
    def heads(self) -> int:
        return self.heads_for + self.heads_not_for

    @property
    def area(self) -> int:
        return self.area_for + self.area_not_for


@dataclass(frozen=True, slots=True)
class Publication:
    """What may be shown. At "bands" the two pairs are percentages, from and up to; at "thresholds" only whether each test was
    met. Against and abstain are split (heads alone) only when both have five. `reason` says why not finer: "", "few_cast",
    "small_cell" or "revealing". `worst` is the attacker's best chance on anyone, in millionths, at this level."""

    level: str
    reason: str
    heads_for: int | None = None
    heads_not_for: int | None = None
    heads_against: int | None = None
    heads_abstain: int | None = None
    area_for: int | None = None
    area_not_for: int | None = None
    heads_band: tuple[int, int] | None = None
    area_band: tuple[int, int] | None = None
    worst: int = 0

    def as_json(self) -> dict[str, object]:
        shown = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}
        return {**shown, "worst": self.worst}


def rounded(area: int, level: str) -> int:
    """Half up, once, from the exact sum."""
    step = ROUNDING[level]
    return (area + step // 2) // step * step


def band(have: int, of: int) -> tuple[int, int]:
    """The five-point band, in per cent, from and up to but not including."""
    low = min(19, have * 20 // of) * 5
    return low, low + 5


def decide(
    voters: Sequence[int],
    figures: Figures,
    *,
    roll: Sequence[int] | None = None,
    previous: Publication | None = None,
    budget: int = BUDGET,
) -> Publication:
    """The finest level at which nobody's choice is known with 90 % or more, nor anybody proved on or off a side.

    `voters`: the areas of the heads that took part (it is assumed to be known who they are). `roll`: all areas, to play also the
    attacker who does not know who took part. `previous`: what was already shown of this poll; a correction may then not be
    told apart from it (SPEC 7.5). `budget` bounds the exact search; beyond it a coarser answer is given, never a finer one."""
    if len(voters) != figures.heads or sum(voters) != figures.area:
        raise ValueError("the figures are not those of these voters")
    if previous is not None:
        return _unchanged(figures, previous)
    if figures.heads < FEWEST_CAST:
        return Publication("thresholds", "few_cast")
    if min(figures.heads_for, figures.heads_not_for) < FEWEST_IN_CELL:
        return Publication("thresholds", "small_cell")
    for level, worst in _levels(voters, figures, roll, budget):
        if worst is not None and worst < TOO_SURE:
            return _shown(figures, level, "" if level == "exact" else "revealing", worst)
    return Publication("thresholds", "revealing")


def _levels(
    voters: Sequence[int], figures: Figures, roll: Sequence[int] | None, budget: int
) -> Iterator[tuple[str, int | None]]:
    """Each level with the attacker's best chance on anyone; None where somebody is proved, or the chance cannot be said."""
    for levels in (LEVELS[:4], LEVELS[4:5]):
        grids = [ROUNDING.get(level, figures.area // 20) for level in levels]
        cells = [(voters, [_among_voters(figures, level) for level in levels], True)]
        if roll is not None:
            cells += [(roll, [_side(figures, level, yes) for level in levels], False) for yes in (True, False)]
        found = [(exposures(areas, windows, grids, budget), both) for areas, windows, both in cells]
        for n, level in enumerate(levels):
            worst = [_worst(one_cell[n], both_sides) for one_cell, both_sides in found]
            known = [chance for chance in worst if chance is not None]
            yield level, max(known) if len(known) == len(worst) else None


def _worst(exposure: Exposure | None, both_sides: bool) -> int | None:
    """Among voters, not being in the cell is being in the other one, so its chance counts as well."""
    if exposure is None or exposure.certain or exposure == IMPOSSIBLE:
        return None
    return max(exposure.most, MILLION - exposure.least) if both_sides else exposure.most


def _side(figures: Figures, level: str, in_favour: bool) -> Window:
    """What the shown figures say about one side."""
    if level == "bands":
        heads, area = _within_band(figures.heads_for, figures.heads), _within_band(figures.area_for, figures.area)
        window = Window(heads, area[0], area[-1])
        return window if in_favour else mirrored(window, figures.heads, figures.area)
    count = figures.heads_for if in_favour else figures.heads_not_for
    step = ROUNDING[level]
    low = rounded(figures.area_for if in_favour else figures.area_not_for, level) - step // 2
    return Window(range(count, count + 1), low, low + step - 1)


def _within_band(have: int, of: int) -> range:
    """Every figure that shows as the same band."""
    low, high = band(have, of)
    return range(-(-of * low // 100), of + 1 if high == 100 else -(-of * high // 100))


def _among_voters(figures: Figures, level: str) -> Window:
    """Who knows the voters knows their whole area, so both rounded totals speak about the side in favour."""
    own, other = _side(figures, level, True), _side(figures, level, False)
    return replace(own, low=max(own.low, figures.area - other.high), high=min(own.high, figures.area - other.low))


def _shown(figures: Figures, level: str, reason: str, worst: int) -> Publication:
    if level == "bands":
        heads, area = band(figures.heads_for, figures.heads), band(figures.area_for, figures.area)
        return Publication(level, reason, heads_band=heads, area_band=area, worst=worst)
    split = min(figures.heads_against, figures.heads_abstain) >= FEWEST_IN_CELL
    return Publication(
        level,
        reason,
        heads_for=figures.heads_for,
        heads_not_for=figures.heads_not_for,
        heads_against=figures.heads_against if split else None,
        heads_abstain=figures.heads_abstain if split else None,
        area_for=rounded(figures.area_for, level),
        area_not_for=rounded(figures.area_not_for, level),
        worst=worst,
    )


def _unchanged(figures: Figures, previous: Publication) -> Publication:
    """A corrected total beside the first one shows the ballots between them. It is shown again only where it reads the same."""
    if previous.level == "thresholds":
        return previous
    again = _shown(figures, previous.level, previous.reason, previous.worst)
    return previous if again == previous else Publication("thresholds", "corrected")


@dataclass(frozen=True, slots=True)
class Warnings:
    """What to tell voters before a secret poll opens. `too_few`: fewer than ten may vote, so nothing hides them.
    `decisive`: indexes of heads without whom no consent test can be met, so that a passing outcome proves their choice. As every
    consent bar is at least a half, whoever could meet one alone is among them."""

    too_few: bool
    decisive: tuple[int, ...]


def before_opening(areas: Sequence[int], tests: Sequence[Test]) -> Warnings:
    """`tests` are those of the rule, measured on the whole roll with everybody taking part; only their bars matter."""
    whole = sum(areas)
    decisive: set[int] = set()
    for test in tests:
        if not test.name.startswith("consent"):
            continue
        of = whole if test.about_area else len(areas)
        need = test.bar.least(of)
        for index, area in enumerate(areas):
            weight = area if test.about_area else 1
            if of - weight < need:
                decisive.add(index)
    return Warnings(len(areas) < FEWEST_SECRET, tuple(sorted(decisive)))


def with_known(voters: Sequence[int], figures: Figures, level: str, known: int = 3, budget: int = BUDGET) -> int | None:
    """The attacker's best chance on anyone else when the choices of the `known` largest owners, who reveal most, are known to
    them: the worst over every way those may have chosen. For the trustees' eyes. None: somebody would be proved, or it cannot
    be said."""
    by_size = sorted(voters, reverse=True)
    largest, others = by_size[:known], by_size[known:]
    window = _among_voters(figures, level)
    worst = 0
    for ways in range(1 << len(largest)):
        chosen = [area for bit, area in enumerate(largest) if ways >> bit & 1]
        first, last = window.counts[0] - len(chosen), window.counts[-1] - len(chosen)
        counts = range(max(0, first), min(len(others), last) + 1)
        if not counts:
            continue
        shifted = Window(counts, window.low - sum(chosen), window.high - sum(chosen))
        (found,) = exposures(others, [shifted], [ROUNDING.get(level, figures.area // 20)], budget)
        if found == IMPOSSIBLE:
            continue
        chance = _worst(found, True)
        if chance is None:
            return None
        worst = max(worst, chance)
    return worst
