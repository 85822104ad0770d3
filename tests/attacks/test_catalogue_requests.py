"""Web entries of the catalogue of attacks: what a request may do, and what an answer gives away. Tests name their numbers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from deliberation.app import create_app
from deliberation.cli import server_config
from deliberation.jobs.clock import TravelClock
from deliberation.settings import Settings
from deliberation.web.routing import Act, Page
from deliberation.web.shield import POLICY
from tests.conftest import START, Caller, Town
from tests.deliberation.ballot import build as ballots
from tests.house.everyone import NOBODY, World, address, all_routes, owner_of, rows, served

STAFF = ("secretary", "admin")
SPOOFS = {
    "hx-request": "true",
    "hx-boosted": "true",
    "x-http-method-override": "POST",
    "x-method-override": "DELETE",
    "x-requested-with": "XMLHttpRequest",
}


@pytest.mark.parametrize("kind", ["text/plain", ""])
def test_71_a_body_that_a_foreign_page_may_send_unasked_carries_no_act(app: Any, world: World, kind: str) -> None:
    """The right token in a body of another type, and no Origin to judge by: nothing is done."""
    before, through = rows(app), []
    for route in all_routes():
        if isinstance(owner_of(route), Act) and route.path not in NOBODY:
            for who in STAFF:
                caller = Caller(app, world.tokens[who])
                body = f"csrf={'0' * 64}&reason=because".encode()
                headers = {"content-type": kind} if kind else {}
                answer = caller.client.post(address(route, world), content=body, headers=headers)
                if answer.status_code not in {400, 403, 404}:
                    through.append(f"{who} {route.name}: {answer.status_code}")
    assert through == []
    assert rows(app) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_72_no_act_is_carried_out_by_another_method_or_a_spoofed_header(app: Any, world: World, method: str) -> None:
    before, done = rows(app), []
    pages = {route.path for route in all_routes() if isinstance(owner_of(route), Page)}
    for who in STAFF:
        caller = Caller(app, world.tokens[who])
        for route in all_routes():
            if isinstance(owner_of(route), Act):
                answer = caller.client.request(method, address(route, world), headers=SPOOFS)
                seen = route.path in pages and method in {"GET", "HEAD"}
                if not seen and answer.status_code not in {303, 403, 404, 405}:
                    done.append(f"{who} {method} {route.name}: {answer.status_code}")
    assert done == []
    assert rows(app) == before


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/%2e%2e/secret.key",
        "/static/..%5c..%5csecret.key",
        "/static/css/%00.css",
        "/static//etc/passwd",
        "/static/CON",
        "/c/jinxiu/photos/..%2f..%2fsecret.key",
        "/c/%2e%2e/%2e%2e/etc/passwd",
        "/help/..%2f..%2fsettings.py",
        "/" + "a" * 9000,
        "/.git/config",
        "/secret.key",
        "/council.db",
    ],
)
def test_87_no_path_leads_out_of_what_is_served(town: Town, path: str) -> None:
    answer = town.as_("moderator").get(path)
    assert answer.status == 404
    assert "root:" not in answer.html
    assert "base_url" not in answer.html


@pytest.mark.parametrize(
    "name", ["../../../roll.csv", "..\\..\\CON.csv", "a" * 4000 + ".csv", "C:\\roll.csv", "nul\u202e.csv"]
)
def test_87_an_uploaded_files_name_is_never_a_path(town: Town, name: str) -> None:
    folder = town.db.path.parent if town.db.path else Path()
    before = sorted(folder.rglob("*"))
    recorder = town.as_("recorder")
    sent = recorder.post("/c/jinxiu/roll/import", files={"file": (name, b"a,b\n1,2\n", "text/csv")})
    assert sent.status in {303, 400, 422}
    assert [
        one for one in sorted(folder.rglob("*")) if one not in before and not one.name.startswith("council.db")
    ] == []


@pytest.fixture(scope="module")
def every_page(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with served(world, tmp_path_factory.mktemp("pages")) as app:
        return answers(app, world, {})


def answers(app: Any, world: World, headers: dict[str, str]) -> dict[str, Any]:
    """Every page, as those who get into it."""
    found = {}
    for who in (None, "secretary", "resident", "admin"):
        caller = Caller(app, world.tokens[who] if who else None)
        for route in all_routes():
            if isinstance(owner_of(route), Page) and (who or owner_of(route).needs.level == "anyone"):
                found[f"{who} {route.path}"] = caller.client.get(address(route, world), headers=headers)
    return found


FORWARDED = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-server": "evil.example",
    "forwarded": "host=evil.example",
    "x-original-url": "https://evil.example/",
}


def test_94_no_address_is_made_from_what_a_request_says_of_this_server(app: Any, world: World) -> None:
    poisoned = [
        name
        for name, answer in answers(app, world, FORWARDED).items()
        if "evil.example" in answer.text or "evil.example" in str(answer.headers)
    ]
    assert poisoned == []


def seen_address(client: tuple[str, int], forwarded: str) -> str:
    """The address that an application of ours is told behind the server as it is run."""
    told: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config: uvicorn.Config = server_config(inner, "127.0.0.1", 1)  # type: ignore[arg-type]
    config.load()
    browser = TestClient(config.loaded_app, client=client)
    browser.get("/", headers={"x-forwarded-for": forwarded})
    return told[0]


def test_95_who_is_no_proxy_of_ours_cannot_say_where_it_comes_from() -> None:
    assert seen_address(("203.0.113.7", 1), "198.51.100.4") == "203.0.113.7"
    assert seen_address(("127.0.0.1", 1), "198.51.100.4") == "198.51.100.4"
    # A proxy adds the address that it sees behind what the client had claimed.
    assert seen_address(("127.0.0.1", 1), "10.0.0.1, 198.51.100.4") == "198.51.100.4"


def test_96_pages_of_somebody_are_kept_by_no_cache_and_never_mixed_with_a_part_of_them(
    every_page: dict[str, Any],
) -> None:
    wrong = []
    for name, answer in every_page.items():
        control, vary = answer.headers["cache-control"], answer.headers["vary"].lower()
        own = "no-store" in control or ("/photos/" in name and control.startswith("private"))
        if not (own or name.startswith("None")) or "cookie" not in vary or "hx-request" not in vary:
            wrong.append(f"{name}: {control} / {vary}")
    assert wrong == []


@pytest.mark.parametrize("path", ["/account/x.css", "/c/jinxiu/log/private.css", "/account;.js", "/account%2Fx.png"])
def test_96_an_address_that_looks_like_a_file_shows_no_page_of_somebodys(town: Town, path: str) -> None:
    answer = town.as_("resident").get(path)
    assert answer.status == 404
    assert answer.response.headers["cache-control"] == "no-store"


def test_100_no_page_may_stand_in_a_frame_and_the_ballot_least_of_all(town: Town) -> None:
    poll = ballots.opened(town)
    owner, stranger = ballots.signed_in(town, "owner"), town.as_(None)
    for caller, path in (
        (owner, f"{ballots.PATH}/{poll}/ballot"),
        (owner, f"{ballots.PATH}/{poll}"),
        (stranger, "/none"),
    ):
        headers = caller.get(path).response.headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"


class Loads(HTMLParser):
    """What a page makes a browser fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetched = name in {"src", "srcset", "poster", "action", "formaction", "data", "background"}
            if value and (fetched or (tag == "link" and name == "href") or name.startswith("hx-")):
                self.found.append(value)


def test_101_nothing_is_asked_of_another_host(every_page: dict[str, Any]) -> None:
    outside = []
    for name, answer in every_page.items():
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = Loads()
            page.feed(answer.text)
            outside += [f"{name}: {one}" for one in page.found if re.match(r"(https?:)?//", one)]
    assert outside == []
    assert not re.search(r"https?:|\*|unsafe", POLICY)


def test_74_cookies_over_https_belong_to_this_host_alone(town: Town, tmp_path: Path) -> None:
    settings = Settings(tmp_path, town.site.settings.database_url, b"a secret", base_url="https://council.example")
    made = create_app(settings, TravelClock(at=START), run_jobs=False)
    try:
        browser = TestClient(made, base_url="https://council.example", follow_redirects=False)
        browser.cookies.set("__Host-sign-in", town.cast.tokens["resident"])
        answer = browser.get("/account")
        assert "谢玉志" in answer.text
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        stranger = TestClient(made, base_url="https://council.example", follow_redirects=False)
        given = [stranger.get(where).headers for where in ("/reading?lang=en&size=l", "/sign-in")]
        cookies = [one for headers in given for one in headers.get_list("set-cookie")]
        assert len(cookies) == 3
        for cookie in cookies:
            assert cookie.startswith("__Host-"), cookie
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; ")), cookie
            assert "Domain" not in cookie
    finally:
        made.state.site.db.close()
