"""The list of polls and a poll's page at each of its stages, for those who may read it."""

import pytest

from tests.conftest import Town
from tests.deliberation.ballot import build


def test_an_empty_list_says_what_comes(town: Town) -> None:
    assert "还没有表决" in town.as_("resident").get(build.PATH).text


def test_the_list_tells_the_stage_of_each_poll_and_where_one_has_voted(town: Town) -> None:
    first = build.opened(town, title="甲议题")
    build.announced(town, title="乙议题")
    build.cast(town, first, {"Y01": "for"})
    page = town.as_("resident").get(build.PATH).text
    assert page.index("乙议题") < page.index("甲议题")
    assert "已公告" in page
    assert "正在投票" in page
    assert page.count("您已投票") == 1
    assert "您已投票" not in town.as_("neighbor").get(build.PATH).text


@pytest.mark.parametrize("number", ["²", "-1", "0", "9" * 40, "zwei", "٣"])
def test_a_strange_page_number_breaks_nothing(town: Town, number: str) -> None:
    assert town.as_("resident").get(f"{build.PATH}?page={number}").status == 200


def test_each_stage_of_a_poll_says_where_it_stands(town: Town) -> None:
    poll_id = build.announced(town)
    path = f"{build.PATH}/{poll_id}"
    resident = town.as_("resident")
    announced = resident.get(path)
    assert "3月16日（周一）09:00开始投票" in announced.text
    assert f"{path}/ballot" not in announced.html
    town.travel(days=15, hours=1)
    assert "正在投票，还有 6 天" in resident.get(path).text
    build.close(town)
    closed = resident.get(path)
    assert "投票已截止" in closed.text
    assert f"{path}/ballot" not in closed.html


def test_after_the_close_the_announced_deadline_stands_and_the_time_of_the_count_beside_it(town: Town) -> None:
    poll_id = build.opened(town)
    build.close(town)  # an hour and a day after the deadline, as after a power cut
    page = build.signed_in(town, "resident").get(f"{build.PATH}/{poll_id}").text
    assert "3月23日（周一）09:00截止" in page
    assert "截止投票 3月23日（周一）09:00 计票时间 3月24日（周二）10:00" in page
    assert "已于 3月23日（周一）09:00 截止" in build.signed_in(town, "resident").get(build.PATH).text


@pytest.mark.parametrize(("choice", "outcome"), [("for", "通过"), ("against", "未通过")])
def test_the_list_says_how_a_closed_poll_came_out(town: Town, choice: str, outcome: str) -> None:
    poll_id = build.opened(town)
    build.cast(town, poll_id, {f"Y0{head}": choice for head in range(1, 9)})
    build.close(town)
    page = build.signed_in(town, "resident").get(build.PATH).text
    assert f"已截止 {outcome} " in page


def test_titles_carry_chinese_punctuation(town: Town) -> None:
    poll_id = build.opened(town)
    resident = town.as_("resident")
    assert "<title>投票：架空层设充电桩" in resident.get(f"{build.PATH}/{poll_id}/ballot").html
    assert "<title>业主表决公告：架空层设充电桩" in resident.get(f"{build.PATH}/{poll_id}/sheet").html


def test_members_alone_read_polls(town: Town) -> None:
    poll_id = build.announced(town)
    for who, status in {"tenant": 200, "property": 200, "stranger": 404, "other_resident": 404}.items():
        assert town.as_(who).get(f"{build.PATH}/{poll_id}").status == status, who
    assert town.as_(None).get(f"{build.PATH}/{poll_id}").location.startswith("/sign-in")
    assert town.as_("other_resident").get(f"/c/other/polls/{poll_id}").status == 404


def test_pages_speak_english_too(town: Town) -> None:
    poll_id = build.opened(town)
    resident = town.as_("resident")
    resident.client.cookies.set("lang", "en")
    page = resident.get(f"{build.PATH}/{poll_id}").text
    assert "three quarters or more of those taking part" in page
    assert "How many have voted" in page
    check = resident.follow(f"{build.PATH}/{poll_id}/ballot/check", {"choice": "abstain"}).text
    assert "you say Abstain" in check
