"""The roll 表决权名册: units, heads and area (SPEC 2). Area is an integer in 0.01 m2."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from votes.refusal import Refused
from votes.table import Problem, Sheet, Unusable, blank_dash, decode, key

__all__ = ["COLUMNS", "Head", "Notice", "Problem", "Roll", "Unit", "Unusable", "decode", "from_table", "read"]

COLUMNS: tuple[tuple[str, str], ...] = (
    ("组团", "group"),
    ("幢", "building"),
    ("单元", "entrance"),
    ("房号", "room"),
    ("用途", "use"),
    ("专有部分面积", "area"),
    ("面积依据", "area_basis"),
    ("不动产单元号", "title_no"),
    ("业主编号", "owner_id"),
    ("业主姓名", "owner_name"),
    ("证件尾号", "id_tail"),
    ("共有情况", "co_ownership"),
    ("共有份额", "share"),
    ("行使表决权人", "voting_owner"),
    ("联系电话", "phone"),
    ("交付状态", "delivery"),
    ("备注", "note"),
)
_NAMES = {heading: english for pair in COLUMNS for heading in pair for english in (pair[1],)}
_PLACE = ("group", "building", "entrance")
_PLAIN = (*_PLACE, "room", "title_no", "owner_id", "owner_name", "id_tail", "share", "phone", "note")

MAX_AREA = 10_000_000
_AREA = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?", re.ASCII)
_LONG_AREA = re.compile(r"[0-9]+\.[0-9]{3,}", re.ASCII)
_HUGE_AREA = re.compile(r"[0-9]{10,}(\.[0-9]+)?", re.ASCII)
_NEGATIVE = re.compile(r"[-−][0-9.]+")
_SQUARE_METRES = re.compile(r"\s*(m2|m\^2|平方米|平米)$", re.IGNORECASE)

USES: Mapping[str, str] = {
    "住宅": "dwelling", "住房": "dwelling", "dwelling": "dwelling",
    "商业": "shop", "商铺": "shop", "店面": "shop", "shop": "shop",
    "车位": "parking", "车库": "parking", "停车位": "parking", "parking": "parking",
}  # fmt: skip
DELIVERIES: Mapping[str, str] = {
    "已交付": "delivered", "已登记": "delivered", "已交付未登记": "delivered", "delivered": "delivered",
    "已售未交付": "sold_undelivered", "未交付": "sold_undelivered", "sold_undelivered": "sold_undelivered",
    "未售": "unsold", "unsold": "unsold",
}  # fmt: skip
BASES: Mapping[str, str] = {"登记簿": "register", "登记": "register", "实测": "survey", "合同": "contract"}
SOLE, JOINT, SHARES = "sole", "joint", "shares"
CO_OWNERSHIPS: Mapping[str, str] = {
    "单独所有": SOLE, "单独": SOLE, "sole": SOLE,
    "共同共有": JOINT, "共同": JOINT, "共有": JOINT, "joint": JOINT,
    "按份共有": SHARES, "按份": SHARES, "shares": SHARES, "common": SHARES,
}  # fmt: skip
_DEVELOPER = re.compile(r"建设单位|开发商|开发企业|房地产开发|developer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """One exclusive part 专有部分. `area` in 0.01 m2; `use`, `delivery`, `co_ownership`, `area_basis` in English words."""

    line: int
    group: str
    building: str
    entrance: str
    room: str
    use: str
    area: int
    area_basis: str
    title_no: str
    owner_id: str
    owner_name: str
    id_tail: str
    co_ownership: str
    share: str
    voting_owner: str
    phone: str
    delivery: str
    note: str

    @property
    def place(self) -> str:
        """Where it is, as a person says it; empty when the roll does not say."""
        return "".join(part for part in (self.group, self.building, self.entrance, self.room) if part)

    @property
    def of_developer(self) -> bool:
        return self.delivery != "delivered"

    def canonical(self) -> list[str | int]:
        plain = [str(getattr(self, field)) for _, field in COLUMNS if field not in ("area", "room")]
        return [*plain, _room(self.room), self.area]


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
    """Something a person should look at; it stops nothing. `code`: same_id_spelled_twice, same_person_two_ids or
    several_developers."""

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
        called = {
            key(unit.owner_id)
            for unit in waiting
            if _DEVELOPER.search(f"{unit.owner_id} {unit.owner_name} {unit.note}")
        }
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


def _room(room: str) -> str:
    """101 and 0101 are one room."""
    return room.lstrip("0") or room if room.isdigit() else key(room)


def parse_area(text: str) -> int | str:
    """A cleaned cell as 0.01 m2, or the code of what is wrong with it."""
    number = _SQUARE_METRES.sub("", text).strip()
    found = _AREA.fullmatch(number)
    if not found:
        if "," in number or "、" in number:
            return "comma_in_number"
        if _LONG_AREA.fullmatch(number):
            return "too_many_decimals"
        if _HUGE_AREA.fullmatch(number):
            return "too_large"
        return "not_positive" if _NEGATIVE.fullmatch(number) else "not_a_number"
    area = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if area == 0:
        return "not_positive"
    return area if area <= MAX_AREA else "too_large"


def read(data: bytes, *, heads_only: bool = False) -> Roll:
    """A roll from the bytes of a CSV file; raises `Unusable` with every problem found."""
    return from_table(decode(data), heads_only=heads_only)


def from_table(rows: Iterable[Sequence[str]], *, heads_only: bool = False) -> Roll:
    """A roll from rows of text cells, heading first. With `heads_only` (bodies that count persons) only owner_id is needed
    and several persons may share a room. Raises `Unusable`."""
    required = ("owner_id",) if heads_only else ("owner_id", "area", "use", "delivery")
    sheet = Sheet(rows, _NAMES, required)
    reader = _Reader(sheet, heads_only)
    units = tuple(reader.unit(line, cells) for line, cells in sheet.records())
    sheet.done()
    if not units:
        raise Unusable([Problem(sheet.heading_line, "", "empty")])
    return Roll(units, tuple(_notices(units)))


class _Reader:
    def __init__(self, sheet: Sheet, heads_only: bool) -> None:
        self.sheet = sheet
        self.heads_only = heads_only
        self.above: dict[str, str] = {}
        self.places: set[tuple[str, ...]] = set()
        self.titles: set[str] = set()

    def unit(self, line: int, cells: dict[str, str]) -> Unit:
        cells = self._merged(cells)
        if not key(cells["owner_id"]):
            self.sheet.problem(line, "owner_id", "missing")
        unit = Unit(
            line=line,
            area=self._area(line, cells.get("area", "")),
            use=self._word(line, "use", cells, USES, "dwelling"),
            delivery=self._word(line, "delivery", cells, DELIVERIES, "delivered"),
            area_basis=BASES.get(key(cells.get("area_basis", "")), cells.get("area_basis", "")),
            co_ownership=CO_OWNERSHIPS.get(key(cells.get("co_ownership", "")), cells.get("co_ownership", "")),
            voting_owner=blank_dash(cells.get("voting_owner", "")),
            **{
                field: blank_dash(cells.get(field, "")) if field in _PLACE else cells.get(field, "") for field in _PLAIN
            },
        )
        if not self.heads_only:
            self._seen(unit)
        return unit

    def _merged(self, cells: dict[str, str]) -> dict[str, str]:
        """A cell merged over several rows is exported once and then blank: carry it down while what stands above agrees."""
        carried = dict(cells)
        if cells.get("room"):
            for field in _PLACE:
                if cells.get(field):
                    break
                if field in cells:
                    carried[field] = self.above.get(field, "")
        self.above = carried
        return carried

    def _area(self, line: int, text: str) -> int:
        if not text:
            if not self.heads_only:
                self.sheet.problem(line, "area", "missing")
            return 0
        area = parse_area(text)
        if isinstance(area, int):
            return area
        self.sheet.problem(line, "area", area, text)
        return 0

    def _word(self, line: int, field: str, cells: dict[str, str], words: Mapping[str, str], default: str) -> str:
        text = cells.get(field, "")
        if not text and self.heads_only:
            return default
        word = words.get(key(text))
        if word is None:
            self.sheet.problem(line, field, f"unknown_{field}" if text else "missing", text)
            return default
        return word

    def _seen(self, unit: Unit) -> None:
        place = (key(unit.group), key(unit.building), key(unit.entrance), _room(unit.room), str(unit.use == "parking"))
        if unit.room:
            if place in self.places:
                self.sheet.problem(unit.line, "room", "duplicate_unit", unit.place)
            self.places.add(place)
        title = key(blank_dash(unit.title_no))
        if title:
            if title in self.titles:
                self.sheet.problem(unit.line, "title_no", "duplicate_title", unit.title_no)
            self.titles.add(title)


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


def need_area(roll: Roll) -> None:
    """A rule that weighs area cannot use a roll read without it."""
    line = next((unit.line for unit in roll.units if unit.area <= 0), None)
    if line is not None:
        raise Refused("roll_without_area", line=line)
