"""Files people really have: full-width digits, Chinese or English headings, blank rows (SPEC 2.1-2.3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from votes.problem import MAX_PROBLEMS, Problem, Unusable

MAX_CELL, MAX_NOTE = 400, 2_000
_DASHES = frozenset({"-", "—", "——", "–", "/", "\\", "无"})
_UNITS_IN_HEADING = re.compile(r"\([^()]*\)")
_FULL_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}


def clean(cell: str) -> str:
    """Without invisible characters and outer space; what people read is otherwise kept as written."""
    if cell.isprintable():
        return cell.strip()
    return "".join(c if c.isprintable() or c == " " else " " * c.isspace() for c in cell).strip()


def plain(cell: str) -> str:
    """Full-width digits, letters and signs become plain ones. Nothing else does: NFKC would read ² and ② as a 2."""
    return cell if cell.isascii() else clean(unicodedata.normalize("NFC", cell.translate(_FULL_WIDTH)))


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Two spellings of one number or name compare equal: width, inner space and letter case do not count."""
    return "".join(plain(clean(text)).casefold().split())


def blank_dash(text: str) -> str:
    """A dash in a cell says "none"."""
    return "" if plain(text) in _DASHES else text


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
            if any(cell.strip() for cell in row[self.width :]):
                if self._split_number(line, row):
                    continue
                self.problem(line, f"#{len(row)}", "too_many_cells")
            for field, cell in cells.items():
                if len(cell) > (MAX_NOTE if field == "note" else MAX_CELL):
                    self.problem(line, field, "cell_too_long")
            yield line, cells

    def name(self, line: int, cells: Mapping[str, str], field: str) -> str:
        """An id or a person's name that must be there; a dash is none."""
        name = blank_dash(cells[field])
        if not key(name):
            self.problem(line, field, "missing")
        return name

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
