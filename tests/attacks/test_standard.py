"""What OWASP's ASVS asks for and the catalogue has no number for; docs/security.md names these tests."""

from __future__ import annotations

import ast
import hashlib
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from deliberation.meeting import queries
from deliberation.people import actions, rules
from deliberation.people.tables import OneTimeLink, SignIn
from deliberation.settings import BadSetting, load
from deliberation.web.routing import Page
from tests.conftest import Caller, Town
from tests.deliberation.people import build
from tests.house.everyone import World, address, all_routes, owner_of
from tests.serving import PATIENCE, Server

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "deliberation"
C = "/c/jinxiu"
MATTER = {"title": "楼道灯坏了一个月", "category": "repair", "text": "三单元的灯坏了，晚上看不见路。"}


def test_every_answer_keeps_to_itself(app: Any, world: World) -> None:
    wrong = []
    for who in ("secretary", "admin"):
        caller = Caller(app, world.tokens[who])
        paths = [address(route, world) for route in all_routes() if isinstance(owner_of(route), Page)]
        for path in [*paths, "/static/css/base.css", "/none"]:
            answer = caller.client.get(path, headers={"origin": "https://evil.example"})
            headers, policy = answer.headers, answer.headers["content-security-policy"]
            kind = headers.get("content-type", "")
            text = kind.startswith(("text/", "application/xml", "application/atom"))
            if (
                any(name.startswith("access-control") for name in headers)
                or headers.get_list("x-content-type-options")[-1] != "nosniff"
                or headers["referrer-policy"] != "same-origin"
                or not {"default-src 'none'", "object-src 'none'", "base-uri 'none'"} <= set(policy.split("; "))
                or "unsafe" in policy
                or (answer.content and (not kind or (text and "charset=utf-8" not in kind.lower())))
            ):
                wrong.append(f"{path}: {kind} {policy}")
    assert wrong == []


def test_bad_fields_are_refused_by_the_server_itself(town: Town) -> None:
    """A browser would not send these: nothing chosen that is not offered, nothing longer than the field."""
    resident = town.as_("resident")
    for wrong in ({"category": "no-such"}, {"title": "x" * 500}, {"text": ""}, {"title": "灯\x00"}):
        assert resident.post(f"{C}/matters", {**MATTER, **wrong}).status == 422


def test_a_field_sent_twice_or_in_the_address_changes_nothing(town: Town) -> None:
    resident = town.as_("resident")
    assert resident.post(f"{C}/matters?category=repair&title=in-the-address", {**MATTER, "title": ""}).status == 422
    twice = resident.post(f"{C}/matters", {**MATTER, "category": ["repair", "no-such"]})
    assert twice.status == 422


@pytest.mark.parametrize(
    "password",
    [
        "只有汉字也可以用",
        hashlib.sha512(b"a").hexdigest(),
        "  spaces around  ",
        "n0!Caps&",
        "🀄🐟🌧🚲🍊🏮🧵🪁",
        hashlib.sha256(b"a").hexdigest(),
    ],
)
def test_passwords_are_taken_as_they_are(town: Town, password: str) -> None:
    link = build.invitation(town)
    browser = town.as_(None)
    assert browser.post(f"/invitations/{link}", {"password": password, "again": password}).status == 303
    town.travel(days=20)
    with town.db.read() as session:
        account = town.cast.ids["stranger"]
        assert actions.knows_password(session, account, password)
        assert not actions.knows_password(session, account, password.strip() + "x")
        assert not actions.knows_password(session, account, password[:-1])
    assert rules.LEAST_PASSWORD >= 8


def test_password_fields_hide_what_is_typed_and_let_managers_fill_them(town: Town) -> None:
    link = build.invitation(town)
    pages = [town.as_(None).get(path).html for path in ("/sign-in", f"{C}/join", f"/invitations/{link}")]
    pages.append(build.with_password(town, "resident").get("/account/password").html)
    fields = [
        tag
        for page in pages
        for tag in re.findall(r"<input[^>]+>", page)
        if re.search(r'name="(password|current)"', tag)
    ]
    assert len(fields) == 5
    for tag in fields:
        assert 'type="password"' in tag
        assert re.search(r'autocomplete="(current|new)-password"', tag)
    assert not any(one in "".join(pages) for one in ("onpaste", "密保", "hint-question"))


def test_sign_ins_and_links_are_random_and_kept_as_hashes(town: Town) -> None:
    links = [build.invitation(town) for _ in range(20)]
    with town.write() as tx:
        tokens = [actions.sign_in(tx, town.cast.ids["resident"], "test") for _ in range(20)]
    assert min(map(len, links)) >= 32
    assert min(map(len, tokens)) >= 43
    assert len({*links, *tokens}) == 40
    with town.db.read() as session:
        kept = [*session.exec(select(OneTimeLink.token_hash)), *session.exec(select(SignIn.token_hash))]
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in kept)
    makers = [
        path
        for path in APP.rglob("*.py")
        if re.search(r"^(import random|from random)", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert [path.name for path in makers if "demo" not in path.parts] == []


def test_signing_out_clears_what_the_browser_kept(town: Town) -> None:
    answer = town.as_("resident").post("/sign-out")
    assert answer.response.headers["clear-site-data"] == '"cache", "storage"'


def test_every_page_leads_to_the_way_out(town: Town) -> None:
    resident = town.as_("resident")
    for path in (C, f"{C}/matters", f"{C}/meetings", f"{C}/notices", f"{C}/log", f"{C}/polls", "/help", "/none"):
        assert 'href="/account"' in resident.get(path).html, path
    assert 'action="/sign-out"' in resident.get("/account").html


def test_scripts_keep_nothing_in_the_browser() -> None:
    scripts = list((APP / "static/js").rglob("*.js"))
    assert scripts
    for path in scripts:
        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", path.read_text("utf-8")), (
            path.name
        )


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_trace_is_no_method_here(town: Town, method: str) -> None:
    answer = town.as_("resident").client.request(method, C)
    assert answer.status_code == 405
    assert town.cast.tokens["resident"] not in answer.text


def test_what_breaks_says_nothing_of_the_inside(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "the-inside-of-it"

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(queries, "meetings", broken)
    caller = town.as_("resident")
    client = TestClient(
        town.app, base_url="http://127.0.0.1", raise_server_exceptions=False, cookies=caller.client.cookies
    )
    answer = client.get(f"{C}/meetings")
    assert answer.status_code == 500
    for told in (secret, "Traceback", "RuntimeError", ".py", "sqlite"):
        assert told not in answer.text


def test_files_given_out_have_names_of_ours(app: Any, world: World) -> None:
    caller, named = Caller(app, world.tokens["secretary"]), 0
    for route in all_routes():
        if isinstance(owner_of(route), Page):
            told = caller.get(address(route, world)).response.headers.get("content-disposition")
            if told:
                named += 1
                assert re.fullmatch(r'(attachment|inline); filename="[a-z0-9.\-]+"', told), told
    assert named >= 3


POOR = r"\b(md5|sha1|ripemd|DES3?|ARC4|Blowfish|ECB|PKCS1v15|random\.(random|randint|choice)\()\b"


def test_only_known_good_cryptography_is_named() -> None:
    poor = [
        f"{path.name}: {found[0]}"
        for folder in (APP, ROOT / "votes")
        for path in folder.rglob("*.py")
        if "demo" not in path.parts
        for found in re.finditer(POOR, path.read_text("utf-8"), re.IGNORECASE)
    ]
    assert poor == []
    hashes = {
        found
        for folder in (APP, ROOT / "votes")
        for path in folder.rglob("*.py")
        for found in re.findall(r"hashlib\.(\w+)\(", path.read_text("utf-8"))
    }
    assert hashes <= {"sha256", "pbkdf2_hmac"}
    keyfile = (ROOT / "votes/secret/keyfile.py").read_text("utf-8")
    assert re.search(r"AESGCM|ChaCha20Poly1305", keyfile)
    assert "argon2" in keyfile


CLIENTS = {"httpx", "httpx2", "requests", "urllib.request", "urllib3", "aiohttp", "smtplib", "ftplib", "http.client"}


ASK = {"web/sms.py": "http.client", "people/provider/openid.py": "httpx2"}
"""A gateway for texts and a provider to sign in at, each only where the settings name one."""


def test_only_the_gateway_and_the_provider_of_the_settings_are_asked_anything() -> None:
    found: dict[str, str] = {}
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {path.relative_to(APP).as_posix(): name for name in names if name in CLIENTS}
    assert found == ASK


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://sms.example/send", True),
        ("http://127.0.0.1:9000/send", True),
        ("http://localhost/send", True),
        ("http://sms.example/send", False),
        ("http://127.0.0.1.sms.example/send", False),
        ("ftp://sms.example", False),
        ("https://", False),
    ],
)
def test_what_is_asked_elsewhere_is_asked_over_https(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, safe: bool
) -> None:
    for name, value in {
        "SMS_GATEWAY": {"SMS_GATEWAY": address},
        "OIDC_ISSUER": {"OIDC_ISSUER": address, "OIDC_CLIENT_ID": "we", "OIDC_CLIENT_SECRET": "s"},
    }.items():
        with monkeypatch.context() as patch:
            for one, told in value.items():
                patch.setenv(one, told)
            if safe:
                assert load(tmp_path) is not None
            else:
                with pytest.raises(BadSetting, match=name):
                    load(tmp_path)


TWO_LENGTHS = (
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\nContent-Length: 6\r\n",
    b"Content-Length: +5\r\n",
    b"Transfer-Encoding: chunked, identity\r\n",
    b"X-A: b\r\n folded\r\nContent-Length : 5\r\n",
)


def test_two_lengths_of_one_body_are_refused(running: Server) -> None:
    """Or one answer would be taken for two by a proxy in between."""
    for head in TWO_LENGTHS:
        with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as line:
            smuggled = b"0\r\n\r\nGET /help HTTP/1.1\r\nHost: x\r\n\r\n"
            line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n" + smuggled)
            line.shutdown(socket.SHUT_WR)
            got = b""
            while piece := line.recv(65536):
                got += piece
        statuses = re.findall(rb"HTTP/1\.1 (\d{3})", got)
        assert statuses[:1] in ([b"400"], [b"413"], [b"501"]), (head, statuses)
        assert len(statuses) == 1, (head, statuses)


@pytest.fixture
def running(town: Town, tmp_path: Path) -> Any:
    found = Server(tmp_path, town.site.settings.database_url, "none")
    found.start()
    yield found
    found.stop()
