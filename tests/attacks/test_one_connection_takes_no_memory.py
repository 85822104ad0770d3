"""What a single connection can make the server keep: lines behind a body, requests in a queue, answers that nobody takes."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from deliberation.cli import server_config
from deliberation.web import slow
from tests.conftest import Town
from tests.serving import PATIENCE, Server, free_port, wait_until

GET = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
REFUSED = b"HTTP/1.1 400"


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def all_of(one: socket.socket) -> bytes:
    """Until the server closes."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := one.recv(1 << 16):
            found += piece
    return found


def test_86_lines_behind_a_body_are_refused(server: Server) -> None:
    with connected(server.port) as one:
        one.sendall(CHUNKED + b"0\r\nX-A: b\r\nX-B: c\r\n")
        assert REFUSED in all_of(one)


@pytest.mark.parametrize("begun", [b"0\r\nX-A: ", b"1;"])
def test_86_a_line_that_never_ends_behind_a_body_or_a_chunk_is_refused(server: Server, begun: bytes) -> None:
    with connected(server.port) as one:
        one.sendall(CHUNKED + begun)
        # What was sent so far is read: a body of no said length is answered at once.
        assert one.recv(4096).startswith(b"HTTP/1.1 413")
        one.sendall(b"a" * (slow.MOST_HEAD + 1))
        assert REFUSED in all_of(one)


def test_86_requests_without_number_wait_for_no_turn(server: Server) -> None:
    with connected(server.port) as one:
        one.sendall((GET + b"\r\n") * (slow.MOST_AT_ONCE + 8))
        assert REFUSED in all_of(one)


def test_86_a_few_requests_at_once_are_answered_in_turn(server: Server) -> None:
    with connected(server.port) as one:
        one.sendall((GET + b"\r\n") * (slow.MOST_AT_ONCE - 1) + GET + b"Connection: close\r\n\r\n")
        assert all_of(one).count(b"HTTP/1.1 200") == slow.MOST_AT_ONCE


HANDSHAKE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


@pytest.mark.parametrize(
    "rest", [b"Content-Length: 1\r\n\r\na", b"X-A: b\r\n" * 200 + b"\r\n", b"X-A: " + b"b" * 20_000 + b"\r\n\r\n"]
)
def test_85_a_handshake_that_cannot_be_read_is_refused_and_not_kept(server: Server, rest: bytes) -> None:
    with connected(server.port) as one:
        one.settimeout(60)
        one.sendall(GET + HANDSHAKE + rest)
        assert all_of(one).startswith(REFUSED)


def test_85_no_socket_begins_while_an_answer_is_on_its_way(server: Server) -> None:
    with connected(server.port) as one:
        one.sendall(GET + b"\r\n" + GET + HANDSHAKE + b"\r\n")
        assert all_of(one).startswith(REFUSED)


@contextlib.contextmanager
def in_this_process(town: Town, *, room: int) -> Iterator[uvicorn.Server]:
    """As it is run, with `room` bytes on the way to a client."""
    server = uvicorn.Server(server_config(town.app, "127.0.0.1", free_port()))
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)
        door.bind(("127.0.0.1", server.config.port))
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        wait_until(lambda: server.started or not thread.is_alive(), "the server did not start")
        try:
            yield server
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def test_86_whoever_takes_nothing_of_an_answer_is_let_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "TAKE_SECONDS", 0.5)
    with in_this_process(town, room=4096) as server, socket.socket() as rude:
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        rude.connect(("127.0.0.1", server.config.port))
        rude.sendall(b"GET /votes.zip HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        wait_until(lambda: server.server_state.total_requests, "it was not answered")
        wait_until(lambda: not server.server_state.connections, "the connection stays")


def test_86_requests_before_a_broken_one_fill_no_log(town: Town) -> None:
    with in_this_process(town, room=65_536) as server:
        said = io.StringIO()
        handler = logging.StreamHandler(said)
        handler.setLevel(logging.ERROR)
        log = logging.getLogger("uvicorn.error")
        log.addHandler(handler)
        try:
            with connected(server.config.port) as one:
                one.sendall((GET + b"\r\n") * 2 + b"\0")
                assert all_of(one).startswith(REFUSED)
            wait_until(lambda: not server.server_state.tasks, "they still run")
        finally:
            log.removeHandler(handler)
    assert said.getvalue() == ""
