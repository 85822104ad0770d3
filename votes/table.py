"""Files people really have: CSV in four encodings, full-width digits, Chinese or English headings (SPEC 2.1-2.3)."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from votes.refusal import Refused

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 200_000
MAX_PROBLEMS = 200
MAX_CELL = 400
_DASHES = frozenset({"-", "—", "——", "–", "/", "\\", "无"})
_UNITS_IN_HEADING = re.compile(r"\([^()]*\)")

SENTENCES: dict[str, tuple[str, str]] = {
    "missing_column": ("表头里缺少这一列", "the heading lacks this column"),
    "duplicate_column": ("表头里有两列同名", "two columns have this heading"),
    "missing": ("这一格不能空", "this cell must not be empty"),
    "not_a_number": ("“{value}”不是面积，请写成 89.37 这样的数", "“{value}” is not an area; write it like 89.37"),
    "comma_in_number": (
        "“{value}”里有逗号，请用小数点，写成 89.37，千位不加逗号",
        "“{value}” has a comma; use a point as in 89.37, and no thousands separator",
    ),
    "too_many_decimals": ("“{value}”小数超过两位，面积只记到 0.01 ㎡", "“{value}” has more than two decimals"),
    "not_positive": ("“{value}”：面积必须大于 0", "“{value}”: an area must be more than 0"),
    "too_large": (
        "“{value}”：一处房屋不会超过 100,000 ㎡，请核对",
        "“{value}”: one unit is never above 100,000 m2, please check",
    ),
    "unknown_use": (
        "“{value}”不是可识别的用途，请写 住宅、商业 或 车位",
        "“{value}” is not a known use; write dwelling, shop or parking",
    ),
    "unknown_delivery": (
        "“{value}”不是可识别的交付状态，请写 已交付、已售未交付 或 未售",
        "“{value}” is not a known delivery state; write delivered, sold_undelivered or unsold",
    ),
    "duplicate_unit": ("“{value}”：同一处房屋出现了两次", "“{value}”: the same unit is listed twice"),
    "duplicate_title": ("“{value}”：同一个不动产单元号出现了两次", "“{value}”: the same title number is listed twice"),
    "cell_too_long": ("这一格的字太多", "this cell is too long"),
    "too_many_cells": ("这一行的格子比表头多", "this row has more cells than the heading"),
    "empty": ("文件里没有内容", "the file holds no rows"),
    "encoding": (
        "看不懂文件的编码，请另存为 UTF-8 的 CSV",
        "the file's encoding cannot be read; save it as a UTF-8 CSV",
    ),
    "not_csv": ("不是 CSV 表格", "this is not a CSV table"),
    "file_too_large": ("文件太大", "the file is too large"),
    "unknown_choice": (
        "“{value}”不是可识别的选项，请写 同意、反对、弃权 或 无效",
        "“{value}” is not a known choice; write for, against, abstain or invalid",
    ),
    "unknown_channel": (
        "“{value}”不是可识别的方式，请写 线上、纸质 或 现场",
        "“{value}” is not a known channel; write online, paper or hall",
    ),
    "bad_time": (
        "“{value}”不是可识别的时间，请写成 2026-11-23T19:30",
        "“{value}” is not a time; write it like 2026-11-23T19:30",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file; `line` counts from 1, the heading being line 1 when the file starts with it."""

    line: int
    column: str
    code: str
    value: str = ""

    def sentence(self, lang: str = "zh") -> str:
        words = SENTENCES[self.code][0 if lang == "zh" else 1].format(value=self.value[:40])
        if lang == "zh":
            return f"第 {self.line} 行“{self.column}”列：{words}。" if self.column else f"第 {self.line} 行：{words}。"
        return f"Line {self.line}, column {self.column}: {words}." if self.column else f"Line {self.line}: {words}."


class Unusable(Refused):
    """A file that cannot be used; `problems` lists everything found, at most MAX_PROBLEMS, in line order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(problems, key=lambda p: (p.line, p.column, p.code))
        self.problems: tuple[Problem, ...] = tuple(found[:MAX_PROBLEMS])
        super().__init__("unusable", problems=len(found))

    def sentences(self, lang: str = "zh") -> list[str]:
        return [problem.sentence(lang) for problem in self.problems]


def _text(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    elif b"\0" in data[:200]:
        even, odd = data[:200:2].count(0), data[1:200:2].count(0)
        tried = ["utf-16-be" if even > odd else "utf-16-le"]
    else:
        tried = ["utf-8", "gb18030"]
    at = 0
    for encoding in tried:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
    raise Unusable([Problem(data.count(b"\n", 0, at) + 1, "", "encoding")])


def decode(data: bytes) -> list[list[str]]:
    """The rows of a CSV file (UTF-8 with or without BOM, UTF-16, GB18030; comma, tab or semicolon), row n at index n-1."""
    if len(data) > MAX_BYTES:
        raise Unusable([Problem(1, "", "file_too_large")])
    text = _text(data).replace("\r\n", "\n").replace("\r", "\n")
    heading = next((line for line in text.split("\n", 50) if line.strip()), "")
    delimiter = max(",\t;", key=heading.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            # A cell may hold a line break: pad, so that a row's place stays the line a person sees in an editor.
            rows.append(row)
            while len(rows) < reader.line_num:
                rows.append([])
            if len(rows) > MAX_ROWS:
                raise Unusable([Problem(MAX_ROWS, "", "file_too_large")])
    except csv.Error:
        raise Unusable([Problem(max(1, reader.line_num), "", "not_csv")]) from None
    return rows


def clean(cell: str) -> str:
    """Without invisible characters and outer space; what people read is otherwise kept as written."""
    if cell.isprintable():
        return cell.strip()
    return "".join(c if c.isprintable() or c == " " else " " * c.isspace() for c in cell).strip()


def plain(cell: str) -> str:
    """NFKC: full-width digits, letters and signs become plain ones, ㎡ becomes m2."""
    return cell if cell.isascii() else clean(unicodedata.normalize("NFKC", cell))


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Two spellings of one number or name compare equal: width, inner space and letter case do not count."""
    return "".join(plain(clean(text)).casefold().split())


def blank_dash(text: str) -> str:
    """A dash in a cell says "none"."""
    return "" if text in _DASHES else text


class Sheet:
    """Rows under a heading, read by field name; collects problems instead of stopping at the first."""

    def __init__(self, rows: Iterable[Sequence[str]], names: Mapping[str, str], required: Sequence[str]) -> None:
        """`names` maps every accepted heading (cleaned, lower case) to its field; `required` are fields."""
        self.problems: list[Problem] = []
        self._rows = enumerate(rows, start=1)
        self._at: dict[str, int] = {}
        self.labels: dict[str, str] = {}
        self.width = 0
        self.heading_line = 0
        for number, row in self._rows:
            if any(cell.strip() for cell in row):
                self.heading_line = number
                self._read_heading(row, names, required)
                break
        else:
            raise Unusable([Problem(1, "", "empty")])
        if self.problems:
            raise Unusable(self.problems)

    def _read_heading(self, row: Sequence[str], names: Mapping[str, str], required: Sequence[str]) -> None:
        self.width = len(row)
        for index, cell in enumerate(row):
            heading, name = clean(cell), plain(clean(cell)).casefold()
            field = names.get(name) or names.get(_UNITS_IN_HEADING.sub("", name).strip())
            if field is None:
                continue
            if field in self._at:
                self.problems.append(Problem(self.heading_line, heading, "duplicate_column"))
            self._at[field] = index
            self.labels[field] = heading
        chinese = not clean("".join(row)).isascii()
        for field in required:
            if field not in self._at:
                label = next((n for n, f in names.items() if f == field and n.isascii() != chinese), field)
                self.problems.append(Problem(self.heading_line, label, "missing_column"))

    def problem(self, line: int, field: str, code: str, value: str = "") -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(line, self.labels.get(field, field), code, value))

    def records(self) -> Iterable[tuple[int, dict[str, str]]]:
        """(line, field -> cleaned cell) of every row that is not blank; absent columns are absent keys."""
        for line, row in self._rows:
            cells = {field: clean(row[index]) if index < len(row) else "" for field, index in self._at.items()}
            if not any(cells.values()) and not any(cell.strip() for cell in row):
                continue
            if len(row) > self.width and self._split_number(line, row):
                continue
            if any(cell.strip() for cell in row[self.width :]):
                self.problem(line, f"#{len(row)}", "too_many_cells")
            for field, cell in cells.items():
                if len(cell) > MAX_CELL:
                    self.problem(line, field, "cell_too_long")
            yield line, cells

    def _split_number(self, line: int, row: Sequence[str]) -> bool:
        """An unquoted 89,37 makes two cells and shifts the rest: name the comma, not what the shift broke."""
        at = self._at.get("area", len(row))
        pair = [cell.strip() for cell in row[at : at + 2]]
        if len(pair) < 2 or not all(cell.isdecimal() for cell in pair):
            return False
        self.problem(line, "area", "comma_in_number", ",".join(pair))
        return True

    def done(self) -> None:
        if self.problems:
            raise Unusable(self.problems)
