"""What a new roll changes against the one before it, and changes made to one by hand; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from votes.refusal import Refused
from votes.roll import COLUMNS, Roll, Unit, Unusable, from_table
from votes.table import key
from votes.threshold import area_text
from votes.unit import room_key

_COMPARED = ("area", "use", "area_basis", "delivery", "co_ownership", "voting_owner", "title_no")


@dataclass(frozen=True)
class Change:
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """Units by place: new, gone, with another owner (by number or by name: some registers number homes), with another entry
    (area, use, delivery …)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[Change, ...]
    changed: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    """Where, and of each entry its name with what stood there and what stands there now."""

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
            if (key(was.owner_id), key(was.owner_name)) != (key(unit.owner_id), key(unit.owner_name))
        ),
        changed=tuple(
            (_said(unit), entries)
            for was, unit in both
            if (
                entries := tuple(
                    (name, text_of(was, name), text_of(unit, name))
                    for name in _COMPARED
                    if getattr(was, name) != getattr(unit, name)
                )
            )
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


FIELDS = tuple(english for _, english in COLUMNS)
BY_HAND = ("owner_id", "owner_name", "co_ownership", "voting_owner", "area", "area_basis", "use", "delivery")
"""What a correction may change of a unit; where it is comes from the register's file alone."""


def rows_of(roll: Roll) -> list[tuple[str, ...]]:
    """The roll as `votes count` reads it, heading first: read back it is the same roll.

    A blank place above a room would be taken for a merged cell and filled from the row before; a dash says that it is blank.
    """
    return [FIELDS, *(tuple(_cell(unit, name) for name in FIELDS) for unit in roll.units)]


def _cell(unit: Unit, name: str) -> str:
    return text_of(unit, name) or ("—" if name in _PLACES and unit.room else "")


_PLACES = ("group", "building", "entrance")


def text_of(unit: Unit, name: str) -> str:
    return area_text(unit.area).replace(",", "") if name == "area" else str(getattr(unit, name))


@dataclass(frozen=True)
class Edit:
    """One cell of the roll, changed by hand: the unit's line on the version it was looked at."""

    line: int
    field: str
    value: str


def amended(roll: Roll, edits: Iterable[Edit]) -> Roll:
    """The roll with these cells changed, read and checked like a file; raises `Refused` when it would be none."""
    rows = [list(row) for row in rows_of(roll)]
    at = {unit.line: row for unit, row in zip(roll.units, rows[1:], strict=True)}
    for edit in edits:
        if edit.line not in at:
            raise Refused("unit_gone")
        at[edit.line][FIELDS.index(edit.field)] = edit.value
    try:
        after = from_table(rows)
    except Unusable as unusable:
        column = unusable.problems[0].column
        raise Refused("unusable_area" if column == "area" else "unusable_cell", field=column) from None
    if after.fingerprint() == roll.fingerprint():
        raise Refused("nothing_to_change")
    return after


@dataclass(frozen=True)
class Said:
    """An edit for those who decide on it: where, what, from what to what."""

    place: str
    field: str
    before: str
    after: str


def said(roll: Roll, edits: Iterable[Edit]) -> list[Said]:
    at = {unit.line: unit for unit in roll.units}
    return [
        Said(_said(at[one.line]), one.field, text_of(at[one.line], one.field), one.value)
        for one in edits
        if one.line in at
    ]


def named(roll: Roll, edits: Iterable[Edit]) -> list[tuple[str, str]]:
    """The owner numbers that change hands here, each with the names that stand on the roll for it."""
    at = {unit.line: unit for unit in roll.units}
    moved = [one for one in edits if one.field == "owner_id" and one.line in at]
    numbers = dict.fromkeys(number for one in moved for number in (at[one.line].owner_id, one.value))
    names = {
        number: dict.fromkeys(unit.owner_name for unit in roll.units if unit.owner_id == number and unit.owner_name)
        for number in numbers
    }
    return [(number, "、".join(found)) for number, found in names.items() if found]


def regrouped(units: Iterable[Unit], lines: Iterable[int], owner_id: str) -> list[Edit]:
    """Put these units under one owner number: of several heads one, or of one head another."""
    wanted = set(lines)
    return [
        Edit(unit.line, "owner_id", owner_id) for unit in units if unit.line in wanted and unit.owner_id != owner_id
    ]
