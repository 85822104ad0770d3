"""Questions with more than yes and no (SPEC 9.1): the same types serve binding polls and straw polls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from votes.refusal import Refused

METHODS = ("choose", "approval", "schulze", "instant_runoff", "majority_judgment")


@dataclass(frozen=True, slots=True)
class Question:
    """`seats` are to be filled (single-winner methods: 1). `at_most`: how many a "choose" ballot may mark; 0 is as many as
    seats. `grades`, best first, for majority judgment. `binding` false marks a straw poll; it changes no arithmetic."""

    key: str
    options: tuple[str, ...]
    method: str
    seats: int = 1
    at_most: int = 0
    grades: tuple[str, ...] = ()
    binding: bool = True

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise Refused("unknown_method", method=self.method)
        if len(self.options) < 2 or len(set(self.options)) != len(self.options):
            raise Refused("bad_options", options=", ".join(self.options))
        many = self.method in ("choose", "approval")
        if not 1 <= self.seats < len(self.options) or (self.seats > 1 and not many):
            raise Refused("bad_seats", seats=self.seats)
        if not 0 <= self.at_most <= len(self.options):
            raise Refused("bad_seats", seats=self.at_most)
        if (self.method == "majority_judgment") != (len(self.grades) >= 2) or len(set(self.grades)) != len(self.grades):
            raise Refused("bad_grades", grades=", ".join(self.grades))


@dataclass(frozen=True, slots=True)
class Result:
    """`winners` fill seats beyond doubt. `tied` are options of which only some can win, and nothing in the ballots says which: they
    are named, and people decide how to settle it. `order` ranks all options, equal ones together. `spoiled` ballots broke the
    question's rules and do not count. `steps` tell how it came about, one dict a round or pair, for the minutes."""

    winners: tuple[str, ...]
    tied: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    counted: int
    spoiled: int
    steps: tuple[dict[str, object], ...] = ()

    @property
    def decided(self) -> bool:
        return not self.tied and bool(self.winners)


def fill(order: Sequence[Sequence[str]], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Seat whole levels while they fit; a level that only partly fits is a tie."""
    winners: list[str] = []
    for level in order:
        if len(winners) == seats:
            break
        if len(winners) + len(level) > seats:
            return tuple(winners), tuple(level)
        winners += level
    return tuple(winners), ()


def levels(options: Iterable[str], score: dict[str, int]) -> tuple[tuple[str, ...], ...]:
    """Options by falling score, equal ones together, each level in the question's own order."""
    known = list(options)
    return tuple(tuple(o for o in known if score[o] == value) for value in sorted(set(score.values()), reverse=True))
