"""An app behind a real server on a port of this machine: in a thread of the test's own process, or in a process as it is run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[1]
PATIENCE = 240.0
"""Seconds to wait for what must come, however slow the machine: a test waits for a condition, never for a time to pass."""
PORTS = range(12_000, 32_000)
"""Below those that connections going out are given: between choosing one and binding it nobody else is handed it."""
_SHARE, _WORKER = 2_000, int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
_chance = random.SystemRandom()


def free_port() -> int:
    """One of this worker's own share."""
    mine = PORTS[_WORKER * _SHARE % len(PORTS) :][:_SHARE]
    for port in _chance.sample(mine, len(mine)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def wait_until(so: Callable[[], object], what: str) -> None:
    """Until it is so; `what` is said when it never is."""
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end, what
        time.sleep(0.02)


async def come_true(so: Callable[[], object], what: str = "it never came true") -> None:
    """The same in an event loop."""
    for _ in range(int(PATIENCE / 0.02)):
        if so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(what)


@contextlib.contextmanager
def serving(app: Any, port: int) -> Iterator[None]:
    config = uvicorn.Config(app, host="127.0.0.1", port=port, ws="websockets-sansio", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive(), "the server did not start")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


class Server:
    """`python main.py serve` on a town's own database, seen by one signed-in person."""

    def __init__(self, data: Path, url: str, token: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.cookies = f"guard=g; sign-in={token}"
        self._command = [sys.executable, "main.py", "serve", "--port", str(self.port), "--data", str(data)]
        self._command += ["--database", url]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._is_up, "the server did not come up")

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the server ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def memory(self, what: str) -> int:
        """KiB that it has: "VmRSS" now, "VmHWM" the most there ever was."""
        assert self._process is not None
        found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{self._process.pid}/status").read_text())
        assert found is not None
        return int(found[1])

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)
            self._process = None

    def listen(self, path: str, **options: Any) -> ClientConnection:
        """A socket of that person's."""
        given = {"additional_headers": {"Cookie": self.cookies}, "compression": None, "open_timeout": PATIENCE}
        return connect(f"ws://127.0.0.1:{self.port}{path}", **{**given, **options})

    def send_form(self, page: str, action: str, **fields: str) -> int:
        """As a browser without JavaScript would: open the page, send its form."""
        headers = {"Cookie": self.cookies}
        with httpx2.Client(base_url=self.address, headers=headers, timeout=PATIENCE) as client:
            found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
            assert found is not None
            return client.post(action, data={"csrf": found[1], **fields}).status_code
