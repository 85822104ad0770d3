from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from sqlmodel import Session

from deliberation.followup import queries as tasks
from deliberation.front import board as notice_board
from tests.cast import COUNCIL
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.decision.build import decided
from tests.deliberation.followup import build as followup
from tests.deliberation.followup.test_rate import close, rate
from tests.deliberation.meeting import build as meetings
from tests.deliberation.minutes import build as minutes


def board(town: Town, who: str | None = None) -> str:
    return town.as_(who).get("/c/jinxiu/notices").text


def test_an_empty_board_says_what_will_hang_there(town: Town) -> None:
    assert "公示栏还没有内容" in board(town)


def test_a_meeting_is_called_with_its_agenda(town: Town) -> None:
    meetings.draft(town)
    assert "公示栏还没有内容" in board(town)
    meetings.announced(town)
    text = board(town)
    for part in (
        "会议通知",
        "第一次议事会",
        "3月11日（周三）09:00",
        "3 号楼一层议事厅",
        "充电桩放在架空层",
        "可线上参加",
    ):
        assert part in text


def test_of_the_minutes_only_the_conclusions_hang_there_and_only_when_final(town: Town) -> None:
    minutes.put_up(town)
    assert "会议结论" not in board(town)
    town.travel(days=3)
    text = board(town)
    assert "充电桩放在架空层：部分一致" in text
    assert "公共收益怎样公布：意见一致" in text
    assert "担心噪声" not in text


def test_a_poll_and_its_result_hang_there(town: Town) -> None:
    decision = decided(town, {"Y01": "for"})
    text = board(town)
    assert "表决公告" in text
    assert "依据《民法典》第二百七十八条第 8 项" in text
    assert "9 人，930.50 ㎡" in text
    assert "参与人数或面积不够，表决无效" in text
    assert f"/c/jinxiu/decisions/{decision.id}" in town.as_(None).get("/c/jinxiu/notices").html
    town.travel(days=16)
    assert "表决结果（已确定）" in board(town)


def test_a_task_hangs_there_without_who_does_it(town: Town) -> None:
    task_id = followup.task(town)
    assert "装好八个充电桩" in board(town)
    close(town, task_id)
    rate(town, task_id, "resident", "yes")
    assert "已评价 1 人，满意 1 人" in board(town)


@pytest.mark.parametrize("who", [None, "stranger", "resident", "moderator"])
def test_nobody_is_named_on_the_board(town: Town, who: str | None) -> None:
    minutes.put_up(town)
    town.travel(days=3)
    task_id = followup.task(town)
    close(town, task_id, note="物业经理请师傅装好了")
    rate(town, task_id, "neighbor", "no", "三号桩不通电")
    text = board(town, who)
    names = {name for name, *_ in COUNCIL.values()}
    assert [name for name in names if name in text] == []
    assert "水仙里1幢" not in text
    assert "138000" not in text


def test_links_lead_only_where_the_reader_may_go(town: Town) -> None:
    built = meetings.announced(town)
    at = f'href="{built.at}"'
    assert at not in town.as_(None).get("/c/jinxiu/notices").html
    assert at in town.as_("resident").get("/c/jinxiu/notices").html


def test_the_board_can_be_followed_with_a_feed_reader(town: Town) -> None:
    meetings.announced(town, title="议事 <一> & 二")
    answer = town.as_(None).get("/c/jinxiu/notices.xml")
    assert answer.response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.html)
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["锦绣邻里议事会", "会议通知 · 议事 <一> & 二"]


def test_old_notices_are_on_further_pages(town: Town) -> None:
    for number in range(21):
        meetings.announced(town, title=f"第 {number} 次会")
    first = board(town)
    second = town.as_(None).get("/c/jinxiu/notices?page=2").text
    assert "第 1 页，共 2 页" in first
    assert "第 20 次会" in first
    assert "第 0 次会" in second
    assert town.as_(None).get("/c/jinxiu/notices?page=99").status == 200
    assert town.as_(None).get("/c/jinxiu/notices?page=x").status == 200


def test_every_notice_stays_however_old(town: Town) -> None:
    meetings.announced(town, title="头一次会")
    followup.task(town)
    town.travel(days=1000)
    for text in (board(town), town.as_(None).get("/c/jinxiu").text):
        assert "头一次会" in text
        assert "装好八个充电桩" in text


def test_only_what_is_on_the_page_is_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [followup.task(town) for _ in range(6)]
    read: list[int] = []
    some = tasks.some

    def noted(session: Session, council_id: int, ids: Sequence[int]) -> list[tasks.TaskRow]:
        read.extend(ids)
        return some(session, council_id, ids)

    monkeypatch.setattr(tasks, "some", noted)
    with town.db.read() as session:
        assert len(notice_board.notices(session, town.cast.council_id, size=3)) == 3
        assert sorted(read) == given[-3:]
        assert notice_board.count(session, town.cast.council_id) == 6


def test_another_council_has_its_own_board(town: Town) -> None:
    ballots.announced(town)
    assert "架空层" not in town.as_(None).get("/c/other/notices").text
