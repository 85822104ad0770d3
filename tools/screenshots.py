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

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from deliberation.demo.accounts import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
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


PICTURES = (Picture("sign-in", "", "/sign-in"),)


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


def sign_in(page: Page, url: str, who: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("input[name=identifier]", who)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def take(browser: Browser, url: str, picture: Picture, size: str, language: str) -> Path:
    locale = "zh-CN" if language == "zh" else "en-GB"
    context = browser.new_context(viewport=SIZES[size], locale=locale, color_scheme="light")
    page = context.new_page()
    page.goto(f"{url}/reading?lang={language}&back=/sign-in")
    council = ""
    if picture.who:
        sign_in(page, url, picture.who)
        council = (page.locator("a.brand").get_attribute("href") or "").rstrip("/")
    page.goto(url + council + picture.path)
    for text in picture.links:
        page.locator("main a", has_text=text).first.click()
        page.wait_for_load_state()
    file = TARGET / f"{picture.name}-{size}-{language}.png"
    page.screenshot(path=file, full_page=True)
    context.close()
    return file


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sample_council() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for picture in PICTURES:
            if wanted in picture.name:
                for size in picture.sizes:
                    for language in picture.languages:
                        print(take(browser, url, picture, size, language).relative_to(ROOT), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
