from datetime import timedelta
from typing import Any

import pytest

from deliberation.agenda.actions import accept, answer, decline, propose
from deliberation.council.tables import Seat
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.council.build import asked
from tests.deliberation.followup import build as followup
from tests.deliberation.followup.test_rate import close, rate
from tests.deliberation.meeting import build as meetings
from tests.deliberation.minutes import build as minutes


def test_an_empty_day_says_what_comes_next_and_when(town: Town) -> None:
    page = town.as_("resident").get("/c/jinxiu")
    assert "今天没有要您办的事" in page.text
    assert "还没有安排日期" in page.text
    built = meetings.announced(town)
    page = town.as_("resident").get("/c/jinxiu")
    assert "第一次议事会：3月11日（周三）09:00 开会" in page.text
    assert f"/c/jinxiu/meetings/{built.id}" in page.html


def test_an_open_poll_asks_the_owner_until_the_ballot_is_cast(town: Town) -> None:
    poll_id = ballots.opened(town)
    owner = ballots.signed_in(town, "resident")
    assert "请投票：架空层设充电桩" in owner.get("/c/jinxiu").text
    assert f'href="/c/jinxiu/polls/{poll_id}"' in owner.get("/c/jinxiu").html
    assert "请投票" not in ballots.signed_in(town, "tenant").get("/c/jinxiu").text
    ballots.cast(town, poll_id, {"Y01": "for"})
    assert "请投票" not in owner.get("/c/jinxiu").text


def test_minutes_ask_those_who_were_there(town: Town) -> None:
    built = minutes.put_up(town)
    assert "请确认会议纪要：第一次议事会" in town.as_("resident").get("/c/jinxiu").text
    assert "请确认会议纪要" not in town.as_("neighbor").get("/c/jinxiu").text
    built.say("resident")
    assert "请确认会议纪要" not in town.as_("resident").get("/c/jinxiu").text


def test_a_meeting_that_is_on_stands_first(town: Town) -> None:
    followup.matter(town, by="neighbor", seconded_by=(), accepted=False)
    meeting = meetings.opened(town)
    html = town.as_("owner").get("/c/jinxiu").html
    assert html.index("正在开会：第一次议事会") < html.index("邻居提出：架空层加装充电桩")
    meeting.present("owner")
    page = town.as_("owner").get("/c/jinxiu").text
    assert "您正在参加：第一次议事会" in page
    assert "今天没有要您办的事" in page
    meeting.close()
    assert "正在开会" not in town.as_("owner").get("/c/jinxiu").text


def test_who_runs_a_meeting_is_led_to_the_console_and_the_desk_to_the_desk(town: Town) -> None:
    meeting = meetings.opened(town)
    for who in ("moderator", "recorder"):
        assert f'href="{meeting.at}/console"' in town.as_(who).get("/c/jinxiu").html, who
    for path in ("/c/jinxiu", "/c/jinxiu/work"):
        assert f'href="{meeting.at}/desk"' in town.as_("desk").get(path).html, path
    meeting.close()
    assert "/desk" not in town.as_("desk").get("/c/jinxiu").html


def test_a_neighbors_matter_is_offered_to_second_but_not_ones_own(town: Town) -> None:
    matter_id = followup.matter(town, accepted=False)
    assert "邻居提出：架空层加装充电桩" in town.as_("owner").get("/c/jinxiu").text
    assert "今天没有要您办的事" in town.as_("owner").get("/c/jinxiu").text
    assert f"/c/jinxiu/matters/{matter_id}" in town.as_("owner").get("/c/jinxiu").html
    for who in ("resident", "neighbor", "property"):
        assert "邻居提出" not in town.as_(who).get("/c/jinxiu").text


def test_tasks_ask_their_assignee_and_then_those_who_raised_them(town: Town) -> None:
    task_id = followup.task(town)
    assert "由您办理：装好八个充电桩" in town.as_("property").get("/c/jinxiu").text
    town.travel(days=11)
    assert "已逾期，由您办理：装好八个充电桩" in town.as_("property").get("/c/jinxiu").text
    close(town, task_id)
    assert "办好了，请评价：装好八个充电桩" in town.as_("resident").get("/c/jinxiu").text
    assert "由您办理" not in town.as_("property").get("/c/jinxiu").text


def test_at_most_three_things_are_put_forward(town: Town) -> None:
    for _ in range(4):
        close(town, followup.task(town))
    page = town.as_("resident").get("/c/jinxiu")
    assert "有 4 件事等您办" in page.text
    assert page.html.count('class="card card-need"') == 3
    assert page.html.count('class="more-need"') == 1


def test_the_staff_see_how_much_is_on_the_workbench(town: Town) -> None:
    followup.matter(town, accepted=False)
    assert "工作台有 1 件事要办" in town.as_("moderator").get("/c/jinxiu").text
    town.travel(hours=49)
    assert "工作台有 1 件事要办，1 件已逾期" in town.as_("moderator").get("/c/jinxiu").text
    assert "工作台有" not in town.as_("resident").get("/c/jinxiu").text


def test_a_stranger_sees_what_it_is_and_the_board(town: Town) -> None:
    meetings.announced(town)
    page = town.as_(None).get("/c/jinxiu")
    assert "锦绣小区的居民在这里提出问题" in page.text
    assert "第一次议事会" in page.text
    assert "/c/jinxiu/join" in page.html
    assert "/c/jinxiu/meetings/1" not in page.html


def test_who_asked_to_join_sees_how_far_it_is(town: Town) -> None:
    asked(town)
    page = town.as_("stranger").get("/c/jinxiu")
    assert "您的申请正在核对" in page.text
    assert "正在办的事" not in page.text


def test_the_first_page_leads_everybody_on(town: Town) -> None:
    assert town.as_("resident").get("/").location == "/c/jinxiu"
    nobody = town.as_(None).get("/")
    assert nobody.status == 200
    assert "锦绣邻里议事会" in nobody.text
    assert "东园邻里议事会" in nobody.text
    assert "/c/other/join" in town.as_("stranger").get("/").html
    assert "管理各个议事会" in town.as_("admin").get("/").text


def test_with_two_councils_one_chooses(town: Town) -> None:
    with town.write() as tx:
        tx.session.add(
            Seat(
                council_id=town.cast.other_council_id,
                account_id=town.cast.ids["resident"],
                role="sitting_in",
                since=tx.now - timedelta(days=1),
            )
        )
    page = town.as_("resident").get("/")
    assert "您要去哪个议事会" in page.text
    assert "/c/jinxiu" in page.html
    assert "/c/other" in page.html


def test_an_unknown_council_is_not_there(town: Town) -> None:
    assert town.as_("resident").get("/c/nowhere").status == 404


def going_on(page: str) -> str:
    return page[page.index("正在办的事") : page.index("公示栏 全部")]


def test_only_what_is_under_way_is_going_on_and_a_running_poll_however_old_it_is(town: Town) -> None:
    ballots.opened(town, title="架空层设充电桩")
    for number in range(6):
        with town.write("neighbor") as tx:
            propose(tx, title=f"新的一件事{number}", text="楼道里堆了杂物，很不安全。", category="fire")
    with town.write("neighbor") as tx:
        gone = propose(tx, title="归派出所管的事", text="夜里有人在楼下吵架。", category="order").id
    with town.write("moderator") as tx:
        decline(tx, gone, reason="请找派出所。")
    shown = going_on(ballots.signed_in(town, "owner").get("/c/jinxiu").text)
    assert "归派出所管的事" not in shown
    assert shown.index("架空层设充电桩") < shown.index("新的一件事5")
    assert "到 3月23日（周一）09:00 为止" in shown


@pytest.mark.parametrize(
    ("how", "words"), [(decline, "有答复了：没有受理"), (answer, "有答复了。"), (accept, "受理了。")]
)
def test_who_raised_a_matter_is_told_what_became_of_it_for_a_week(town: Town, how: Any, words: str) -> None:
    matter_id = followup.matter(town, seconded_by=(), accepted=False)
    assert "您提的" not in town.as_("resident").get("/c/jinxiu").text
    with town.write("moderator") as tx:
        how(tx, matter_id, reason="请看说明。")
    page = town.as_("resident").get("/c/jinxiu")
    assert f"您提的“架空层加装充电桩”{words}" in page.text
    assert f'href="/c/jinxiu/matters/{matter_id}"' in page.html
    assert "您提的" not in town.as_("owner").get("/c/jinxiu").text
    town.travel(days=8)
    assert "您提的" not in town.as_("resident").get("/c/jinxiu").text


def test_a_reopened_task_tells_its_assignee_what_the_resident_said(town: Town) -> None:
    task_id = followup.task(town)
    close(town, task_id)
    rate(town, task_id, "resident", "no", "二号楼还没有装。")
    page = town.as_("property").get("/c/jinxiu").text
    assert "居民不满意，已重新打开：装好八个充电桩" in page
    assert "居民说：二号楼还没有装。" in page
