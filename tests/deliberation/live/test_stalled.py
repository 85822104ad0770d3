"""A phone that has stopped taking anything: it is dropped, and nobody waits for it."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from starlette.concurrency import run_in_threadpool
from starlette.types import Message

from deliberation import steps
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built
from tests.serving import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Browser:
    """One socket at the application's own door; with `stalls` nothing that is sent is ever taken."""

    def __init__(self, town: Town, built: Built, who: str, *, stalls: bool = False) -> None:
        self.town, self.stalls, self.told = town, stalls, list[dict[str, Any]]()
        self.ended, self.news = anyio.Event(), anyio.Event()
        self._connected = False
        self.scope = {
            "type": "websocket",
            "path": f"/c/jinxiu/live/meetings/{built.id}",
            "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"cookie", f"sign-in={town.cast.tokens[who]}".encode())],
            "subprotocols": [],
        }

    async def receive(self) -> Message:
        if self._connected:
            await anyio.sleep_forever()
        self._connected = True
        return {"type": "websocket.connect"}

    async def send(self, sent: Message) -> None:
        if sent["type"] == "websocket.send":
            if self.stalls:
                await anyio.sleep_forever()
            self.told.append(json.loads(sent["text"]))
            self.news.set()

    async def run(self) -> None:
        await self.town.app(self.scope, self.receive, self.send)
        self.ended.set()

    async def sees(self, words: str) -> None:
        with anyio.fail_after(PATIENCE):
            while not any(words in one.get("content", "") for one in self.told):
                await self.news.wait()
                self.news = anyio.Event()


async def test_a_stalled_reader_is_dropped_while_the_others_are_told_everything(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deliberation.live.socket.SEND_SECONDS", 0.5)
    built = await run_in_threadpool(build.opened, town)
    await run_in_threadpool(built.present, "resident")
    async with steps.live(town.site), anyio.create_task_group() as group:
        good, stalled = Browser(town, built, "resident"), Browser(town, built, "owner", stalls=True)
        group.start_soon(good.run)
        group.start_soon(stalled.run)
        await good.sees("公共收益怎样公布")
        for number in range(5):
            await run_in_threadpool(built.write, "resident", f"第 {number} 句")
            await good.sees(f"第 {number} 句")
        with anyio.fail_after(PATIENCE):
            await stalled.ended.wait()
        assert town.site.live is not None
        assert town.site.live.count == 1
        assert not good.ended.is_set()
        group.cancel_scope.cancel()


async def test_a_whole_snapshot_of_a_long_meeting_stays_small_enough_for_a_phone(town: Town) -> None:
    built = await run_in_threadpool(build.opened, town)
    await run_in_threadpool(built.present, "resident")
    for number in range(60):
        await run_in_threadpool(built.write, "resident", f"第 {number} 条" + "字" * 480)
    async with steps.live(town.site), anyio.create_task_group() as group:
        phone = Browser(town, built, "tenant")
        group.start_soon(phone.run)
        await phone.sees("第 59 条")
        size = len(json.dumps(phone.told[0], ensure_ascii=False).encode())
        group.cancel_scope.cancel()
    assert size < 120_000
