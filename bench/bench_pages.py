"""Pages on a real server; targets: a list or live page at most 2x a raw sqlite3 + Jinja2 page, public ones 70 % of a hello."""

from __future__ import annotations

import contextlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.bench_storm import ROOT, free_port, met, start
from bench.town import Council, Town, found

ROUNDS = 5
SECONDS = {"list": 0.3, "public": 1.0}
"""Of each page in each round; the pages take turns, so that all meet the same machine. What is public is rendered once a second,
and that belongs to it."""
LINES = 8
"""Connections at once."""
TARGET_LIST, TARGET_PUBLIC = 2.0, 0.7
SIZES, COUNCILS = (100, 1000, 10_000), (1, 10, 100)


@dataclass(frozen=True)
class Asked:
    name: str
    kind: str
    """A "list" is held against the raw page, what is "public" against the hello."""
    path: str
    token: str = ""


def pages_of(council: Council, token: str) -> list[Asked]:
    at = f"/c/{council.slug}"
    return [
        Asked("result, a stranger", "public", council.decision),
        Asked("result to print, a stranger", "public", f"{council.decision}/sheet"),
        Asked("notice of a poll, a stranger", "public", f"{council.poll}/sheet"),
        Asked("notices, a stranger", "public", f"{at}/notices"),
        Asked("first page of the council, a stranger", "public", at),
        Asked("result, signed in", "list", council.decision, token),
        Asked("notices, signed in", "list", f"{at}/notices", token),
        Asked("matters, signed in", "list", f"{at}/matters", token),
        Asked("home, signed in", "list", at, token),
        Asked("live page of a meeting, signed in", "list", f"{council.meeting}/live", token),
    ]


class Browser:
    """One connection that is asked for the same page again and again, and reads no more of an answer than it must."""

    def __init__(self, port: int, asked: Asked) -> None:
        cookie = f"guard=bench; sign-in={asked.token}" if asked.token else "guard=bench"
        self._words = f"GET {asked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
        self._path, self._rest = asked.path, b""
        self.line = socket.create_connection(("127.0.0.1", port))

    def ask(self) -> None:
        self.line.sendall(self._words)

    def read(self) -> None:
        got = self._rest
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), (self._path, head[:300])
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        self._rest = body[length:]

    def _more(self) -> bytes:
        got = self.line.recv(1 << 18)
        assert got, "the server hung up"
        return got


def ask(port: int, asked: Asked, times: int) -> None:
    """Connections kept open meanwhile, each with a request under way."""
    browsers = [Browser(port, asked) for _ in range(min(LINES, times))]
    for one in browsers:
        one.ask()
    for number in range(times):
        browsers[number % len(browsers)].read()
        if number + len(browsers) < times:
            browsers[number % len(browsers)].ask()
    for one in browsers:
        one.line.close()


class Served:
    """A server's process, what it is asked through, and the CPU that each page took there."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self._port = process, port
        self.taken: dict[Asked, list[float]] = {}
        self._at_once: dict[Asked, int] = {}

    def cpu(self) -> float:
        """Seconds; the clock of another process has its number in it (Linux)."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def take(self, page: Asked) -> None:
        times = self._at_once.get(page) or self._how_many(page)
        before = self.cpu()
        ask(self._port, page, times)
        self.taken.setdefault(page, []).append((self.cpu() - before) / times)

    def _how_many(self, page: Asked) -> int:
        ask(self._port, page, LINES)
        before = time.perf_counter()
        ask(self._port, page, 2 * LINES)
        each = (time.perf_counter() - before) / (2 * LINES)
        self._at_once[page] = max(LINES, min(20_000, int(SECONDS[page.kind] / each)))
        return self._at_once[page]

    def each(self, page: Asked) -> float:
        """Seconds of CPU for one answer."""
        return statistics.median(self.taken[page])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@contextlib.contextmanager
def app_of(folder: Path, town: Town) -> Iterator[Served]:
    port = free_port()
    served = Served(start(folder, town.url, port), port)
    try:
        yield served
    finally:
        served.stop()


@contextlib.contextmanager
def beside(folder: Path) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "bench.beside", str(port), str(folder / "council.db")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    served = Served(process, port)
    try:
        yield served
    finally:
        served.stop()


HELLO, RAW = Asked("hello", "public", "/hello"), Asked("raw", "list", "/raw")


def measure() -> Iterator[str]:
    yield "a real server over loopback, since its own work for a request belongs to both; CPU of the server's process alone"
    with tempfile.TemporaryDirectory() as name:
        yield from against_others(Path(name))
    with tempfile.TemporaryDirectory() as name:
        yield from with_more_households(Path(name))
    yield from with_more_councils()


def against_others(folder: Path) -> Iterator[str]:
    town = found(folder, [300])
    pages = pages_of(town.councils[0], town.councils[0].token)
    with app_of(folder, town) as app, beside(folder) as other:
        for _ in range(ROUNDS):
            other.take(HELLO)
            other.take(RAW)
            for page in pages:
                app.take(page)
        hello, raw = other.each(HELLO), other.each(RAW)
        yield f"a hello takes {hello * 1e6:.0f} us of CPU, a raw page of 30 rows {raw * 1e6:.0f} us"
        for page in pages:
            each = app.each(page)
            share, times = hello / each, each / raw
            target = (
                f"{share:.0%} of a hello: {met(share >= TARGET_PUBLIC)} (at least {TARGET_PUBLIC:.0%})"
                if page.kind == "public"
                else f"{times:.1f}x the raw page: {met(times <= TARGET_LIST)} (at most {TARGET_LIST:.0f}x)"
            )
            yield f"{page.name}: {each * 1e6:.0f} us, {target}"


def with_more_households(folder: Path) -> Iterator[str]:
    """Councils of all sizes in one database."""
    town = found(folder, list(SIZES))
    every = [pages_of(one, one.token) for one in town.councils]
    with app_of(folder, town) as app:
        for _ in range(ROUNDS):
            for same in zip(*every, strict=True):
                for page in same:
                    app.take(page)
        yield f"with {', '.join(map(str, SIZES))} households:"
        for same in zip(*every, strict=True):
            yield slope(same[0].name, [app.each(page) for page in same])


def with_more_councils() -> Iterator[str]:
    with contextlib.ExitStack() as stack:
        apps: list[tuple[Served, list[Asked]]] = []
        for many in COUNCILS:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            town = found(folder, [100] * many)
            middle = town.councils[many // 2]
            apps.append((stack.enter_context(app_of(folder, town)), pages_of(middle, middle.token)))
        for _ in range(ROUNDS):
            for place in range(len(apps[0][1])):
                for app, pages in apps:
                    app.take(pages[place])
        yield f"with {', '.join(map(str, COUNCILS))} councils of 100 households in one database:"
        for place, page in enumerate(apps[0][1]):
            yield slope(page.name, [app.each(pages[place]) for app, pages in apps])


def slope(name: str, each: Sequence[float]) -> str:
    return f"  {name}: {', '.join(f'{one * 1e6:.0f}' for one in each)} us, {each[-1] / each[0]:.1f}x from first to last"
