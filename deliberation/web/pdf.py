"""A printed sheet as PDF, from the same template as the page; needs system libraries that a machine may lack."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response

from deliberation.web.render import STATIC

HOME = "http://sheet.invalid"
"""Addresses in the sheet are resolved against this and answered from the static folder; nothing is fetched."""

MOST_KEPT = 16
_kept: dict[str, bytes] = {}
"""Finished files by the hash of the sheet they were made from: the same sheet is never made twice in a row."""
_one_at_a_time = threading.Lock()


class CannotPrint(Exception):
    """This machine has no WeasyPrint, lacks its libraries, or has no font with Chinese characters."""


class Busy(Exception):
    """Another file is under way; who waited for it would hold a worker that somebody needs to cast a ballot."""


def of(html: str) -> bytes:
    """The sheet as PDF, kept or newly made. Raises CannotPrint or Busy; never waits for another one."""
    name = hashlib.sha256(html.encode()).hexdigest()
    if (found := _kept.get(name)) is not None:
        return found
    with _alone():
        _kept[name] = body = make(html)
        while len(_kept) > MOST_KEPT:
            del _kept[next(iter(_kept))]
    return body


def once(html: str) -> bytes:
    """The same for a sheet that is handed out a single time: nothing of it stays in memory."""
    with _alone():
        return make(html)


def answer(sheet: Callable[[str], Response], name: str, *, handed_out_once: bool = False) -> Response:
    """A sheet as a file, or where none can be made the sheet itself with an apology, to be printed from the browser.

    `sheet` is given the apology: "", "cannot" or "busy".
    """
    html = bytes(sheet("").body).decode()
    try:
        body = once(html) if handed_out_once else of(html)
    except (CannotPrint, Busy) as problem:
        response = sheet("busy" if isinstance(problem, Busy) else "cannot")
    else:
        response = Response(body, media_type="application/pdf")
        response.headers["content-disposition"] = f'inline; filename="{name}"'
    if handed_out_once:
        response.headers["cache-control"] = "no-store"
    return response


@contextmanager
def _alone() -> Iterator[None]:
    if not _one_at_a_time.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _one_at_a_time.release()


def make(html: str) -> bytes:
    """Raises CannotPrint."""
    if not _library() or not _chinese_font():
        raise CannotPrint
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = (STATIC / urlsplit(url).path.removeprefix("/static/")).resolve()
            if not url.startswith(f"{HOME}/static/") or STATIC.resolve() not in path.parents:
                raise ValueError(url)
            kind = {".css": "text/css", ".svg": "image/svg+xml"}.get(path.suffix, "application/octet-stream")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    document = HTML(string=html, base_url=f"{HOME}/", url_fetcher=OwnFiles())
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


@cache
def _library() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        # OSError is what a missing Pango library looks like.
        return False
    return True


@cache
def _chinese_font() -> bool:
    """Without one the PDF would be full of empty boxes. Where fontconfig's tool is missing, believe there is one."""
    tool = shutil.which("fc-list")
    if tool is None:
        return True
    return bool(subprocess.run([tool, ":lang=zh-cn", "family"], capture_output=True, check=False).stdout)  # noqa: S603
