"""Heads 人数（表决权人）: whose units go together, and who is the developer (SPEC 2.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from votes.table import blank_dash, key
from votes.unit import SOLE, Unit

_DEVELOPER = re.compile(r"建设单位|开发商|开发企业|房地产开发|developer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """One head: the units whose weight one ballot carries. `owner_ids` are the ids that may cast it. The developer's head also
    carries the flats its buyers wait for; `own` are the units that say something about the voter."""

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
    def own(self) -> tuple[Unit, ...]:
        ids = set(map(key, self.owner_ids))
        return tuple(unit for unit in self.units if key(unit.owner_id) in ids) if self.is_developer else self.units

    @property
    def ownership(self) -> str:
        """ "co" where any unit is said to be anything but one person's; "sole" where every unit is; else "unstated"."""
        kinds = {blank_dash(unit.co_ownership) for unit in self.own}
        if kinds - {SOLE, ""}:
            return "co"
        return "sole" if kinds == {SOLE} else "unstated"

    @property
    def designated(self) -> str:
        """The one person the co-owners named to vote for them 行使表决权人; empty when none, or when units disagree."""
        named = {key(unit.voting_owner): unit.voting_owner for unit in self.own if unit.voting_owner}
        return next(iter(named.values())) if len(named) == 1 else ""


def people(units: Sequence[Unit]) -> tuple[Head, ...]:
    """One head for each owner_id and no area: the residents' and villagers' bodies count persons, not property."""
    return tuple(_head(own, area=0) for own in _by_owner(units))


def heads(units: Sequence[Unit], counted: Sequence[Unit]) -> tuple[Head, ...]:
    """The heads of the `counted` units. `units` are all on the roll: a stall that does not count may still name the developer."""
    if all(unit.delivery == "delivered" for unit in counted):
        return tuple(_head(own) for own in _by_owner(counted))
    ids = _developer_ids(units, counted)
    developers = [unit for unit in counted if unit.delivery != "delivered" or key(unit.owner_id) in ids]
    others = [unit for unit in counted if unit.delivery == "delivered" and key(unit.owner_id) not in ids]
    named = [unit for unit in units if key(unit.owner_id) in ids]
    owner_ids = tuple(sorted({unit.owner_id for unit in named}))
    shown = owner_ids[0] if owner_ids else "建设单位"
    area = sum(unit.area for unit in developers)
    developer = Head(shown, owner_ids, _names(named), tuple(developers), area, is_developer=True)
    return (*(_head(own) for own in _by_owner(others)), developer)


def _developer_ids(units: Sequence[Unit], counted: Sequence[Unit]) -> frozenset[str]:
    """Ids (as `table.key`) that vote for the developer: holders of unsold units, else whom the roll calls so by name or id. What
    does not count is asked only where the counted units name nobody. A buyer's unit or a note never says who the developer is."""
    for asked in (counted, units):
        for says in (_unsold, _called_developer):
            ids = frozenset(key(unit.owner_id) for unit in asked if says(unit))
            if ids:
                return ids
    return frozenset()


def _unsold(unit: Unit) -> bool:
    return unit.delivery == "unsold"


def _called_developer(unit: Unit) -> bool:
    return bool(_DEVELOPER.search(f"{unit.owner_id} {unit.owner_name}"))


def _by_owner(units: Sequence[Unit]) -> list[list[Unit]]:
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        groups.setdefault(key(unit.owner_id), []).append(unit)
    return [own for _, own in sorted(groups.items())]


def _head(own: Sequence[Unit], area: int | None = None) -> Head:
    owner_id = min(unit.owner_id for unit in own)
    total = sum(unit.area for unit in own) if area is None else area
    return Head(owner_id, (owner_id,), _names(own), tuple(own), total, is_developer=False)


def _names(units: Sequence[Unit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit.owner_name for unit in units if unit.owner_name))
