"""Somebody writes a long text, their sign-in ends meanwhile, and they press the button."""

import html
import re

import pytest

from tests.conftest import Answer, Caller, Town
from tests.deliberation.people.build import PASSWORD, with_password
from tests.deliberation.web.build import jpeg

NEW = "http://127.0.0.1/c/jinxiu/matters/new"
PHONE = "13800000007"
TYPED = {"title": "楼道灯坏了一个月", "text": "水仙里1幢2单元的灯，从十月起就不亮了。", "category": "repair"}


@pytest.fixture
def browser(town: Town) -> Caller:
    """Whose cookie is gone, as a browser drops it on the day it ends."""
    with_password(town, "resident")
    return town.as_(None)


def send(browser: Caller, **more: object) -> Answer:
    return browser.post("/c/jinxiu/matters", TYPED, headers={"referer": NEW}, **more)


def signed_in(browser: Caller, shown: Answer, password: str = PASSWORD, identifier: str = PHONE) -> Answer:
    """Fill in the sign-in page as it stands there."""
    fields = dict(re.findall(r'<input type="hidden" name="(next|typed)" value="([^"]*)"', shown.html))
    carried = {name: html.unescape(value) for name, value in fields.items()}
    return browser.post("/sign-in", {**carried, "identifier": identifier, "password": password})


def test_what_was_typed_stands_in_the_form_again_after_signing_in(browser: Caller) -> None:
    shown = send(browser)
    assert shown.status == 403
    assert "登录过期了，登录后回到刚才那一页，您写的内容还在。" in shown.text
    sent_on = signed_in(browser, shown)
    assert sent_on.status == 303
    again = browser.get(sent_on.location)
    assert sent_on.location.startswith("/c/jinxiu/matters/new?typed=")
    assert f'value="{TYPED["title"]}"' in again.html
    assert TYPED["text"] in again.text
    assert '<option value="repair" selected>' in again.html
    assert "您写的内容还在，还没有发出" in again.text


def test_nothing_is_carried_out_by_signing_in(town: Town, browser: Caller) -> None:
    sent_on = signed_in(browser, send(browser))
    browser.get(sent_on.location)
    assert TYPED["title"] not in browser.get("/c/jinxiu/matters").text


def test_a_wrong_password_in_between_loses_nothing(browser: Caller) -> None:
    wrong = signed_in(browser, send(browser), password="not-the-password")
    assert wrong.status == 422
    sent_on = signed_in(browser, wrong)
    assert TYPED["text"] in browser.get(sent_on.location).text


def test_a_form_too_large_to_read_for_a_stranger_keeps_its_words(browser: Caller) -> None:
    photos = [("photos", (f"{number}.jpg", jpeg() + b"\0" * 900_000, "image/jpeg")) for number in range(3)]
    shown = send(browser, files=photos)
    assert shown.status == 403
    assert "照片要重新选一次" in shown.text
    assert TYPED["text"] in browser.get(signed_in(browser, shown).location).text


def test_the_words_are_for_who_signed_in_and_for_half_an_hour(town: Town, browser: Caller) -> None:
    place = signed_in(browser, send(browser)).location
    assert TYPED["title"] not in town.as_("neighbor").get(place).html
    town.travel(minutes=31)
    late = browser.get(place)
    assert late.status == 200
    assert TYPED["title"] not in late.html
    assert "还没有发出" not in late.text


def test_the_page_is_shown_with_the_question_it_was_asked_with(browser: Caller, town: Town) -> None:
    referer = "http://127.0.0.1/c/jinxiu/matters/1/triage?do=decline&said=raised"
    shown = browser.post("/c/jinxiu/proposals/1/refusal", {"reason": "不归我们管。"}, headers={"referer": referer})
    assert 'name="next" value="/c/jinxiu/matters/1/triage?do=decline"' in shown.html


@pytest.mark.parametrize("referer", [None, "https://evil.example/c/jinxiu/matters/new"])
def test_words_that_come_from_elsewhere_are_not_put_into_a_form(browser: Caller, referer: str | None) -> None:
    answer = browser.post("/c/jinxiu/matters", TYPED, headers={"referer": referer} if referer else {})
    assert (answer.status, answer.location) == (303, "/sign-in?next=%2Fc%2Fjinxiu%2Fmatters%2Fnew&expired=1")
    assert "登录过期了" in browser.get(answer.location).text


def test_a_choice_on_a_ballot_and_a_password_are_not_carried(browser: Caller) -> None:
    casting = browser.post(
        "/c/jinxiu/polls/1/casting", {"choice": "against"}, headers={"referer": "http://127.0.0.1/c/jinxiu/polls/1"}
    )
    assert casting.status == 303
    password = browser.post(
        "/account/password",
        {"current": "old-secret", "password": "new-secret", "again": "new-secret"},
        headers={"referer": "http://127.0.0.1/account"},
    )
    assert password.status == 303
    assert "secret" not in password.location


@pytest.mark.parametrize("text", ["{", "[[1,2]]", '{"a": 1}', "[" * 5000, '[["password", "x"]]', "1"])
def test_what_is_not_a_carried_form_is_nothing(browser: Caller, text: str) -> None:
    answer = browser.post("/sign-in", {"identifier": PHONE, "password": PASSWORD, "next": "/account", "typed": text})
    assert (answer.status, answer.location) == (303, "/account")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/c/jinxiu/matters", "看议题和会议要先登录"),
        ("/c/jinxiu/meetings", "看议题和会议要先登录"),
        ("/c/jinxiu/log", "这一页要登录后才能看"),
    ],
)
def test_a_stranger_is_told_why_they_should_sign_in(town: Town, path: str, words: str) -> None:
    stranger = town.as_(None)
    assert words in stranger.get(stranger.get(path).location).text
    assert words not in stranger.get("/sign-in").text
