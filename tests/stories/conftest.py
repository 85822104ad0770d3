"""Whole journeys: a real server process with a real database, and a real Chromium with one context for each person."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import COUNCIL
from tests.stories.serve_cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
AXE = (ROOT / "tests/vendor/axe.min.js").read_text("utf-8")
PHONE = {"width": 375, "height": 812}
LAPTOP = {"width": 1280, "height": 900}
PHONES = {who: f"138000000{number:02d}" for number, who in enumerate(COUNCIL)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A server process that can be stopped and started again on the same data and port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.output = (folder / "server.log").open("ab")

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.stories.serve_cast", str(self.folder), str(self.port)],
            cwd=ROOT,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "server.log").read_text("utf-8"))
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError("the server did not start: " + (self.folder / "server.log").read_text("utf-8"))

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.process = None

    def restart(self, how: int = signal.SIGTERM) -> None:
        self.stop(how)
        self.start()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    running.start()
    yield running
    running.stop()
    running.output.close()
    assert "Traceback" not in (tmp_path / "server.log").read_text("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
        flags += ["--disable-component-update", "--disable-sync"]
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield started
        started.close()


class Someone:
    """A person at their own device: signs in through the page, reads, taps and types."""

    def __init__(self, context: BrowserContext, server: Server, *, lang: str, js: bool) -> None:
        self.context, self.server, self.lang, self.js = context, server, lang, js
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        # A lost websocket is what some stories are about; anything else in the console is a fault of ours.
        if message.type == "error" and not re.search(r"WebSocket|ERR_CONNECTION|status of (4|5)\d\d", message.text):
            self.faults.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.server.url + path)

    def sign_in(self, who: str) -> Someone:
        self.open("/sign-in")
        self.page.fill("input[name=identifier]", PHONES[who])
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def fits(self) -> None:
        """No sideways scrolling, no console fault, and axe finds nothing on the page as it stands."""
        wide = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]") if self.js else None
        if wide:
            assert wide[0] <= wide[1], f"{self.page.url} scrolls sideways: {wide}"
            found = violations(self.page)
            assert found == [], f"{self.page.url}\n" + "\n".join(found)
        assert self.faults == []


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in found["violations"]
    ]


class Crowd:
    """Opens a device for each person of a story, all in one language and size, and closes them at the end."""

    def __init__(self, browser: Browser, server: Server, *, lang: str, viewport: dict[str, int], js: bool) -> None:
        self.browser, self.server, self.lang, self.viewport, self.js = browser, server, lang, viewport, js
        self.people: dict[str, Someone] = {}

    def __getitem__(self, who: str) -> Someone:
        if who not in self.people:
            context = self.browser.new_context(
                viewport={"width": self.viewport["width"], "height": self.viewport["height"]},
                java_script_enabled=self.js,
                bypass_csp=False,
                reduced_motion="reduce",
            )
            context.add_cookies([{"name": "lang", "value": self.lang, "url": self.server.url}])
            self.people[who] = Someone(context, self.server, lang=self.lang, js=self.js).sign_in(who)
        return self.people[who]

    def close(self) -> None:
        for someone in self.people.values():
            someone.context.close()
