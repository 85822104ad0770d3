"""Who is here: the door, online, the desk, and leaving."""

import re

import pytest

from deliberation.i18n.dates import LOCAL
from deliberation.meeting import queries
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


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back_to_the_door(town: Town) -> None:
    built = build.doors_open(town)
    answer = town.as_(None).get(f"{built.at}/door/{built.door_code}")
    assert answer.status == 303
    assert answer.location.startswith("/sign-in?next=%2Fc%2Fjinxiu%2Fmeetings%2F")


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
    assert "到会 5 人，门槛 3 人" in page.text
    assert "已到门槛" in page.text
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


def test_the_desk_notes_that_somebody_left(town: Town) -> None:
    built = build.opened(town)
    presences = built.present("resident", "owner")
    page = town.as_("desk").follow(f"{built.at}/presences/{presences['owner']}/leaving")
    assert "提前离会：郑志婷" in page.text
    other = build.opened(town)
    assert town.as_("desk").post(f"{other.at}/presences/{presences['resident']}/leaving").status == 404


@pytest.mark.parametrize("who", ["resident", "committee", "supervisor"])
def test_the_desk_s_page_is_for_staff(town: Town, who: str) -> None:
    built = build.doors_open(town)
    assert town.as_(who).get(f"{built.at}/desk").status == 403
    assert town.as_(who).post(f"{built.at}/desk", {"person": "x"}).status == 403


def test_capacity_is_a_seat_then_a_tie_then_a_guest() -> None:
    assert capacity(("desk", "moderator"), "owner") == "moderator"
    assert capacity((), "tenant") == "tenant"
    assert capacity((), None) == "guest"
