"""Who runs the server sees attempts: one line of JSON each, without what anybody typed."""

import json
import logging
from typing import Any

import pytest

from deliberation.council.slips.rules import new_code
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.people import build
from tests.deliberation.people.test_second_step import begun


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO, "deliberation.security")
    return lambda: [json.loads(one.message) for one in caplog.records if one.name == "deliberation.security"]


def test_signing_in_is_noted_with_who_when_and_where_from(town: Town, lines: Any) -> None:
    build.with_password(town, "resident")
    with town.db.read() as session:
        phone = session.get_one(Account, town.cast.ids["resident"]).phone
    stranger = town.as_(None)
    stranger.post("/sign-in", {"identifier": phone, "password": "a guess at it"})
    stranger.post("/sign-in", {"identifier": phone, "password": build.PASSWORD})
    failed, entered = lines()
    assert (failed["what"], failed["route"], failed["from"]) == ("sign_in_failed", "/sign-in", "testclient")
    assert (entered["what"], entered["account"]) == ("signed_in", town.cast.ids["resident"])
    assert entered["at"].endswith("+00:00")
    assert not {"a guess at it", build.PASSWORD, phone} & set(map(str, {**failed, **entered}.values()))


def test_what_is_not_allowed_or_forged_or_too_much_is_noted(town: Town, lines: Any) -> None:
    town.as_("tenant").get("/c/jinxiu/work")
    town.as_("resident").post("/c/jinxiu/matters", {"csrf": "0" * 64, "title": 'x\r\n{"what": "made up"}'})
    town.as_("moderator").post("/c/jinxiu/seats", {"name": "谢" * 400_000})
    told = [(one["what"], one.get("code"), one["route"]) for one in lines()]
    assert told == [
        ("forbidden", None, "/c/{council}/work"),
        ("forbidden", "form_expired", "/c/{council}/matters"),
        ("too_large", None, "/c/{council}/seats"),
    ]


def test_the_secret_of_a_link_stands_in_no_line(town: Town, lines: Any) -> None:
    for _ in range(22):
        town.as_(None).post("/setup/a-secret-of-a-link", {"password": "x"})
    assert [one["what"] for one in lines()] == ["too_often"] * 2
    assert "a-secret-of-a-link" not in json.dumps(lines())


def test_every_other_way_in_that_fails_is_noted_too(town: Town, lines: Any) -> None:
    person = build.with_password(town, "desk")
    begun(town, person)
    stranger = town.as_(None)
    stranger.post("/sign-in", {"identifier": "13800000002", "password": build.PASSWORD})
    stranger.post("/sign-in/code", {"code": "000000"})
    stranger.post("/sign-in/passkey", {"answer": "{}", "ticket": "made up"})
    slip = {"code": new_code(), "tail": "5678", "name": "方静淑", "phone": "13700001111"}
    stranger.post("/c/jinxiu/home-code", slip)
    told = [(one["what"], one.get("code")) for one in lines() if one["what"].endswith("_failed")]
    assert told == [
        ("second_step_failed", None),
        ("passkey_failed", None),
        ("home_code_failed", "home_code_does_not_fit"),
    ]
    assert slip["code"] not in json.dumps(lines())
