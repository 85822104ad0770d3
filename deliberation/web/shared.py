"""Public pages, rendered once for all who are not signed in.

Such a page is made for nobody: from a request that says no more than what the rendering is kept under. So it can hold nothing of
whoever asked first, and whatever changes it either stands in that name or is an act. It is kept under

- the address, with a page number and no other query,
- the language and size of text,
- the number of the council's last act: every act appends to the journal, so the next one looks anew,
- the second: what changes by the clock alone, or is in no journal, is shown after a second at the latest.

With the second all that was kept goes, so there is never more than the server can render in one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from starlette.requests import cookie_parser
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deliberation.i18n.catalog import LANGS
from deliberation.web.site import Site
from deliberation.web.visit import SIZES

MOST = 1000
"""Renderings in one second, on a machine that is quicker than any that was seen."""
_QUERY = re.compile(rb"page=[0-9]{1,4}")


class Name(NamedTuple):
    """What a rendering is kept under. Its request says the first four and no more."""

    path: str
    query: bytes
    lang: str
    size: str
    act: int
    second: datetime


@dataclass(frozen=True)
class Rendering:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    for_all: bool

    async def answer(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


class Shared:
    def __init__(self, app: ASGIApp, *, site: Site, routes: Sequence[Route]) -> None:
        self._app, self._site, self._routes = app, site, routes
        self._sign_in, self._lang, self._size = (site.settings.cookie(name) for name in ("sign-in", "lang", "size"))
        self._kept: tuple[datetime | None, dict[Name, Rendering]] = (None, {})
        self._coming: dict[tuple[Name, asyncio.AbstractEventLoop], asyncio.Task[Rendering]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._name(scope)
        found = await self._of(name, scope) if name else None
        if found is not None and found.for_all:
            await found.answer(send)
        else:
            await self._app(scope, receive, send)

    def _name(self, scope: Scope) -> Name | None:
        """None for a page that is not shared, and for whoever is or was signed in."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/c/"):
            return None
        if scope["query_string"] and not _QUERY.fullmatch(scope["query_string"]):
            return None
        cookies: dict[str, str] = {}
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookies.update(cookie_parser(value.decode("latin-1")))
            elif name == b"hx-request":
                return None
        if self._sign_in in cookies:
            return None
        path: str = scope["path"]
        act = self._site.db.numbers.last(path.split("/", 3)[2])
        if act is None:
            return None
        lang, size = cookies.get(self._lang, ""), cookies.get(self._size, "")
        return Name(
            path,
            scope["query_string"],
            lang if lang in LANGS else "",
            size if size in SIZES else "",
            act,
            self._site.clock.now().replace(microsecond=0),
        )

    async def _of(self, name: Name, scope: Scope) -> Rendering | None:
        second, kept = self._kept
        if second != name.second:
            kept = {}
            self._kept = name.second, kept
        if found := kept.get(name):
            return found
        if len(kept) >= MOST or not any(one.path_regex.match(name.path) for one in self._routes):
            return None
        # Whoever asks meanwhile waits for the same rendering.
        turn = (name, asyncio.get_running_loop())
        if turn not in self._coming:
            task = turn[1].create_task(self._render(self._for_nobody(name, scope)))
            self._coming[turn] = task
            task.add_done_callback(lambda _: self._coming.pop(turn))
        rendered = await asyncio.shield(self._coming[turn])
        kept[name] = rendered
        return rendered

    def _for_nobody(self, name: Name, scope: Scope) -> Scope:
        said = ((self._lang, name.lang), (self._size, name.size))
        cookie = "; ".join(f"{which}={value}" for which, value in said if value)
        given = {key: scope[key] for key in ("type", "asgi", "http_version", "server", "app", "state") if key in scope}
        return {
            **given,
            "method": "GET",
            "scheme": "http",
            "path": name.path,
            "raw_path": name.path.encode(),
            "root_path": "",
            "query_string": name.query,
            "headers": [(b"cookie", cookie.encode())] if cookie else [],
            "client": None,
        }

    async def _render(self, scope: Scope) -> Rendering:
        start: Message = {}
        body: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.append(message.get("body", b""))

        await self._app(scope, receive, send)
        # A page with a form in it sets a cookie: the form is for one browser.
        for_all = start["status"] in {200, 404} and all(name != b"set-cookie" for name, _ in start["headers"])
        return Rendering(start["status"], list(start["headers"]), b"".join(body), for_all)
