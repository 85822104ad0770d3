"""Codes by text: handed to a real HTTP server on loopback, and coming back through the page."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from deliberation.cli import main
from deliberation.council.tables import Membership
from deliberation.people import rules
from deliberation.people.phone.actions import settle
from deliberation.people.phone.pages import TEXTS_FROM_ONE
from deliberation.people.tables import Account, PhoneCode
from deliberation.settings import Settings, sms_way
from deliberation.web.sms import Texts
from tests.conftest import Caller, Town
from tests.deliberation.council.build import JOINING
from tests.deliberation.people.build import phone_of

JOIN, PHONE = "/c/jinxiu/join", "/account/phone"


@dataclass
class Gateway:
    address: str = ""
    status: int = 200
    got: list[tuple[str, str, str]] = field(default_factory=list)
    """(authorization, to, text)"""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    told = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.got.append((self.headers["authorization"], body["to"], body["text"]))
            self.send_response(told.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}/texts?from=council"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings, gateway: Gateway) -> Settings:
    return replace(settings, sms=gateway.address, sms_secret="between-us")


def texts(town: Town, gateway: Gateway) -> list[tuple[str, str, str]]:
    town.site.texts.wait()
    return gateway.got


def code_in(text: str) -> str:
    found = re.search(r"[0-9]{6}", text)
    assert found is not None, text
    return found[0]


def joined(town: Town, phone: str = "13811112222") -> Caller:
    browser = town.as_(None)
    assert browser.post(JOIN, {**JOINING, "phone": phone}).status == 303
    return browser


def test_a_newcomer_gets_a_code_and_the_phone_is_theirs_when_it_comes_back(town: Town, gateway: Gateway) -> None:
    browser = joined(town)
    assert "验证码已用短信发到您的手机" in browser.get(JOIN).text
    [(secret, to, text)] = texts(town, gateway)
    assert (secret, to) == ("Bearer between-us", "13811112222")
    page = browser.follow(PHONE, {"code": code_in(text)})
    assert "手机已验证" in page.text
    known = {"identifier": "13811112222", "password": JOINING["password"]}
    assert town.as_(None).post("/sign-in", known).status == 303
    assert "您的手机已验证" in browser.get(PHONE).text


def test_the_page_says_the_same_for_every_number_and_the_phone_alone_gets_another_text(
    town: Town, gateway: Gateway
) -> None:
    """RELIABILITY 93."""
    pages = []
    for phone in ("13811112222", "13800000007"):
        browser = joined(town, phone)
        shown = [browser.get(JOIN).html, browser.get(PHONE).html, browser.post(PHONE, {"code": "000000"}).html]
        pages.append([re.sub(r'(csrf|once)" value="[^"]*"', "", one).replace(phone, "PHONE") for one in shown])
    assert pages[0] == pages[1]
    sent = {to: text for _, to, text in texts(town, gateway)}
    assert "您的验证码是" in sent["13811112222"]
    assert "它已经有账号" in sent["13800000007"]
    assert re.search("[0-9]{6}", sent["13800000007"]) is None


def test_a_code_is_kept_only_as_a_keyed_hash(town: Town, gateway: Gateway) -> None:
    joined(town)
    code = code_in(texts(town, gateway)[0][2])
    with town.db.read() as session:
        row = session.exec(select(PhoneCode)).one()
    assert code not in row.model_dump_json(exclude={"created_at", "expires_at", "code_hash", "phone"})
    expected = rules.phone_code_hash(
        town.site.settings.secret, account_id=row.account_id, phone="13811112222", code=code
    )
    assert row.code_hash == expected


def test_five_wrong_tries_or_five_minutes_end_a_code(town: Town, gateway: Gateway) -> None:
    browser = joined(town)
    code = code_in(texts(town, gateway)[0][2])
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(rules.PHONE_CODE_TRIES):
        answer = browser.post(PHONE, {"code": wrong})
        assert answer.status == 422
        assert "短信验证码不对，或已过期" in answer.text
    assert browser.post(PHONE, {"code": code}).status == 422
    browser.post(f"{PHONE}/code")
    newer = code_in(texts(town, gateway)[-1][2])
    town.travel(minutes=5)
    assert browser.post(PHONE, {"code": newer}).status == 422
    browser.post(f"{PHONE}/code")
    newest = code_in(texts(town, gateway)[-1][2])
    assert browser.post(PHONE, {"code": " ".join(newest)}).status == 303


def test_a_new_code_ends_the_one_before(town: Town, gateway: Gateway) -> None:
    browser = joined(town)
    browser.post(f"{PHONE}/code")
    first, second = (code_in(text) for _, _, text in texts(town, gateway))
    if first != second:
        assert browser.post(PHONE, {"code": first}).status == 422
    assert browser.post(PHONE, {"code": second}).status == 303


def test_nobodys_phone_rings_all_night(town: Town, gateway: Gateway) -> None:
    for _ in range(8):
        joined(town)
    assert len(texts(town, gateway)) == 5


def test_one_address_has_no_texts_sent_without_end(town: Town, gateway: Gateway) -> None:
    for _ in range(99):
        town.site.limiter.hit(TEXTS_FROM_ONE, "texts-from", "testclient")
    for last in range(4):
        joined(town, f"1381111222{last}")
    assert len(texts(town, gateway)) == 1
    town.travel(hours=1)
    joined(town, "13811112229")
    assert len(texts(town, gateway)) == 2


def test_a_code_proves_no_other_number_than_the_one_it_was_sent_to(town: Town, gateway: Gateway) -> None:
    browser = joined(town)
    code = code_in(texts(town, gateway)[0][2])
    with town.write("desk") as tx:
        tx.session.exec(
            select(Account).where(Account.claimed_phone == "13811112222")
        ).one().claimed_phone = "13811113333"
    assert browser.post(PHONE, {"code": code}).status == 422
    with town.db.read() as session:
        account = session.exec(select(Account).where(Account.claimed_phone == "13811113333")).one()
    assert account.phone_proved_at is None


def test_strangers_use_up_no_text_of_the_number_s_own_account(town: Town, gateway: Gateway) -> None:
    number = phone_of(town, "neighbor")
    for _ in range(6):
        joined(town, number)
    assert len(texts(town, gateway)) == 5
    assert town.as_("neighbor").post("/account/phone/code").status == 303
    sent = texts(town, gateway)
    assert len(sent) == 6
    assert town.as_("neighbor").post(PHONE, {"code": code_in(sent[-1][2])}).status == 303
    for _ in range(6):
        town.as_("owner7").post("/account/phone/code")
    assert sum(to == phone_of(town, "owner7") for _, to, _ in texts(town, gateway)) == 5, "nor is it endless for them"


def test_the_desk_lets_somebody_have_texts_whose_number_strangers_claimed(town: Town, gateway: Gateway) -> None:
    for _ in range(5):
        joined(town)
    mine = joined(town)
    assert len(texts(town, gateway)) == 5
    with town.write("desk") as tx:
        newest = tx.session.exec(select(Account).order_by(col(Account.id).desc())).first()
        assert newest is not None
        assert settle(tx, newest.id)
    assert mine.post("/account/phone/code").status == 303
    sent = texts(town, gateway)
    assert len(sent) == 6
    assert mine.post(PHONE, {"code": code_in(sent[-1][2])}).location == "/account?said=phone_proved"


def test_a_proved_phone_makes_level_three_only_beside_papers_that_two_have_seen(town: Town, gateway: Gateway) -> None:
    with town.write("desk") as tx:
        low = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner7"])).one()
        low.level = 1
        for who in ("resident", "owner7"):
            tx.session.get_one(Account, town.cast.ids[who]).phone_proved_at = town.now
    levels = {}
    for who in ("resident", "neighbor", "owner7"):
        with town.db.read() as session:
            levels[who] = town.site.resolve(session, town.cast.tokens[who], "jinxiu", town.now).level
    assert levels == {"resident": 3, "neighbor": 2, "owner7": 1}
    assert "并验证了手机" in town.as_("resident").get("/c/jinxiu/residents/me").text


def test_an_account_of_before_proves_its_own_number(town: Town, gateway: Gateway) -> None:
    neighbor = town.as_("neighbor")
    assert "验证您的手机" in neighbor.get("/account").text
    neighbor.post(f"{PHONE}/code")
    [(_, to, text)] = texts(town, gateway)
    assert to == "13800000008"
    assert neighbor.post(PHONE, {"code": code_in(text)}).status == 303
    assert "验证您的手机" not in neighbor.get("/account").text


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef"])
def test_a_code_has_six_digits(town: Town, gateway: Gateway, code: str) -> None:
    answer = joined(town).post(PHONE, {"code": code})
    assert answer.status == 422
    assert "短信验证码是 6 位数字" in answer.text


def test_a_gateway_that_fails_is_told_to_the_log_without_number_text_or_secret(
    town: Town, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.status = 500
    assert joined(town).get(JOIN).status == 200
    text = texts(town, gateway)[0][2]
    gone = Texts("http://127.0.0.1:9/", "between-us")
    gone.send("13811112222", text)
    gone.wait()
    assert "the text gateway answered 500" in caplog.text
    assert "cannot be reached" in caplog.text
    for secret in ("13811112222", code_in(text), "between-us"):
        assert secret not in caplog.text
    assert "between-us" not in repr(town.site.settings)


def test_the_console_says_the_text_for_trying_out(capsys: pytest.CaptureFixture[str]) -> None:
    console = Texts("console", "")
    console.send("13811112222", "您的验证码是 123456")
    console.wait()
    assert "13811112222: 您的验证码是 123456" in capsys.readouterr().out


@pytest.mark.parametrize("way", ["none", "console", "http://127.0.0.1:1/x", "https://sms.example/send"])
def test_the_ways_to_send_a_text(way: str) -> None:
    assert sms_way(way) == way


@pytest.mark.parametrize("way", ["", "ftp://x", "telegram"])
def test_an_unknown_way_is_refused_at_the_start(way: str) -> None:
    with pytest.raises(ValueError, match="SMS_GATEWAY"):
        sms_way(way)


def test_the_server_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMS_GATEWAY", "telegram")
    assert main(["doctor", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("SMS_GATEWAY: none, console")
