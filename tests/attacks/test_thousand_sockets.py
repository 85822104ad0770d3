"""G16: a thousand people follow a meeting while one of them floods the server and two hundred connections dawdle."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from deliberation.council.tables import Membership
from deliberation.jobs.clock import SystemClock
from deliberation.live.hub import MOST_PER_ACCOUNT
from deliberation.people.actions import create_account, sign_in
from tests.attacks.test_catalogue_sockets import SLOW, dawdling
from tests.conftest import Town
from tests.deliberation.live.test_restart import Server
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built

SOCKETS = 1000
SENTENCES = [f"第 {number} 句话" for number in range(12)]
A_SOCKET, SLACK = 30, 160 * 1024
"""KiB of memory: for each connection, and for what a server that just began has not yet loaded."""
AT_WORST = 30.0
"""Seconds for a sentence in the middle of all this: nobody starves. How quick it is depends on the machine's other work."""


def memory(process: int, what: str) -> int:
    """KiB; "VmRSS" now, "VmHWM" the most there ever was."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1])


@pytest.fixture
def crowd(town: Town) -> list[str]:
    """The sign-ins of as many members as it takes to open so many sockets."""
    with town.write("desk") as tx:
        tokens = []
        for number in range(-(-SOCKETS // MOST_PER_ACCOUNT)):
            account = create_account(tx, name=f"邻居{number}")
            place = f"9幢{number:04d}"
            tie = Membership(council_id=tx.council, account_id=account.id, tie="tenant", home=place, asked_at=tx.now)
            tie.state = "verified"
            tx.session.add(tie)
            tx.now, then = SystemClock().now(), tx.now
            tokens.append(sign_in(tx, account.id, "test"))
            tx.now = then
    return tokens


async def open_one(server: Server, built: Built, token: str) -> ClientConnection:
    return await connect(
        f"ws://127.0.0.1:{server.port}{built.at.replace('/meetings', '/live/meetings')}",
        additional_headers={"Cookie": f"guard=g; sign-in={token}"},
        compression=None,
        open_timeout=60,
        ping_interval=None,
    )


async def follow(socket: ClientConnection, heard: set[str]) -> None:
    async for message in socket:
        shown = json.loads(message).get("content", "")
        heard.update(one for one in SENTENCES if one in shown)


@asynccontextmanager
async def flood(server: Server, built: Built, token: str) -> AsyncIterator[dict[str, int]]:
    """One member's browser gone mad: all the sockets it gets, talking without end and never listening; and pages, without end."""
    count, turned_away = {"said": 0, "pages": 0, "turned away": 0}, MOST_PER_ACCOUNT + 10

    async def talk() -> None:
        socket = await open_one(server, built, token)
        try:
            while True:
                for _ in range(50):
                    await socket.send("ping")
                    count["said"] += 1
                await asyncio.sleep(0.01)
        except (ConnectionClosed, OSError):
            count["turned away"] += 1
        finally:
            socket.transport.abort()

    async def browse() -> None:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
            while True:
                await client.get(f"{built.at}/live", headers={"Cookie": f"sign-in={token}"})
                count["pages"] += 1

    tasks = [asyncio.create_task(talk()) for _ in range(turned_away)] + [
        asyncio.create_task(browse()) for _ in range(4)
    ]
    try:
        yield count
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def say_all(server: Server, built: Built) -> list[float]:
    """Seconds that each sentence took to be written."""
    took, headers = [], {"Cookie": server.cookies}
    with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers, timeout=60) as client:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(f"{built.at}/live").text)
        assert found
        for sentence in SENTENCES:
            started = time.monotonic()
            form = {"csrf": found[1], "statement": sentence}
            assert client.post(f"{built.at}/statements", data=form).status_code == 303
            took.append(time.monotonic() - started)
            time.sleep(0.5)
    return took


@pytest.mark.long
def test_g16_a_thousand_are_told_everything_while_one_floods_and_two_hundred_dawdle(
    town: Town, server: Server, crowd: list[str]
) -> None:
    built = build.opened(town)
    built.present("resident")
    with town.db.write(SystemClock().now()) as tx:
        mad = sign_in(tx, town.cast.ids["neighbor"], "test")

    async def meeting() -> tuple[list[set[str]], list[float], dict[str, int]]:
        heard: list[set[str]] = [set() for _ in range(SOCKETS)]
        async with AsyncExitStack() as closing:
            sockets = []
            for start in range(0, SOCKETS, 50):
                wanted = [open_one(server, built, crowd[n // MOST_PER_ACCOUNT]) for n in range(start, start + 50)]
                sockets += await asyncio.gather(*wanted)
            for one in sockets:
                closing.push_async_callback(one.close)
            followers = [asyncio.create_task(follow(*pair)) for pair in zip(sockets, heard, strict=True)]
            for number in range(SLOW):
                closing.callback(dawdling(server.port, number % 2).close)
            async with flood(server, built, mad) as count:
                await asyncio.sleep(2)
                took = await asyncio.to_thread(say_all, server, built)
                for _ in range(600):
                    if all(len(one) == len(SENTENCES) for one in heard):
                        break
                    await asyncio.sleep(0.1)
                assert not any(one.done() for one in followers), "nobody was dropped"
            return heard, took, count

    before = memory(server.pid, "VmRSS")
    heard, took, count = asyncio.run(meeting())
    grown = memory(server.pid, "VmHWM") - before
    facts: dict[str, Any] = {"grown KiB": grown, "took": took, **count}
    assert sum(len(one) == len(SENTENCES) for one in heard) == SOCKETS, facts
    assert grown < (SOCKETS + SLOW + MOST_PER_ACCOUNT) * A_SOCKET + SLACK, facts
    assert max(took) < AT_WORST, facts
    assert count["turned away"] >= 10, facts
    assert count["pages"] > 0, facts
