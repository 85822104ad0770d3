"""A unit 专有部分 and how one row of a roll is read (SPEC 2.1-2.5). Area is an integer in 0.01 m2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from votes.table import Sheet, blank_dash, key, plain

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
HEADINGS = {heading: english for chinese, english in COLUMNS for heading in (chinese, english)}
WEIGHTS = ("area", "use", "delivery")
"""What decides how much a unit weighs: needed, and read, only where area counts."""
_PLACE = ("group", "building", "entrance")
_AS_WRITTEN = ("owner_name", "note")
_PLAIN = ("room", "title_no", "owner_id", "id_tail", "share", "phone")

MAX_AREA = 10_000_000
_AREA = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?", re.ASCII)
_LONG_AREA = re.compile(r"[0-9]+\.[0-9]{3,}", re.ASCII)
_HUGE_AREA = re.compile(r"[0-9]{10,}(\.[0-9]+)?", re.ASCII)
_NEGATIVE = re.compile(r"[-−][0-9.]+")
_SQUARE_METRES = re.compile(r"\s*(㎡|m²|m2|m\^2|平方米|平米)$", re.IGNORECASE)

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
SOLE = "sole"
CO_OWNERSHIPS: Mapping[str, str] = {
    "单独所有": SOLE, "单独": SOLE, "独有": SOLE, "个人所有": SOLE, "sole": SOLE, "single": SOLE,
    "共同共有": "joint", "共同": "joint", "共有": "joint", "joint": "joint",
    "按份共有": "shares", "按份": "shares", "shares": "shares", "common": "shares",
}  # fmt: skip


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

    def canonical(self) -> list[str | int]:
        """What the fingerprint covers: every column, in plain characters, and not the row's place in the file."""
        texts = [plain(str(getattr(self, field))) for _, field in COLUMNS if field not in ("area", "room")]
        return [*texts, room_key(self.room), self.area]


def room_key(room: str) -> str:
    """101 and 0101 are one room."""
    return room.lstrip("0") or room if room.isdecimal() else key(room)


def parse_area(text: str) -> int | str:
    """A cleaned cell as 0.01 m2, or the code of what is wrong with it."""
    number = _SQUARE_METRES.sub("", plain(text)).strip()
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


def _known(words: Mapping[str, str], text: str) -> str:
    return words.get(key(text), text)


class UnitReader:
    def __init__(self, sheet: Sheet, heads_only: bool) -> None:
        self.sheet = sheet
        self.heads_only = heads_only
        self.above: dict[str, str] = {}
        self.places: set[tuple[str, ...]] = set()
        self.titles: set[str] = set()

    def unit(self, line: int, cells: dict[str, str]) -> Unit:
        cells = self._merged(cells)
        cells["owner_id"] = self.sheet.name(line, cells, "owner_id")
        unit = Unit(
            line=line,
            area=0 if self.heads_only else self._area(line, cells["area"]),
            use="dwelling" if self.heads_only else self._word(line, "use", cells["use"], USES),
            delivery="delivered" if self.heads_only else self._word(line, "delivery", cells["delivery"], DELIVERIES),
            area_basis=_known(BASES, cells.get("area_basis", "")),
            co_ownership=_known(CO_OWNERSHIPS, cells.get("co_ownership", "")),
            **{field: blank_dash(cells.get(field, "")) for field in (*_PLACE, "voting_owner")},
            **{field: cells.get(field, "") for field in _AS_WRITTEN},
            **{field: plain(cells.get(field, "")) for field in _PLAIN},
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
        area = parse_area(text) if text else "missing"
        if isinstance(area, int):
            return area
        self.sheet.problem(line, "area", area, text)
        return 0

    def _word(self, line: int, field: str, text: str, words: Mapping[str, str]) -> str:
        word = words.get(key(text), "")
        if not word:
            self.sheet.problem(line, field, f"unknown_{field}" if text else "missing", text)
        return word

    def _seen(self, unit: Unit) -> None:
        place = (
            key(unit.group),
            key(unit.building),
            key(unit.entrance),
            room_key(unit.room),
            str(unit.use == "parking"),
        )
        if unit.room:
            if place in self.places:
                self.sheet.problem(unit.line, "room", "duplicate_unit", unit.place)
            self.places.add(place)
        title = key(blank_dash(unit.title_no))
        if title:
            if title in self.titles:
                self.sheet.problem(unit.line, "title_no", "duplicate_title", unit.title_no)
            self.titles.add(title)
