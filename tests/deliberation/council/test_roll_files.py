"""Files as people have them, and files made to hurt."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from deliberation.council.roll import differences
from deliberation.council.roll.differences import read_file
from tests.deliberation.council.build import SAMPLE, as_csv, sample_workbook, table, workbook
from votes.roll import Unusable


def refused(name: str, body: bytes) -> list[str]:
    with pytest.raises(Unusable) as problem:
        read_file(name, body)
    return [one.sentence("zh") for one in problem.value.problems]


def test_the_sample_is_194_units_175_heads_and_20459_42_square_metres() -> None:
    roll = read_file("roll.csv", SAMPLE)
    assert (len(roll.units), len(roll.heads()), roll.area()) == (194, 175, 2_045_942)


def test_a_workbook_of_the_sample_is_the_same_roll() -> None:
    assert read_file("roll.xlsx", sample_workbook()).fingerprint() == read_file("roll.csv", SAMPLE).fingerprint()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_62_any_usual_encoding_is_read(encoding: str) -> None:
    text = SAMPLE.decode("utf-8-sig")
    assert len(read_file("roll.csv", text.encode(encoding)).units) == 194


def test_57_a_unit_that_stands_there_twice_is_refused_with_both_its_spellings() -> None:
    rows = table()
    rows.append([*rows[1]])
    rows[-1][3] = "１０１"
    assert refused("roll.csv", as_csv(rows)) == ["第 12 行“房号”列：“水仙里1幢1单元101”：同一处房屋出现了两次。"]


def test_cells_are_read_as_the_person_sees_them() -> None:
    rows: list[list[object]] = [list(row) for row in table()]
    rows[1][3], rows[1][5] = 101, 89.36999999999999
    rows[2][5] = "１００．５０㎡"
    rows[3][7] = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - workbooks know no zones
    rows[4][7] = date(2026, 1, 2)
    rows[5][6], rows[5][5] = 5, 100
    roll = read_file("roll.xlsx", workbook(rows))
    assert [unit.area for unit in roll.units[:2]] == [8937, 10050]
    assert roll.units[0].room == "101"
    assert [unit.owner_name for unit in roll.units[2:4]] == ["2026-01-02", "2026-01-02"]
    assert (roll.units[4].owner_id, roll.units[4].area) == ("5", 10000)


def test_blank_rows_do_not_shift_the_lines_that_are_named() -> None:
    rows: list[list[object]] = [list(row) for row in table()]
    rows.insert(3, [])
    rows[5][5] = "很大"
    assert refused("roll.xlsx", workbook(rows)) == ["第 6 行“专有部分面积”列：“很大”不是面积，请写成 89.37 这样的数。"]


def test_every_bad_row_is_named_by_line_and_column() -> None:
    rows = table()
    rows[1][5], rows[3][4], rows[4][6] = "12,5", "仓库", ""
    found = refused("roll.csv", as_csv([[f'"{cell}"' for cell in row] for row in rows]))
    assert [one.split("列")[0] for one in found] == ["第 2 行“专有部分面积”", "第 4 行“用途”", "第 5 行“业主编号”"]


def test_a_building_merged_over_several_rows_is_carried_down() -> None:
    rows: list[list[object]] = [list(row) for row in table()]
    rows[2][0] = rows[2][1] = rows[2][2] = None
    assert read_file("roll.xlsx", workbook(rows)).units[1].place == "水仙里1幢1单元0102"


def test_the_sheet_with_the_heading_is_read_whatever_stands_before_it() -> None:
    book = load_workbook(io.BytesIO(workbook(table())))
    book.create_sheet("封面", 0).append(["二〇二六年名册"])
    out = io.BytesIO()
    book.save(out)
    assert len(read_file("roll.xlsx", out.getvalue()).units) == 10


def test_a_number_too_long_for_a_workbook_is_named_before_it_does_harm() -> None:
    rows: list[list[object]] = [list(row) for row in table()]
    rows[2][6] = 350_603_927_332_319_502
    assert "第 3 行“G”列" in refused("roll.xlsx", workbook(rows))[0]


def test_a_failed_formula_is_named() -> None:
    rows: list[list[object]] = [list(row) for row in table()]
    rows[2][5] = "#REF!"
    assert "公式出错" in refused("roll.xlsx", workbook(rows))[0]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("roll.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("roll.xlsx", b"this is no workbook"),
        ("roll.xlsx", b"PK\x03\x04" + b"\0" * 100),
        ("roll.xlsx", sample_workbook()[:5000]),
    ],
)
def test_what_is_no_workbook_gets_a_sentence(name: str, body: bytes) -> None:
    assert "不是可读的 Excel 工作簿" in refused(name, body)[0]


def test_a_zip_that_is_something_else_gets_the_same_sentence() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "不是可读的 Excel 工作簿" in refused("roll.xlsx", out.getvalue())[0]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    """88: a bomb."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 40 * 1024 * 1024)
    assert len(out.getvalue()) < 1024 * 1024
    assert "解开后太大" in refused("roll.xlsx", out.getvalue())[0]


def test_a_workbook_of_countless_parts_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(differences.MOST_PARTS + 1):
            archive.writestr(f"{number}.xml", "")
    assert "解开后太大" in refused("roll.xlsx", out.getvalue())[0]


def many(rows: int) -> list[list[object]]:
    head: list[list[object]] = [["用途", "专有部分面积", "业主编号", "交付状态"]]
    return head + [["住宅", 89.37, f"Y{number}", "已交付"] for number in range(rows)]


def test_more_rows_than_allowed_are_refused_in_both_kinds_of_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "MOST_ROWS", 50)
    as_text = as_csv([[str(cell) for cell in row] for row in many(51)])
    for name, body in (("roll.csv", as_text), ("roll.xlsx", workbook(many(51)))):
        assert "行，请按楼栋分开导入" in refused(name, body)[0]
    assert len(read_file("roll.xlsx", workbook(many(50))).units) == 50


def test_more_columns_than_allowed_are_refused_in_both_kinds_of_file() -> None:
    rows = many(2)
    rows[1] = [*rows[1], *[""] * 57, "x"]
    assert "超过 60 列" in refused("roll.xlsx", workbook(rows))[0]
    assert "超过 60 列" in refused("roll.csv", as_csv([[str(cell) for cell in row] for row in rows]))[0]


def test_a_sheet_that_claims_thousands_of_empty_columns_is_refused() -> None:
    book = load_workbook(io.BytesIO(workbook(many(2))))
    book.worksheets[0].cell(2, 16_000).font = Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    assert "超过 60 列" in refused("roll.xlsx", out.getvalue())[0]


def test_progress_is_told_while_rows_are_read_and_checked() -> None:
    told: list[tuple[int, int]] = []
    read_file("roll.xlsx", workbook(many(1200)), lambda done, total: told.append((done, total)))
    assert told == [(500, 0), (1000, 0), (0, 1201), (500, 1201), (1000, 1201)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_is_a_roll_that_can_be_read(lang: str) -> None:
    roll = read_file("roll-example.csv", differences.example(lang))
    assert {unit.use for unit in roll.units} == {"dwelling", "shop", "parking"}
    assert {unit.delivery for unit in roll.units} == {"delivered", "sold_undelivered", "unsold"}
    assert not roll.notices(roll.heads())


@pytest.mark.parametrize("heading", ["业主编号,用途,交付状态", "owner_id,use,delivery"])
def test_a_missing_column_is_named_in_the_readers_language(heading: str) -> None:
    with pytest.raises(Unusable) as problem:
        read_file("roll.csv", f"{heading}\nA1,住宅,已交付\n".encode())
    assert differences.sentences(problem.value.problems) == [
        ("表头里缺少“专有部分面积”这一列。", "The heading lacks the column “area”.")
    ]
