"""A provider that does not answer keeps those waiting who asked it, and nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from deliberation.app import create_app
from deliberation.jobs.clock import SystemClock
from deliberation.people.provider import openid
from deliberation.people.provider.pages import RETURN
from deliberation.people.sealing import ticket
from deliberation.settings import OpenId, Settings
from deliberation.web import csrf
from tests import cast as the_cast
from tests.conftest import Town
from tests.serving import PATIENCE, come_true, free_port, serving

CROWD = 50
BUSY = "那边的登录服务现在很慢"


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Takes every connection, and never says a word; closing it hangs up on them all."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(256)
        yield door


@pytest.fixture
def address(
    settings: Settings,
    template_database: tuple[object, the_cast.Cast],
    silent: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    monkeypatch.setattr(openid, "PATIENCE", 5 * PATIENCE)
    clock: Any = SystemClock()
    provider = OpenId(f"http://127.0.0.1:{silent.getsockname()[1]}", "the-council", "a shared secret", "市民账号")
    app, port = create_app(replace(settings, openid=provider), clock, run_jobs=False), free_port()
    with serving(Town(app, template_database[1], clock).app, port):
        yield f"http://127.0.0.1:{port}"
    app.state.site.db.close()


async def _text(client: httpx2.AsyncClient, path: str, form: dict[str, str] | None = None) -> str:
    answer = await (client.post(path, data=form) if form else client.get(path))
    assert answer.status_code in {200, 422}, answer.status_code
    return answer.text


def _came_back(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """The cookies of a browser that was sent off, and the form it comes back with."""
    facts = {"state": "s", "nonce": "n", "verifier": "v" * 64, "guard": "guard", "account": 0, "next": "/"}
    sealed = ticket(settings.secret, "provider", SystemClock().now().replace(year=2099), facts)
    form = {"csrf": csrf.token(settings.secret, "guard", None), "code": "c", "state": "s"}
    return {"guard": "guard", "provider": sealed}, form


@pytest.mark.parametrize("coming_back", [False, True])
def test_pages_and_sign_ins_go_on_while_the_provider_is_silent(
    address: str, settings: Settings, silent: socket.socket, coming_back: bool
) -> None:
    async def storm() -> None:
        cookies, form = _came_back(settings)
        limits = httpx2.Limits(max_connections=CROWD + 10)
        async with httpx2.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits, cookies=cookies) as client:
            path, sent = (RETURN, form) if coming_back else ("/sign-in/provider", None)
            asking = [asyncio.create_task(_text(client, path, sent)) for _ in range(CROWD)]
            at_once = CROWD - openid.MOST_ASKING
            await come_true(lambda: sum(one.done() for one in asking) == at_once, "the others are told at once")
            wrong = {"csrf": form["csrf"], "identifier": "13800009999", "password": "not the password"}
            assert "手机号" in await _text(client, "/sign-in")
            assert "手机号" in await _text(client, "/sign-in", wrong)
            assert sum(one.done() for one in asking) == at_once, "and who asked is still waiting"
            silent.close()
            assert sum(BUSY in text for text in await asyncio.gather(*asking)) == at_once

    asyncio.run(storm())


def test_after_the_silence_the_provider_is_asked_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "PATIENCE", 0.2)
    with httpx2.Client(base_url=address, timeout=PATIENCE) as client:
        for _ in range(openid.MOST_ASKING + 2):
            assert BUSY not in client.get("/sign-in/provider").text
