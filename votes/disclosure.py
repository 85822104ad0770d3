"""The publication gate (SPEC 7): may these totals of a secret poll be shown, and how finely, without showing who chose what?

It plays the attacker on what the attacker has: every area, who took part, and the totals about to be shown. It never sees a
choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from votes.exposure import IMPOSSIBLE, MILLION, Exposure, Window, exposures
from votes.rules import RuleSet, preset
from votes.shown import LEVELS, ROUNDING, Figures, among_voters, band, rounded, without_turnout
from votes.threshold import Test

__all__ = ["Figures", "Publication", "Warnings", "before_opening", "decide", "with_known"]

OWNERS = (preset("civil-code-278-ordinary"), preset("civil-code-278-major"))
FEWEST_CAST = 30
FEWEST_IN_CELL = 5
FEWEST_SECRET = 10
TOO_SURE = 900_000
BUDGET = 250_000_000


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
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}


def decide(
    voters: Sequence[int],
    figures: Figures,
    *,
    rules: Sequence[RuleSet] = OWNERS,
    roll: Sequence[int] | None = None,
    previous: Publication | None = None,
    budget: int = BUDGET,
) -> Publication:
    """The finest level at which nobody's choice is known with 90 % or more, nor anybody proved on or off a side.

    `voters`: the areas of the heads that took part (it is assumed to be known who they are). `rules`: the rule-sets one of which
    is told to be met or not; both of the owners' unless said. `roll`: all areas, to play also the attacker who does not know who
    took part. `previous`: what was already shown of this poll; a correction may then not be told apart from it (SPEC 7.5).
    `budget` bounds the exact search; beyond it a coarser answer is given, never a finer one."""
    if len(voters) != figures.heads or sum(voters) != figures.area:
        raise ValueError("the figures are not those of these voters")
    shown = _finest(voters, figures, rules, roll, budget, previous.level if previous else None)
    if previous is None:
        return shown
    # A corrected total beside the first one shows the ballots between them. It is shown again only where it reads the same.
    alike = replace(shown, reason=previous.reason, worst=previous.worst) == previous
    return previous if alike else Publication("thresholds", "corrected")


def _finest(
    voters: Sequence[int],
    figures: Figures,
    rules: Sequence[RuleSet],
    roll: Sequence[int] | None,
    budget: int,
    only: str | None,
) -> Publication:
    if figures.heads < FEWEST_CAST:
        return Publication("thresholds", "few_cast")
    if min(figures.heads_for, figures.heads_not_for) < FEWEST_IN_CELL:
        return Publication("thresholds", "small_cell")
    for level, worst in _hiding(voters, figures, rules, roll, budget):
        if only in (None, level):
            return _shown(figures, level, "" if level == "exact" else "revealing", worst)
    return Publication("thresholds", "revealing")


def _hiding(
    voters: Sequence[int], figures: Figures, rules: Sequence[RuleSet], roll: Sequence[int] | None, budget: int
) -> Iterator[tuple[str, int]]:
    """The levels at which nobody is known, finest first, with the attacker's best chance on anyone. An attacker is played who looks
    at the figures alone, and for each rule-set one who also sees which tests were met."""
    for levels in (LEVELS[:4], LEVELS[4:5]):
        worst = dict.fromkeys(levels, 0)
        for cell in _cells(voters, figures, roll):
            asked = [(level, told) for level in worst for told in (None, *rules)]
            # What one cell gives away no other one can take back.
            for (level, _), chance in cell.chances(asked, figures, budget).items():
                if chance is None or chance >= TOO_SURE:
                    worst.pop(level, None)
                elif level in worst:
                    worst[level] = max(worst[level], chance)
            if not worst:
                break
        yield from worst.items()


Asked = tuple[str, RuleSet | None]
"""A level, and the rule-set whose outcomes are told beside it."""
Seen = Callable[[str, RuleSet | None], Window]


def _cells(voters: Sequence[int], figures: Figures, roll: Sequence[int] | None) -> Iterator[_Cell]:
    yield _Cell(voters, partial(among_voters, figures), both_sides=True)
    if roll is not None:
        for side in (0, 1):
            yield _Cell(roll, partial(_one_side, side, figures, sum(roll)), both_sides=False)


def _one_side(side: int, figures: Figures, whole: int, level: str, told: RuleSet | None) -> Window:
    return without_turnout(figures, level, whole, told)[side]


@dataclass(frozen=True, slots=True)
class _Cell:
    """Areas among which somebody is looked for, and what is seen of the cell at a level when a rule's outcomes are told."""

    areas: Sequence[int]
    seen: Seen
    both_sides: bool

    def chances(self, asked: Sequence[Asked], figures: Figures, budget: int) -> dict[Asked, int | None]:
        """Most outcomes cut nothing, so each different window is searched once."""
        wanted = {one: (self.seen(*one), _grid(figures, one[0])) for one in asked}
        each = list(dict.fromkeys(wanted.values()))
        found = exposures(self.areas, [window for window, _ in each], [grid for _, grid in each], budget)
        chance = {key: _worst(exposure, self.both_sides) for key, exposure in zip(each, found, strict=True)}
        return {one: chance[key] for one, key in wanted.items()}


def _grid(figures: Figures, level: str) -> int:
    """How coarse the area is shown, in 0.01 m2; a band is a twentieth of the whole."""
    return ROUNDING.get(level, figures.area // 20)


def _worst(exposure: Exposure | None, both_sides: bool) -> int | None:
    """Among voters, not being in the cell is being in the other one, so its chance counts as well."""
    if exposure is None or exposure.certain or exposure == IMPOSSIBLE:
        return None
    return max(exposure.most, MILLION - exposure.least) if both_sides else exposure.most


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


def with_known(
    voters: Sequence[int],
    figures: Figures,
    level: str,
    known: int = 3,
    budget: int = BUDGET,
    rules: Sequence[RuleSet] = OWNERS,
) -> int | None:
    """The attacker's best chance on anyone else when the choices of the `known` largest owners, who reveal most, are known to
    them: the worst over every way those may have chosen. For the trustees' eyes. None: somebody would be proved, or it cannot
    be said."""
    by_size = sorted(voters, reverse=True)
    largest, others = by_size[:known], by_size[known:]
    grid = _grid(figures, level)
    worst = 0
    for window in dict.fromkeys(among_voters(figures, level, told) for told in (None, *rules)):
        for ways in range(1 << len(largest)):
            chosen = [area for bit, area in enumerate(largest) if ways >> bit & 1]
            first, last = window.counts[0] - len(chosen), window.counts[-1] - len(chosen)
            counts = range(max(0, first), min(len(others), last) + 1)
            if not counts:
                continue
            shifted = Window(counts, window.low - sum(chosen), window.high - sum(chosen))
            (found,) = exposures(others, [shifted], [grid], budget)
            if found == IMPOSSIBLE:
                continue
            chance = _worst(found, True)
            if chance is None:
                return None
            worst = max(worst, chance)
    return worst
