"""The only device that could answer is gone: what is told on a later one has a way to an answer, at the desk, by two."""

import re

from tests.conftest import Caller, Town
from tests.deliberation.council.test_recovery import NEW, begin, confirm, link_of
from tests.deliberation.people.build import PASSWORD, with_password

PHONE = "13800000007"
ANSWER = re.compile(r"/account/notices/\d+/(?:reading|not-me)")


def _signed_in(town: Town, password: str = PASSWORD) -> Caller:
    browser = town.as_(None)
    assert browser.post("/sign-in", {"identifier": PHONE, "password": password}).status == 303
    return browser


def _with_two_phones(town: Town) -> Caller:
    """The first is lost in the lift; the second was signed in on with the password alone."""
    with_password(town, "resident")
    _signed_in(town)
    town.travel(minutes=5)
    second = _signed_in(town)
    town.travel(minutes=5)
    return second


def test_a_later_device_has_no_buttons_and_says_where_to_get_them(town: Town) -> None:
    second = _with_two_phones(town)
    _signed_in(town)
    page = second.get("/account")
    assert "新设备上登录" in page.text
    assert not ANSWER.search(page.html)
    assert "由两位工作人员办“找回账号”" in page.text


def test_after_two_of_the_staff_have_let_them_back_in_this_device_answers(town: Town) -> None:
    second = _with_two_phones(town)
    begin(town)
    assert second.post(link_of(confirm(town)), NEW).status == 303
    town.travel(minutes=5)
    thief = _signed_in(town, NEW["password"])
    page = second.get("/account")
    assert "新设备上登录" in page.text
    found = re.search(r"/account/notices/\d+/not-me", page.html)
    assert found
    second.follow(found[0])
    assert thief.get("/account").status == 303


def test_a_new_phone_that_comes_with_the_link_answers_too(town: Town) -> None:
    _with_two_phones(town)
    begin(town)
    third = town.as_(None)
    assert third.post(link_of(confirm(town)), NEW).status == 303
    town.travel(minutes=5)
    _signed_in(town, NEW["password"])
    assert ANSWER.search(third.get("/account").html)


def test_a_second_password_phone_answers_for_no_other_by_the_desks_help_to_a_third(town: Town) -> None:
    """It is signed out, and a stranger to the account as before."""
    second = _with_two_phones(town)
    begin(town)
    third = town.as_(None)
    assert third.post(link_of(confirm(town)), NEW).status == 303
    town.travel(minutes=5)
    assert second.post("/sign-in", {"identifier": PHONE, "password": NEW["password"]}).status == 303
    _signed_in(town, NEW["password"])
    assert not ANSWER.search(second.get("/account").html)
