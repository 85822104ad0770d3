"""Clients that send a letter a second: a connection that asks for nothing, or never ends asking, is closed."""

from __future__ import annotations

import asyncio
from enum import Enum

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD_SECONDS = 15.0
"""From the connection, or the end of the answer before, to the last line of a request's head."""
MOST_HEAD = 64 * 1024
"""Bytes that may come without a letter of a body and without the end of a head: the parser itself would read for ever, and reads a
line that does not end from its beginning each time."""
BODY_SECONDS = 20.0
"""And then for each part of its body; a photo on a weak line comes slowly, but it comes."""
LEAST_BODY = 8 * 1024
"""Bytes that must have come in that time."""
TAKE_SECONDS = 60.0
"""In which somebody takes something of an answer that waits for them; a closed connection, too, waits until all is taken."""
MOST_AT_ONCE = 16
"""Requests on one connection whose turn has not come. Browsers send one at a time."""


class Awaited(Enum):
    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"


class TooMuch(Exception):
    """The parser makes a refused request of it."""


class Patience(HttpToolsProtocol):
    """uvicorn's own reading of HTTP, with an end to waiting, and a bound to what one connection keeps in memory."""

    _deadline: asyncio.TimerHandle | None = None
    _awaited = Awaited.NOTHING
    _received = 0
    """Bytes since the head, the body, or the part of it began that is awaited."""
    _unread = 0
    """Bytes since the parser last made something of them, whatever is awaited."""
    _running: RequestResponseCycle | None = None
    _look: asyncio.TimerHandle | None = None
    _untaken = 0
    """What of the answers still lay here at the last look."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(Awaited.HEAD)
        self._look = self.loop.call_later(TAKE_SECONDS, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_be()
        self._answer_nobody()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._unread += len(data)
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self._let_be()
        elif self._unread > MOST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def send_400_response(self, msg: str) -> None:
        super().send_400_response(msg)
        self._answer_nobody()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _answer_nobody(self) -> None:
        """uvicorn knows the last request only: the one before it would answer into what is closed, and its error fill the log."""
        self.pipeline.clear()
        if self._running is not None:
            self._running.disconnected = True
            self._running.message_event.set()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._awaited is Awaited.BODY:
            # Behind the body nobody looks for any, and there may be no end of them.
            raise TooMuch
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MOST_AT_ONCE:
            raise TooMuch
        self._unread = 0
        self._wait(Awaited.BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        if self._idle():
            super().handle_websocket_upgrade()
            talk = self.transport.get_protocol()
            unread = isinstance(talk, WebSocketsSansIOProtocol) and talk.conn.handshake_exc is not None
            if unread and not self.transport.is_closing():
                # With a body, or lines that it does not read, it says nothing and waits for ever.
                self.send_400_response("This is no handshake.")
        else:
            # An answer is still on its way, and would go on between the frames.
            self.send_400_response("One thing at a time.")

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()
        self._wait(Awaited.HEAD if self._idle() else Awaited.NOTHING)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._awaited is Awaited.NOTHING and self._idle():
            self._wait(Awaited.HEAD)

    def _idle(self) -> bool:
        """Everything that was asked is answered."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _wait(self, awaited: Awaited) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._awaited, self._received = awaited, 0
        if awaited is not Awaited.NOTHING:
            seconds = HEAD_SECONDS if awaited is Awaited.HEAD else BODY_SECONDS
            self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._deadline = None
        if self._awaited is Awaited.BODY and self._received >= LEAST_BODY:
            self._wait(Awaited.BODY)
        elif not self.transport.is_closing():
            self.transport.close()

    def _look_again(self) -> None:
        left = self.transport.get_write_buffer_size()
        if left and left == self._untaken:
            self._look = None
            self.transport.abort()
        else:
            self._untaken = left
            self._look = self.loop.call_later(TAKE_SECONDS, self._look_again)

    def _let_be(self) -> None:
        self._wait(Awaited.NOTHING)
        if self._look is not None:
            self._look.cancel()
            self._look = None
