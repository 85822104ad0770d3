"""A sign-in storm against a real server; targets: 90 % of cores / CPU-per-hash, other pages' p99 at most 3x of when it is idle."""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from deliberation.council.actions import make_council
from deliberation.db.engine import Database
from deliberation.db.migrate import migrate
from deliberation.jobs.clock import SystemClock
from deliberation.people import passwords
from deliberation.people.actions import create_account

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 1500
CLIENTS = 24
SECONDS = 10.0
PASSWORD = "the same for all"
PAGE = "/c/storm/notices"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
TARGET_SHARE, TARGET_P99 = 0.9, 3.0


def write_town(folder: Path) -> str:
    url = f"sqlite:///{folder / 'council.db'}"
    migrate(url)
    hashed = passwords.make(PASSWORD)
    db = Database(url)
    with db.write(SystemClock().now()) as tx:
        admin = create_account(tx, name="平台", sign_in_name="admin", platform_admin=True)
        tx.actor_id = admin.id
        make_council(tx, slug="storm", name="风暴议事会", compound="风暴小区", community="风暴社区")
        for number in range(PEOPLE):
            create_account(tx, name="邻居", phone=f"1350000{number:04d}", password_hash=hashed)
    db.close()
    return url


def cpu_of_a_hash() -> float:
    hashed, times = passwords.make(PASSWORD), []
    for _ in range(25):
        started = time.process_time()
        passwords.fits(hashed, PASSWORD)
        times.append(time.process_time() - started)
    return statistics.median(times)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(folder: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "main.py", "serve", "--port", str(port), "--data", str(folder), "--database", url]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def look(port: int, seconds: float) -> list[float]:
    """Seconds for a page, asked for ten times a second as one neighbor among the storm."""
    line, times, until = http.client.HTTPConnection("127.0.0.1", port), list[float](), time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.perf_counter()
        line.request("GET", PAGE)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append(time.perf_counter() - started)
        time.sleep(0.02)
    return times


class Crowd:
    """Browsers that sign in, one person after the other, as fast as they are let."""

    def __init__(self, port: int) -> None:
        self.port, self.done, self.other = port, 0, 0
        self._next, self._turn, self._until = 0, threading.Lock(), 0.0

    def storm(self, seconds: float) -> float:
        """Sign-ins a second."""
        started = time.monotonic()
        self._until = started + seconds
        threads = [threading.Thread(target=self._browser) for _ in range(CLIENTS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return self.done / (time.monotonic() - started)

    def _browser(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", "/sign-in")
        answer = line.getresponse()
        page = answer.read().decode()
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        guard = re.search(r"guard=([^;]+)", answer.headers["set-cookie"] or "")
        assert token
        assert guard
        headers = {"Cookie": f"guard={guard[1]}", "Content-Type": "application/x-www-form-urlencoded"}
        while time.monotonic() < self._until:
            with self._turn:
                number, self._next = self._next % PEOPLE, self._next + 1
            form = {"csrf": token[1], "identifier": f"1350000{number:04d}", "password": PASSWORD}
            line.request("POST", "/sign-in", urlencode(form), headers)
            answer = line.getresponse()
            answer.read()
            with self._turn:
                self.done += answer.status == 303
                self.other += answer.status != 303


def met(held: bool) -> str:
    return "met" if held else "MISSED"


def p99(times: list[float]) -> float:
    return sorted(times)[max(0, int(len(times) * 0.99) - 1)]


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process has had (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        url = write_town(folder)
        server = start(folder, url, port)
        try:
            look(port, 1)
            hash_cpu, idle = cpu_of_a_hash(), look(port, SECONDS / 2)
            crowd, seen = Crowd(port), list[float]()
            watcher = threading.Thread(target=lambda: seen.extend(look(port, SECONDS)))
            before, own = cpu_of(server.pid), time.process_time()
            watcher.start()
            rate = crowd.storm(SECONDS)
            watcher.join()
            used, own = cpu_of(server.pid) - before, time.process_time() - own
        finally:
            server.terminate()
            server.wait(30)
    best, share, got = CORES / hash_cpu, rate * hash_cpu / CORES, crowd.done * hash_cpu / used
    slower = p99(seen) / p99(idle)
    yield f"a hash takes {hash_cpu * 1000:.1f} ms of CPU; {CORES} cores could do {best:.0f} a second"
    yield f"{rate:.0f} sign-ins a second, {crowd.other} turned away"
    yield f"the server had {used / SECONDS:.2f} cores, the browsers {own / SECONDS:.2f}: less than all where others work too"
    yield f"of all cores: {share:.0%}: {met(share >= TARGET_SHARE)} (at least {TARGET_SHARE:.0%})"
    yield f"of the CPU time the server got: {got:.0%}: {met(got >= TARGET_SHARE)} (at least {TARGET_SHARE:.0%})"
    yield f"a page's p99 {p99(idle) * 1000:.1f} ms idle, {p99(seen) * 1000:.1f} ms in the storm"
    yield f"that is {slower:.1f}x: {met(slower <= TARGET_P99)} (at most {TARGET_P99:.0f}x)"
