"""What a new roll changes against the one before it; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from votes.roll import Roll, Unit
from votes.table import key
from votes.unit import room_key

_COMPARED = ("area", "use", "area_basis", "delivery", "co_ownership", "voting_owner", "title_no")


@dataclass(frozen=True)
class Change:
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """Units by place: new, gone, with another owner, with another entry (area, use, delivery …)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[Change, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def none(self) -> bool:
        return not (self.added or self.removed or self.moved or self.changed)

    def as_json(self, most: int) -> dict[str, object]:
        """The counts in full, the lists cut."""
        full = asdict(self)
        return {name: {"count": len(found), "first": list(found)[:most]} for name, found in full.items()}


def compare(before: Roll, after: Roll) -> Changes:
    old, new = _by_place(before.units), _by_place(after.units)
    both = [(old[one], new[one]) for one in new if one in old]
    return Changes(
        added=tuple(_said(new[one]) for one in new if one not in old),
        removed=tuple(_said(old[one]) for one in old if one not in new),
        moved=tuple(
            Change(
                _said(unit), f"{was.owner_name} {was.owner_id}".strip(), f"{unit.owner_name} {unit.owner_id}".strip()
            )
            for was, unit in both
            if key(was.owner_id) != key(unit.owner_id)
        ),
        changed=tuple(
            (_said(unit), fields)
            for was, unit in both
            if (fields := tuple(f for f in _COMPARED if getattr(was, f) != getattr(unit, f)))
        ),
    )


def _by_place(units: Iterable[Unit]) -> dict[tuple[str, ...], Unit]:
    """A roll without rooms is compared by its title numbers, else owner by owner."""
    found: dict[tuple[str, ...], Unit] = {}
    for unit in units:
        where: tuple[str, ...]
        if unit.room:
            where = (
                "room",
                key(unit.group),
                key(unit.building),
                key(unit.entrance),
                room_key(unit.room),
                str(unit.use == "parking"),
            )
        elif unit.title_no:
            where = ("title", key(unit.title_no))
        else:
            where = ("owner", key(unit.owner_id))
        while where in found:
            where = (*where, "+")
        found[where] = unit
    return found


def _said(unit: Unit) -> str:
    return unit.place or unit.title_no or unit.owner_id
