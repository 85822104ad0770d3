"""sqlmap and wapiti against a demo server of its own: `make attack`. Exit 1 when one of them finds something."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from deliberation.i18n.catalog import word

ROOT = Path(__file__).resolve().parents[1]
MINUTES = int(os.environ.get("ATTACK_MINUTES", "10"))
"""For each tool."""
WHO, PASSWORD = "secretary", "jinxiu2026"
C = "/c/jinxiu"
PLACES = (
    f"{C}/search?q=1",
    f"{C}/log?kind=polls&month=2026-11&by=staff&page=1",
    f"{C}/residents?state=verified&q=1&page=1",
    f"{C}/residents/1?head=1",
    f"{C}/matters/similar?title=1",
    f"{C}/notices?page=1",
    "/sign-in?next=/&expired=1",
    "/reading?lang=zh&size=l&back=/",
    "/slips?code=1",
)
"""Every place that reads something out of its address."""


EXPECTED = {
    "X-XSS-Protection is not set": "browsers have dropped it; the content policy stands in its place",
    "Strict-Transport-Security is not set": "the demo is plain http on this machine; over https it is sent",
    "Secure flag is not set": "as above; over https every cookie is Secure and __Host-",
}
"""Findings that hold of a demo on this machine and of no installation."""


@dataclass
class Report:
    tool: str
    findings: list[str]
    tried: str


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def demo(folder: Path) -> Iterator[int]:
    """A sample council that nobody else uses."""
    port = free_port()
    command = [sys.executable, "main.py", "demo", "--data", str(folder / "demo"), "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None:
                raise RuntimeError("the demo did not start")
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def signed_in(port: int) -> str:
    """The cookies of the sample's moderator."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.read().decode())
    guard = re.search(r"guard=[^;]+", answer.headers["set-cookie"] or "")
    if token is None or guard is None:
        raise RuntimeError("the sign-in page has no form")
    form = urlencode({"csrf": token[1], "identifier": WHO, "password": PASSWORD})
    headers = {"Cookie": guard[0], "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/sign-in", form, headers)
    answer = line.getresponse()
    answer.read()
    cookie = re.search(r"sign-in=[^;]+", answer.headers["set-cookie"] or "")
    if cookie is None:
        raise RuntimeError("nobody could sign in")
    return f"{guard[0]}; {cookie[0]}"


def run(command: list[str], folder: Path) -> str:
    """What a tool says, at most for its minutes; a limit met is no failure."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=MINUTES * 90,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as stopped:
        return (stopped.stdout or b"").decode(errors="replace") if isinstance(stopped.stdout, bytes) else ""
    return done.stdout + done.stderr


def sqlmap(port: int, cookies: str, folder: Path) -> Report:
    """Every place, one after the other, with what is read from the address."""
    targets = folder / "targets.txt"
    targets.write_text("".join(f"http://127.0.0.1:{port}{place}\n" for place in PLACES))
    said = run(
        [
            "sqlmap",
            "-m",
            str(targets),
            f"--cookie={cookies}",
            "--batch",
            "--level=1",
            "--risk=2",
            "--threads=2",
            "--technique=BEUT",
            "--time-sec=3",
            "--flush-session",
            "--disable-coloring",
            "--ignore-redirects",
            "--drop-set-cookie",
            f"--output-dir={folder / 'sqlmap'}",
        ],
        folder,
    )
    (folder / "sqlmap.log").write_text(said)
    found = re.findall(
        r"^.*(?:is vulnerable|appears to be injectable|identified the following injection).*$", said, re.MULTILINE
    )
    tried = len(re.findall(r"testing URL", said))
    return Report("sqlmap", found, f"{tried} of {len(PLACES)} places")


EXCLUDING = """
import re
import wapitiCore.net.crawler as crawler
from wapitiCore.main.wapiti import wapiti_main
crawler.wildcard_translate = lambda place: re.compile(".*".join(map(re.escape, place.split("*"))) + r"\\Z", re.DOTALL)
wapiti_main()
"""
"""Debian's wapiti 3.0.4 cannot read its own -x under Python 3.11."""


def wapiti_command() -> list[str]:
    """With the Python that Debian's wapiti itself is started with."""
    first = Path(shutil.which("wapiti") or "").read_text(encoding="utf-8").splitlines()[0]
    return [first.removeprefix("#!").strip(), "-c", EXCLUDING]


def guarded(port: int, cookies: str, finding: dict[str, str]) -> bool:
    """Whether a form with files asks for its token. wapiti sends every field of one as a file, so that its own are refused with
    the token too; here the token is a field."""
    request = finding.get("http_request", "")
    page = re.search(r"^Referer: https?://[^/]+(\S+)", request, re.MULTILINE | re.IGNORECASE)
    if "multipart/form-data" not in request or page is None:
        return False
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", page[1], headers={"Cookie": cookies})
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', line.getresponse().read().decode())
    told = []
    for sent in ("0" * 64, token[1] if token else ""):
        body = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{sent}\r\n--b--\r\n'
        line.request(
            "POST", finding["path"], body, {"Cookie": cookies, "Content-Type": "multipart/form-data; boundary=b"}
        )
        answer = line.getresponse()
        told.append(word("refusal", "form_expired", "zh") in answer.read().decode())
    return told == [True, False]


def wapiti(port: int, cookies: str, folder: Path) -> Report:
    """All that a signed-in crawler reaches, forms too."""
    jar: dict[str, dict[str, dict[str, object]]] = {"127.0.0.1": {"/": {}}}
    for one in cookies.split("; "):
        name, _, value = one.partition("=")
        jar["127.0.0.1"]["/"][name] = {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
    (folder / "jar.json").write_text(json.dumps(jar))
    said = run(
        [
            *wapiti_command(),
            "-u",
            f"http://127.0.0.1:{port}{C}",
            "--scope",
            "domain",
            "-c",
            str(folder / "jar.json"),
            "-m",
            "exec,file,sql,xss,permanentxss,crlf,redirect,htaccess,methods,csp,cookieflags,http_headers,csrf",
            "-x",
            f"http://127.0.0.1:{port}/sign-out",
            "-x",
            f"http://127.0.0.1:{port}/demo/clock",
            "--max-scan-time",
            str(MINUTES * 25),
            "--max-attack-time",
            str(MINUTES * 3),
            "--store-session",
            str(folder),
            "--max-links-per-page",
            "40",
            "-d",
            "4",
            "-f",
            "json",
            "-o",
            str(folder / "wapiti.json"),
            "--no-bugreport",
            "--flush-session",
            "-v",
            "1",
        ],
        folder,
    )
    (folder / "wapiti.log").write_text(said)
    report = folder / "wapiti.json"
    if not report.exists():
        return Report("wapiti", ["it wrote no report: see its log"], "nothing")
    told, pages = json.loads(report.read_text()), re.findall(r"Wapiti found (\d+) URLs and forms", said)
    found = [
        f"{kind}: {one.get('method')} {one.get('path')} {one.get('parameter') or ''} {one.get('info')}"
        for part in ("vulnerabilities", "anomalies")
        for kind, some in told.get(part, {}).items()
        for one in some
        if kind != "Cross Site Request Forgery" or not guarded(port, cookies, one)
    ]
    return Report("wapiti", found, f"{pages[0] if pages else 0} addresses and forms")


TOOLS = {"sqlmap": sqlmap, "wapiti": wapiti}


def main() -> int:
    chosen = {name: tool for name, tool in TOOLS.items() if name in sys.argv[1:] or len(sys.argv) == 1}
    missing = [name for name in chosen if shutil.which(name) is None]
    for name in missing:
        print(f"{name} is not installed here (Debian: apt-get install {name}); it is left out")
    if len(missing) == len(chosen):
        return 0
    keep = Path(tempfile.mkdtemp(prefix="attack-"))
    found = 0
    for name, tool in chosen.items():
        if name not in missing:
            folder = keep / name
            folder.mkdir()
            with demo(folder) as port:
                report = tool(port, signed_in(port), folder)
            broken = len(re.findall(r'"what": "broken"', (folder / "server.log").read_text(errors="replace")))
            expected = [one for one in report.findings if any(known in one for known in EXPECTED)]
            found += len(report.findings) - len(expected) + broken
            print(
                f"{report.tool}: {report.tried}, {len(report.findings) - len(expected)} findings, {broken} answers that broke"
            )
            for one in report.findings:
                why = next((f" (no fault: {why})" for known, why in EXPECTED.items() if known in one), "")
                print(f"  {one[:300]}{why}")
    print(f"logs: {keep}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
