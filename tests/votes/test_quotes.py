"""SPEC 2.1: a quote that is not closed where its cell ends never swallows the rows below it."""

from __future__ import annotations

import pytest

from votes.ballots import read_ballots
from votes.roll import Unusable, read

HEADING = "owner_id,area,use,delivery,note\n"
BALLOTS = "owner_id,choice,channel,cast_at,cast_by\n"


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(Unusable) as unusable:
        (read_ballots if text.startswith(BALLOTS) else read)(text.encode())
    return [(p.line, p.column, p.code) for p in unusable.value.problems]


@pytest.mark.parametrize(
    ("rows", "line", "column"),
    [
        ('O1,100,dwelling,delivered,"ok\nO2,100,dwelling,delivered,\nO3,100,dwelling,delivered,\n', 2, "note"),
        ('O1,100,dwelling,delivered,"a\nb"\nO2,100,dwelling,delivered,"ok\nO3,100,dwelling,delivered,', 4, "note"),
        ('"O1"x,100,dwelling,delivered,\nO2,100,dwelling,delivered,\n', 2, "owner_id"),
        ('O1,100,dwelling,delivered,"A" flat\nO2,100,dwelling,delivered,\n', 2, "note"),
        ('O1,100,dwelling,delivered,"two\nlines" more\n', 2, "note"),
        ('O1,100,dwelling,delivered,,,"more\n', 2, "#7"),
        ('"' + "x" * 200_000, 2, "owner_id"),
    ],
)
def test_a_quote_that_is_not_closed_is_refused_where_its_cell_begins(rows: str, line: int, column: str) -> None:
    assert faults(HEADING + rows) == [(line, column, "open_quote")]


@pytest.mark.parametrize(
    "rows",
    [
        'O1,for,paper,2026-11-01,"Zhang\nO2,against,paper,2026-11-01,\nO3,against,paper,2026-11-01,Li"\n',
        'O1,for,paper,2026-11-01,"Zhang\nO2,against,paper,2026-11-01,Li"\n',
        'O1,for,paper,"2026-11-01,Zhang\nO2,against,paper",2026-11-01,Li\n',
        'O1,for,paper,"2026-11-01,\n\nO2,against,paper,2026-11-02,Wu\nO3,for",,,\n',
    ],
)
def test_a_quote_that_pairs_up_rows_later_is_refused(rows: str) -> None:
    ((line, _, code),) = faults(BALLOTS + rows)
    assert (line, code) == (2, "swallowed_rows")


def test_a_cell_of_several_lines_is_read_where_it_holds_no_row() -> None:
    note = '"rings, knocks\nand waits, mostly\nat noon"'
    units = read(f"{HEADING}O1,100,dwelling,delivered,{note}\nO2,100,dwelling,delivered,\n".encode()).units
    assert [(unit.line, unit.owner_id) for unit in units] == [(2, "O1"), (5, "O2")]
    first = read(f'note,{HEADING.replace(",note", "")}"a\nb",O1,100,dwelling,delivered\n'.encode()).units
    assert [(unit.line, unit.note) for unit in first] == [(2, "a b")]


def test_a_heading_of_two_lines_is_a_heading() -> None:
    units = read(b'owner_id,"area\n(m2)",use,delivery\nO1,100,dwelling,delivered\n').units
    assert [(unit.line, unit.area) for unit in units] == [(3, 100_00)]


def test_an_open_quote_in_the_heading_is_named_by_its_place() -> None:
    assert faults('owner_id,area,use,"delivery\nO1,100,dwelling,delivered\n') == [(1, "#4", "open_quote")]
    assert faults('owner_id,area,use,"delivery\nO1,100,dwelling,delivered"\n') == [(1, "#4", "swallowed_rows")]


def test_an_inch_mark_inside_a_cell_is_a_letter_like_any_other() -> None:
    assert read(f'{HEADING}O1,100,dwelling,delivered,5" pipe\n'.encode()).units[0].note == '5" pipe'


def test_both_faults_are_told_in_sentences() -> None:
    with pytest.raises(Unusable) as unusable:
        read(f'{HEADING}O1,100,dwelling,delivered,"ok\n'.encode())
    assert unusable.value.sentences("zh") == ["第 2 行“note”列：这一格的引号没有在格子末尾配对，后面的内容会被并进来。"]
    assert unusable.value.sentences("en") == [
        "Line 2, column note: the quote that opens this cell is not closed at its end, so what follows would be lost in it."
    ]
