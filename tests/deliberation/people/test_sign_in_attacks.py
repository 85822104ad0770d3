"""The catalogue's attacks on signing in, by their numbers (shared quality list, part Web)."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from deliberation.people import passwords, queries
from deliberation.people.actions import set_password
from deliberation.web import csrf
from tests.conftest import Answer, Town
from tests.deliberation.people.build import PASSWORD, with_password
from tests.deliberation.people.test_second_step import begun

KNOWN, UNKNOWN, WITHOUT = "13800000007", "13999999999", "13800000008"
"""Somebody with a password, nobody, and somebody who has none yet."""


class Counting:
    """The hasher, counting how often it is asked."""

    def __init__(self, hasher: Any) -> None:
        self.hasher, self.asked = hasher, 0

    def verify(self, known: str, password: str) -> bool:
        self.asked += 1
        return bool(self.hasher.verify(known, password))

    def hash(self, password: str) -> str:
        return str(self.hasher.hash(password))


@pytest.fixture
def known(town: Town) -> Town:
    with_password(town, "resident")
    return town


def try_in(town: Town, identifier: str, password: str = "not-the-password") -> Answer:
    return town.as_(None).post("/sign-in", {"identifier": identifier, "password": password})


def test_73_a_token_planted_before_signing_in_is_worth_nothing_and_each_sign_in_has_its_own(known: Town) -> None:
    browser = known.as_(None)
    browser.client.cookies.set("sign-in", "planted", domain="127.0.0.1")
    tokens = {"planted"}
    for _ in range(2):
        assert browser.post("/sign-in", {"identifier": KNOWN, "password": PASSWORD}).status == 303
        tokens.add(browser.client.cookies["sign-in"])
    assert len(tokens) == 3
    for token in tokens - {browser.client.cookies["sign-in"]}:
        thief = known.as_(None)
        thief.client.cookies.set("sign-in", token, domain="127.0.0.1")
        assert thief.get("/account").status == 303
    before = browser.client.cookies["sign-in"]
    new = {"current": PASSWORD, "password": "another-good-one", "again": "another-good-one"}
    browser.post("/account/password", new)
    assert browser.client.cookies["sign-in"] != before


def test_74_under_https_every_cookie_of_ours_that_counts_is_out_of_reach(known: Town) -> None:
    begun(known, with_password(known, "desk"))
    object.__setattr__(known.site.settings, "base_url", "https://council.example")
    client = TestClient(known.app, base_url="https://127.0.0.1", follow_redirects=False)
    found: dict[str, str] = {}
    for phone in (KNOWN, "13800000002"):
        client.cookies.set("__Host-guard", "test-guard", domain="127.0.0.1")
        token = csrf.token(known.site.settings.secret, "test-guard", client.cookies.get("__Host-sign-in"))
        answer = client.post("/sign-in", data={"csrf": token, "identifier": phone, "password": PASSWORD})
        assert answer.status_code == 303
        found |= {one.split("=")[0]: one for one in answer.headers.get_list("set-cookie")}
    assert {"__Host-sign-in", "__Host-device", "__Host-second-step"} <= set(found)
    for cookie in (one for name, one in found.items() if name.startswith("__Host-")):
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie


@pytest.mark.long
@pytest.mark.usefixtures("real_passwords")
def test_91_known_and_unknown_people_are_refused_in_the_same_time(known: Town) -> None:
    """The medians over 30 each, in turns, of the work done for one try, in the time this process has used; nearly all of it
    is hashing, so that one who is refused without would be far below, on any machine."""
    with known.write("resident") as tx:
        set_password(tx, known.cast.ids["resident"], passwords.make(PASSWORD))
    spent: dict[str, list[float]] = {KNOWN: [], UNKNOWN: [], WITHOUT: []}
    for _ in range(30):
        for who, times in spent.items():
            start = time.process_time()
            assert not passwords.verify(queries.password_of(known.db, who)[1], "not-the-password")
            times.append(time.process_time() - start)
    medians = [statistics.median(times) for times in spent.values()]
    assert max(medians) < 1.25 * min(medians), medians


def test_91_the_same_work_is_done_whoever_is_named(known: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", counting)
    for who in (KNOWN, UNKNOWN, WITHOUT):
        counting.asked = 0
        try_in(known, who)
        assert counting.asked == 1, who
        try_in(known, who, "x" * 129)
        assert counting.asked == 1, who


def test_93_the_answer_tells_nobody_apart(known: Town) -> None:
    """Nobody, somebody without a password, somebody with one, and somebody with a second step."""
    begun(known, with_password(known, "desk"))
    answers = {
        who: try_in(known, who).text.replace(who, "")
        for who in (KNOWN, UNKNOWN, WITHOUT, "13800000002", "no-such-name")
    }
    assert len(set(answers.values())) == 1
    assert {try_in(known, who).status for who in answers} == {422}


@pytest.mark.parametrize("path", ["/invitations/{}", "/recovery/{}"])
def test_93_a_guessed_link_tells_nothing(known: Town, path: str) -> None:
    answers = {known.as_(None).get(path.format(token)).text for token in ("x", "y" * 32, "../x", "%00")}
    assert len(answers) <= 2
    assert all("谢玉志" not in answer for answer in answers)


@pytest.mark.parametrize(("length", "status"), [(129, 422), (100_000, 422), (2_000_000, 413)])
def test_98_a_long_password_is_never_hashed(
    known: Town, monkeypatch: pytest.MonkeyPatch, length: int, status: int
) -> None:
    counting = Counting(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", counting)
    assert try_in(known, KNOWN, "x" * length).status == status
    assert counting.asked == 0


def test_98_many_tries_for_one_account_are_stopped_before_they_are_hashed(
    known: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", counting)
    assert [try_in(known, KNOWN).status for _ in range(14)] == [422] * 10 + [429] * 4
    assert counting.asked == 10
