"""Owners on a roll who may be one person under two numbers: told to a human, who decides; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from votes.roll import Roll, Unit
from votes.table import key

if TYPE_CHECKING:
    from opencc import OpenCC

MOST_IN_A_GROUP = 6
"""More than so many of one name and one telephone are a file filled in by rote, not one person."""


@dataclass(frozen=True)
class Owner:
    """One owner number, with the names and places it stands for."""

    owner_id: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    area: int


@dataclass(frozen=True)
class Alike:
    """Two numbers that may be one person; `why` names the sentence (words section alike)."""

    one: Owner
    other: Owner
    why: str


def alike(roll: Roll) -> list[Alike]:
    """Equal names, however they are written, under two numbers: with the same end of the identity number, or the same telephone;
    or two numbers that differ in a letter that is taken for another."""
    owners = by_number(unit for unit in roll.units if unit.delivery != "unsold")
    found: dict[tuple[str, str], Alike] = {}
    for why, says in (("identity", _identities), ("phone", _phones), ("number", _numbers)):
        for one, other in _pairs(owners, says):
            found.setdefault((one, other), Alike(owner(owners[one]), owner(owners[other]), why))
    return list(found.values())


def by_number(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(key(unit.owner_id), []).append(unit)
    return found


def owner(units: list[Unit]) -> Owner:
    return Owner(
        units[0].owner_id,
        tuple(dict.fromkeys(unit.owner_name for unit in units if unit.owner_name)),
        tuple(unit.place for unit in units if unit.place),
        sum(unit.area for unit in units),
    )


Says = Callable[[str, Unit], Iterable[tuple[str, ...]]]


def _pairs(owners: dict[str, list[Unit]], says: Says) -> Iterator[tuple[str, str]]:
    groups: dict[tuple[str, ...], dict[str, None]] = {}
    for number, units in owners.items():
        for unit in units:
            for mark in says(number, unit):
                groups.setdefault(mark, {})[number] = None
    for together in groups.values():
        if len(together) <= MOST_IN_A_GROUP:
            yield from combinations(together, 2)


def _identities(_number: str, unit: Unit) -> Iterator[tuple[str, ...]]:
    if unit.owner_name and unit.id_tail:
        yield plain_name(unit.owner_name), key(unit.id_tail)


def _phones(_number: str, unit: Unit) -> Iterator[tuple[str, ...]]:
    if unit.owner_name and unit.phone:
        yield plain_name(unit.owner_name), key(unit.phone)


_LOOKS_LIKE = str.maketrans("olis", "0115")


def _numbers(number: str, _unit: Unit) -> Iterator[tuple[str, ...]]:
    yield (number.translate(_LOOKS_LIKE),)


@cache
def _converter() -> OpenCC:
    # Its dictionaries are read when somebody of the staff first opens the page that needs them.
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """張建強, 张 建强 and 张建强 are one name."""
    return key(_converter().convert(name))
