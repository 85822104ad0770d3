"""Roll files as people have them: CSV in any usual encoding, or a workbook (.xlsx). Untrusted: bounded in size."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from votes.roll import Problem, Unusable, decode, from_table
from votes.roll import Roll as VotingRoll
from votes.unit import COLUMNS, HEADINGS

# openpyxl warns of styles and checks it does not keep; none are wanted here. Said once for the process: a filter set and
# taken back around each reading is mixed up by threads that read at the same time.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

MOST_MB = 16
MOST_ROWS = 20_000
MOST_COLUMNS = 60
WIDEST = 1_000
"""Empty cells beyond this are refused too: a sheet can claim sixteen thousand columns in every row."""
MOST_UNPACKED = 96 * 1024 * 1024
MOST_PARTS = 500
EXACT_DIGITS = 15

Progress = Callable[[int, int], None]
"""(rows done, rows in all; 0 when not known yet)"""

SENTENCES = {
    "too_many_rows": (
        f"超过 {MOST_ROWS:,} 行，请按楼栋分开导入，或联系管理员",
        f"more than {MOST_ROWS:,} rows",
    ),
    "too_many_columns": (
        f"超过 {MOST_COLUMNS} 列，请删去多余的列",
        f"more than {MOST_COLUMNS} columns; remove what is not needed",
    ),
    "not_a_workbook": (
        "这不是可读的 Excel 工作簿（.xlsx），也不是 CSV。旧的 .xls 请先另存为 .xlsx",
        "this is neither a readable .xlsx workbook nor a CSV file; save an old .xls as .xlsx first",
    ),
    "workbook_too_large": ("工作簿解开后太大", "the workbook is too large when unpacked"),
    "long_number": (
        "“{value}”：这一格的数字超过 15 位，Excel 已经丢掉了后面的数字，请把这一列设为“文本”后重填",
        "“{value}”: Excel keeps 15 digits of a number and has lost the rest; make the column text and enter it again",
    ),
    "broken_formula": ("“{value}”：这一格的公式出错", "“{value}”: the formula in this cell has failed"),
}


@dataclass(frozen=True, slots=True)
class FileProblem(Problem):
    """What can be wrong with a file before it is a table; `column` as the workbook letters it."""

    def sentence(self, lang: str = "zh") -> str:
        words = SENTENCES[self.code][0 if lang == "zh" else 1].format(value=self.value[:40])
        if lang == "zh":
            return f"第 {self.line} 行“{self.column}”列：{words}。" if self.column else f"{words}。"
        return f"Line {self.line}, column {self.column}: {words}." if self.column else f"{words[0].upper()}{words[1:]}."


def read_file(name: str, body: bytes, progress: Progress | None = None) -> VotingRoll:
    """A checked roll from an uploaded file; raises `Unusable` with every problem found."""
    tell = progress or (lambda done, total: None)
    rows = read_rows(name, body, tell)
    return from_table(_counted(rows, tell))


def read_rows(name: str, body: bytes, tell: Progress) -> list[list[str]]:
    if body.startswith(b"PK\x03\x04"):
        return _workbook(body, tell)
    if body.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith((".xls", ".xlsx")):
        raise Unusable([FileProblem(1, "", "not_a_workbook")])
    rows = decode(body)
    if len(rows) > MOST_ROWS + 1 and sum(any(cell.strip() for cell in row) for row in rows) > MOST_ROWS + 1:
        raise Unusable([FileProblem(MOST_ROWS + 2, "", "too_many_rows")])
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise Unusable([FileProblem(1, "", "too_many_columns")])
    return rows


def _counted(rows: Sequence[list[str]], tell: Progress) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number % 500 == 0:
            tell(number, len(rows))
        yield row


def _workbook(body: bytes, tell: Progress) -> list[list[str]]:
    _check_archive(body)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        try:
            return _sheet_rows(_sheet(book), tell)
        finally:
            book.close()
    except Unusable:
        raise
    except Exception as problem:  # a crafted workbook can make the reader raise anything
        raise Unusable([FileProblem(1, "", "not_a_workbook")]) from problem


def _check_archive(body: bytes) -> None:
    """Refuse by the sizes the archive states; unpacking never goes beyond what it states."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError) as problem:
        raise Unusable([FileProblem(1, "", "not_a_workbook")]) from problem
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable([FileProblem(1, "", "workbook_too_large")])


def _sheet(book: Any) -> Any:
    """The first sheet with a heading of the register near its top; else the first, so that its faults are told."""
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    for sheet in sheets:
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=20, max_col=MOST_COLUMNS, values_only=True):
            if sum(str(value).strip().casefold() in HEADINGS for value in row if value is not None) >= 3:
                return sheet
    return sheets[0]


def _sheet_rows(sheet: Any, tell: Progress) -> list[list[str]]:
    rows: list[list[str]] = []
    problems: list[Problem] = []
    filled = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if len(values) > WIDEST:
            raise Unusable([FileProblem(line, get_column_letter(len(values)), "too_many_columns")])
        cells = [_cell(value, line, column, problems) for column, value in enumerate(values)]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Unusable([FileProblem(line, get_column_letter(len(cells)), "too_many_columns")])
        if cells:
            filled += 1
            if filled > MOST_ROWS + 1:
                raise Unusable([FileProblem(line, "", "too_many_rows")])
            rows.extend([] for _ in range(line - 1 - len(rows)))
            rows.append(cells)
        if line % 500 == 0:
            tell(filled, 0)
    if problems:
        raise Unusable(problems)
    return rows


def _cell(value: object, line: int, column: int, problems: list[Problem]) -> str:
    """A cell as the person sees it. A binary fraction such as 89.36999999999999 is the 89.37 that was typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if not number.is_finite() or abs(number) >= 10**EXACT_DIGITS:
            problems.append(FileProblem(line, get_column_letter(column + 1), "long_number", str(value)))
            return ""
        near = round(number, 2)
        return format((near if abs(near - number) < Decimal("1e-9") else number).normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if text in _FAILED:
        problems.append(FileProblem(line, get_column_letter(column + 1), "broken_formula", text))
        return ""
    return text


_FAILED = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"}


def sentences(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Each problem in Chinese and English."""
    return [(_said(one, "zh"), _said(one, "en")) for one in problems]


def _said(problem: Problem, lang: str) -> str:
    """A column that is not there is called as the reader's own sheet would head it, whatever the other headings are in."""
    if problem.code != "missing_column":
        return problem.sentence(lang)
    chinese = {english: name for name, english in COLUMNS}
    if lang == "zh":
        return f"表头里缺少“{chinese.get(problem.column, problem.column)}”这一列。"
    return f"The heading lacks the column “{HEADINGS.get(problem.column, problem.column)}”."


EXAMPLES = """\
示例里,1幢,1单元,0101,住宅,89.37,登记簿,,E001,示例业主甲,,单独所有,,,,已交付,
示例里,1幢,1单元,0102,住宅,102.50,实测,,E002,示例业主乙,,共同共有,,示例业主乙,,已交付,
示例里,商铺,,S01,商业,60.00,合同,,E001,示例业主甲,,单独所有,,,,已售未交付,
示例里,地下,,C001,车位,12.72,登记簿,,E003,示例建设单位,,单独所有,,,,未售,
"""
"""Nobody's names and homes: one row for each use and state of delivery."""


def example(lang: str) -> bytes:
    """A roll to fill in, in the reader's headings, with the mark at its head by which a spreadsheet reads the Chinese right."""
    heading = ",".join(chinese if lang == "zh" else english for chinese, english in COLUMNS)
    return f"{heading}\n{EXAMPLES}".replace("\n", "\r\n").encode("utf-8-sig")
