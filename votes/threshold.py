"""Exact thresholds (SPEC 4): integers are compared by cross-multiplication, so a tie is a tie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from votes.refusal import Refused

_SHAPE = re.compile(r"(>=|>)\s*([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share to reach: `strict` means more than it (过半数), otherwise it is enough to reach it (以上)."""

    numerator: int
    denominator: int
    strict: bool

    @classmethod
    def parse(cls, text: str) -> Bar:
        """Read ">= 2/3" or "> 1/2"; anything else, or a share above one, is refused with code "bad_bar"."""
        found = _SHAPE.fullmatch(text.strip())
        if not found:
            raise Refused("bad_bar", value=text)
        numerator, denominator = int(found[2]), int(found[3])
        if numerator > denominator or (numerator == denominator and found[1] == ">"):
            raise Refused("bad_bar", value=text)
        return cls(numerator, denominator, found[1] == ">")

    @property
    def required(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def comparison(self) -> str:
        return ">" if self.strict else ">="

    def __str__(self) -> str:
        return f"{self.comparison} {self.required}"

    def least(self, of: int) -> int:
        """The smallest integer that meets the bar out of `of`. Of nothing, nothing is at least a share and not more than one."""
        product = of * self.numerator
        if self.strict:
            return product // self.denominator + 1
        return -(-product // self.denominator)

    def test(self, name: str, have: int, of: int) -> Test:
        if have < 0 or of < 0:
            raise ValueError(f"{name}: counts cannot be negative")
        least = self.least(of)
        return Test(name, have, of, self.required, self.comparison, have >= least, max(0, least - have))


@dataclass(frozen=True, slots=True)
class Test:
    """One measured test. Heads are persons, area is in 0.01 m2; `short_by` is 0 when met."""

    __test__: ClassVar[bool] = False

    name: str
    have: int
    of: int
    required: str
    comparison: str
    met: bool
    short_by: int

    @property
    def need(self) -> int:
        """The smallest `have` that would meet this test."""
        return self.bar.least(self.of)

    @property
    def bar(self) -> Bar:
        return Bar.parse(f"{self.comparison} {self.required}")

    @property
    def about_area(self) -> bool:
        return self.name.endswith(".area")

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "have": self.have,
            "of": self.of,
            "required": self.required,
            "comparison": self.comparison,
            "met": self.met,
            "short_by": self.short_by,
        }


def area_text(area: int) -> str:
    """2045942 -> "20,459.42"."""
    return f"{area // 100:,}.{area % 100:02d}"


def percent_text(have: int, of: int) -> str:
    """Two decimals, halves up, for reading only: 199,999 of 300,000 reads 66.67 and is short of 2/3 (SPEC 4.5)."""
    if of <= 0:
        return "0.00"
    hundredths = (have * 20_000 + of) // (2 * of)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
