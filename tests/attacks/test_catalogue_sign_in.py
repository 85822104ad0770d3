"""Web entries of the catalogue of attacks: signing in, and all that guards it. Tests name their numbers."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import select

from deliberation.council.actions import appoint
from deliberation.people import passwords
from deliberation.people.actions import create_account
from deliberation.people.tables import Account, SignIn
from deliberation.web.lanes import BEHIND, CORES
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import JOINING
from tests.deliberation.people import build
from tests.deliberation.people.build import from_address, phone_of
from tests.serving import PATIENCE, wait_until

NOBODY = "13811119999"


@pytest.fixture
def known(town: Town) -> str:
    """The resident's phone number; their password is set."""
    build.with_password(town, "resident")
    return phone_of(town, "resident")


def sign_in(caller: Caller, identifier: str, password: str = build.PASSWORD) -> Answer:
    return caller.post("/sign-in", {"identifier": identifier, "password": password})


def is_signed_in(caller: Caller) -> bool:
    return caller.get("/account").status == 200


def test_73_a_token_that_somebody_planted_is_never_the_one_after_signing_in(town: Town, known: str) -> None:
    victim = Caller(town.app, None)
    victim.client.cookies.set("sign-in", "planted-by-somebody-else")
    assert sign_in(victim, known).status == 303
    tokens = [one.value for one in victim.client.cookies.jar if one.name == "sign-in" and one.value]
    assert "planted-by-somebody-else" not in [token for token in tokens if is_signed_in(Caller(town.app, token))]
    assert any(is_signed_in(Caller(town.app, token)) for token in tokens)


def test_73_signing_in_again_ends_the_sign_in_that_was_there(town: Town, known: str) -> None:
    before = build.with_password(town, "resident")
    token = before.client.cookies.get("sign-in")
    assert sign_in(before, known).status == 303
    assert not is_signed_in(Caller(town.app, token))


def test_73_a_new_password_gives_a_new_token_and_a_new_right_is_in_no_token(town: Town) -> None:
    caller = build.with_password(town, "resident")
    before = caller.client.cookies.get("sign-in")
    new = {"current": build.PASSWORD, "password": "another-secret", "again": "another-secret"}
    assert caller.post("/account/password", new).status == 303
    assert not is_signed_in(Caller(town.app, before))
    assert is_signed_in(caller)
    assert caller.get("/c/jinxiu/work").status == 403
    with town.write("moderator") as tx:
        seat = appoint(tx, town.cast.ids["resident"], "recorder")
    assert caller.get("/c/jinxiu/work").status == 200
    with town.write("moderator") as tx:
        seat = tx.session.merge(seat)
        seat.until = tx.now
    assert caller.get("/c/jinxiu/work").status == 403


def test_75_signing_out_ends_it_on_the_server_not_in_the_browser_alone(town: Town) -> None:
    caller = build.with_password(town, "resident")
    token = caller.client.cookies.get("sign-in")
    assert caller.post("/sign-out").status == 303
    assert not is_signed_in(Caller(town.app, token))


def test_92_guessing_at_one_account_stops_wherever_it_comes_from(town: Town, known: str) -> None:
    statuses = []
    for number in range(70):
        guesser = from_address(town, f"203.0.113.{number % 14}")
        statuses.append(sign_in(guesser, known, f"guess number {number}").status)
    assert statuses[:50] == [422] * 50
    assert statuses[50:] == [429] * 20


@pytest.mark.long
def test_92_a_whole_compound_behind_one_address_can_sign_in_while_somebody_there_guesses(town: Town) -> None:
    hashed = passwords.make(build.PASSWORD)
    with town.write() as tx:
        for number in range(330):
            create_account(tx, name="邻居", phone=f"1350000{number:04d}", password_hash=hashed)
    victim = "13500000000"
    for number in range(12):
        sign_in(from_address(town, "203.0.113.1"), victim, f"guess {number}")
    neighbors = [sign_in(from_address(town, "203.0.113.1"), f"1350000{number:04d}").status for number in range(1, 330)]
    assert set(neighbors) == {303}
    assert sign_in(from_address(town, "198.51.100.2"), victim).status == 303


def test_93_nobody_learns_from_the_sign_in_whether_a_number_is_known(town: Town, known: str) -> None:
    told = [sign_in(from_address(town, "203.0.113.2"), one, "not the password") for one in (known, NOBODY)]
    assert told[0].status == told[1].status == 422
    assert told[0].text == told[1].text


def test_93_nobody_learns_from_a_link_whether_it_ever_was_one(town: Town) -> None:
    used, old = build.invitation(town), build.invitation(town, days=1)
    town.travel(days=2)
    first = {"password": "a-first-password", "again": "a-first-password"}
    told = [town.as_(None).get(f"/invitations/{one}") for one in (used, old, "never-was")]
    assert {one.status for one in told} == {422}
    assert len({one.text for one in told}) == 1
    posted = [town.as_(None).post(f"/invitations/{one}", first) for one in (used, old, "never-was")]
    assert len({(one.status, one.text) for one in posted}) == 1


def test_93_asking_to_join_says_nothing_of_who_holds_a_number(town: Town, known: str) -> None:
    """A number that is known is answered exactly like a new one."""
    answers = [town.as_(None).post("/c/jinxiu/join", {**JOINING, "phone": phone}) for phone in (known, "13911110000")]
    assert {(one.status, one.location) for one in answers} == {(303, "/c/jinxiu/join")}
    for told in ("谢玉志", "水仙里1幢1单元0101", "已确认"):
        assert told not in answers[0].text.replace(JOINING["building"], "")
    many = [town.as_(None).post("/c/jinxiu/join", {**JOINING, "phone": known}).status for _ in range(25)]
    assert many[-1] == 429


def test_98_what_is_too_long_for_a_password_is_not_hashed(
    town: Town, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = build.with_password(town, "resident")
    long = "x" * 900_000
    real = passwords._hasher
    assert not passwords.fits(passwords.make("x" * 129), "x" * 129)
    form = {"current": long, "password": "another-secret", "again": "another-secret"}
    monkeypatch.setattr(passwords, "_hasher", None)
    assert sign_in(Caller(town.app, None), NOBODY, long).status == 422
    assert caller.post("/account/password", form).status == 422
    monkeypatch.setattr(passwords, "_hasher", real)
    assert caller.post("/account/password", {**form, "current": build.PASSWORD}).status == 303


def test_98_no_more_passwords_are_hashed_at_a_time_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, turn, now, most = threading.Event(), threading.Lock(), [0], [0]

    class Held:
        def verify(self, *_: str) -> None:
            with turn:
                now[0] += 1
                most[0] = max(most[0], now[0])
            gate.wait(PATIENCE)
            with turn:
                now[0] -= 1

    monkeypatch.setattr(passwords, "_hasher", Held())
    crowd = [threading.Thread(target=passwords.fits, args=(None, "somebody's password")) for _ in range(4 * CORES)]
    for one in crowd:
        one.start()
    waiting = BEHIND._work_queue
    wait_until(lambda: now[0] + waiting.qsize() == len(crowd), "not all have come")
    gate.set()
    for one in crowd:
        one.join()
    assert most[0] == CORES


@pytest.mark.usefixtures("real_passwords")
def test_98_what_is_kept_of_a_password_is_argon2id(town: Town) -> None:
    caller = build.with_password(town, "resident")
    new = {"current": build.PASSWORD, "password": "another-secret", "again": "another-secret"}
    assert caller.post("/account/password", new).status == 303
    with town.db.read() as session:
        kept = session.get_one(Account, town.cast.ids["resident"]).password_hash or ""
        token = session.exec(select(SignIn.token_hash)).first() or ""
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(token) == 64
