"""Clients that send a letter a second: a connection that asks for nothing, or never ends asking, is closed."""

from __future__ import annotations

import asyncio
from enum import Enum

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 15.0
"""From the connection, or the end of the answer before, to the last line of a request's head."""
MOST_HEAD = 64 * 1024
"""Bytes of a head that has not ended; the parser itself would read for ever."""
BODY_SECONDS = 20.0
"""And then for each part of its body; a photo on a weak line comes slowly, but it comes."""
LEAST_BODY = 8 * 1024
"""Bytes that must have come in that time."""


class Awaited(Enum):
    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"


class Patience(HttpToolsProtocol):
    """uvicorn's own reading of HTTP, with an end to waiting."""

    _deadline: asyncio.TimerHandle | None = None
    _awaited = Awaited.NOTHING
    _received = 0
    """Bytes since the head, the body, or the part of it began that is awaited."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(Awaited.HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(Awaited.NOTHING)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self._wait(Awaited.NOTHING)
        elif self._awaited is Awaited.HEAD and self._received > MOST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        self._wait(Awaited.BODY)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
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
