"""G16: a thousand people follow a meeting while one of them floods the server and two hundred connections dawdle."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from deliberation.council.tables import Membership
from deliberation.jobs.clock import SystemClock
from deliberation.live.hub import MOST_PER_ACCOUNT
from deliberation.people.actions import create_account, sign_in
from tests.attacks.test_catalogue_sockets import SLOW, dawdling, live_page
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built
from tests.serving import PATIENCE, Server, come_true

SOCKETS, TURNED_AWAY = 1000, 10
SENTENCES = [f"第 {number} 句话" for number in range(12)]
A_SOCKET, SLACK = 30, 160 * 1024
"""KiB of memory: for each connection, and for what a server that just began has not yet loaded."""


@pytest.fixture
def crowd(served_town: Town) -> list[str]:
    """The sign-ins of as many members as it takes to open so many sockets."""
    with served_town.write("desk") as tx:
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
        f"ws://127.0.0.1:{server.port}{live_page(built)}",
        additional_headers={"Cookie": f"guard=g; sign-in={token}"},
        compression=None,
        open_timeout=PATIENCE,
        ping_interval=None,
    )


async def follow(socket: ClientConnection, heard: set[str]) -> None:
    async for message in socket:
        shown = json.loads(message).get("content", "")
        heard.update(one for one in SENTENCES if one in shown)


@asynccontextmanager
async def flood(server: Server, built: Built, token: str) -> AsyncIterator[dict[str, int]]:
    """One member's browser gone mad: all the sockets it gets, talking without end and never listening; and pages, without end."""
    count = {"said": 0, "pages": 0, "turned away": 0}

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
        async with httpx2.AsyncClient(base_url=server.address, timeout=PATIENCE) as client:
            while True:
                await client.get(f"{built.at}/live", headers={"Cookie": f"sign-in={token}"})
                count["pages"] += 1

    tasks = [asyncio.create_task(talk()) for _ in range(MOST_PER_ACCOUNT + TURNED_AWAY)] + [
        asyncio.create_task(browse()) for _ in range(4)
    ]
    try:
        yield count
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def say_all(server: Server, built: Built) -> None:
    """Nobody starves: each sentence is written. How quickly depends on the machine's other work."""
    headers = {"Cookie": server.cookies}
    with httpx2.Client(base_url=server.address, headers=headers, timeout=PATIENCE) as client:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(f"{built.at}/live").text)
        assert found
        for sentence in SENTENCES:
            form = {"csrf": found[1], "statement": sentence}
            assert client.post(f"{built.at}/statements", data=form).status_code == 303
            time.sleep(0.5)


@pytest.mark.long
def test_g16_a_thousand_are_told_everything_while_one_floods_and_two_hundred_dawdle(
    served_town: Town, server: Server, crowd: list[str]
) -> None:
    built = build.opened(served_town)
    built.present("resident")
    with served_town.db.write(SystemClock().now()) as tx:
        mad = sign_in(tx, served_town.cast.ids["neighbor"], "test")

    async def meeting() -> dict[str, int]:
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
                await come_true(lambda: count["said"] and count["pages"], "nobody floods")
                await asyncio.to_thread(say_all, server, built)
                await come_true(
                    lambda: all(len(one) == len(SENTENCES) for one in heard), "not all were told everything"
                )
                await come_true(
                    lambda: count["turned away"] >= TURNED_AWAY, "too many sockets stay open for one person"
                )
                assert not any(one.done() for one in followers), "nobody was dropped"
            return count

    before = server.memory("VmRSS")
    count = asyncio.run(meeting())
    grown = server.memory("VmHWM") - before
    assert grown < (SOCKETS + SLOW + MOST_PER_ACCOUNT) * A_SOCKET + SLACK, count
