"""The roll as it is posted: everybody finds their room, nobody finds a name, and a spreadsheet runs nothing of it."""

import csv
import io

import pytest

from deliberation.web import pdf
from tests.conftest import Town
from tests.deliberation.council.build import as_csv, replaced, table

POSTED = "/c/jinxiu/roll/posted"
PERSONAL = ("谢玉志", "张建强", "王淑英", "Y01", "Y05", "13800000007")


def cells(town: Town, who: str = "resident") -> list[list[str]]:
    answer = town.as_(who).get(f"{POSTED}.csv")
    assert answer.response.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.response.headers["x-content-type-options"] == "nosniff"
    return list(csv.reader(io.StringIO(answer.response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", ["tenant", "property", "moderator", "supervisor"])
def test_the_sheet_has_rooms_areas_and_heads_and_no_name_also_for_staff(town: Town, who: str) -> None:
    page = town.as_(who).get(POSTED)
    assert "水仙里1幢1单元0101" in page.text
    assert "锦绣小区表决权名册" in page.text
    assert "请在下次表决公告之前提出" in page.text
    for personal in PERSONAL:
        assert personal not in page.html


def test_the_table_says_the_same_and_shows_which_parts_are_one_head(town: Town) -> None:
    rows = cells(town)
    assert rows[0] == ["位置", "用途", "面积", "表决权人序号", "是否计入"]
    assert rows[1] == ["水仙里1幢1单元0101", "住宅", "100.00", "1", "计入"]
    assert [row[3] for row in rows if row[0].endswith("0202")] == ["1"]
    assert not any(personal in cell for row in rows for cell in row for personal in PERSONAL)


@pytest.mark.parametrize("evil", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "＝1+1"])
def test_a_room_that_is_a_formula_stays_text(town: Town, evil: str) -> None:
    rows = table()
    rows[1][0], rows[1][3] = evil, "0101"
    replaced(town, as_csv(rows))
    cell = cells(town)[1][0]
    assert cell[0] == "\u2060"
    assert cell[1:].startswith(evil)


def test_an_older_version_can_still_be_posted_and_one_that_is_not_there_cannot(town: Town) -> None:
    replaced(town, as_csv(table()[:-1]))
    assert "第 1 版" in town.as_("resident").get(f"{POSTED}?version=1").text
    assert "第 2 版" in town.as_("resident").get(POSTED).text
    assert town.as_("resident").get(f"{POSTED}?version=9").status == 404
    assert town.as_("other_moderator").get("/c/other/roll/posted").status == 404


def test_the_pdf_is_made_from_the_sheet_or_the_sheet_says_why_not(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def of(html: str) -> bytes:
        made.append(html)
        return b"%PDF-1.7"

    monkeypatch.setattr(pdf, "of", of)
    answer = town.as_("resident").get(f"{POSTED}.pdf")
    assert answer.response.headers["content-type"] == "application/pdf"
    assert "水仙里1幢1单元0101" in made[0]
    assert "谢玉志" not in made[0]
    for problem, sentence in ((pdf.CannotPrint, "不能生成 PDF"), (pdf.Busy, "正在生成另一份")):

        def fails(html: str, problem: type[Exception] = problem) -> bytes:
            raise problem

        monkeypatch.setattr(pdf, "of", fails)
        assert sentence in town.as_("resident").get(f"{POSTED}.pdf").text
