"""What published figures say about the exact ones (SPEC 7.1, 7.2): every level read back as the totals that would show alike.

Whether each test was met is always published beside the figures, and cuts what they leave open."""

from __future__ import annotations

from dataclasses import dataclass, replace

from votes.exposure import Window, mirrored
from votes.rules import RuleSet
from votes.threshold import Bar

LEVELS = ("exact", "1", "10", "100", "bands", "thresholds")
ROUNDING = {"exact": 1, "1": 100, "10": 1_000, "100": 10_000}


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


def rounded(area: int, level: str) -> int:
    """Half up, once, from the exact sum."""
    step = ROUNDING[level]
    return (area + step // 2) // step * step


def band(have: int, of: int) -> tuple[int, int]:
    """The five-point band, in per cent, from and up to but not including."""
    low = min(19, have * 20 // of) * 5
    return low, low + 5


def within_band(have: int, of: int) -> range:
    """Every figure that shows as the same band."""
    low, high = band(have, of)
    return range(-(-of * low // 100), of + 1 if high == 100 else -(-of * high // 100))


def among_voters(figures: Figures, level: str, told: RuleSet | None = None) -> Window:
    """Who knows the voters knows their whole area, so both totals speak about the side in favour, and so do the outcomes told
    of the consent tests."""
    yes, no = _sides(figures, level)
    low, high = max(yes.low, figures.area - no.high), min(yes.high, figures.area - no.low)
    if told is None:
        return replace(yes, low=low, high=high)
    first, last = _cut(yes.counts[0], yes.counts[-1], told.consent, figures.heads_for, figures.heads)
    return Window(range(first, last + 1), *_cut(low, high, told.consent, figures.area_for, figures.area))


def without_turnout(figures: Figures, level: str, whole: int, told: RuleSet | None = None) -> tuple[Window, Window]:
    """What is said about either side, in favour and not, to who knows the `whole` area of the roll but not who took part. Bands
    are shares, so they are read as if the area that took part were known."""
    if level == "bands":
        yes = among_voters(figures, level, told)
        return yes, mirrored(yes, figures.heads, figures.area)
    yes, no = _sides(figures, level)
    if told is None:
        return yes, no
    yes, no = _by_consent(yes, no, told.consent, figures)
    return _by_quorum(yes, no, told.quorum.least(whole), figures)


def _sides(figures: Figures, level: str) -> tuple[Window, Window]:
    if level == "bands":
        heads, area = within_band(figures.heads_for, figures.heads), within_band(figures.area_for, figures.area)
        yes = Window(heads, area[0], area[-1])
        return yes, mirrored(yes, figures.heads, figures.area)
    step = ROUNDING[level]
    pairs = ((figures.heads_for, figures.area_for), (figures.heads_not_for, figures.area_not_for))
    lows = [(heads, rounded(area, level) - step // 2) for heads, area in pairs]
    yes, no = (Window(range(heads, heads + 1), low, low + step - 1) for heads, low in lows)
    return yes, no


def _cut(low: int, high: int, bar: Bar, have: int, of: int) -> tuple[int, int]:
    """What is left of low..high once it is told whether `have` meets the bar."""
    need = bar.least(of)
    return (max(low, need), high) if have >= need else (low, min(high, need - 1))


def _by_consent(yes: Window, no: Window, bar: Bar, figures: Figures) -> tuple[Window, Window]:
    """yes · b >= (yes + no) · a, or its opposite, with the sum unknown: each side is bounded by the other one's ends."""
    a, rest = bar.numerator, bar.denominator - bar.numerator
    if figures.area_for >= bar.least(figures.area):
        least, most = -(-(a * no.low + bar.strict) // rest), (rest * yes.high - bar.strict) // a
        return replace(yes, low=max(yes.low, least)), replace(no, high=min(no.high, most))
    most, least = -(-(a * no.high + bar.strict) // rest) - 1, (rest * yes.low - bar.strict) // a + 1
    return replace(yes, high=min(yes.high, most)), replace(no, low=max(no.low, least))


def _by_quorum(yes: Window, no: Window, need: int, figures: Figures) -> tuple[Window, Window]:
    """yes + no >= need, or its opposite."""
    if figures.area >= need:
        low, other = max(yes.low, need - no.high), max(no.low, need - yes.high)
        return replace(yes, low=low), replace(no, low=other)
    high, other = min(yes.high, need - 1 - no.low), min(no.high, need - 1 - yes.low)
    return replace(yes, high=high), replace(no, high=other)
