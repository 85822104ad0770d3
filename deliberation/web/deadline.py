"""A limit to how long, and how much, somebody outside may say in all: with a time for each read alone, a byte a second goes on
for ever."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

MOST_BYTES = 1_000_000
"""More than any answer that is asked for here."""


class _Rest:
    """What is left of the time and of the bytes, for all connections of one conversation together."""

    def __init__(self, seconds: float) -> None:
        self._ends, self._bytes = time.monotonic() + seconds, MOST_BYTES

    def time(self, wanted: float | None) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("it takes too long in all")
        return left if wanted is None else min(wanted, left)

    def came(self, data: bytes) -> bytes:
        self._bytes -= len(data)
        if self._bytes < 0:
            raise httpcore2.ReadError("it says too much")
        return data


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, rest: _Rest) -> None:
        self._inner, self._rest = inner, rest

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._rest.came(self._inner.read(max_bytes, self._rest.time(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._rest.time(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._rest.time(timeout)), self._rest)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, inner: httpcore2.NetworkBackend, rest: _Rest) -> None:
        self._inner, self._rest = inner, rest

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        found = self._inner.connect_tcp(host, port, self._rest.time(timeout), local_address, socket_options)
        return _Stream(found, self._rest)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(self._rest.time(seconds))


def within(client: httpx2.Client, seconds: float) -> None:
    """From now on, whatever this client still asks: also through a proxy of the environment. The library has no setting for it;
    a dripping server in the tests shows that it holds."""
    rest = _Rest(seconds)
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001 - see above
        if isinstance(transport, httpx2.HTTPTransport):
            pool: Any = transport._pool  # noqa: SLF001
            pool._network_backend = _Backend(pool._network_backend, rest)  # noqa: SLF001
