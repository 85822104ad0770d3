"""What the stories stand on: a server process that can be killed, and people at their own devices in a real Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from deliberation.i18n.catalog import Lang, translations, word
from tests.cast import COUNCIL
from tests.serving import PATIENCE, free_port, wait_until
from tests.stories.serve_cast import PASSWORD

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
AXE = (ROOT / "tests/vendor/axe.min.js").read_text("utf-8")
PHONES = {who: f"138000000{number:02d}" for number, who in enumerate(COUNCIL)}
LOST = re.compile(r"WebSocket|ERR_CONNECTION|htmx:ws:error|Failed to fetch|status of (4|5)\d\d")
POLICY = "Content Security Policy"
SLOWEST = 1000 * PATIENCE
"""Milliseconds for whatever a page does: no story is about how quick the machine is."""
expect.set_options(timeout=SLOWEST)
SIZES = {"phone": (375, 812), "laptop": (1280, 900)}
SEEN: defaultdict[tuple[Lang, str], set[str]] = defaultdict(set)
"""Kinds of pages that axe has looked at, in each language and size: another story that comes by need not do it again."""


class Server:
    """A server process that can be stopped and started again on the same data and port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.output = (folder / "server.log").open("ab")

    @property
    def command(self) -> list[str]:
        return ["-m", "tests.stories.serve_cast", str(self.folder), str(self.port)]

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.command],
            cwd=ROOT,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        wait_until(self._answers, "the server did not start")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the server ended: {self.log}"
        try:
            with urllib.request.urlopen(f"{self.url}/sign-in", timeout=PATIENCE) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text("utf-8")

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def end(self) -> None:
        self.stop()
        self.output.close()
        assert "Traceback" not in self.log, self.log


class DemoServer(Server):
    """The sample council as `make demo` serves it."""

    @property
    def command(self) -> list[str]:
        return ["main.py", "demo", "--data", str(self.folder / "demo"), "--port", str(self.port)]


class Someone:
    """A person at their own device: reads, taps and types, and finds what they need by its words."""

    def __init__(self, context: BrowserContext, server: Server, *, lang: Lang, js: bool) -> None:
        self.context, self.server, self.lang, self.js = context, server, lang, js
        self.page: Page = context.new_page()
        self.page.set_default_timeout(SLOWEST)
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)

    def _console(self, message: Any) -> None:
        # A lost websocket is what some stories are about; a bad status is told by the response itself. What the content
        # security policy refused is always a fault, whatever it was about.
        if message.type == "error" and (POLICY in message.text or not LOST.search(message.text)):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.url}: {response.status}")

    # --- words -----------------------------------------------------------------------------------------------------
    def say(self, text: str, **facts: object) -> str:
        """An English sentence of the app as this person reads it."""
        translated = translations(self.lang).gettext(text)
        assert self.lang == "en" or translated != text, f"the app no longer says: {text}"
        return translated % facts if facts else translated

    def word(self, section: str, code: str, **facts: object) -> str:
        return word(section, code, self.lang, **facts)

    # --- going about -----------------------------------------------------------------------------------------------
    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.server.url + path)
        self.fits()

    def sign_in(self, who: str) -> Someone:
        self.open("/sign-in")
        self.page.fill("input[name=identifier]", PHONES[who])
        self.page.fill("input[name=password]", PASSWORD)
        self.press("Sign in")
        assert "/sign-in" not in self.page.url
        return self

    def asked(self, need: str) -> None:
        """Go home and take up what the page asks of this person."""
        self.follow("Home", ".site-nav")
        self.follow(self.word("need_button", need), "main", raw=True)

    def _go(self, control: Locator) -> None:
        with self.page.expect_navigation(wait_until="load"):
            control.click()
        self.fits()

    def follow(self, words: str, inside: str = "body", *, raw: bool = False) -> None:
        """Follow the link of these words; `raw`: they are somebody's own, not the app's."""
        name = words if raw else self.say(words)
        self._go(self.page.locator(inside).get_by_role("link", name=name, exact=True).first)

    def follow_to(self, place: str, inside: str = "main") -> None:
        """Follow the first link that leads to such a place, where its words are somebody's own."""
        self._go(self.page.locator(inside).locator(f"a[href*='{place}']").first)

    def button(self, words: str, inside: str = "main") -> Locator:
        return self.page.locator(inside).get_by_role("button", name=words, exact=True).first

    def press(self, words: str, inside: str = "main", *, raw: bool = False, live: bool = False) -> None:
        """Press the button of these words; `live`: with JavaScript only a part of the page changes."""
        control = self.button(words if raw else self.say(words), inside)
        if live and self.js:
            with self.page.expect_response(lambda response: response.request.method == "POST"):
                control.click()
            expect(self.page.locator(".htmx-request")).to_have_count(0)
        else:
            self._go(control)

    def unfold(self, words: str) -> None:
        summary = self.page.locator("summary", has_text=self.say(words)).first
        if summary.evaluate("one => !one.parentElement.open"):
            summary.click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]:visible").first.fill(value)

    def stretch(self, name: str) -> None:
        """Drag the corner of a text field, as far as the browser notes it: in the field's style attribute."""
        if self.js:
            self.page.locator(f"main [name={name}]:visible").first.evaluate("one => { one.style.height = '180px'; }")

    def choose(self, name: str, value: str) -> None:
        """Tick the radio button of this name and value by its label, as a thumb does."""
        field = self.page.locator(f"main input[name={name}][value='{value}']").first
        self.page.locator(f"label[for='{field.get_attribute('id')}']").first.click()
        expect(field).to_be_checked()

    def reads(self, *texts: str, inside: str = "main") -> None:
        for text in texts:
            expect(self.page.locator(inside).first).to_contain_text(text)

    def told(self, code: str) -> None:
        """The confirmation after an act stands on the page that follows."""
        expect(self.page.locator(".flash")).to_contain_text(self.word("said", code))

    def fresh(self) -> None:
        """Without JavaScript a live page is looked at again by hand."""
        if not self.js:
            self.page.reload()

    def later(self, step: Literal["hour", "day", "fortnight"], times: int = 1) -> None:
        """Travel in time by the demonstration's bar on whatever page is open."""
        words = {"hour": "An hour later", "day": "A day later", "fortnight": "Two weeks later"}[step]
        for _ in range(times):
            self.unfold("Change the time")
            self.press(words, ".demo-bar")

    # --- what must hold on every page --------------------------------------------------------------------------------
    def fits(self) -> None:
        """No sideways scrolling, no bad answer or console fault; axe finds nothing on a page not looked at before."""
        if self.js:
            wide = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert wide[0] <= wide[1], f"{self.page.url} scrolls sideways: {wide}"
            shown = kind_of_page(self.page)
            if shown not in self.seen:
                self.seen.add(shown)
                found = violations(self.page)
                assert found == [], f"{self.page.url}\n" + "\n".join(found)
        assert self.faults == [], self.faults


def kind_of_page(page: Page) -> str:
    """Two pages of one kind have the same address and headings but for numbers."""
    heads = page.evaluate("[...document.querySelectorAll('h1, h2')].map(one => one.textContent.trim()).join('|')")
    return re.sub(r"\d+", "#", f"{page.url.split('?')[0]} {heads}")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds; `rules`: only these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in found["violations"]
    ]


class Crowd:
    """Opens a device for each person of a story, all in one language and size, and closes them at the end."""

    def __init__(
        self, browser: Browser, server: Server, *, lang: Lang = "zh", size: str = "phone", js: bool = True
    ) -> None:
        self.browser, self.server, self.lang, self.size, self.js = browser, server, lang, size, js
        self.people: dict[str, Someone] = {}
        self.seen = SEEN[lang, size]

    def stranger(self) -> Someone:
        width, height = SIZES[self.size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=self.js, reduced_motion="reduce"
        )
        context.add_cookies([{"name": "lang", "value": self.lang, "url": self.server.url}])
        someone = Someone(context, self.server, lang=self.lang, js=self.js)
        someone.seen = self.seen
        return someone

    def __getitem__(self, who: str) -> Someone:
        if who not in self.people:
            self.people[who] = self.stranger()
            if who != "anonymous":
                self.people[who].sign_in(who)
        return self.people[who]

    def forget(self) -> None:
        for someone in self.people.values():
            someone.context.close()

    def close(self) -> None:
        self.forget()
        faults = [fault for someone in self.people.values() for fault in someone.faults]
        assert faults == [], faults
