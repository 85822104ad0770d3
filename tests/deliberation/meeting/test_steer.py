"""Opening and closing a meeting, taking items up and concluding them."""

import pytest

from deliberation.meeting import queries, rules
from deliberation.meeting.tables import Item
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


def items(town: Town, built: Built) -> list[Item]:
    with town.db.read() as session:
        return queries.items(session, built.id)


def test_an_announced_meeting_is_opened_once(town: Town) -> None:
    built = build.doors_open(town)
    built.present("resident", "owner", "tenant")
    page = town.as_("moderator").follow(f"{built.at}/opening")
    assert "开始议这一项" in page.text
    assert built.row().opened_at == town.now
    again = town.as_("moderator").post(f"{built.at}/opening")
    assert (again.status, "会议已经开始" in again.text) == (422, True)


def test_a_meeting_is_not_opened_on_the_day_before(town: Town) -> None:
    built = build.announced(town)
    town.travel(days=8, hours=23)
    console = town.as_("moderator")
    page = console.get(f"{built.at}/console")
    assert "3月11日（周三）09:00开会" in page.text
    assert "最早 3月11日（周三）08:00可以宣布开会" in page.text
    assert "宣布开会</span></button>" not in page.html
    answer = console.post(f"{built.at}/opening", {"anyway": "1", "short_reason": "先开着"})
    assert (answer.status, "最早 3月11日（周三）08:00可以宣布开会" in answer.text) == (422, True)
    assert built.row().opened_at is None


def test_too_few_people_open_only_with_a_tick_and_a_reason_that_stays(town: Town) -> None:
    built = build.doors_open(town)
    built.present("resident")
    console = town.as_("moderator")
    assert "人数不够，仍要开会" in console.get(f"{built.at}/console").text
    for fields, sentence in [
        ({}, "计入的只有 1 人，最低要 3 人"),
        ({"short_reason": "等不及了"}, "计入的只有 1 人，最低要 3 人"),
        ({"anyway": "1"}, "请填写这一项"),
        ({"anyway": "1", "short_reason": "下"}, "至少 2 个字"),
    ]:
        answer = console.post(f"{built.at}/opening", fields)
        assert (answer.status, sentence in answer.text) == (422, True)
        assert fields.get("short_reason", "") in answer.html
    assert built.row().opened_at is None
    console.follow(f"{built.at}/opening", {"anyway": "1", "short_reason": "台风，改在线上说"})
    assert built.row().short_reason == "台风，改在线上说"
    told = town.as_("resident").get("/c/jinxiu/log").text
    assert "在人数不够时宣布开会（计入 1 人，最低 3 人）。理由：台风，改在线上说" in told


def test_with_enough_people_nothing_is_asked_and_no_reason_kept(town: Town) -> None:
    built = build.doors_open(town)
    built.present("resident", "owner", "tenant")
    town.as_("moderator").follow(f"{built.at}/opening", {"anyway": "1", "short_reason": "多余的话"})
    assert built.row().short_reason == ""


def test_agreed_is_not_recorded_for_an_empty_room(town: Town) -> None:
    built = build.opened(town)
    built.open_item()
    at = f"{built.at}/items/{built.item_ids[0]}/conclusion"
    answer = town.as_("moderator").post(at, {"conclusion": "agreed", "conclusion_text": "都同意。"})
    assert (answer.status, "会场里没有人" in answer.text, "都同意。" in answer.html) == (422, True, True)
    assert items(town, built)[0].conclusion == ""
    town.as_("moderator").follow(at, {"conclusion": "none"})


def test_who_waits_to_speak_is_named_before_the_conclusion_and_told_after_it(town: Town) -> None:
    built = build.opened(town)
    built.present("resident", "owner")
    built.open_item()
    built.ask("resident")
    built.ask("owner")
    console, at = town.as_("moderator"), f"{built.at}/items/{built.item_ids[0]}/conclusion"
    assert "还有 2 人等着发言：谢玉志、郑志婷" in console.get(f"{built.at}/console").text
    answer = console.post(at, {"conclusion": "partly", "conclusion_text": "先试。"})
    assert (answer.status, "还有 2 人等着发言。请先请他们发言" in answer.text) == (422, True)
    assert "先试。" in answer.html
    console.follow(at, {"conclusion": "partly", "let_go": "1"})
    told = "在轮到您以前作了结论"
    assert told in town.as_("resident").get(f"{built.at}/live").text
    built.ask("resident")
    assert told not in town.as_("resident").get(f"{built.at}/live").text
    assert told in town.as_("owner").get(f"{built.at}/live").text


def test_items_that_are_left_ask_for_a_tick_before_the_close(town: Town) -> None:
    built = build.opened(town)
    built.open_item()
    built.conclude(conclusion=rules.Conclusion.NONE)
    console = town.as_("moderator")
    assert "还有 1 项没议，确定散会" in console.get(f"{built.at}/console").text
    answer = console.post(f"{built.at}/closing")
    assert (answer.status, "还有 1 项没议。确定散会，请勾选" in answer.text) == (422, True)
    assert built.row().closed_at is None
    console.follow(f"{built.at}/closing", {"sure": "1"})
    assert built.row().closed_at == town.now


def test_when_all_is_dealt_with_one_tap_closes_and_leads_to_the_minutes(town: Town) -> None:
    built = build.opened(town)
    for place in (0, 1):
        built.open_item(place)
        built.conclude(place, rules.Conclusion.NONE)
    page = town.as_("moderator").follow(f"{built.at}/closing")
    assert page.html.index("起草会议纪要</span></button>") < page.html.index("会上议了什么</span></a>")
    assert f'action="{built.at}/minutes"' in page.html


def test_a_draft_is_not_opened(town: Town) -> None:
    answer = town.as_("moderator").post(f"{build.draft(town).at}/opening")
    assert (answer.status, "请先发会议公告" in answer.text) == (422, True)


def test_an_item_is_taken_up_and_concluded_with_its_words(town: Town) -> None:
    built = build.opened(town)
    console = town.as_("recorder")
    page = console.follow(f"{built.at}/items/{built.item_ids[0]}/opening")
    assert "给这一项作结论" in page.text
    assert "第 1 项，共 2 项" in town.as_("resident").get(f"{built.at}/live").text
    page = console.follow(
        f"{built.at}/items/{built.item_ids[0]}/conclusion", {"conclusion": "partly", "conclusion_text": "先试一个月。"}
    )
    assert "部分一致" in page.text
    first = items(town, built)[0]
    assert (first.conclusion, first.conclusion_text, first.closed_at) == ("partly", "先试一个月。", town.now)


def test_a_conclusion_is_one_of_four_and_of_the_item_on_the_floor(town: Town) -> None:
    built = build.opened(town)
    built.open_item()
    first, second = built.item_ids
    console = town.as_("moderator")
    for item_id, data, sentence in [
        (first, {"conclusion": "perhaps"}, "请从列出的选项中选一项"),
        (first, {}, "请填写这一项"),
        (first, {"conclusion": "agreed", "conclusion_text": "长" * 1001}, "最多 1000 个字"),
        (second, {"conclusion": "agreed"}, "现在议的不是这一项"),
    ]:
        answer = console.post(f"{built.at}/items/{item_id}/conclusion", data)
        assert (answer.status, sentence in answer.text) == (422, True)
    assert items(town, built)[0].conclusion == ""


def test_the_next_item_waits_for_the_conclusion_of_the_one_before(town: Town) -> None:
    built = build.opened(town)
    built.open_item(0)
    for verb in [f"items/{built.item_ids[1]}/opening", "closing"]:
        answer = town.as_("moderator").post(f"{built.at}/{verb}")
        assert (answer.status, "请先给正在议的一项作结论" in answer.text) == (422, True)


def test_a_concluded_item_may_be_taken_up_again(town: Town) -> None:
    built = build.opened(town)
    built.open_item(0)
    built.conclude(0, rules.Conclusion.NONE)
    town.as_("moderator").follow(f"{built.at}/items/{built.item_ids[0]}/opening")
    assert built.row().current_item_id == built.item_ids[0]
    assert items(town, built)[0].conclusion == ""


def test_an_item_of_another_meeting_is_not_there(town: Town) -> None:
    built, other = build.opened(town), build.draft(town)
    assert town.as_("moderator").post(f"{built.at}/items/{other.item_ids[0]}/opening").status == 404


@pytest.mark.parametrize(
    ("who", "verb", "data"),
    [
        ("resident", "turns", {}),
        ("resident", "turns/withdrawing", {}),
        ("resident", "statements", {"statement": "还有话说"}),
        ("resident", "straws/1/marks", {"choice": "0"}),
        ("resident", "signing-in", {}),
        ("resident", "leaving", {}),
        ("moderator", "turns/1/starting", {}),
        ("moderator", "floor/stopping", {}),
        ("moderator", "straws", {"question": "再问一次？", "options": "好\n不好"}),
        ("moderator", "straws/1/closing", {}),
        ("moderator", "statements/noted", {"speaker": "1", "note": "要点"}),
        ("moderator", "statements/1/hiding", {"reason": "不合适"}),
        ("moderator", "action-points", {"task": "再查一次", "assignee": "物业"}),
        ("moderator", "action-points/1/removing", {}),
        ("moderator", "items/1/opening", {}),
        ("moderator", "items/1/conclusion", {"conclusion": "none"}),
        ("moderator", "closing", {}),
        ("moderator", "door-code", {}),
        ("desk", "desk", {"person": "来晚的人"}),
        ("desk", "presences/1/leaving", {}),
    ],
)
def test_a_closed_meeting_refuses_everything_with_one_sentence(
    town: Town, who: str, verb: str, data: dict[str, str]
) -> None:
    built = build.closed(town)
    answer = town.as_(who).post(f"{built.at}/{verb}", data)
    assert (answer.status, "会议已经结束，这里不能再改" in answer.text) == (422, True)


def test_closing_ends_the_straw_poll_and_shows_what_happened(town: Town) -> None:
    built = build.opened(town)
    built.present("resident")
    built.straw()
    assert "会议已结束" in town.as_("moderator").follow(f"{built.at}/closing", {"sure": "1"}).text
    page = town.as_("moderator").get(built.at)
    assert "没有议到" in page.text
    assert "先试用一个月" in page.text
