"""Calling a meeting, its agenda, its notice."""

import icalendar
import pytest
from sqlmodel import col, select

from deliberation.agenda.tables import Motion
from deliberation.db.tables import Event
from deliberation.i18n.dates import LOCAL
from deliberation.meeting import plan_actions
from tests.conftest import Answer, Town
from tests.deliberation.agenda.build import worded
from tests.deliberation.meeting import build

FILLED = {
    "title": "充电桩议事会",
    "starts_at": "2026-03-20T19:30",
    "place": "3 号楼一层",
    "online_link": "https://meet.example/1",
    "quorum": "5",
    "invited": "物业公司",
}
AT = "/c/jinxiu/meetings"


def test_the_moderator_plans_a_meeting_and_goes_on_to_its_agenda(town: Town) -> None:
    page = town.as_("moderator").follow(AT, FILLED)
    assert "充电桩议事会" in page.text
    assert "3月20日（周五）19:30" in page.text
    assert "议程还是空的" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", "", "请填写这一项"),
        ("title", "长" * 61, "最多 60 个字"),
        ("starts_at", "明天", "请填写日期和时间"),
        ("starts_at", "2026-02-20T19:30", "开会时间要在现在以后"),
        ("place", "", "请填写这一项"),
        ("online_link", "http://meet.example/1", "https://"),
        ("online_link", "javascript:alert(1)", "https://"),
        ("quorum", "-1", "0 到 2000"),
        ("quorum", "五", "整数"),
    ],
)
def test_a_fault_is_told_at_its_field_and_what_was_typed_is_kept(
    town: Town, field: str, typed: str, sentence: str
) -> None:
    answer = town.as_("moderator").post(AT, {**FILLED, field: typed})
    assert answer.status == 422
    assert sentence in answer.text
    assert 'value="物业公司"' in answer.html
    assert "充电桩议事会" not in town.as_("moderator").get(AT).text


@pytest.mark.parametrize("who", ["resident", "desk", "committee", "supervisor"])
def test_who_does_not_steer_cannot_plan(town: Town, who: str) -> None:
    assert town.as_(who).get(f"{AT}/new").status == 403
    assert town.as_(who).post(AT, FILLED).status == 403


def test_a_draft_is_there_for_moderator_and_recorder_alone(town: Town) -> None:
    built = build.draft(town)
    for who, status in [
        ("moderator", 200),
        ("recorder", 200),
        ("resident", 404),
        ("desk", 404),
        ("other_moderator", 404),
    ]:
        assert town.as_(who).get(built.at).status == status
        assert town.as_(who).get(f"{built.at}/projector").status == {"resident": 403}.get(who, status)
    assert "第一次议事会" in town.as_("recorder").get(AT).text
    assert "第一次议事会" not in town.as_("resident").get(AT).text


def test_the_journal_and_the_dossier_are_silent_of_a_draft_until_it_is_announced(town: Town) -> None:
    motion_id = worded(town)
    built = build.draft(town)
    with town.write("moderator") as tx:
        placed = plan_actions.add_item(tx, built.id, minutes_planned=20, motion_id=motion_id)
        matter_id = placed.matter_id
        plan_actions.remove_item(tx, built.id, built.item_ids[1])
        hidden = tx.session.exec(select(Event.facts).where(Event.meeting_id == built.id)).all()
    secrets = ("第一次议事会", "公共收益怎样公布", "充电桩放在架空层")
    assert [word for word in secrets if word in "".join(hidden)] == []
    resident, matter = town.as_("resident"), f"/c/jinxiu/matters/{matter_id}"
    log = resident.get("/c/jinxiu/log")
    assert [word for word in secrets if word in log.text] == []
    assert "开始准备一次会议" in log.text
    assert f'href="{built.at}"' not in log.html
    assert f'href="{built.at}"' in town.as_("recorder").get("/c/jinxiu/log").html
    assert "准备一次会议" not in resident.get(matter).text
    assert "第一次议事会" not in resident.get(matter).text
    town.as_("moderator").follow(f"{built.at}/notice")
    assert "公告会议：第一次议事会" in resident.get("/c/jinxiu/log").text
    assert f'href="{built.at}"' in resident.get("/c/jinxiu/log").html
    assert "把它排进会议“第一次议事会”" in resident.get(matter).text


def test_an_announced_meeting_is_there_for_every_member_with_its_agenda(town: Town) -> None:
    built = build.draft(town)
    town.as_("moderator").follow(f"{built.at}/notice")
    for who in ["resident", "tenant", "desk", "supervisor"]:
        page = town.as_(who).get(built.at)
        assert page.status == 200
        assert "充电桩放在架空层" in page.text
        assert "3 号楼一层议事厅" in page.text
    assert town.as_("stranger").get(built.at).status == 404
    assert town.as_(None).get(built.at).status == 303


def test_a_meeting_is_announced_once_and_not_without_an_agenda(town: Town) -> None:
    town.as_("moderator").follow(AT, FILLED)
    empty = town.as_("moderator").post(f"{AT}/1/notice")
    assert (empty.status, "至少要有一项" in empty.text) == (422, True)
    built = build.announced(town)
    again = town.as_("moderator").post(f"{built.at}/notice")
    assert (again.status, "已经公告过" in again.text) == (422, True)


def test_items_are_added_ordered_and_taken_off(town: Town) -> None:
    built = build.draft(town)
    caller = town.as_("moderator")
    page = caller.follow(f"{built.at}/items", {"item_title": "其他事项", "minutes_planned": "5"})
    assert "3. 其他事项" in page.text
    page = caller.follow(f"{built.at}/items/{built.item_ids[1]}/moving", {"way": "up"})
    assert "1. 公共收益怎样公布" in page.text
    page = caller.follow(f"{built.at}/items/{built.item_ids[1]}/moving", {"way": "up"})
    assert "1. 公共收益怎样公布" in page.text
    page = caller.follow(f"{built.at}/items/{built.item_ids[0]}/removing")
    assert "充电桩放在架空层" not in page.text


def test_an_item_sent_twice_is_added_once_and_moved_one_place(town: Town) -> None:
    built = build.draft(town)
    caller = town.as_("moderator")
    html = caller.get(f"{built.at}/editing").html
    forms = [form for form in html.split("<form")[1:] if "/moving" in form or f'action="{built.at}/items"' in form]
    assert forms
    assert all('name="once"' in form for form in forms)
    for _ in range(2):
        caller.follow(f"{built.at}/items", {"item_title": "其他事项", "minutes_planned": "5", "once": "a"})
        caller.follow(f"{built.at}/items/{built.item_ids[0]}/moving", {"way": "down", "once": "a"})
    titles = ["公共收益怎样公布", "充电桩放在架空层", "其他事项"]
    text = caller.get(f"{built.at}/editing").text
    assert [f"{at}. {title}" in text for at, title in enumerate(titles, start=1)] == [True] * 3
    assert "4. " not in text


def test_an_item_needs_a_title_or_a_motion_and_minutes(town: Town) -> None:
    built = build.draft(town)
    for data, sentence in [
        ({"minutes_planned": "5"}, "请填写这一项"),
        ({"item_title": "其他", "minutes_planned": "0"}, "1 到 240"),
        ({"item_title": "其他", "minutes_planned": "5", "motion_id": "abc"}, "整数"),
    ]:
        answer = town.as_("moderator").post(f"{built.at}/items", data)
        assert (answer.status, sentence in answer.text) == (422, True)


def test_a_motion_is_placed_once_and_its_matter_learns_of_the_meeting(town: Town) -> None:
    motion_id = worded(town)
    built = build.draft(town)
    caller = town.as_("moderator")
    with town.db.read() as session:
        found = session.get_one(Motion, motion_id)
        title, matter_id = found.title, found.proposal_id
    assert title in caller.get(f"{built.at}/editing").text
    page = caller.follow(f"{built.at}/items", {"motion_id": str(motion_id), "minutes_planned": "20"})
    assert f"3. {title}" in page.text
    again = caller.post(f"{built.at}/items", {"motion_id": str(motion_id), "minutes_planned": "20"})
    assert (again.status, "不能再排" in again.text) == (422, True)
    caller.follow(f"{built.at}/notice")
    with town.db.read() as session:
        verbs = session.exec(select(Event.verb).where(Event.matter_id == matter_id).order_by(col(Event.seq))).all()
    assert verbs[-1] == "matter.placed"


def test_a_motion_of_another_council_is_not_there(town: Town) -> None:
    motion_id = worded(town)
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        other = plan_actions.call(tx, build.plan(town)).id
    answer = town.as_("other_moderator").post(
        f"/c/other/meetings/{other}/items", {"motion_id": str(motion_id), "minutes_planned": "20"}
    )
    assert answer.status == 404


def test_the_plan_can_be_changed_until_the_meeting_opens(town: Town) -> None:
    built = build.announced(town)
    page = town.as_("moderator").follow(f"{built.at}/editing", {**FILLED, "place": "社区礼堂"})
    assert "社区礼堂" in page.text
    built = build.opened(town)
    answer = town.as_("moderator").post(f"{built.at}/editing", {**FILLED, "starts_at": "2026-06-20T19:30"})
    assert (answer.status, "会议已经开始" in answer.text) == (422, True)
    answer = town.as_("moderator").post(f"{built.at}/items", {"item_title": "新的一项", "minutes_planned": "5"})
    assert (answer.status, "会议已经开始" in answer.text) == (422, True)


def test_less_than_seven_days_are_hinted_at_but_not_refused(town: Town) -> None:
    built = build.draft(town)
    assert "不到 7 天" not in town.as_("moderator").get(f"{built.at}/editing").text
    town.travel(days=4)
    assert "不到 7 天" in town.as_("moderator").get(f"{built.at}/editing").text
    assert town.as_("moderator").post(f"{built.at}/notice").status == 303


def test_the_calendar_entry_says_when_and_where(town: Town) -> None:
    built = build.announced(town)
    answer = town.as_("resident").get(f"{built.at}/calendar.ics")
    assert answer.response.headers["content-type"].startswith("text/calendar")
    entry = icalendar.Calendar.from_ical(answer.html).walk("VEVENT")[0]
    assert entry["SUMMARY"] == "第一次议事会"
    assert entry["LOCATION"] == "3 号楼一层议事厅"
    start, end = entry.decoded("DTSTART"), entry.decoded("DTEND")
    assert start.astimezone(LOCAL).isoformat() == "2026-03-11T09:00:00+08:00"
    assert (end - start).total_seconds() == 45 * 60
    assert town.as_("moderator").get(f"{build.draft(town).at}/calendar.ics").status == 404


def test_a_list_without_meetings_says_what_comes_next(town: Town) -> None:
    answer: Answer = town.as_("resident").get(AT)
    assert "近期没有会议" in answer.text
    assert "提前七天" in answer.text
    assert "准备会议" not in answer.text
    assert "准备会议" in town.as_("moderator").get(AT).text


def test_a_matter_s_motion_is_carried_along_into_a_new_meeting(town: Town) -> None:
    motion_id = worded(town)
    caller = town.as_("moderator")
    page = caller.get(f"{AT}/new?motion={motion_id}")
    assert f'<option value="{motion_id}" selected>' in page.html
    assert "加到还没开的会议" not in page.text
    with town.db.read() as session:
        title = session.get_one(Motion, motion_id).title
    assert f"1. {title}" in caller.follow(AT, {**FILLED, "motion_id": str(motion_id)}).text
    # It has its place now: the next meeting is not offered it again.
    assert title not in caller.get(f"{AT}/new?motion={motion_id}").text
    refused = caller.post(AT, {**FILLED, "motion_id": str(motion_id)})
    assert (refused.status, "不能再排" in refused.text, 'value="充电桩议事会"' in refused.html) == (422, True, True)


def test_a_meeting_in_preparation_is_offered_before_another_is_planned(town: Town) -> None:
    motion_id = worded(town)
    built = build.draft(town)
    caller = town.as_("moderator")
    page = caller.get(f"{AT}/new?motion={motion_id}")
    assert "加到还没开的会议" in page.text
    assert f'action="{built.at}/items"' in page.html
    assert "继续准备“第一次议事会”" in caller.get(f"{AT}/new").text
    assert "3. " in caller.follow(f"{built.at}/items", {"motion_id": str(motion_id), "minutes_planned": "30"}).text
    town.travel(days=11)
    begun = build.opened(town)
    assert f'action="{begun.at}/items"' not in caller.get(f"{AT}/new?motion={motion_id}").html


def test_a_meeting_without_an_agenda_offers_no_button_to_announce_it(town: Town) -> None:
    page = town.as_("moderator").follow(AT, FILLED)
    assert "公告会议</span></button>" not in page.html
    assert "加一项以后才能公告" in page.text
    assert "公告会议</span></button>" in town.as_("moderator").get(f"{build.draft(town).at}/editing").html


def test_the_notice_on_paper_leads_to_the_meeting_and_not_through_its_door(town: Town) -> None:
    built = build.announced(town)
    sheet = town.as_("resident").get(f"{built.at}/sheet")
    assert "2026年3月11日（周三）09:00" in sheet.text
    assert "1. 充电桩放在架空层" in sheet.text
    assert f"{built.at} " in f"{sheet.text} "
    assert built.door_code not in sheet.html
    assert town.as_("resident").get(f"{build.draft(town).at}/sheet").status == 404


@pytest.mark.parametrize("who", ["resident", "committee", "supervisor"])
def test_the_sheet_for_the_door_is_for_staff(town: Town, who: str) -> None:
    assert town.as_(who).get(f"{build.announced(town).at}/door-sheet").status == 403
