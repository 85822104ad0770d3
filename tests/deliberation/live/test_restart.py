"""A real server that stops in the middle of a meeting: pages come back by themselves and find everything."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from deliberation.jobs.clock import SystemClock
from deliberation.live import wire
from deliberation.people.actions import sign_in
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """`python main.py serve` on the town's own database, seen by one signed-in person."""

    def __init__(self, data: Path, url: str, token: str) -> None:
        self.port = free_port()
        self.cookies = f"guard=g; sign-in={token}"
        self._command = [
            sys.executable,
            "main.py",
            "serve",
            "--port",
            str(self.port),
            "--data",
            str(data),
            "--database",
            url,
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self._process.poll() is None, "the server ended"
            time.sleep(0.1)
        raise AssertionError("the server did not come up")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def listen(self, built: Built) -> ClientConnection:
        address = f"ws://127.0.0.1:{self.port}/c/jinxiu/live/meetings/{built.id}"
        return connect(address, additional_headers={"Cookie": self.cookies}, compression=None, open_timeout=20)

    def send_form(self, page: str, action: str, **fields: str) -> int:
        """As a browser without JavaScript would: open the page, send its form."""
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Cookie": self.cookies}, timeout=20
        ) as client:
            found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
            assert found is not None
            return client.post(action, data={"csrf": found[1], **fields}).status_code


@pytest.fixture
def server(town: Town, tmp_path: Path) -> Iterator[Server]:
    # A served program goes by the real clock, in which the cast's own sign-ins are long over.
    with town.db.write(SystemClock().now()) as tx:
        token = sign_in(tx, town.cast.ids["resident"], "test")
    found = Server(tmp_path, town.site.settings.database_url, token)
    yield found
    found.stop()


def content(client: ClientConnection) -> str:
    for _ in range(10):
        told = json.loads(client.recv(timeout=20))
        if "content" in told:
            return str(told["content"])
    raise AssertionError("nothing was shown")


@pytest.mark.long
def test_a_restart_in_mid_meeting_loses_nothing_and_the_page_that_comes_back_sees_all(
    town: Town, server: Server
) -> None:
    built = build.opened(town)
    built.present("resident", "owner")
    built.open_item()
    built.ask("owner")

    server.start()
    with server.listen(built) as client:
        assert "郑志婷" in content(client)
        assert server.send_form(f"{built.at}/live", f"{built.at}/turns") == 303
        assert "谢玉志" in content(client)
        server.stop()
        with pytest.raises(ConnectionClosed) as end:
            client.recv(timeout=20)
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == wire.RESTART

    # What the server had kept, and what came into the database while it was away.
    built.write("owner", "停机时写下的话")
    server.start()
    with server.listen(built) as client:
        shown = content(client)
        for words in ("已到会 2 人", "郑志婷", "谢玉志", "停机时写下的话", "充电桩放在架空层"):
            assert words in shown
        assert server.send_form(f"{built.at}/live", f"{built.at}/statements", statement="重启后的话") == 303
        assert "重启后的话" in content(client)
