import re

import pytest
from sqlmodel import col, select

from deliberation.council.tables import Membership
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.council.build import JOINING, asked, membership, verbs

JOIN = "/c/jinxiu/join"


def test_a_newcomer_asks_with_one_form_and_reads_what_comes_next(town: Town) -> None:
    browser = town.as_(None)
    form = browser.get(JOIN)
    assert "水仙里1幢1单元" in form.text
    assert "谢玉志" not in form.html
    page = browser.follow(JOIN, JOINING)
    assert "您的申请已送到服务台" in page.text
    assert "水仙里1幢1单元0104" in page.text
    assert "带身份证和产权证明到服务台" in page.text
    assert verbs(town)[-1] == "resident.asked"
    assert "林新来" in town.as_("desk").get("/c/jinxiu/residents").text


def test_who_waits_is_no_member_yet(town: Town) -> None:
    browser = town.as_(None)
    browser.post(JOIN, JOINING)
    for path in ("/seats", "/roll", "/residents/me"):
        assert browser.get(f"/c/jinxiu{path}").status == 404
    assert "待确认" in browser.get("/account").text


def test_somebody_with_an_account_gives_only_home_and_tie(town: Town) -> None:
    stranger = town.as_("stranger")
    assert 'name="password"' not in stranger.get(JOIN).html
    form = {"tie": "tenant", "building": "红茶里2幢1单元", "room": "0101"}
    assert "您的申请已送到服务台" in stranger.follow(JOIN, form).text
    assert membership(town, "stranger").home == "红茶里2幢1单元0101"


def test_a_resident_of_another_council_may_also_join_here(town: Town) -> None:
    assert town.as_("other_resident").follow(JOIN, JOINING).status == 200
    assert town.as_("other_resident").get("/account").text.count("邻里议事会") >= 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "请填写这一项"),
        ({"name": "林"}, "至少 2 个字"),
        ({"phone": "2381111222"}, "请填写 11 位手机号"),
        ({"password": "short", "again": "short"}, "密码至少 8 位"),
        ({"tie": "king"}, "请从列出的选项中选一项"),
        ({"room": ""}, "请填写这一项"),
        ({"building": "楼" * 41}, "最多 40 个字"),
        ({"name": "林\x00来"}, "无法显示的字符"),
    ],
)
def test_a_fault_keeps_the_form_and_makes_no_account(town: Town, changed: dict[str, str], sentence: str) -> None:
    browser = town.as_(None)
    answer = browser.post(JOIN, {**JOINING, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert 'value="水仙里1幢1单元" selected' in answer.html or "building" in changed
    assert "eight-letters" not in answer.html
    assert browser.get("/account").status == 303
    assert "没有待确认的申请" in town.as_("desk").get("/c/jinxiu/residents").text


def test_nobody_asks_twice(town: Town) -> None:
    asked(town)
    answer = town.as_("stranger").post(JOIN, JOINING)
    assert answer.status == 422
    assert town.as_("resident").post(JOIN, JOINING).status == 422


def test_a_council_without_a_roll_is_joined_by_writing_the_building(town: Town) -> None:
    form = town.as_(None).get("/c/other/join")
    assert '<select class="input" id="f-building"' not in form.html
    assert town.as_(None).follow("/c/other/join", {**JOINING, "building": "3号楼"}).status == 200


def test_an_unknown_council_cannot_be_joined(town: Town) -> None:
    assert town.as_(None).get("/c/nowhere/join").status == 404
    assert town.as_(None).post("/c/nowhere/join", JOINING).status == 404


def test_a_confirmed_member_is_shown_the_way_in(town: Town) -> None:
    assert "您已加入这个议事会" in town.as_("resident").get(JOIN).text


def test_a_known_number_is_answered_like_a_new_one(town: Town) -> None:
    """RELIABILITY 93: text and status of joining do not tell whose phone has an account, nor does signing in afterwards."""
    pages = {}
    for phone in ("13811112222", "13800000007"):
        browser = town.as_(None)
        sent = browser.post(JOIN, {**JOINING, "phone": phone})
        assert (sent.status, sent.location) == (303, JOIN)
        pages[phone] = re.sub(r'(csrf|once)" value="[^"]*"', "", browser.get(JOIN).html)
        elsewhere = town.as_(None).post("/sign-in", {"identifier": phone, "password": JOINING["password"]})
        assert elsewhere.status == 422
        assert "密码不符" in elsewhere.text
    assert len(set(pages.values())) == 1


def test_the_number_signs_in_once_the_staff_have_confirmed_the_person(town: Town) -> None:
    town.as_(None).post(JOIN, JOINING)
    number = _newest(town)
    assert "138********" in town.as_("desk").get(f"/c/jinxiu/residents/{number}").text
    confirmed = {"tie": "family", "head_key": ""}
    assert town.as_("desk").post(f"/c/jinxiu/residents/{number}/confirmation", confirmed).status == 303
    known = {"identifier": "13811112222", "password": JOINING["password"]}
    assert town.as_(None).post("/sign-in", known).status == 303


def test_the_staff_are_told_that_a_number_has_an_account_and_it_stays_with_it(town: Town) -> None:
    town.as_(None).post(JOIN, {**JOINING, "phone": "13800000007"})
    number = _newest(town)
    assert "这个手机号登录的是另一个账号" in town.as_("desk").get(f"/c/jinxiu/residents/{number}").text
    town.as_("desk").post(f"/c/jinxiu/residents/{number}/confirmation", {"tie": "family", "head_key": ""})
    with town.db.read() as session:
        assert session.exec(select(Account.id).where(Account.phone == "13800000007")).all() == [
            town.cast.ids["resident"]
        ]


def _newest(town: Town) -> int:
    with town.db.read() as session:
        return session.exec(select(Membership.id).order_by(col(Membership.id).desc())).first() or 0


def test_a_hall_behind_one_address_can_ask_to_join_within_a_minute(town: Town) -> None:
    """92: only the same number is held back."""
    statuses = [town.as_(None).post(JOIN, {**JOINING, "phone": f"1391111{n:04d}"}).status for n in range(40)]
    assert set(statuses) == {303}


def test_one_number_is_claimed_ten_times_a_minute_and_no_more(town: Town) -> None:
    statuses = [town.as_(None).post(JOIN, {**JOINING, "phone": "13911110000"}).status for _ in range(12)]
    assert statuses == [303] * 10 + [429] * 2
    assert town.as_(None).post(JOIN, {**JOINING, "phone": "13911110001"}).status == 303
