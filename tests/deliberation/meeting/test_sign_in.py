"""Who is here: the door, online, the desk, and leaving."""

import re

import pytest
from sqlmodel import col, select

from deliberation.council.tables import Membership
from deliberation.db.tables import Event
from deliberation.i18n.dates import LOCAL
from deliberation.meeting import queries, rules
from deliberation.meeting.tables import Presence
from deliberation.meeting.who import capacity
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


def here(town: Town, built: Built) -> list[Presence]:
    with town.db.read() as session:
        return [one for one in queries.presences(session, built.id) if one.left_at is None]


def test_opening_the_door_s_address_changes_nothing_and_one_button_signs_in(town: Town) -> None:
    built = build.doors_open(town)
    door = f"{built.at}/door/{built.door_code}"
    page = town.as_("resident").get(door)
    assert page.status == 200
    assert page.html.count('<button type="submit" class="button button-main"') == 1
    assert here(town, built) == []
    after = town.as_("resident").follow(door)
    assert "您已签到（现场）" in after.text
    (presence,) = here(town, built)
    assert (presence.role, presence.mode, presence.head_key) == ("owner", "room", "Y01")


def test_the_door_sends_who_has_no_sign_in_to_it_and_back_or_to_the_desk(town: Town) -> None:
    built = build.doors_open(town)
    page = town.as_(None).get(f"{built.at}/door/{built.door_code}")
    assert page.status == 200
    assert "签到前请登录" in page.text
    assert "没有账号，请到服务台" in page.text
    assert f'href="/sign-in?next={built.at}/door/{built.door_code}"' in page.html
    assert "第一次议事会" not in page.text


def test_a_code_of_six_digits_is_typed_as_it_stands_on_the_wall(town: Town) -> None:
    built = build.doors_open(town)
    assert re.fullmatch(r"[0-9]{6}", built.door_code)
    shown = f"{built.door_code[:3]} {built.door_code[3:]}"
    for at, who in (("projector", "desk"), ("door-sheet", "desk2")):
        assert shown in town.as_(who).get(f"{built.at}/{at}").text
    page = town.as_("resident").get(f"{built.at}/live").text
    assert page.index("我在现场，签到") < page.index("我在家，线上参加")
    assert "您已签到（现场）" in town.as_("resident").follow(f"{built.at}/door", {"door_code": shown}).text
    assert [one.mode for one in here(town, built)] == ["room"]


def test_a_wrong_code_keeps_the_form_and_guessing_ends_soon(town: Town) -> None:
    built = build.doors_open(town)
    wrong = f"{(int(built.door_code) + 1) % 10**6:06d}"
    answer = town.as_("resident").post(f"{built.at}/door", {"door_code": wrong})
    assert (answer.status, "签到码不对" in answer.text, f'value="{wrong}"' in answer.html) == (422, True, True)
    # Typed, sent and merely looked at: each wrong one counts.
    ways = [
        lambda: town.as_("resident").post(f"{built.at}/door", {"door_code": wrong}).status,
        lambda: town.as_("resident").post(f"{built.at}/door/{wrong}").status,
        lambda: town.as_("resident").get(f"{built.at}/door/{wrong}").status,
    ]
    assert [ways[turn % 3]() for turn in range(9)][-1] == 429
    assert town.as_("resident").post(f"{built.at}/door", {"door_code": built.door_code}).status == 429
    assert town.as_("owner").post(f"{built.at}/door", {"door_code": built.door_code}).status == 303
    assert [one.name for one in here(town, built)] == ["郑志婷"]


@pytest.mark.parametrize("way", ["door", "door/{code}", "desk"])
def test_who_signed_in_online_and_then_comes_is_in_the_room(town: Town, way: str) -> None:
    built = build.doors_open(town)
    built.present("resident", mode=rules.Mode.ONLINE)
    if way == "desk":
        town.as_("desk").follow(f"{built.at}/desk", {"person": "谢玉志 · 水仙里1幢1单元0101"})
    else:
        assert "按一下，改为现场" in town.as_("resident").get(f"{built.at}/door/{built.door_code}").text
        town.as_("resident").follow(f"{built.at}/{way.format(code=built.door_code)}", {"door_code": built.door_code})
    assert [(one.mode, one.left_at) for one in here(town, built)] == [("room", None)]
    assert journal(town, built)[-1] == "presence.came_in"
    town.as_("resident").follow(f"{built.at}/signing-in")
    assert [one.mode for one in here(town, built)] == ["room"]


def journal(town: Town, built: Built) -> list[str]:
    with town.db.read() as session:
        return list(session.exec(select(Event.verb).where(Event.meeting_id == built.id).order_by(col(Event.seq))).all())


@pytest.mark.parametrize("who", ["stranger", "other_resident"])
def test_the_door_is_for_members(town: Town, who: str) -> None:
    built = build.doors_open(town)
    assert town.as_(who).get(f"{built.at}/door/{built.door_code}").status == 404
    assert town.as_(who).post(f"{built.at}/door/{built.door_code}").status == 404
    assert here(town, built) == []


def test_a_wrong_or_renewed_code_signs_nobody_in(town: Town) -> None:
    built = build.doors_open(town)
    answer = town.as_("resident").post(f"{built.at}/door/guessed")
    assert (answer.status, "签到码已经换了" in answer.text) == (422, True)
    town.as_("moderator").follow(f"{built.at}/door-code")
    assert built.row().door_code != built.door_code
    assert "签到码已经换了" in town.as_("resident").get(f"{built.at}/door/{built.door_code}").text
    assert town.as_("resident").post(f"{built.at}/door/{built.door_code}").status == 422
    assert here(town, built) == []


def test_nobody_signs_in_earlier_than_an_hour_before_nor_after_the_close(town: Town) -> None:
    built = build.announced(town)
    door = f"{built.at}/door/{built.door_code}"
    assert town.as_("resident").post(door).status == 422
    assert town.as_("resident").post(f"{built.at}/signing-in").status == 422
    assert "3月11日（周三）08:00起可以签到" in town.as_("resident").get(f"{built.at}/live").text
    closed = build.closed(town)
    answer = town.as_("neighbor").post(f"{closed.at}/door/{closed.door_code}")
    assert (answer.status, "会议已经结束" in answer.text) == (422, True)


def test_online_one_signs_in_once_and_a_tenant_stands_for_no_head(town: Town) -> None:
    built = build.doors_open(town)
    for _ in range(2):
        page = town.as_("tenant").follow(f"{built.at}/signing-in")
        assert "您已签到（线上）" in page.text
    (presence,) = here(town, built)
    assert (presence.role, presence.mode, presence.head_key) == ("tenant", "online", None)


def test_a_seat_is_written_down_before_a_home_and_still_stands_for_its_head(town: Town) -> None:
    built = build.doors_open(town)
    town.as_("committee").follow(f"{built.at}/signing-in")
    (presence,) = here(town, built)
    assert (presence.role, presence.head_key) == ("committee", "Y02")


def test_who_left_is_no_longer_counted_and_may_come_back(town: Town) -> None:
    built = build.opened(town)
    built.present("resident", "owner")
    built.ask("resident")
    page = town.as_("resident").follow(f"{built.at}/leaving")
    assert "我要发言" not in page.text
    assert "没有人排队发言" in page.text
    assert [one.name for one in here(town, built)] == ["郑志婷"]
    town.as_("resident").follow(f"{built.at}/signing-in")
    assert len(here(town, built)) == 2


def test_heads_and_area_are_counted_once_for_each_head_on_the_roll(town: Town) -> None:
    built = build.opened(town)
    built.present("resident", "owner", "tenant", "family", "moderator")
    page = town.as_("owner").get(f"{built.at}/live")
    assert "已到会 5 人" in page.text
    assert "计入 5 人，最低 3 人" in page.text
    assert "人数够了" in page.text
    assert re.search(r"人数 2 / 9 人", page.text)
    # Y01 has two flats of 100.00 each, Y04 has 120.00.
    assert re.search(r"面积 320\.00 / 930\.50", page.text)


def test_the_desk_signs_in_a_member_by_the_words_of_its_list(town: Town) -> None:
    built = build.doors_open(town)
    desk = town.as_("desk")
    assert "谢玉志 · 水仙里1幢1单元0101" in desk.get(f"{built.at}/desk").html
    page = desk.follow(f"{built.at}/desk", {"person": "谢玉志 · 水仙里1幢1单元0101", "home": "", "head": ""})
    assert "谢玉志 已签到" in page.text
    assert "服务台甲 代为签到" in page.text
    (presence,) = here(town, built)
    assert (presence.account_id, presence.head_key) == (town.cast.ids["resident"], "Y01")
    assert 'value="谢玉志 · 水仙里1幢1单元0101"' not in page.html


def test_the_desk_is_told_who_is_signed_in_already_and_since_when(town: Town) -> None:
    built = build.doors_open(town)
    fields = {"person": "谢玉志 · 水仙里1幢1单元0101", "home": "", "head": ""}
    town.as_("desk").follow(f"{built.at}/desk", fields)
    town.travel(minutes=5)
    answer = town.as_("desk").post(f"{built.at}/desk", fields)
    since = here(town, built)[0].signed_in_at.astimezone(LOCAL).strftime("%H:%M")
    assert (answer.status, f"谢玉志已经签到了（{since}）" in answer.text) == (422, True)


def test_the_desk_signs_in_a_guest_with_home_and_head(town: Town) -> None:
    built = build.doors_open(town)
    page = town.as_("desk2").follow(
        f"{built.at}/desk", {"person": "庄淑辉", "home": "红茶里商铺S01", "head": "Y08 · 庄淑辉 · 商铺 S01"}
    )
    assert "庄淑辉 已签到" in page.text
    (presence,) = here(town, built)
    assert (presence.account_id, presence.role, presence.head_key) == (None, "owner", "Y08")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"person": ""}, "请填写这一项"),
        ({"person": "长" * 41, "home": "x"}, "最多 40 个字"),
        ({"person": "来宾", "head": "Y99 · 没有这人"}, "名册里没有这个业主"),
        ({"person": "来宾甲", "home": "2 幢"}, "来宾甲已经签到了（"),
    ],
)
def test_the_desk_is_told_what_does_not_fit(town: Town, data: dict[str, str], sentence: str) -> None:
    built = build.doors_open(town)
    town.as_("desk").follow(f"{built.at}/desk", {"person": "来宾甲", "home": "2 幢"})
    answer = town.as_("desk").post(f"{built.at}/desk", data)
    assert (answer.status, sentence in answer.text) == (422, True)
    assert len(here(town, built)) == 1


def test_a_name_that_is_not_on_the_list_becomes_a_guest_only_when_the_desk_says_so(town: Town) -> None:
    built = build.doors_open(town)
    desk = town.as_("desk")
    asked = desk.post(f"{built.at}/desk", {"person": "王大爷", "home": "", "head": ""})
    assert (asked.status, "名册里没有“王大爷”，按来宾签到吗" in asked.text) == (422, True)
    assert 'name="as_guest" value="王大爷"' in asked.html
    # The answer is for that name alone: another typed meanwhile is asked about anew.
    assert desk.post(f"{built.at}/desk", {"person": "王二爷", "as_guest": "王大爷"}).status == 422
    assert here(town, built) == []
    page = desk.follow(f"{built.at}/desk", {"person": "王大爷", "as_guest": "王大爷"})
    assert "王大爷 已签到" in page.text
    assert "计入 0 人，最低 3 人" in page.text
    assert "来宾、列席 1 人不计入" in page.text


def test_a_slip_of_the_desk_is_undone_and_stays_in_the_journal(town: Town) -> None:
    built = build.opened(town)
    town.as_("desk").follow(f"{built.at}/desk", {"person": "谢玉志 · 水仙里1幢1单元0101"})
    (presence,) = here(town, built)
    page = town.as_("desk").follow(f"{built.at}/presences/{presence.id}/undoing")
    assert "已撤销这次签到" in page.text
    with town.db.read() as session:
        assert queries.presences(session, built.id) == []
    assert journal(town, built)[-1] == "presence.undone"
    assert "您已签到" in town.as_("resident").follow(f"{built.at}/signing-in").text


def test_what_is_no_slip_of_the_desk_is_not_undone(town: Town) -> None:
    built = build.opened(town)
    own = built.present("owner")["owner"]
    town.as_("desk").follow(f"{built.at}/desk", {"person": "谢玉志 · 水仙里1幢1单元0101"})
    spoke = here(town, built)[-1].id
    built.ask("resident")
    for presence_id, sentence in ((own, "自己签到的，不能撤销"), (spoke, "已经参加了发言")):
        answer = town.as_("desk").post(f"{built.at}/presences/{presence_id}/undoing")
        assert (answer.status, sentence in answer.text) == (422, True)
    assert "撤销签到" not in town.as_("desk").get(f"{build.closed(town).at}/desk").text
    assert len(here(town, built)) == 2


def test_the_desk_notes_that_somebody_left(town: Town) -> None:
    built = build.opened(town)
    presences = built.present("resident", "owner")
    page = town.as_("desk").follow(f"{built.at}/presences/{presences['owner']}/leaving")
    assert "提前离会：郑志婷" in page.text
    other = build.opened(town)
    assert town.as_("desk").post(f"{other.at}/presences/{presences['resident']}/leaving").status == 404


def test_the_desk_signs_in_an_owner_whose_head_the_roll_does_not_know_anymore(town: Town) -> None:
    """Only a head that the desk typed can be mistyped."""
    built = build.doors_open(town)
    with town.write("moderator") as tx:
        row = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["resident"])).one()
        row.head_key = "Y77"
        tx.session.add(row)
    page = town.as_("desk").follow(f"{built.at}/desk", {"person": "谢玉志 · 水仙里1幢1单元0101"})
    assert "谢玉志 已签到" in page.text
    answer = town.as_("desk").post(f"{built.at}/desk", {"person": "郑志婷", "head": "Y77"})
    assert (answer.status, "名册里没有这个业主" in answer.text) == (422, True)


def test_a_member_typed_with_name_and_home_is_that_member(town: Town) -> None:
    built = build.doors_open(town)
    page = town.as_("desk").follow(f"{built.at}/desk", {"person": "谢玉志", "home": "水仙里1幢1单元0101"})
    assert "谢玉志 已签到" in page.text
    (presence,) = here(town, built)
    assert (presence.account_id, presence.role) == (town.cast.ids["resident"], "owner")


def test_a_guest_who_comes_back_is_one_presence(town: Town) -> None:
    built = build.opened(town)
    fields = {"person": "王大爷", "home": "2 幢"}
    town.as_("desk").follow(f"{built.at}/desk", fields)
    (first,) = here(town, built)
    town.as_("desk").follow(f"{built.at}/presences/{first.id}/leaving")
    town.as_("desk").follow(f"{built.at}/desk", fields)
    assert [one.id for one in here(town, built)] == [first.id]


@pytest.mark.parametrize("who", ["resident", "committee", "supervisor"])
def test_the_desk_s_page_is_for_staff(town: Town, who: str) -> None:
    built = build.doors_open(town)
    assert town.as_(who).get(f"{built.at}/desk").status == 403
    assert town.as_(who).post(f"{built.at}/desk", {"person": "x"}).status == 403


def test_capacity_is_a_seat_then_a_tie_then_a_guest() -> None:
    assert capacity(("desk", "moderator"), "owner") == "moderator"
    assert capacity((), "tenant") == "tenant"
    assert capacity((), None) == "guest"
