"""Signing in at an OpenID provider over real HTTP: tied by oneself alone, and every forged answer refused."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pyotp
import pytest
from sqlmodel import select

from deliberation.app import create_app
from deliberation.jobs.clock import SystemClock
from deliberation.people.actions import set_password, sign_in
from deliberation.people.sealing import seal
from deliberation.people.second import actions as second_actions
from deliberation.people.second import one_time_codes
from deliberation.people.tables import ProviderTie, SecondStep
from deliberation.settings import OpenId, Settings, load
from tests import cast as the_cast
from tests.conftest import Answer, Caller, Town
from tests.deliberation.people.build import HASH, PASSWORD
from tests.deliberation.people.provider import CLIENT, SECRET, Provider
from tests.serving import free_port, serving

REFUSED = "没有通过核对"
RETURN = "/sign-in/provider/return"


@pytest.fixture
def provider() -> Iterator[Provider]:
    port = free_port()
    made = Provider(f"http://127.0.0.1:{port}")
    with serving(made.app, port):
        yield made


@pytest.fixture
def town(settings: Settings, template_database: tuple[object, the_cast.Cast], provider: Provider) -> Iterator[Town]:
    """On the machine's own clock, since the provider's tokens are."""
    openid = OpenId(provider.issuer, CLIENT, SECRET, "市民账号")
    clock: Any = SystemClock()
    app = create_app(replace(settings, openid=openid), clock, run_jobs=False)
    yield Town(app, template_database[1], clock)
    app.state.site.db.close()


def signed_in(town: Town, who: str) -> Caller:
    with town.write(who) as tx:
        set_password(tx, town.cast.ids[who], HASH)
        return Caller(town.app, sign_in(tx, town.cast.ids[who], "tests"))


@pytest.fixture
def person(town: Town) -> Caller:
    return signed_in(town, "resident")


def sent_back(caller: Caller, start: str = "/sign-in/provider?next=/c/jinxiu/roll") -> dict[str, str]:
    """To the provider and back, as a browser goes: what stands in the form of the page one comes back to."""
    answer = caller.get(start)
    assert answer.status == 303, answer.text
    there = httpx2.get(answer.location, follow_redirects=False)
    assert there.status_code == 303, there.text
    back = httpx2.URL(there.headers["location"])
    assert back.path == RETURN
    page = caller.get(f"{RETURN}?{back.query.decode()}")
    assert page.status == 200, page.text
    return dict(re.findall(r'name="(code|state)" value="([^"]*)"', page.html))


def tie(caller: Caller, **changes: str) -> Answer:
    return caller.post(RETURN, {**sent_back(caller, "/account/provider/asking"), "current": PASSWORD, **changes})


def ties(town: Town) -> list[ProviderTie]:
    with town.db.read() as session:
        return list(session.exec(select(ProviderTie)))


def test_an_account_is_tied_by_its_own_person_and_then_signs_in_from_there(town: Town, person: Caller) -> None:
    assert "市民账号" in person.get("/account").text
    assert tie(person).location == "/account/provider?said=provider_tied"
    assert "您可以用市民账号登录" in person.get("/account/provider").text
    browser = town.as_(None)
    assert "用市民账号登录" in browser.get("/sign-in").text
    answer = browser.post(RETURN, sent_back(browser))
    assert (answer.status, answer.location) == (303, "/c/jinxiu/roll")
    assert "谢玉志" in browser.get("/account").text


def test_nobody_is_matched_by_a_phone_number_or_an_address_that_the_provider_names(town: Town) -> None:
    browser = town.as_(None)
    answer = browser.post(RETURN, sent_back(browser))
    assert answer.status == 422
    assert "请先用密码登录" in answer.text
    assert browser.get("/account").status == 303
    assert ties(town) == []


NOW = int(time.time())
LIES: dict[str, tuple[dict[str, Any], str]] = {
    "another nonce": ({"nonce": "another"}, ""),
    "no nonce": ({"nonce": None}, ""),
    "for somebody else": ({"aud": "another-client"}, ""),
    "for two, made out to the other": ({"aud": [CLIENT, "another"], "azp": "another"}, ""),
    "by somebody else": ({"iss": "https://evil.example"}, ""),
    "too old": ({"exp": NOW - 3600, "iat": NOW - 7200}, ""),
    "without an end": ({"exp": None}, ""),
    "about nobody": ({"sub": None}, ""),
    "not signed": ({}, "none"),
    "signed with the public key": ({}, "hmac"),
    "signed with another key": ({}, "another key"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_hold_signs_nobody_in(town: Town, person: Caller, provider: Provider, lie: str) -> None:
    tie(person)
    provider.lies, provider.forge = LIES[lie]
    browser = town.as_(None)
    answer = browser.post(RETURN, sent_back(browser))
    assert answer.status == 422
    assert REFUSED in answer.text
    assert browser.get("/account").status == 303
    provider.lies, provider.forge = {}, ""
    assert browser.post(RETURN, sent_back(browser)).status == 303


def test_a_code_is_good_once_here_and_there(town: Town, person: Caller) -> None:
    tie(person)
    browser = town.as_(None)
    form, cookie = sent_back(browser), dict(browser.client.cookies)
    assert browser.post(RETURN, form).status == 303
    browser.post("/sign-out")
    browser.client.cookies.set("provider", cookie["provider"], domain="127.0.0.1")
    again = browser.post(RETURN, form)
    assert again.status == 422
    assert REFUSED in again.text


def test_what_another_browser_was_sent_off_with_does_not_come_back_here(town: Town, person: Caller) -> None:
    """Nobody is made to sign in as the attacker, and no account is tied to the attacker's."""
    tie(person)
    attacker, victim = town.as_(None), town.as_(None)
    form = sent_back(attacker)
    assert victim.get(f"{RETURN}?code={form['code']}&state={form['state']}").status == 422
    assert victim.post(RETURN, form).status == 422
    own = sent_back(victim)
    assert victim.post(RETURN, {**own, "state": form["state"]}).status == 422
    assert victim.post(RETURN, {**form, "state": own["state"]}).status == 422
    assert victim.get("/account").status == 303


def test_a_tie_begun_by_one_person_is_not_finished_by_another(town: Town, person: Caller) -> None:
    form = sent_back(person, "/account/provider/asking")
    person.post("/sign-out")
    person.client.cookies.set("sign-in", signed_in(town, "neighbor").token or "", domain="127.0.0.1")
    assert person.get("/account").status == 200
    assert person.post(RETURN, {**form, "current": PASSWORD}).status == 422
    assert ties(town) == []


def test_tying_and_untying_want_the_password(town: Town, person: Caller) -> None:
    assert tie(person, current="not-mine-at-all").status == 422
    assert ties(town) == []
    tie(person)
    assert person.post("/account/provider/ending", {"current": "not-mine-at-all"}).status == 422
    assert len(ties(town)) == 1
    assert person.post("/account/provider/ending", {"current": PASSWORD}).status == 303
    assert ties(town) == []


def test_one_account_there_is_tied_to_one_account_here(town: Town, person: Caller) -> None:
    tie(person)
    answer = tie(signed_in(town, "neighbor"))
    assert answer.status == 422
    assert "已经绑定过" in answer.text
    assert len(ties(town)) == 1


def test_a_provider_that_is_away_or_calls_itself_otherwise_is_said_so(town: Town, provider: Provider) -> None:
    object.__setattr__(town.site.settings.openid, "issuer", f"http://127.0.0.1:{free_port()}")
    answer = town.as_(None).get("/sign-in/provider")
    assert answer.status == 422
    assert "没有回应" in answer.text
    object.__setattr__(town.site.settings.openid, "issuer", provider.issuer)
    provider.issuer = "https://evil.example"
    assert town.as_(None).get("/sign-in/provider").status == 422


def test_a_provider_that_leads_elsewhere_is_not_followed(town: Town, provider: Provider) -> None:
    object.__setattr__(town.site.settings.openid, "issuer", f"{provider.issuer}/moved")
    answer = town.as_(None).get("/sign-in/provider")
    assert answer.status == 422
    assert "没有回应" in answer.text
    assert provider.led == 0


def test_the_way_back_in_at_the_desk_ends_the_tie_too(town: Town, person: Caller) -> None:
    """Whoever had the account may have tied it to their own there."""
    tie(person)
    desk, other = signed_in(town, "desk"), signed_in(town, "desk2")
    seen = {"checked": "看过身份证和房产证，是本人。", "present": "1"}
    assert desk.post(f"/c/jinxiu/people/{town.cast.ids['resident']}/recovery", seen).status == 303
    link = re.search(r"/recovery/[\w-]+", other.post("/c/jinxiu/recoveries/1/confirmation", {"present": "1"}).html)
    assert link
    new = {"password": "a-new-beginning", "again": "a-new-beginning"}
    assert town.as_(None).post(link[0], new).status == 303
    assert ties(town) == []


def test_a_provider_s_word_counts_like_a_password_and_the_second_step_is_asked_for_here(
    town: Town, person: Caller
) -> None:
    tie(person)
    with town.write("resident") as tx:
        sealed = seal(town.site.settings.secret, second_actions.PURPOSE, one_time_codes.new_secret().encode())
        me = town.cast.ids["resident"]
        tx.session.add(SecondStep(account_id=me, sealed=sealed, since=tx.now, last_step=0))
    browser = town.as_(None)
    assert browser.post(RETURN, sent_back(browser)).location == "/sign-in/code"
    assert browser.get("/account").status == 303


TYPED = {"title": "楼道灯坏了一个月", "text": "水仙里1幢2单元的灯，从十月起就不亮了。", "category": "repair"}


def ended_while_typing(browser: Caller) -> str:
    """Their sign-in has ended: where the page that says so leads for the provider."""
    page = browser.post("/c/jinxiu/matters", TYPED, headers={"referer": "http://127.0.0.1/c/jinxiu/matters/new"})
    assert page.status == 403
    return way_of(page.html, "/sign-in/provider")


def way_of(page: str, path: str) -> str:
    found = re.search(f'href="({path}[^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


def test_what_was_typed_before_comes_back_from_the_provider_too(town: Town, person: Caller) -> None:
    tie(person)
    browser = town.as_(None)
    there = browser.post(RETURN, sent_back(browser, ended_while_typing(browser)))
    assert there.location.startswith("/c/jinxiu/matters/new?typed=")
    page = browser.get(there.location)
    assert TYPED["text"] in page.text
    assert "您写的内容还在，还没有发出" in page.text


def test_it_comes_along_through_the_second_step_after_the_provider(town: Town, person: Caller) -> None:
    tie(person)
    own = one_time_codes.new_secret()
    with town.write("resident") as tx:
        sealed = seal(town.site.settings.secret, second_actions.PURPOSE, own.encode())
        tx.session.add(SecondStep(account_id=town.cast.ids["resident"], sealed=sealed, since=tx.now, last_step=1))
    browser = town.as_(None)
    assert browser.post(RETURN, sent_back(browser, ended_while_typing(browser))).location == "/sign-in/code"
    there = browser.post("/sign-in/code", {"code": pyotp.TOTP(own).at(town.site.clock.wall())})
    assert there.status == 303, there.text
    assert TYPED["text"] in browser.get(there.location).text


@pytest.mark.parametrize("how", ["not tied", "said no", "away"])
def test_where_the_provider_signs_nobody_in_the_other_ways_still_have_the_words(
    town: Town, person: Caller, how: str
) -> None:
    browser = town.as_(None)
    link = ended_while_typing(browser)
    if how == "not tied":
        answer = browser.post(RETURN, sent_back(browser, link))
    elif how == "said no":
        asked = httpx2.URL(browser.get(link).location)
        answer = browser.get(f"{RETURN}?error=access_denied&state={asked.params['state']}")
        assert "那边没有让您登录" in answer.text
    else:
        object.__setattr__(town.site.settings.openid, "issuer", f"http://127.0.0.1:{free_port()}")
        answer = browser.get(link)
    assert answer.status == 422
    page = browser.get(way_of(answer.html, "/sign-in\\?"))
    typed = re.search(r'name="typed" value="([^"]*)"', page.html)
    assert typed
    form = {"identifier": "13800000007", "password": PASSWORD, "next": "/c/jinxiu/matters/new"}
    there = browser.post("/sign-in", {**form, "typed": html.unescape(typed[1])})
    assert TYPED["text"] in browser.get(there.location).text


def test_the_words_are_for_the_browser_they_were_typed_on(town: Town, person: Caller) -> None:
    tie(person)
    link = ended_while_typing(town.as_(None))
    thief = town.as_(None)
    thief.client.cookies.set("guard", "another-guard")
    page = thief.client.get(link.replace("/provider", "")).text
    assert 'name="next" value="/c/jinxiu/matters/new"' in page
    assert 'name="typed"' not in page


def test_without_a_provider_in_the_settings_nothing_of_it_is_seen(town: Town, person: Caller) -> None:
    object.__setattr__(town.site.settings, "openid", None)
    assert "/sign-in/provider" not in town.as_(None).get("/sign-in").html
    assert "/account/provider" not in person.get("/account").html
    assert town.as_(None).get("/sign-in/provider").status == 422


def test_the_provider_comes_from_the_environment(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path).openid is None
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example/")
    with pytest.raises(ValueError, match="OIDC_CLIENT_ID"):
        load(tmp_path)
    monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("OIDC_CLIENT_SECRET", SECRET)
    assert load(tmp_path).openid == OpenId("https://id.example", CLIENT, SECRET, "OpenID")
