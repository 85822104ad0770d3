"""Opening and closing a meeting, taking items up and concluding them."""

import pytest

from deliberation.meeting import queries
from deliberation.meeting.tables import Item
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


def items(town: Town, built: Built) -> list[Item]:
    with town.db.read() as session:
        return queries.items(session, built.id)


def test_an_announced_meeting_is_opened_once(town: Town) -> None:
    built = build.doors_open(town)
    page = town.as_("moderator").follow(f"{built.at}/opening")
    assert "开始议这一项" in page.text
    assert built.row().opened_at == town.now
    again = town.as_("moderator").post(f"{built.at}/opening")
    assert (again.status, "会议已经开始" in again.text) == (422, True)


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
    built.conclude(0)
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
        ("moderator", "floor", {}),
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
    assert "会议已结束" in town.as_("moderator").follow(f"{built.at}/closing").text
    page = town.as_("moderator").get(built.at)
    assert "没有议到" in page.text
    assert "先试用一个月" in page.text
