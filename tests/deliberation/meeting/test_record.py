"""What is left of a meeting: the page after it, and the record that the minutes are drafted from."""

import pytest

from deliberation.council.roll import queries as roll_queries
from deliberation.meeting import floor_actions, presence_actions, record_queries
from deliberation.meeting.record_queries import Record
from deliberation.minutes import actions, waiting_queries
from deliberation.minutes import queries as minutes_queries
from tests.conftest import Town
from tests.deliberation.council import build as council
from tests.deliberation.meeting import build


def record(town: Town, meeting_id: int) -> Record:
    with town.db.read() as session:
        return record_queries.record_of(session, town.cast.council_id, meeting_id)


def test_the_record_holds_all_that_happened_item_by_item(town: Town) -> None:
    found = record(town, build.closed(town).id)
    first, second = found.items
    assert first.item is not None
    assert (first.item.title, first.item.conclusion, first.item.conclusion_text) == (
        "充电桩放在架空层",
        "partly",
        "先看现场，再定方案。",
    )
    assert [(turn.name, turn.role, turn.seconds) for turn in first.turns] == [("谢玉志", "owner", 75)]
    assert [(said.name, said.text) for said in first.statements] == [("郑志婷", "我家在二楼，担心噪声。")]
    (straw,) = first.straws
    assert (straw.counts, straw.marked, straw.present) == ((("同意", 2), ("反对", 1)), 3, 3)
    assert [(point.text, point.assignee) for point in first.action_points] == [("请消防单位看现场", "物业经理")]
    assert (second.turns, second.statements, second.straws, second.action_points) == ((), (), (), ())
    assert [(one.name, one.mode, one.left_at is not None) for one in found.presences] == [
        ("谢玉志", "room", False),
        ("郑志婷", "room", True),
        ("租户甲", "online", False),
    ]
    assert (found.heads_present, found.heads, found.area_present, found.area) == (2, 9, 32000, 93050)
    assert found.called_by == "林主持"


def test_the_owners_present_stay_measured_against_the_roll_of_that_day(town: Town) -> None:
    built = build.closed(town)
    town.travel(days=1)
    grown = [*council.table(), ["水仙里", "9幢", "1单元", "0901", "住宅", "100.00", "Y90", "何新来", "", "", "已交付"]]
    council.replaced(town, council.as_csv(grown))
    with town.db.read() as session:
        newest = roll_queries.newest(session, town.cast.council_id)
    found = record(town, built.id)
    assert newest is not None
    assert newest.heads == 10
    assert (found.heads_present, found.heads, found.area_present, found.area) == (2, 9, 32000, 93050)


def test_what_happens_between_the_items_is_kept_apart(town: Town) -> None:
    built = build.opened(town)
    built.present("resident")
    built.write("resident", "开场先说一句。")
    built.close()
    last = record(town, built.id).items[-1]
    assert last.item is None
    assert [said.text for said in last.statements] == ["开场先说一句。"]


def test_the_page_after_the_meeting_says_what_happened(town: Town) -> None:
    built = build.closed(town)
    page = town.as_("neighbor").get(built.at)
    for words in [
        "到会 3 人",
        "1. 充电桩放在架空层",
        "部分一致",
        "先看现场，再定方案。",
        "不具约束力",
        "请消防单位看现场",
        "1:15",
        "面积 320.00 / 930.50",
    ]:
        assert words in page.text
    assert "起草会议纪要" not in page.text
    assert "起草会议纪要" in town.as_("recorder").get(built.at).text


@pytest.mark.parametrize("path", ["", "/live", "/console", "/desk", "/projector", "/editing"])
def test_every_page_of_a_meeting_stands_in_every_state_and_both_languages(town: Town, path: str) -> None:
    for made in (build.announced, build.doors_open, build.opened, build.closed):
        built = made(town)
        caller = town.as_("moderator")
        for lang in ("zh", "en"):
            caller.client.cookies.set("lang", lang)
            answer = caller.get(built.at + path)
            assert answer.status == 200
            assert "第一次议事会" in answer.text


def test_the_projector_shows_the_door_s_address_as_a_picture_to_staff_alone(town: Town) -> None:
    built = build.opened(town)
    built.present("resident")
    built.ask("resident")
    page = town.as_("desk").get(f"{built.at}/projector")
    assert "<svg" in page.html
    assert "style=" not in page.html
    assert "接下来：谢玉志" in page.text
    assert town.as_("resident").get(f"{built.at}/projector").status == 403


def test_my_own_part_is_fetched_alone(town: Town) -> None:
    built = build.opened(town)
    built.present("resident")
    answer = town.as_("resident").get(f"{built.at}/live/mine")
    assert answer.html.strip().startswith('<div id="mine"')
    assert "我要发言" in answer.text
    board = town.as_("moderator").get(f"{built.at}/console/board")
    assert board.html.strip().startswith('<div id="board"')


def test_who_left_before_the_opening_was_not_there(town: Town) -> None:
    built = build.doors_open(town)
    here = built.present("resident", "owner", "tenant", "family")
    for who in ("owner", "tenant"):
        with town.write("desk") as tx:
            presence_actions.leave(tx, built.id, here[who])
    town.travel(minutes=30)
    with town.write("moderator") as tx:
        floor_actions.open_meeting(tx, built.id, short_reason=build.FEW)
    built.present("tenant")
    town.travel(minutes=5)
    with town.write("desk") as tx:
        presence_actions.leave(tx, built.id, here["family"])
    built.close()
    with town.db.read() as session:
        record = record_queries.record_of(session, town.cast.council_id, built.id)
    assert {one.id for one in record.presences} == {here["resident"], here["tenant"], here["family"]}
    page = town.as_("neighbor").get(built.at)
    assert "到会 3 人" in page.text
    assert "郑志婷" not in page.text
    with town.write("recorder") as tx:
        minutes = actions.draft(tx, built.id).id
    with town.write("recorder") as tx:
        actions.put_up(tx, minutes)
    assert "到会 3 人" in town.as_("owner").get(f"/c/jinxiu/minutes/{minutes}").text
    with town.db.read() as session:
        row = minutes_queries.minutes(session, town.cast.council_id, minutes)
        asked = {one.account_id for one in minutes_queries.answers(session, row)}
        waits = waiting_queries.waiting_for(session, town.cast.council_id, town.cast.ids["owner"], town.now)
    assert asked == {town.cast.ids[who] for who in ("resident", "tenant", "family")}
    assert waits == []
    word = town.as_("owner").post(f"/c/jinxiu/minutes/{minutes}/attestation", {"word": "confirmed", "version": 1})
    assert (word.status, "只有签到参加这次会议的人" in word.text) == (422, True)
