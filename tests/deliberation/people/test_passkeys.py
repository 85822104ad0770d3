"""Passkeys: made, listed, removed, signed in with; and every answer that does not hold is refused with one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from sqlmodel import select

from deliberation.app import create_app
from deliberation.jobs.clock import TravelClock
from deliberation.people.passkeys import actions as passkey_actions
from deliberation.people.passkeys import ceremony as passkeys
from deliberation.people.tables import Passkey
from deliberation.settings import Settings
from tests import cast as the_cast
from tests.conftest import START, Answer, Caller, Town
from tests.deliberation.council.build import begin_seat
from tests.deliberation.people.authenticator import PRESENT, Phone
from tests.deliberation.people.build import PASSWORD, with_password
from votes.refusal import Refused

PAGE = "/account/passkeys"
ORIGIN = "http://localhost:8000"
REFUSED = "通行密钥没有通过"


@pytest.fixture
def town(settings: Settings, template_database: tuple[object, the_cast.Cast]) -> Iterator[Town]:
    """At an address with a name, since browsers make no passkey for a bare number."""
    clock = TravelClock(at=START)
    app = create_app(replace(settings, base_url=ORIGIN), clock, run_jobs=False)
    yield Town(app, template_database[1], clock)
    app.state.site.db.close()


@pytest.fixture
def phone() -> Phone:
    return Phone(ORIGIN, "localhost")


@pytest.fixture
def clerk(town: Town) -> Caller:
    return with_password(town, "desk")


def asked(html: str) -> tuple[str, str]:
    """The options on a page, and their ticket."""
    options, ticket = re.search(r'data-options="([^"]+)"', html), re.search(r'name="ticket" value="([^"]+)"', html)
    assert options
    assert ticket
    return unescape(options[1]), ticket[1]


def add(caller: Caller, phone: Phone, **changes: str) -> Answer:
    options, ticket = asked(caller.get(PAGE).html)
    form = {"name": "我的手机", "current": PASSWORD, "ticket": ticket, "answer": phone.make(options), **changes}
    return caller.post(PAGE, form)


def form_to_enter(browser: Caller, phone: Phone) -> dict[str, str]:
    options, ticket = asked(browser.get("/sign-in?next=/c/jinxiu/roll").html)
    return {"ticket": ticket, "answer": phone.show(options), "next": "/c/jinxiu/roll"}


def enter(browser: Caller, phone: Phone, **changes: str) -> Answer:
    return browser.post("/sign-in/passkey", {**form_to_enter(browser, phone), **changes})


def kept(town: Town) -> list[Passkey]:
    with town.db.read() as session:
        return list(session.exec(select(Passkey)))


def test_a_passkey_is_made_listed_by_its_name_and_signs_in_without_a_name_typed(
    town: Town, clerk: Caller, phone: Phone
) -> None:
    assert add(clerk, phone).location == f"{PAGE}?said=passkey_added"
    assert "我的手机" in clerk.get(PAGE).text
    browser = town.as_(None)
    answer = enter(browser, phone)
    assert (answer.status, answer.location) == (303, "/c/jinxiu/roll")
    assert "服务台甲" in browser.get("/account").text
    assert kept(town)[0].sign_count == 2


def test_what_the_browser_is_asked_wants_a_key_it_keeps_and_its_owner_checked(town: Town, clerk: Caller) -> None:
    made, _ = asked(clerk.get(PAGE).html)
    told = json.loads(made)
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["rp"]["id"] == "localhost"
    shown = json.loads(asked(town.as_(None).get("/sign-in").html)[0])
    assert shown["userVerification"] == "required"
    assert not shown.get("allowCredentials")


def test_it_counts_as_a_second_step_where_the_council_wants_one(town: Town, clerk: Caller, phone: Phone) -> None:
    with town.write("moderator") as tx:
        from deliberation.council.actions import change_settings

        change_settings(tx, {"staff_second_step": True})
    town.travel(days=15)
    assert clerk.get("/c/jinxiu/work").status == 303
    add(clerk, phone)
    begin_seat(town, clerk, by="admin")
    assert clerk.get("/c/jinxiu/work").status == 200
    browser = town.as_(None)
    enter(browser, phone)
    assert browser.get("/c/jinxiu/work").status == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
)
def test_a_key_of_another_place_or_without_its_owner_checked_is_neither_kept_nor_let_in(
    town: Town, clerk: Caller, phone: Phone, lie: dict[str, object]
) -> None:
    answer = add(clerk, replace(phone, **lie))  # type: ignore[arg-type]
    assert answer.status == 422
    assert REFUSED in answer.text
    assert kept(town) == []
    add(clerk, phone)
    answer = enter(town.as_(None), replace(phone, **lie))  # type: ignore[arg-type]
    assert answer.status == 422
    assert REFUSED in answer.text


def test_an_answer_is_good_once(town: Town, clerk: Caller, phone: Phone) -> None:
    add(clerk, phone)
    browser = town.as_(None)
    form = form_to_enter(browser, phone)
    assert browser.post("/sign-in/passkey", form).status == 303
    browser.post("/sign-out")
    assert browser.post("/sign-in/passkey", form).status == 422


def test_a_challenge_is_good_on_its_own_browser_and_for_ten_minutes(town: Town, clerk: Caller, phone: Phone) -> None:
    add(clerk, phone)
    browser, thief = town.as_(None), town.as_(None)
    form = form_to_enter(browser, phone)
    thief.client.cookies.set("guard", "another-guard")
    from deliberation.web import csrf

    token = csrf.token(town.site.settings.secret, "another-guard", None)
    thief.client.cookies.clear()
    thief.client.cookies.set("guard", "another-guard")
    assert thief.client.post("/sign-in/passkey", data={**form, "csrf": token}).status_code == 422
    town.travel(minutes=11)
    assert browser.post("/sign-in/passkey", form).status == 422


def test_a_challenge_for_making_is_none_for_signing_in(town: Town, clerk: Caller, phone: Phone) -> None:
    add(clerk, phone)
    options, ticket = asked(clerk.get(PAGE).html)
    answer = town.as_(None).post("/sign-in/passkey", {"ticket": ticket, "answer": phone.show(options)})
    assert answer.status == 422


def test_a_key_whose_count_goes_back_is_a_copy(town: Town, clerk: Caller, phone: Phone) -> None:
    add(clerk, phone)
    copy = replace(phone)
    assert enter(town.as_(None), phone).status == 303
    answer = enter(town.as_(None), copy)
    assert answer.status == 422
    assert REFUSED in answer.text


def test_another_key_does_not_sign_for_a_known_one_nor_name_another_account(
    town: Town, clerk: Caller, phone: Phone
) -> None:
    add(clerk, phone)
    forger = replace(Phone(ORIGIN, "localhost"), credential_id=phone.credential_id, user=phone.user, count=50)
    assert enter(town.as_(None), forger).status == 422
    secret = town.site.settings.secret
    other = replace(phone, user=passkeys.handle(secret, town.cast.ids["moderator"]), count=60)
    assert enter(town.as_(None), other).status == 422
    assert enter(town.as_(None), Phone(ORIGIN, "localhost")).status == 422


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", '{"id": 1}', '{"id": "x", "response": []}', '{"id": "x", "response": {}}', "x" * 9],
)
def test_nonsense_gets_the_same_sentence(town: Town, clerk: Caller, phone: Phone, answer: str) -> None:
    refused = enter(town.as_(None), phone, answer=answer)
    assert refused.status == 422
    assert REFUSED in refused.text
    assert add(clerk, phone, answer=answer).status == 422


def test_one_key_belongs_to_one_account(town: Town, clerk: Caller, phone: Phone) -> None:
    add(clerk, phone)
    assert add(with_password(town, "recorder"), phone).status == 422
    assert len(kept(town)) == 1


def test_an_account_has_no_more_keys_than_a_page_can_list(town: Town) -> None:
    me = town.cast.ids["desk"]
    with town.write("desk") as tx:
        for number in range(passkey_actions.MOST):
            passkey_actions.keep(tx, me, "钥匙", passkeys.Made(f"key {number}", b"k", 0))
    with town.write("desk") as tx, pytest.raises(Refused, match="enough_passkeys"):
        passkey_actions.keep(tx, me, "钥匙", passkeys.Made("one more", b"k", 0))


def test_adding_and_removing_want_the_password_and_are_told_elsewhere(town: Town, clerk: Caller, phone: Phone) -> None:
    home = town.as_(None)
    home.post("/sign-in", {"identifier": "13800000002", "password": PASSWORD})
    town.travel(minutes=5)
    assert add(clerk, phone, current="not-mine-at-all").status == 422
    assert kept(town) == []
    add(clerk, phone)
    assert "加了一个通行密钥" in home.get("/account").text
    address = f"{PAGE}/{kept(town)[0].id}/removal"
    assert clerk.post(address, {"current": "not-mine-at-all"}).status == 422
    assert town.as_("recorder").post(address, {"current": PASSWORD}).status == 404
    assert "已删去" in clerk.follow(address, {"current": PASSWORD}).text
    assert kept(town) == []
    assert enter(town.as_(None), phone).status == 422


def test_the_way_back_in_at_the_desk_removes_passkeys_too(town: Town, phone: Phone) -> None:
    from tests.deliberation.council.test_recovery import NEW, begin, confirm

    add(with_password(town, "resident"), phone)
    begin(town)
    link = re.search(r"/recovery/[\w-]+", confirm(town).html)
    assert link
    assert town.as_(None).post(link[0], NEW).status == 303
    assert kept(town) == []


@pytest.mark.parametrize(
    ("base_url", "found"),
    [
        ("https://council.example", ("council.example", "https://council.example")),
        ("https://council.example:8443", ("council.example", "https://council.example:8443")),
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("http://council.example", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.168.1.2", None),
        ("http://[::1]:8000", None),
    ],
)
def test_passkeys_belong_to_the_fixed_address_of_the_settings(base_url: str, found: tuple[str, str] | None) -> None:
    at = passkeys.party(base_url)
    assert (at and (at.id, at.origin)) == found


def test_where_there_can_be_none_the_page_says_password(town: Town, clerk: Caller) -> None:
    object.__setattr__(town.site.settings, "base_url", "http://127.0.0.1:8000")
    assert "继续用密码登录" in clerk.get(PAGE).text
    assert "data-passkey" not in town.as_(None).get("/sign-in").html
    assert "data-passkey" not in clerk.get(PAGE).html
    assert PAGE not in clerk.get("/account").html
    assert clerk.post(PAGE, {"name": "x"}).status == 422


def test_a_passkey_of_an_address_that_is_gone_can_still_be_found_and_removed(
    town: Town, clerk: Caller, phone: Phone
) -> None:
    assert PAGE in clerk.get("/account").html
    assert add(clerk, phone).status == 303
    object.__setattr__(town.site.settings, "base_url", "http://127.0.0.1:8000")
    assert PAGE in clerk.get("/account").html
    assert "我的手机" in clerk.get(PAGE).text


def test_what_was_typed_before_comes_along_as_with_a_password(town: Town, clerk: Caller, phone: Phone) -> None:
    add(clerk, phone)
    browser = town.as_(None)
    typed = json.dumps([["code", "1234 5678 9012 3456"]])
    onward = enter(browser, phone, next="/c/jinxiu/home-code", typed=typed).location
    assert 'value="1234 5678 9012 3456"' in browser.get(onward).html
