"""The roll 表决权名册: units, heads and area (SPEC 2). Area is an integer in 0.01 m2."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from votes.refusal import Refused
from votes.table import Problem, Sheet, Unusable, decode, key
from votes.unit import COLUMNS, HEADINGS, JOINT, SHARES, SOLE, WEIGHTS, Unit, UnitReader

__all__ = ["COLUMNS", "Head", "Notice", "Problem", "Roll", "Unit", "Unusable", "decode", "from_table", "read"]

_DEVELOPER = re.compile(r"建设单位|开发商|开发企业|房地产开发|developer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """One head 人数（表决权人）: the units whose weight one ballot carries. `owner_ids` are the ids that may cast it."""

    key: str
    owner_ids: tuple[str, ...]
    names: tuple[str, ...]
    units: tuple[Unit, ...]
    area: int
    is_developer: bool

    @property
    def name(self) -> str:
        return self.names[0] if self.names else self.key

    @property
    def ownership(self) -> str:
        """Is any unit co-owned: "co"; is every unit said to be one person's: "sole"; else "unstated"."""
        kinds = {unit.co_ownership for unit in self.units}
        if kinds & {JOINT, SHARES}:
            return "co"
        return "sole" if kinds == {SOLE} else "unstated"

    @property
    def designated(self) -> str:
        """The one person the co-owners named to vote for them 行使表决权人; empty when none, or when units disagree."""
        named = {key(unit.voting_owner): unit.voting_owner for unit in self.units if unit.voting_owner}
        return next(iter(named.values())) if len(named) == 1 else ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should look at; it stops nothing. `code`: same_id_spelled_twice, same_person_two_ids,
    several_developers, developer_guessed (from holding every undelivered unit) or developer_unknown (nobody can vote for
    the undelivered units)."""

    code: str
    lines: tuple[int, ...]
    value: str


@dataclass(frozen=True)
class Roll:
    """The frozen roll. Build it with `read` or `from_table`, which refuse what is not usable."""

    units: tuple[Unit, ...]
    notices: tuple[Notice, ...] = ()

    def heads(self, count_parking: bool = False) -> tuple[Head, ...]:
        """By RULES 0.5: one owner's units together one head, the developer's unsold and undelivered units together one."""
        return self._with_parking if count_parking else self._without_parking

    def area(self, count_parking: bool = False) -> int:
        return sum(head.area for head in self.heads(count_parking))

    @cached_property
    def people(self) -> tuple[Head, ...]:
        """One head for each owner_id and no area: the residents' and villagers' bodies count persons, not property."""
        groups: dict[str, list[Unit]] = {}
        for unit in self.units:
            groups.setdefault(key(unit.owner_id), []).append(unit)
        return tuple(_head(units, area=0) for _, units in sorted(groups.items()))

    @cached_property
    def _without_parking(self) -> tuple[Head, ...]:
        return self._grouped([unit for unit in self.units if unit.use != "parking"])

    @cached_property
    def _with_parking(self) -> tuple[Head, ...]:
        return self._grouped(self.units)

    def _grouped(self, units: Iterable[Unit]) -> tuple[Head, ...]:
        groups: dict[str, list[Unit]] = {}
        developers: list[Unit] = []
        for unit in units:
            if unit.of_developer or key(unit.owner_id) in self.developer_ids:
                developers.append(unit)
            else:
                groups.setdefault(key(unit.owner_id), []).append(unit)
        heads = [_head(group) for _, group in sorted(groups.items())]
        if developers:
            heads.append(_developer_head(developers, self.developer_ids))
        return tuple(heads)

    @cached_property
    def developer_ids(self) -> frozenset[str]:
        """Ids (as `table.key`) that vote for the developer (SPEC 2.6): holders of unsold units; else whoever the roll calls
        the developer; else the one id that holds every undelivered unit, if they are several."""
        unsold = {key(unit.owner_id) for unit in self.units if unit.delivery == "unsold"}
        if unsold:
            return frozenset(unsold)
        waiting = [unit for unit in self.units if unit.delivery == "sold_undelivered"]
        called = {key(unit.owner_id) for unit in waiting if _called_developer(unit)}
        if called:
            return frozenset(called)
        holders = {key(unit.owner_id) for unit in waiting}
        return frozenset(holders) if len(holders) == 1 and len(waiting) > 1 else frozenset()

    @cached_property
    def undelivered_buyers(self) -> frozenset[str]:
        """Ids (as `table.key`) that appear only on sold but undelivered units: their weight sits with the developer."""
        waiting = {key(u.owner_id) for u in self.units if u.delivery == "sold_undelivered"}
        return frozenset(waiting - self.developer_ids)

    def fingerprint(self) -> str:
        """SHA-256 of the canonical roll: the same for any row order, encoding or heading language."""
        rows = sorted(json.dumps(unit.canonical(), ensure_ascii=False, separators=(",", ":")) for unit in self.units)
        return hashlib.sha256("\n".join(["votes-roll-1", *rows]).encode()).hexdigest()


def _head(units: Sequence[Unit], area: int | None = None) -> Head:
    names = tuple(dict.fromkeys(unit.owner_name for unit in units if unit.owner_name))
    owner_id = min(unit.owner_id for unit in units)
    total = sum(unit.area for unit in units) if area is None else area
    return Head(owner_id, (owner_id,), names, tuple(units), total, False)


def _developer_head(units: Sequence[Unit], ids: frozenset[str]) -> Head:
    own = [unit for unit in units if key(unit.owner_id) in ids]
    owner_ids = tuple(sorted({unit.owner_id for unit in own}))
    names = tuple(dict.fromkeys(unit.owner_name for unit in own if unit.owner_name))
    shown = owner_ids[0] if owner_ids else "建设单位"
    return Head(shown, owner_ids, names, tuple(units), sum(unit.area for unit in units), True)


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
    return Roll(units, (*_notices(units), *_about_developer(Roll(units))))


def _notices(units: Sequence[Unit]) -> Iterable[Notice]:
    spellings: dict[str, dict[str, int]] = {}
    persons: dict[tuple[str, str], dict[str, int]] = {}
    for unit in units:
        spellings.setdefault(key(unit.owner_id), {}).setdefault(unit.owner_id, unit.line)
        if unit.owner_name and unit.id_tail:
            person = (key(unit.owner_name), key(unit.id_tail))
            persons.setdefault(person, {}).setdefault(key(unit.owner_id), unit.line)
    for spelled in spellings.values():
        if len(spelled) > 1:
            yield Notice("same_id_spelled_twice", tuple(spelled.values()), " / ".join(spelled))
    for ids in persons.values():
        if len(ids) > 1:
            yield Notice("same_person_two_ids", tuple(ids.values()), " / ".join(ids))
    unsold = {key(unit.owner_id): unit.line for unit in units if unit.delivery == "unsold"}
    if len(unsold) > 1:
        yield Notice("several_developers", tuple(unsold.values()), " / ".join(unsold))


def _about_developer(roll: Roll) -> Iterable[Notice]:
    waiting = [unit for unit in roll.units if unit.of_developer]
    lines = tuple(unit.line for unit in waiting)
    if waiting and not roll.developer_ids:
        yield Notice("developer_unknown", lines, " / ".join(dict.fromkeys(unit.owner_id for unit in waiting)))
    elif waiting and not any(unit.delivery == "unsold" or _called_developer(unit) for unit in waiting):
        yield Notice("developer_guessed", lines, waiting[0].owner_id)


def _called_developer(unit: Unit) -> bool:
    return bool(_DEVELOPER.search(f"{unit.owner_id} {unit.owner_name} {unit.note}"))


def need_area(roll: Roll) -> None:
    """A rule that weighs area cannot use a roll read without it."""
    line = next((unit.line for unit in roll.units if unit.area <= 0), None)
    if line is not None:
        raise Refused("roll_without_area", line=line)
