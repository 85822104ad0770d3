"""The roll 表决权名册: units, heads and area (SPEC 2). Area is an integer in 0.01 m2."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from votes import head
from votes.head import Head
from votes.notice import Notice, about_developer, about_owners
from votes.problem import Problem, Unusable
from votes.refusal import Refused
from votes.rows import decode
from votes.table import Sheet
from votes.unit import COLUMNS, HEADINGS, WEIGHTS, Unit, UnitReader

__all__ = ["COLUMNS", "Head", "Notice", "Problem", "Roll", "Unit", "Unusable", "decode", "from_table", "read"]


@dataclass(frozen=True)
class Roll:
    """The frozen roll. Build it with `read` or `from_table`, which refuse what is not usable."""

    units: tuple[Unit, ...]

    def heads(self, count_parking: bool = False) -> tuple[Head, ...]:
        """By SPEC 2.6: one owner's units together one head, the developer's unsold and undelivered units together one."""
        return self._with_parking if count_parking else self._without_parking

    def area(self, count_parking: bool = False) -> int:
        return sum(one.area for one in self.heads(count_parking))

    def notices(self, heads: Iterable[Head]) -> tuple[Notice, ...]:
        """What a person should look at who counts with these heads of the roll."""
        return (*self._about_owners, *about_developer(heads))

    @cached_property
    def people(self) -> tuple[Head, ...]:
        return head.people(self.units)

    @cached_property
    def _without_parking(self) -> tuple[Head, ...]:
        return head.heads(self.units, [unit for unit in self.units if unit.use != "parking"])

    @cached_property
    def _with_parking(self) -> tuple[Head, ...]:
        return head.heads(self.units, self.units)

    @cached_property
    def _about_owners(self) -> tuple[Notice, ...]:
        return tuple(about_owners(self.units))

    def fingerprint(self) -> str:
        """SHA-256 of the canonical roll: the same for any row order, encoding or heading language."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        rows = sorted(json.dumps(unit.canonical(), ensure_ascii=False, separators=(",", ":")) for unit in self.units)
        return hashlib.sha256("\n".join(["votes-roll-1", *rows]).encode()).hexdigest()


def read(data: bytes, *, heads_only: bool = False) -> Roll:
    """A roll from the bytes of a CSV file; raises `Unusable` with every problem found."""
    return from_table(decode(data), heads_only=heads_only)


def from_table(rows: Iterable[Sequence[str]], *, heads_only: bool = False) -> Roll:
    """A roll from rows of text cells, heading first. With `heads_only` (bodies that count persons) only owner_id is needed,
    area, use and delivery are not looked at, and several persons may share a room. Raises `Unusable`."""
    names = {name: field for name, field in HEADINGS.items() if not heads_only or field not in WEIGHTS}
    sheet = Sheet(rows, names, ("owner_id",) if heads_only else ("owner_id", *WEIGHTS))
    reader = UnitReader(sheet, heads_only)
    units = tuple(reader.unit(line, cells) for line, cells in sheet.records())
    sheet.done()
    if not units:
        raise Unusable([Problem(sheet.heading_line, "", "empty")])
    return Roll(units)


def need_area(roll: Roll) -> None:
    """A rule that weighs area cannot use a roll read without it."""
    line = next((unit.line for unit in roll.units if unit.area <= 0), None)
    if line is not None:
        raise Refused("roll_without_area", line=line)
