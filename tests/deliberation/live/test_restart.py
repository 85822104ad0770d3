"""A real server that stops in the middle of a meeting: pages come back by themselves and find everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from deliberation.jobs.clock import SystemClock
from deliberation.live import wire
from deliberation.people.actions import sign_in
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.serving import PATIENCE, Server


@pytest.fixture
def server(town: Town, tmp_path: Path) -> Iterator[Server]:
    # A served program goes by the real clock, in which the cast's own sign-ins are long over.
    with town.db.write(SystemClock().now()) as tx:
        token = sign_in(tx, town.cast.ids["resident"], "test")
    found = Server(tmp_path, town.site.settings.database_url, token)
    yield found
    found.stop()


def shown(client: ClientConnection, words: str) -> str:
    """The next message that shows these words."""
    for _ in range(10):
        told = json.loads(client.recv(timeout=PATIENCE))
        if words in told.get("content", ""):
            return str(told["content"])
    raise AssertionError(f"{words} was not shown")


@pytest.mark.long
def test_a_restart_in_mid_meeting_loses_nothing_and_the_page_that_comes_back_sees_all(
    town: Town, server: Server
) -> None:
    built = build.opened(town)
    built.present("resident", "owner")
    built.open_item()
    built.ask("owner")
    live = built.at.replace("/meetings", "/live/meetings")

    server.start()
    with server.listen(live) as client:
        shown(client, "郑志婷")
        assert server.send_form(f"{built.at}/live", f"{built.at}/turns") == 303
        shown(client, "谢玉志")
        server.stop()
        with pytest.raises(ConnectionClosed) as end:
            client.recv(timeout=PATIENCE)
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == wire.RESTART

    # What the server had kept, and what came into the database while it was away.
    built.write("owner", "停机时写下的话")
    server.start()
    with server.listen(live) as client:
        all_of_it = shown(client, "已到会 2 人")
        for words in ("郑志婷", "谢玉志", "停机时写下的话", "充电桩放在架空层"):
            assert words in all_of_it
        assert server.send_form(f"{built.at}/live", f"{built.at}/statements", statement="重启后的话") == 303
        shown(client, "重启后的话")
