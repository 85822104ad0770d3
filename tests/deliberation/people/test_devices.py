"""A sign-in on a device that was not there before is told on those that were, and can be undone there."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from deliberation.people.devices import actions as device_actions
from deliberation.people.tables import AccountNotice, KnownDevice, SignIn
from tests.conftest import Caller, Town
from tests.deliberation.people.build import PASSWORD, with_password
from tests.deliberation.people.test_second_step import begun, paper_of

PHONE = "13800000007"
AGENT = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/128"}
SENTENCE = "您的账号在一台新设备上登录了"


@pytest.fixture
def home(town: Town) -> Caller:
    """The person's own phone, which the account knows."""
    with_password(town, "resident")
    caller = town.as_(None)
    enter(caller)
    town.travel(minutes=5)
    return caller


def enter(caller: Caller, password: str = PASSWORD) -> None:
    answer = caller.post("/sign-in", {"identifier": PHONE, "password": password}, headers=AGENT)
    assert answer.status == 303, answer.text


def notice(caller: Caller) -> int:
    found = re.search(r"/account/notices/(\d+)/not-me", caller.get("/account").html)
    assert found
    return int(found[1])


def test_the_first_device_and_one_known_before_are_no_news(town: Town, home: Caller) -> None:
    assert SENTENCE not in home.get("/account").text
    home.post("/sign-out")
    enter(home)
    assert SENTENCE not in home.get("/account").text


def test_a_code_on_paper_on_a_new_device_is_one_warning_that_says_both(town: Town, home: Caller) -> None:
    _, answer = begun(town, home)
    town.travel(minutes=30)
    other = town.as_(None)
    enter(other)
    other.post("/sign-in/code", {"code": paper_of(answer)[0]})
    shown = home.get("/account")
    assert SENTENCE in shown.text
    assert "登录用了您的一个备用码" in shown.text
    assert "有人用您的一个备用码" not in shown.text
    assert "备用码" not in other.get("/account").text.split("我的议事会")[0], "nothing of it on the device itself"
    home.post(f"/account/notices/{notice(home)}/reading")
    assert "备用码" not in home.get("/account").text.split("我的议事会")[0]


@pytest.mark.parametrize("page", ["/account", "/c/jinxiu"])
def test_a_new_device_is_told_on_the_old_one_and_says_what_it_was(town: Town, home: Caller, page: str) -> None:
    enter(town.as_(None))
    shown = home.get(page).text
    assert SENTENCE in shown
    assert "电脑 · Firefox" in shown


def test_the_new_device_is_told_nothing_and_cannot_make_the_notice_go_away(town: Town, home: Caller) -> None:
    stranger = town.as_(None)
    enter(stranger)
    assert SENTENCE not in stranger.get("/account").text
    second = town.as_(None)
    town.travel(minutes=5)
    enter(second)
    assert SENTENCE not in second.get("/account").text, "it came later than what is told"
    number = notice(home)
    for caller in (stranger, second, town.as_("neighbor")):
        assert caller.post(f"/account/notices/{number}/reading").status == 404
        assert caller.post(f"/account/notices/{number}/not-me").status == 404
    assert SENTENCE in home.get("/account").text


def test_what_was_done_here_is_no_news_here_also_on_a_browser_that_was_not_known_yet(town: Town) -> None:
    caller = with_password(town, "resident")
    form = {"current": PASSWORD, "password": "another-long-one", "again": "another-long-one"}
    assert caller.post("/account/password", form).status == 303
    assert "您的密码改过了" not in caller.get("/account").text


def test_a_browser_may_say_much_of_itself(town: Town, home: Caller) -> None:
    form = {"identifier": PHONE, "password": PASSWORD}
    assert town.as_(None).post("/sign-in", form, headers={"user-agent": "Mozilla/5.0 " + "x" * 900}).status == 303
    with town.db.read() as session:
        (told,) = session.exec(select(AccountNotice.agent).where(AccountNotice.code == "new_device"))
        kept = session.exec(select(SignIn.device)).all()
    assert len(told) == 120
    assert max(map(len, kept)) == 120


def test_a_stranger_with_two_browsers_answers_no_notice_about_either(town: Town, home: Caller) -> None:
    """The first of them is there before the second comes; but nobody has said yet that it is the person's own."""
    first, second = town.as_(None), town.as_(None)
    enter(first)
    town.travel(minutes=5)
    enter(second)
    numbers = re.findall(r"/account/notices/(\d+)/not-me", home.get("/account").html)
    assert len(numbers) == 2
    for number in numbers:
        for answer in ("reading", "not-me"):
            assert first.post(f"/account/notices/{number}/{answer}").status == 404
    assert home.get("/account").text.count(SENTENCE) == 2
    shown = first.get("/account")
    assert SENTENCE in shown.text, "it may be the person's own second device, and the first one lost"
    assert "请在您以前用过的设备上回答" in shown.text
    assert "/account/notices/" not in shown.html


def test_a_device_that_was_said_to_be_one_s_own_answers_for_the_next(town: Town, home: Caller) -> None:
    laptop = town.as_(None)
    enter(laptop)
    home.post(f"/account/notices/{notice(home)}/reading")
    town.travel(minutes=5)
    enter(town.as_(None))
    assert laptop.post(f"/account/notices/{notice(laptop)}/reading").status == 303
    assert SENTENCE not in home.get("/account").text


def test_only_a_device_s_own_coming_keeps_it_from_answering(town: Town, home: Caller) -> None:
    """What was done on it, such as a new password, is told to the others and takes nothing from it."""
    form = {"current": PASSWORD, "password": "another-long-one", "again": "another-long-one"}
    assert home.post("/account/password", form).status == 303
    enter(town.as_(None), "another-long-one")
    assert home.post(f"/account/notices/{notice(home)}/reading").status == 303


def test_what_happens_to_an_account_is_told_on_open_pages_at_once(town: Town) -> None:
    told: list[str] = []
    town.db.publish = told.append
    with town.write("desk") as tx:
        device_actions.tell(tx, town.cast.ids["resident"], "recovered")
    assert told == [f"account:{town.cast.ids['resident']}"]


def test_a_notice_read_is_not_shown_again(town: Town, home: Caller) -> None:
    enter(town.as_(None))
    page = home.follow(f"/account/notices/{notice(home)}/reading")
    assert "不再提示" in page.text
    assert SENTENCE not in page.text


def test_that_was_not_me_signs_the_stranger_out_and_leads_to_a_new_password_and_to_the_desk(
    town: Town, home: Caller
) -> None:
    stranger = town.as_(None)
    enter(stranger)
    page = home.follow(f"/account/notices/{notice(home)}/not-me")
    assert "其他设备都已退出" in page.text
    assert 'action="/account/password"' in page.html
    assert "服务台" in page.text
    assert stranger.get("/account").status == 303
    enter(stranger)
    assert SENTENCE in home.get("/account").text


def test_all_the_others_can_be_signed_out_from_this_one(town: Town, home: Caller) -> None:
    others = [town.as_(None), town.as_(None)]
    for other in others:
        enter(other)
    assert "退出其他设备" in home.get("/account").text
    assert "只有这台还登录着" in home.follow("/account/sign-ins/others/ending").text
    assert [other.get("/account").status for other in others] == [303, 303]
    assert home.get("/account").status == 200


def test_a_changed_password_is_told_on_the_other_devices_when_they_come_back(town: Town, home: Caller) -> None:
    other = town.as_(None)
    enter(other)
    town.travel(minutes=5)
    new = "another-good-one"
    home.follow("/account/password", {"current": PASSWORD, "password": new, "again": new})
    assert "您的密码改过了" not in home.get("/account").text
    enter(other, new)
    assert "您的密码改过了" in other.get("/account").text


def test_a_browser_is_known_by_a_cookie_out_of_reach_of_scripts_that_signs_nobody_in(town: Town, home: Caller) -> None:
    key = home.client.cookies["device"]
    thief = town.as_(None)
    thief.client.cookies.set("device", key)
    assert thief.get("/account").status == 303
    answer = thief.post("/sign-in", {"identifier": PHONE, "password": PASSWORD})
    cookie = next(one for one in answer.response.headers.get_list("set-cookie") if one.startswith("device="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_notices_and_devices_of_long_ago_are_removed(town: Town, home: Caller) -> None:
    enter(town.as_(None))
    town.travel(days=89)
    with town.db.read() as session:
        assert len(session.exec(select(AccountNotice)).all()) == 1
    town.travel(days=2)
    with town.db.read() as session:
        assert session.exec(select(AccountNotice)).all() == []
        assert len(session.exec(select(KnownDevice)).all()) == 2
    town.travel(days=320)
    with town.db.read() as session:
        assert session.exec(select(KnownDevice)).all() == []


def test_vouching_for_a_device_answers_its_coming_and_nothing_else_it_did(town: Town) -> None:
    me = town.cast.ids["resident"]
    with town.write() as tx:
        device_actions.arrive(tx, me, "the old one", "")
        new = device_actions.arrive(tx, me, "the new one", "")
        device_actions.tell(tx, me, "password_changed", device_id=new)
        device_actions.vouch(tx, me, new)
        open_still = select(AccountNotice.code).where(
            AccountNotice.device_id == new, col(AccountNotice.dismissed_at).is_(None)
        )
        assert tx.session.exec(open_still).all() == ["password_changed"]


def test_what_happened_before_any_device_came_is_read_on_the_first_and_on_none_after_it(town: Town) -> None:
    """A seat that ended before its holder ever signed in: there was no device to read it on."""
    with_password(town, "resident")
    with town.write("moderator") as tx:
        device_actions.tell(tx, town.cast.ids["resident"], "tie_ended")
    town.travel(minutes=5)
    first, later = town.as_(None), town.as_(None)
    enter(first)
    told = re.search(r"/account/notices/\d+/reading", first.get("/account").html)
    assert told
    town.travel(minutes=5)
    enter(later)
    assert told[0] not in later.get("/account").html
    first.post(told[0])
    assert told[0] not in first.get("/account").html
