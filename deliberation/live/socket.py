"""A live page's socket: who may listen, what is sent, when it ends. What a browser says on it is never an act."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from deliberation.i18n.catalog import Lang
from deliberation.live import wire
from deliberation.live.hub import Listener, Source
from deliberation.web import csrf
from deliberation.web.site import Site
from deliberation.web.viewer import Needs, NotAllowed, NotHere, SignInFirst, Viewer

CHECK_SECONDS = 30.0
"""How often a socket's sign-in and membership are looked at again, beside every time its account is touched."""
SEND_SECONDS = 20.0
"""A client that takes nothing for so long is dropped."""
MOST_INCOMING = 256
"""Letters in one message from a browser; and seconds to wait before the next is read."""
INCOMING_PAUSE = 0.1

_stamps = itertools.count(1)


@dataclass(frozen=True)
class Ask:
    """Who wants to listen, and to what."""

    site: Site
    viewer: Viewer
    council_id: int
    params: dict[str, object]
    query: dict[str, str]


@dataclass(frozen=True)
class Show:
    """`topic` says when, `source` what; `view` tells apart the views of one topic."""

    topic: str
    view: str
    source: Source


Join = Callable[[Ask], Show]
"""Finds what is asked for; raises NotHere or NotAllowed. Called in a worker thread."""


def live(path: str, join: Join, *, needs: Needs) -> WebSocketRoute:
    return WebSocketRoute(path, Socket(join, needs).respond, name=f"LIVE {path}")


class Socket:
    def __init__(self, join: Join, needs: Needs) -> None:
        self._join, self._needs = join, needs

    async def respond(self, websocket: WebSocket) -> None:
        site: Site = websocket.app.state.site
        if not csrf.same_origin(websocket):
            await websocket.close()
            return
        await websocket.accept()
        if site.live is None:
            await websocket.close(wire.TRY_LATER)
            return
        try:
            viewer, show = await run_in_threadpool(self._meet, site, websocket)
        except SignInFirst:
            await websocket.close(wire.SIGNED_OUT)
            return
        except (NotHere, NotAllowed):
            await websocket.close(wire.NOT_YOURS)
            return
        lang: Lang = "en" if websocket.cookies.get(site.settings.cookie("lang")) == "en" else "zh"
        account_id = viewer.person.account_id if viewer.person else 0
        listener = site.live.join(show.topic, show.view, show.source, lang, account_id)
        if listener is None:
            await websocket.close(wire.TOO_MANY)
            return
        try:
            await self._serve(websocket, listener)
        finally:
            site.live.part(show.topic, show.view, listener)

    def _meet(self, site: Site, websocket: WebSocket) -> tuple[Viewer, Show]:
        token = websocket.cookies.get(site.settings.cookie("sign-in"))
        with site.db.read() as session:
            viewer = site.resolve(session, token, websocket.path_params.get("council"), site.clock.now())
        self._needs.check(viewer)
        if viewer.person is None:
            raise SignInFirst
        if viewer.council is None:
            raise NotHere
        ask = Ask(site, viewer, viewer.council.id, websocket.path_params, dict(websocket.query_params))
        return viewer, self._join(ask)

    async def _serve(self, websocket: WebSocket, listener: Listener) -> None:
        """Until one of the two ends: the browser goes, or there is a reason to close."""
        async with anyio.create_task_group() as both:

            async def read() -> None:
                with contextlib.suppress(*_GONE):
                    await _read(websocket, listener)
                both.cancel_scope.cancel()

            both.start_soon(read)
            with contextlib.suppress(*_GONE):
                await self._write(websocket, listener)
            both.cancel_scope.cancel()

    async def _write(self, websocket: WebSocket, listener: Listener) -> None:
        while True:
            with anyio.move_on_after(CHECK_SECONDS) as waiting:
                await listener.wake.wait()
            due = waiting.cancelled_caught
            listener.wake.clear()
            own, listener.own_part = listener.own_part, False
            code = listener.closing or (await self._no_longer(websocket) if own or due else None)
            if code is not None:
                await _bounded(websocket.close(code))
                return
            message, listener.waiting = listener.waiting, None
            if message is not None:
                await _bounded(websocket.send_text(message))
            if own:
                await _bounded(websocket.send_text(wire.own_part_changed(str(next(_stamps)))))

    async def _no_longer(self, websocket: WebSocket) -> int | None:
        """The code to close with when this person may not listen any more."""
        try:
            await run_in_threadpool(self._meet, websocket.app.state.site, websocket)
        except SignInFirst:
            return wire.SIGNED_OUT
        except (NotHere, NotAllowed):
            return wire.NOT_YOURS
        return None


_GONE = (WebSocketDisconnect, TimeoutError, OSError)


async def _bounded(sending: Awaitable[None]) -> None:
    with anyio.fail_after(SEND_SECONDS):
        await sending


async def _read(websocket: WebSocket, listener: Listener) -> None:
    """Ends when the browser goes. A ping is answered, all else is ignored, and slowly: acts are forms, sent by HTTP."""
    while websocket.client_state is WebSocketState.CONNECTED:
        event = await websocket.receive()
        if event["type"] == "websocket.disconnect":
            return
        said = event.get("text") or event.get("bytes") or ""
        if len(said) > MOST_INCOMING:
            listener.close(wire.TOO_LARGE)
            await anyio.sleep(SEND_SECONDS)
            return
        if said == "ping":
            await _bounded(websocket.send_text(wire.PONG))
        await anyio.sleep(INCOMING_PAUSE)
