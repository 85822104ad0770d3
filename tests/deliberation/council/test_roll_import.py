import re
from threading import Event
from typing import Any

import pytest
from sqlmodel import select

from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import reader as roll_reader
from deliberation.council.roll import upload_actions
from deliberation.council.tables import RollUnit, RollUpload
from deliberation.web.forms import Upload
from tests.conftest import Town
from tests.deliberation.council.build import (
    SAMPLE,
    as_csv,
    confirmed,
    newest_roll,
    replaced,
    sample_workbook,
    table,
    uploaded,
    verbs,
    workbook,
)
from tests.serving import PATIENCE


def upload(town: Town, address: str) -> RollUpload:
    with town.db.read() as session:
        return session.get_one(RollUpload, int(address.rsplit("/", 1)[1]))


@pytest.mark.parametrize(("name", "body"), [("名册.csv", SAMPLE), ("名册.xlsx", sample_workbook())])
@pytest.mark.parametrize("who", ["moderator", "recorder"])
def test_a_roll_is_previewed_and_then_kept_as_a_new_version(town: Town, who: str, name: str, body: bytes) -> None:
    staff = town.as_(who)
    address = uploaded(staff, body, name=name)
    preview = staff.get(address)
    assert "文件里共 175 人、20,459.42 ㎡" in preview.text
    assert "新增房屋：185" in preview.text
    assert newest_roll(town).version == 1
    page = confirmed(town.as_("recorder" if who == "moderator" else "moderator"), address)
    assert "新的名册已生效" in page.text
    roll = newest_roll(town)
    assert (roll.version, roll.units, roll.heads, roll.area) == (2, 194, 175, 2_045_942)
    assert str(roll.record_date) == "2026-02-20"
    assert roll.imported_by == town.cast.ids[who]
    assert verbs(town)[-1] == "roll.imported"


def test_the_first_roll_of_a_council_has_nothing_to_compare_with(town: Town) -> None:
    moderator = town.as_("other_moderator")
    answer = moderator.post("/c/other/roll/import", {}, files={"file": ("roll.csv", SAMPLE)})
    roll_reader.wait()
    assert "与现在的版本相比" not in moderator.get(answer.location).text
    assert "新的名册已生效" in moderator.follow(f"{answer.location}/confirmation").text


def test_older_versions_stay_as_they_were(town: Town) -> None:
    with town.db.read() as session:
        before = roll_queries.voting_roll(session, town.cast.roll_id).fingerprint()
    replaced(town, SAMPLE)
    with town.db.read() as session:
        assert roll_queries.voting_roll(session, town.cast.roll_id).fingerprint() == before
        assert roll_queries.voting_roll(session, newest_roll(town).id).fingerprint() == newest_roll(town).fingerprint
    page = town.as_("resident").get("/c/jinxiu/roll?version=1")
    assert "名册共 9 人" in page.text


def test_the_preview_names_what_changes(town: Town) -> None:
    rows = table()
    rows[1][6:8] = ["Y99", "新业主"]
    rows[2][5] = "101.00"
    page = town.as_("moderator").get(uploaded(town.as_("moderator"), as_csv(rows)))
    assert "谢玉志 Y01 → 新业主 Y99" in page.text
    assert re.search("水仙里1幢1单元0102 面积：100.00 → 101.00", page.text)
    assert "换了业主：1" in page.text
    assert "新增房屋：0" in page.text


def test_residents_who_would_lose_their_head_are_counted_and_listed(town: Town) -> None:
    rows = [row for row in table() if row[6] != "Y03"]
    staff = town.as_("moderator")
    address = uploaded(staff, as_csv(rows))
    assert "有 1 位已确认居民对应的表决权人不在这份文件里" in staff.get(address).text
    confirmed(town.as_("recorder"), address)
    assert "有 1 位已确认的业主不在最新名册上" in staff.get("/c/jinxiu/residents").text
    assert "最新名册上没有您" in town.as_("neighbor").get("/c/jinxiu/residents/me").text


def test_the_same_file_again_has_nothing_to_import(town: Town) -> None:
    staff = town.as_("moderator")
    page = staff.get(uploaded(staff, as_csv(table())))
    assert "与现在的版本完全一样" in page.text
    assert "启用新名册" not in page.text


def test_what_needs_a_look_is_said_and_stops_nothing(town: Town) -> None:
    rows = table()
    rows[6][6] = "ｙ０１"
    page = town.as_("moderator").get(uploaded(town.as_("moderator"), as_csv(rows)))
    assert "同一个业主编号有两种写法" in page.text
    assert "由第二个人确认" in page.text


def test_bad_rows_are_all_listed_and_nothing_is_kept(town: Town) -> None:
    rows = table()
    for row in rows[1:]:
        row[4] = "仓库"
    staff = town.as_("recorder")
    address = uploaded(staff, as_csv(rows))
    page = staff.get(address)
    assert "文件里有 10 处要改" in page.text
    assert "第 2 行“用途”列：“仓库”不是可识别的用途" in page.text
    assert staff.post(f"{address}/confirmation").status == 422
    assert newest_roll(town).version == 1
    staff.client.cookies.set("lang", "en")
    assert "Line 2, column 用途" in staff.get(address).text


@pytest.mark.parametrize(
    ("files", "sentence"),
    [({}, "请填写这一项"), ({"file": ("empty.csv", b"")}, "请填写这一项")],
)
def test_a_form_without_a_file_says_so(town: Town, files: dict[str, Any], sentence: str) -> None:
    answer = town.as_("moderator").post("/c/jinxiu/roll/import", {"record_date": ""}, files=files or None)
    assert answer.status == 422
    assert sentence in answer.text


def test_a_file_beyond_the_limit_is_not_even_read(town: Town) -> None:
    answer = town.as_("moderator").post(
        "/c/jinxiu/roll/import", {}, files={"file": ("big.csv", b"x" * (17 * 1024 * 1024 + 1))}
    )
    assert answer.status == 413
    with town.db.read() as session:
        assert session.exec(select(RollUpload.id)).all() == []


def test_a_preview_that_somebody_overtook_is_refused_and_compared_anew(town: Town) -> None:
    first, second = town.as_("moderator"), town.as_("recorder")
    rows = table()
    rows[1][5] = "100.01"
    overtaken = uploaded(first, as_csv(rows))
    confirmed(first, uploaded(second, SAMPLE))
    assert "请重新比对再决定" in first.get(overtaken).text
    answer = second.post(f"{overtaken}/confirmation")
    assert answer.status == 422
    assert "已有人导入了新的名册" in answer.text
    assert newest_roll(town).version == 2
    first.post(f"{overtaken}/reading")
    roll_reader.wait()
    assert "不再列出：185" in first.get(overtaken).text
    confirmed(second, overtaken)
    assert newest_roll(town).version == 3


def test_a_file_is_kept_once_and_its_copy_is_then_gone(town: Town) -> None:
    staff = town.as_("moderator")
    address = uploaded(staff, SAMPLE)
    confirmed(town.as_("recorder"), address)
    assert upload(town, address).body == b""
    assert staff.post(f"{address}/confirmation").status in {303, 422}
    assert newest_roll(town).version == 2
    assert staff.get(address).location == "/c/jinxiu/roll"


def test_a_file_can_be_thrown_away(town: Town) -> None:
    staff = town.as_("moderator")
    address = uploaded(staff, SAMPLE)
    assert "名册没有变" in staff.follow(f"{address}/removal").text
    assert staff.get(address).status == 404
    assert newest_roll(town).version == 1
    assert verbs(town)[-1] == "roll.upload_thrown_away"


def test_undecided_files_wait_on_the_roll_s_page_for_staff_only(town: Town) -> None:
    uploaded(town.as_("moderator"), SAMPLE, name="待导入.csv")
    assert "待导入.csv" in town.as_("desk").get("/c/jinxiu/roll").text
    assert "待导入.csv" not in town.as_("resident").get("/c/jinxiu/roll").text


def test_a_reading_that_a_restart_cut_off_is_taken_up_again(town: Town) -> None:
    with town.write("moderator") as tx:
        number = upload_actions.take(tx, Upload("roll.csv", SAMPLE), None).id
    page = town.as_("moderator").get(f"/c/jinxiu/roll/uploads/{number}")
    assert "正在读取文件" in page.text
    assert "<noscript><meta http-equiv" in page.html
    town.travel(seconds=5)
    roll_reader.wait()
    assert "175 人" in town.as_("moderator").get(f"/c/jinxiu/roll/uploads/{number}").text


def test_progress_of_a_large_file_can_be_watched(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    write_down = upload_actions.write_down

    def watched(*args: Any, **values: Any) -> None:
        write_down(*args, **values)
        if "state" not in values:
            seen.append(town.as_("moderator").get("/c/jinxiu/roll/uploads/1").text)

    monkeypatch.setattr(upload_actions, "write_down", watched)
    rows: list[list[Any]] = [
        ["用途", "专有部分面积", "业主编号", "交付状态"],
        *(["住宅", 89.37, f"Y{n}", "已交付"] for n in range(1200)),
    ]
    uploaded(town.as_("moderator"), workbook(rows), name="large.xlsx")
    assert "已读取 500 行" in seen[0]
    assert "已核对 1,000 行，共 1,201 行" in seen[-1]


@pytest.mark.long
def test_twenty_thousand_rows_are_read_and_kept_while_others_go_on_working(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, write_down = Event(), upload_actions.write_down

    def held(*args: Any, **values: Any) -> None:
        """The reader comes no further than its first line of progress before somebody has looked."""
        looked.wait(PATIENCE)
        write_down(*args, **values)

    monkeypatch.setattr(upload_actions, "write_down", held)
    rows: list[list[Any]] = [["组团", "幢", "单元", "房号", "用途", "专有部分面积", "业主编号", "业主姓名", "交付状态"]]
    rows += [
        ["园", f"{n // 100}幢", "1单元", f"{n % 100:04}", "住宅", 89.37, f"Y{n}", f"业{n}", "已交付"]
        for n in range(20_000)
    ]
    staff = town.as_("moderator")
    answer = staff.post("/c/jinxiu/roll/import", {}, files={"file": ("large.xlsx", workbook(rows))})
    assert town.as_("resident").get("/c/jinxiu/seats").status == 200
    assert "正在读取文件" in staff.get(answer.location).text
    looked.set()
    roll_reader.wait(PATIENCE)
    assert "文件里共 20,000 人、1,787,400.00 ㎡" in staff.get(answer.location).text
    confirmed(town.as_("recorder"), answer.location)
    with town.db.read() as session:
        kept = session.exec(select(RollUnit.id).where(RollUnit.roll_id == newest_roll(town).id)).all()
    assert len(kept) == 20_000
    assert "园199幢1单元0099" in town.as_("resident").get("/c/jinxiu/roll?q=199幢1单元0099").text


@pytest.mark.parametrize("who", ["desk", "supervisor", "resident", "committee"])
def test_only_the_moderator_and_the_recorder_import(town: Town, who: str) -> None:
    address = uploaded(town.as_("moderator"), SAMPLE)
    caller = town.as_(who)
    assert caller.get("/c/jinxiu/roll/import").status == 403
    assert caller.post("/c/jinxiu/roll/import", {}, files={"file": ("a.csv", SAMPLE)}).status == 403
    for what in ("confirmation", "removal", "reading"):
        assert caller.post(f"{address}/{what}").status == 403
    assert caller.get(address).status == (200 if who == "desk" else 403)
    assert newest_roll(town).version == 1


def test_another_council_s_moderator_finds_no_such_file(town: Town) -> None:
    address = uploaded(town.as_("moderator"), SAMPLE)
    other = town.as_("other_moderator")
    assert other.get(address).status == 404
    elsewhere = address.replace("jinxiu", "other")
    assert other.get(elsewhere).status == 404
    for what in ("confirmation", "removal", "reading"):
        assert other.post(f"{elsewhere}/{what}").status == 404


def test_the_example_is_handed_to_those_who_import(town: Town) -> None:
    page = town.as_("moderator").get("/c/jinxiu/roll/import")
    assert 'href="/c/jinxiu/roll/example.csv"' in page.html
    assert "已交付、已售未交付 或 未售" in page.text
    answer = town.as_("moderator").get("/c/jinxiu/roll/example.csv")
    assert answer.response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "示例业主甲" in answer.html
    assert town.as_("resident").get("/c/jinxiu/roll/example.csv").status == 403
