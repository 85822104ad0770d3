"""What can be wrong in a file, each with its line, its column and a sentence (SPEC 1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from votes.refusal import Refused

MAX_PROBLEMS = 200

SENTENCES: dict[str, tuple[str, str]] = {
    "missing_column": (
        "表头里缺少这一列，第一行要写列名",
        "the heading lacks this column; the first row must name the columns",
    ),
    "duplicate_column": ("表头里有两列同名", "two columns have this heading"),
    "missing": ("这一格不能空", "this cell must not be empty"),
    "not_a_number": ("“{value}”不是面积，请写成 89.37 这样的数", "“{value}” is not an area; write it like 89.37"),
    "comma_in_number": (
        "“{value}”里有逗号，请用小数点，写成 89.37，千位不加逗号",
        "“{value}” has a comma; use a point as in 89.37, and no thousands separator",
    ),
    "too_many_decimals": (
        "“{value}”小数超过两位，面积只记到 0.01 ㎡，请按产权证写成两位",
        "“{value}” has more than two decimals; write two, as the title deed has it",
    ),
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
    "two_named": (
        "“{value}”：这位业主编号前面推举的是另一个人",
        "“{value}”: another person is named for this owner above",
    ),
    "cell_too_long": ("这一格的字太多", "this cell is too long"),
    "too_many_cells": ("这一行的格子比表头多", "this row has more cells than the heading"),
    "empty_roll": ("名册里没有可以计票的房屋", "no unit on the roll carries a vote"),
    "empty": ("文件里没有内容", "the file holds no rows"),
    "encoding": (
        "看不懂文件的编码，请另存为 UTF-8 的 CSV",
        "the file's encoding cannot be read; save it as a UTF-8 CSV",
    ),
    "workbook": (
        "这是 Excel 工作簿，请在 Excel 里另存为“CSV UTF-8（逗号分隔）”再用",
        "this is an Excel workbook; in Excel, save it as “CSV UTF-8 (comma delimited)”",
    ),
    "not_csv": ("不是 CSV 表格", "this is not a CSV table"),
    "open_quote": (
        "这一格的引号没有在格子末尾配对，后面的内容会被并进来",
        "the quote that opens this cell is not closed at its end, so what follows would be lost in it",
    ),
    "swallowed_rows": (
        "这一格的引号到后面几行才配对，把下面的行也并了进来",
        "the quote that opens this cell is closed only rows later, so whole rows would be lost in it",
    ),
    "file_too_large": ("文件太大", "the file is too large"),
    "not_toml": (
        "看不懂，不是 TOML 文件的写法；文字要放在英文引号里，样子见 python -m votes count --help",
        "this cannot be read as TOML; put text in quotes, and see python -m votes count --help",
    ),
    "unknown_key": (
        "没有“{value}”这个设置，请核对拼写；法定的多数不能改",
        "there is no setting “{value}”; check its spelling, and note that the law's majorities cannot be set",
    ),
    "missing_key": ("缺少这个设置", "this setting is missing"),
    "not_text": ("“{value}”要写成引号里的文字", "“{value}” must be text in quotes"),
    "not_true_or_false": ("“{value}”要写成 true 或 false", "“{value}” must be true or false"),
    "not_whole": ("“{value}”要写成整数", "“{value}” must be a whole number"),
    "not_a_section": ("“{value}”要写成一节设置", "“{value}” must be a section of settings"),
    "name_of_preset": ("“{value}”是法定规则的名称，请另起一个", "“{value}” is a preset's name; choose another"),
    "unknown_base": (
        "没有“{value}”这套法定规则，名称见 --help",
        "there is no preset “{value}”; --help lists them",
    ),
    "unknown_conflict": (
        "“{value}”不是可识别的处理办法，请写 first、last 或 paper",
        "“{value}” is not a known policy; write first, last or paper",
    ),
    "bad_limit": ("“{value}”：请写 0 到 1000 的整数", "“{value}”: write a whole number from 0 to 1000"),
    "bad_date": ("“{value}”不是日期，请写成 2024-05-01", "“{value}” is not a date; write it like 2024-05-01"),
    "silence_without_basis": (
        "未交回计入多数的规则要写明依据、通过日期和事先告知的原文，这一项还缺",
        "a silence clause needs its rule, the date adopted and the warning given; this one is missing",
    ),
    "unknown_choice": (
        "“{value}”不是可识别的选项，请写 同意、反对、弃权 或 无效",
        "“{value}” is not a known choice; write for, against, abstain or invalid",
    ),
    "unknown_channel": (
        "“{value}”不是可识别的方式，请写 线上、纸质 或 现场",
        "“{value}” is not a known channel; write online, paper or hall",
    ),
    "bad_time": (
        "“{value}”不是可识别的时间，请写成 2026/11/23 19:30",
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
