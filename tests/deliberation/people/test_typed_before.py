"""What was typed before the sign-in comes along through the second step."""

from __future__ import annotations

import html
import json
import re

import pytest

from tests.conftest import Town
from tests.deliberation.people.build import PASSWORD, with_password
from tests.deliberation.people.test_second_step import PHONES, begun, code_of


@pytest.fixture
def own(town: Town) -> str:
    """The desk's secret, set up half an hour ago."""
    secret, answer = begun(town, with_password(town, "desk"))
    assert answer.status == 200, answer.text
    town.travel(minutes=30)
    return secret


def test_what_was_typed_before_comes_along_through_the_second_step(town: Town, own: str) -> None:
    browser = town.as_(None)
    typed = json.dumps([["title", "楼道灯坏了一个月"]])
    form = {"identifier": PHONES["desk"], "password": PASSWORD, "next": "/c/jinxiu/matters/new", "typed": typed}
    assert browser.post("/sign-in", form).location == "/sign-in/code"
    there = browser.post("/sign-in/code", {"code": code_of(town, own)}).location
    assert 'value="楼道灯坏了一个月"' in browser.get(there).html


def test_whoever_goes_back_from_the_second_step_to_the_password_finds_it_there_too(town: Town, own: str) -> None:
    browser = town.as_(None)
    typed = json.dumps([["title", "楼道灯坏了一个月"]])
    form = {"identifier": PHONES["desk"], "password": PASSWORD}
    browser.post("/sign-in", {**form, "next": "/c/jinxiu/matters/new", "typed": typed})
    back = re.search(r'href="(/sign-in\?next=[^"]+)"', browser.get("/sign-in/code").html)
    assert back
    onward = re.search(r'name="next" value="([^"]+)"', browser.get(html.unescape(back[1])).html)
    assert onward
    assert browser.post("/sign-in", {**form, "next": html.unescape(onward[1])}).location == "/sign-in/code"
    there = browser.post("/sign-in/code", {"code": code_of(town, own)}).location
    assert 'value="楼道灯坏了一个月"' in browser.get(there).html


def test_what_the_address_said_already_stays_beside_what_was_typed(town: Town) -> None:
    with_password(town, "desk")
    typed = json.dumps([["title", "楼道灯坏了一个月"]])
    onward = "/c/jinxiu/matters/new?from=home"
    form = {"identifier": PHONES["desk"], "password": PASSWORD, "next": onward, "typed": typed}
    browser = town.as_(None)
    there = browser.post("/sign-in", form).location
    assert there.startswith(f"{onward}&typed=")
    assert 'value="楼道灯坏了一个月"' in browser.get(there).html
