"""What a person should look at on a roll; it stops nothing (SPEC 2.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from votes.head import Head
from votes.table import key
from votes.unit import Unit


@dataclass(frozen=True, slots=True)
class Notice:
    """`code`: same_id_spelled_twice, one_id_two_names, same_person_two_ids, several_developers, or developer_unknown (nobody can
    vote for the undelivered units). `lines` of the roll; `value` is what stands there."""

    code: str
    lines: tuple[int, ...]
    value: str

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "lines": list(self.lines), "value": self.value}


def about_owners(units: Iterable[Unit]) -> Iterator[Notice]:
    """One id in two spellings or under two names, one person under two ids."""
    spelled: dict[str, dict[str, int]] = {}
    named: dict[str, dict[str, Unit]] = {}
    persons: dict[tuple[str, str], dict[str, Unit]] = {}
    for unit in units:
        owner, name = key(unit.owner_id), key(unit.owner_name)
        spelled.setdefault(owner, {}).setdefault(unit.owner_id, unit.line)
        if name:
            named.setdefault(owner, {}).setdefault(name, unit)
        if name and unit.id_tail:
            persons.setdefault((name, key(unit.id_tail)), {}).setdefault(owner, unit)
    for ids in spelled.values():
        if len(ids) > 1:
            yield Notice("same_id_spelled_twice", tuple(ids.values()), " / ".join(ids))
    for names in named.values():
        if len(names) > 1:
            first = names.values()
            yield Notice("one_id_two_names", tuple(u.line for u in first), " / ".join(u.owner_name for u in first))
    for owners in persons.values():
        if len(owners) > 1:
            first = owners.values()
            yield Notice("same_person_two_ids", tuple(u.line for u in first), " / ".join(u.owner_id for u in first))


def about_developer(heads: Iterable[Head]) -> Iterator[Notice]:
    """Nobody named, or several ids; the head itself was made by `head.heads`."""
    for head in heads:
        if not head.is_developer:
            continue
        if not head.owner_ids:
            ids = dict.fromkeys(unit.owner_id for unit in head.units)
            yield Notice("developer_unknown", tuple(unit.line for unit in head.units), " / ".join(ids))
        first: dict[str, Unit] = {}
        for unit in head.own:
            first.setdefault(key(unit.owner_id), unit)
        if len(first) > 1:
            lines = tuple(unit.line for unit in first.values())
            yield Notice("several_developers", lines, " / ".join(unit.owner_id for unit in first.values()))
