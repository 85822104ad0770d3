"""A provider that does not answer keeps those waiting who asked it, and nobody else."""

from __future__ import annotations

import asyncio
import socket
import time
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
from tests.serving import free_port, serving

CROWD = 50
BUSY = "那边的登录服务现在很慢"


@pytest.fixture
def silent() -> Iterator[str]:
    """Takes every connection, and never says a word."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(256)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


@pytest.fixture
def address(
    settings: Settings, template_database: tuple[object, the_cast.Cast], silent: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setattr(openid, "PATIENCE", 4.0)
    clock: Any = SystemClock()
    provider = OpenId(silent, "the-council", "a shared secret", "市民账号")
    app, port = create_app(replace(settings, openid=provider), clock, run_jobs=False), free_port()
    with serving(Town(app, template_database[1], clock).app, port):
        yield f"http://127.0.0.1:{port}"
    app.state.site.db.close()


async def _timed(client: httpx2.AsyncClient, path: str, form: dict[str, str] | None = None) -> tuple[float, str]:
    started = time.monotonic()
    answer = await (client.post(path, data=form) if form else client.get(path))
    assert answer.status_code in {200, 422}, answer.status_code
    return time.monotonic() - started, answer.text


def _came_back(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """The cookies of a browser that was sent off, and the form it comes back with."""
    facts = {"state": "s", "nonce": "n", "verifier": "v" * 64, "guard": "guard", "account": 0, "next": "/"}
    sealed = ticket(settings.secret, "provider", SystemClock().now().replace(year=2099), facts)
    form = {"csrf": csrf.token(settings.secret, "guard", None), "code": "c", "state": "s"}
    return {"guard": "guard", "provider": sealed}, form


@pytest.mark.parametrize("coming_back", [False, True])
def test_pages_and_sign_ins_go_on_while_the_provider_is_silent(
    address: str, settings: Settings, coming_back: bool
) -> None:
    async def storm() -> None:
        cookies, form = _came_back(settings)
        limits = httpx2.Limits(max_connections=CROWD + 10)
        async with httpx2.AsyncClient(base_url=address, timeout=40, limits=limits, cookies=cookies) as client:
            await _timed(client, "/sign-in")
            path, sent = (RETURN, form) if coming_back else ("/sign-in/provider", None)
            asking = [asyncio.create_task(_timed(client, path, sent)) for _ in range(CROWD)]
            await asyncio.sleep(1)
            page, _ = await _timed(client, "/sign-in")
            wrong = {"csrf": form["csrf"], "identifier": "13800009999", "password": "not the password"}
            sign_in, told = await _timed(client, "/sign-in", wrong)
            assert "手机号" in told
            assert page < 2.5
            assert sign_in < 2.5
            answers = await asyncio.gather(*asking)
            waited = [took for took, _ in answers if took > 3]
            assert len(waited) == openid.MOST_ASKING, "the others were told at once"
            assert sum(BUSY in text for _, text in answers) == CROWD - openid.MOST_ASKING

    asyncio.run(storm())


def test_after_the_silence_the_provider_is_asked_again(address: str, settings: Settings) -> None:
    with httpx2.Client(base_url=address, timeout=40) as client:
        for _ in range(openid.MOST_ASKING + 2):
            assert BUSY not in client.get("/sign-in/provider").text
