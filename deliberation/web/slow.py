"""Clients that send a letter a second: a connection that asks for nothing, or never ends asking, is closed."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""From the connection, or the end of the answer before, to the last line of a request's head."""
BODY_SECONDS = 20.0
"""And then for each part of its body; a photo on a weak line comes slowly, but it comes."""
LEAST_BODY = 8 * 1024
"""Bytes that must have come in that time."""


class Patience(H11Protocol):
    """uvicorn's own reading of HTTP, with an end to waiting."""

    _deadline: asyncio.TimerHandle | None = None
    _received = 0
    _seen = 0
    _awaited: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def _look(self) -> None:
        """A head just ended, a body just ended, or the next request may begin."""
        state = self.conn.their_state
        if self.transport.get_protocol() is not self or state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop_waiting()
        elif self._deadline is None or state is not self._awaited:
            self._wait(BODY_SECONDS if state is h11.SEND_BODY else HEAD_SECONDS)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._awaited, self._seen = self.conn.their_state, self._received
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.conn.their_state is h11.SEND_BODY and self._received - self._seen >= LEAST_BODY:
            self._wait(BODY_SECONDS)
        elif not self.transport.is_closing():
            self.transport.close()
