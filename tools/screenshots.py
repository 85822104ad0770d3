"""Takes the pictures in docs/screenshots from a freshly loaded sample council: python -m tools.screenshots [part of a name]."""

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, StorageState, ViewportSize, sync_playwright

from deliberation.demo.accounts import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
COUNCIL = "/c/jinxiu"
TARGET = ROOT / "docs/screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
)
SIZES: dict[str, ViewportSize] = {"phone": {"width": 375, "height": 812}, "desktop": {"width": 1280, "height": 900}}
START_SECONDS = 120


@dataclass(frozen=True)
class Picture:
    """A page as one account sees it. `path` is below the council's own; then each link that holds the given text is followed."""

    name: str
    who: str
    path: str
    links: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ("phone", "desktop")
    languages: tuple[str, ...] = ("zh", "en")


PHONE, DESKTOP = ("phone",), ("desktop",)
PICTURES = (
    Picture("sign-in", "", "/sign-in", sizes=PHONE),
    Picture("home", "owner", ""),
    Picture("work", "secretary", "/work"),
    Picture("matters", "resident", "/matters"),
    Picture("dossier", "resident", "/matters/2"),
    Picture("motion", "resident", "/motions/2", sizes=PHONE),
    Picture("meeting", "resident", "/meetings/4/live", sizes=PHONE),
    Picture("console", "secretary", "/meetings/4/console"),
    Picture("projector", "secretary", "/meetings/4/projector", sizes=DESKTOP),
    Picture("minutes", "resident", "/minutes/3"),
    Picture("poll", "owner", "/polls/3", sizes=PHONE),
    Picture("ballot", "owner", "/polls/3/ballot", sizes=PHONE),
    Picture("slip", "resident", "/polls/2/slip", sizes=PHONE),
    Picture("paper-ballots", "desk", "/polls/3/paper", sizes=DESKTOP),
    Picture("decision", "resident", "/decisions/2"),
    Picture("result-sheet", "resident", "/decisions/2/sheet", sizes=DESKTOP, languages=("zh",)),
    Picture("task", "owner", "/tasks/3", sizes=PHONE),
    Picture("notices", "resident", "/notices", sizes=PHONE),
    Picture("journal", "resident", "/log", sizes=PHONE),
    Picture("roll", "recorder", "/roll", sizes=DESKTOP),
    Picture("counted", "owner", "/residents/me", sizes=PHONE),
    Picture("home-code", "", "/c/jinxiu/home-code", sizes=PHONE),
    Picture("home-slips", "desk", "/home-slips", sizes=DESKTOP),
    Picture("proxies", "owner", "/proxies", sizes=PHONE),
)


@contextlib.contextmanager
def sample_council() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "main.py", "demo", "--data", data, "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/sign-in", server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit("the sample council did not start; try: make demo")


def signed_in(browser: Browser, url: str, who: str) -> StorageState:
    """Once for each account: a person who signs in twenty times a minute is rightly asked to wait."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    if who:
        page.fill("input[name=identifier]", who)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, url: str, picture: Picture, state: StorageState, size: str, language: str) -> Path:
    locale = "zh-CN" if language == "zh" else "en-GB"
    context = browser.new_context(viewport=SIZES[size], locale=locale, color_scheme="light", storage_state=state)
    page = context.new_page()
    page.goto(f"{url}/reading?lang={language}&back=/sign-in")
    page.goto(f"{url}{COUNCIL if picture.who else ''}{picture.path}")
    for text in picture.links:
        page.locator("main a", has_text=text).first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(300)
    file = TARGET / f"{picture.name}-{size}-{language}.png"
    page.screenshot(path=file)
    context.close()
    return file


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sample_council() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        states = {who: signed_in(browser, url, who) for who in {picture.who for picture in PICTURES}}
        for picture in PICTURES:
            if wanted in picture.name:
                for size in picture.sizes:
                    for language in picture.languages:
                        print(
                            take(browser, url, picture, states[picture.who], size, language).relative_to(ROOT),
                            flush=True,
                        )
        browser.close()


if __name__ == "__main__":
    main()
