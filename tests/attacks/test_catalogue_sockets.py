"""Web entries of the catalogue of attacks: sockets, and clients that are slow on purpose, against a server as it is run."""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import struct
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.sync.client import connect
from websockets.typing import Origin

from deliberation.live import wire
from deliberation.people.actions import set_password, sign_out_everywhere
from deliberation.web import slow
from tests.conftest import Caller, Town
from tests.deliberation.live.test_restart import Server
from tests.deliberation.live.test_socket import closed_with
from tests.deliberation.meeting import build
from tests.deliberation.people.build import HASH


@contextlib.contextmanager
def inside(town: Town) -> Iterator[TestClient]:
    with TestClient(town.app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


def reason_for_closing(client: TestClient, path: str, headers: dict[str, str]) -> int:
    """The code a socket is closed with, or the status it is refused with at the door."""
    try:
        with client.websocket_connect(path, headers=headers) as opened:
            for _ in range(10):
                opened.receive_json()
    except WebSocketDenialResponse as refused:
        return int(refused.status_code)
    except WebSocketDisconnect as end:
        return int(end.code)
    raise AssertionError("it stays open")


@pytest.mark.parametrize(
    ("who", "origin", "codes"),
    [
        (None, None, {wire.SIGNED_OUT}),
        ("resident", "https://evil.example", {403, 1000}),
        ("resident", "null", {403, 1000}),
        ("other_resident", None, {wire.NOT_YOURS}),
        ("other_moderator", "http://testserver", {wire.NOT_YOURS}),
        ("stranger", None, {wire.NOT_YOURS}),
        ("admin", None, {wire.NOT_YOURS}),
    ],
)
def test_83_a_socket_is_for_members_and_for_our_own_pages(
    town: Town, who: str | None, origin: str | None, codes: set[int]
) -> None:
    built = build.opened(town)
    headers = {"cookie": f"sign-in={town.cast.tokens[who]}" if who else "", **({"origin": origin} if origin else {})}
    with inside(town) as client:
        assert reason_for_closing(client, f"/c/jinxiu/live/meetings/{built.id}", headers) in codes


def test_83_a_sign_in_of_ones_own_council_opens_no_socket_of_ours_under_its_name(town: Town) -> None:
    built = build.opened(town)
    headers = {"cookie": f"sign-in={town.cast.tokens['other_moderator']}"}
    with inside(town) as client:
        assert reason_for_closing(client, f"/c/other/live/meetings/{built.id}", headers) == wire.NOT_YOURS


def end_by(town: Town, how: str) -> None:
    who = town.cast.ids["resident"]
    if how == "password":
        with town.write("resident") as tx:
            set_password(tx, who, HASH)
    elif how == "everywhere":
        with town.write("resident") as tx:
            sign_out_everywhere(tx, who)
    else:
        assert Caller(town.app, town.cast.tokens["resident"]).post("/sign-out").status == 303


@pytest.mark.parametrize("how", ["password", "everywhere", "sign-out"])
def test_75_and_84_the_end_of_a_sign_in_closes_its_socket_within_five_seconds(town: Town, how: str) -> None:
    built = build.opened(town)
    headers = {"cookie": f"sign-in={town.cast.tokens['resident']}"}
    with (
        inside(town) as client,
        client.websocket_connect(f"/c/jinxiu/live/meetings/{built.id}", headers=headers) as one,
    ):
        one.receive_json()
        started = time.monotonic()
        end_by(town, how)
        assert closed_with(one) == wire.SIGNED_OUT
        assert time.monotonic() - started < 5


def dropped_with(talk: Any) -> int:
    with contextlib.suppress(TimeoutError):
        for _ in range(50):
            try:
                talk.recv(timeout=10)
            except ConnectionClosed as end:
                return end.rcvd.code if end.rcvd else 1006
    raise AssertionError("it stays open")


@pytest.mark.long
def test_85_a_rude_client_is_dropped_and_the_others_are_told_everything(town: Town, server: Server) -> None:
    """A message of 64 MB, compression that was never offered, a flood of small ones, half a handshake."""
    built = build.opened(town)
    address = f"ws://127.0.0.1:{server.port}/c/jinxiu/live/meetings/{built.id}"
    plain: dict[str, Any] = {"additional_headers": {"Cookie": server.cookies}, "compression": None, "open_timeout": 20}
    squeezed: dict[str, Any] = {**plain, "extensions": [ClientPerMessageDeflateFactory()]}
    with connect(address, **plain) as good, connect(address, **squeezed) as bomb, connect(address, **plain) as flood:
        assert json.loads(good.recv(timeout=20))["content"]
        assert bomb.protocol.extensions == [], "nothing is ever unpacked"
        with contextlib.suppress(ConnectionClosed, OSError):
            bomb.send("x" * (64 * 1024 * 1024))
        assert dropped_with(bomb) == 1009
        with contextlib.suppress(ConnectionClosed, OSError, TimeoutError):
            for _ in range(3000):
                flood.send("ping")
        with socket.create_connection(("127.0.0.1", server.port)) as half:
            half.sendall(f"GET /c/jinxiu/live/meetings/{built.id} HTTP/1.1\r\nUpgrade: websocket\r\n".encode())
            started = time.monotonic()
            page = f"http://127.0.0.1:{server.port}/c/jinxiu/meetings/{built.id}/live"
            assert httpx2.get(page, headers={"Cookie": server.cookies}, timeout=20).status_code == 200
            assert time.monotonic() - started < 5
            assert good.ping().wait(10)


@pytest.mark.long
def test_85_half_a_frame_holds_nothing_up(town: Town, server: Server) -> None:
    built = build.opened(town)
    with connect(
        f"ws://127.0.0.1:{server.port}/c/jinxiu/live/meetings/{built.id}",
        additional_headers={"Cookie": server.cookies},
        compression=None,
    ) as rude:
        rude.recv(timeout=20)
        # The head of a frame that says it is 2 GB, and nothing after it.
        rude.socket.sendall(struct.pack("!BBQI", 0x81, 0x80 | 127, 2 << 30, 0))
        assert dropped_with(rude) == 1009


def test_85_a_foreign_page_is_refused_before_the_handshake(town: Town, server: Server) -> None:
    built = build.opened(town)
    with pytest.raises(InvalidStatus):
        connect(
            f"ws://127.0.0.1:{server.port}/c/jinxiu/live/meetings/{built.id}",
            additional_headers={"Cookie": server.cookies},
            origin=Origin("https://evil.example"),
        )


def test_86_a_head_without_end_is_refused_while_it_comes(server: Server) -> None:
    begun = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as one:
        # All of it is read, so that nothing unread resets the line under the answer.
        one.sendall(begun.ljust(slow.MOST_HEAD + 1, b"a"))
        assert one.recv(4096).startswith(b"HTTP/1.1 400")


def test_86_a_whole_head_of_the_longest_that_browsers_send_is_read(server: Server) -> None:
    page = httpx2.get(f"http://127.0.0.1:{server.port}/sign-in", headers={"X-A": "a" * 32_000}, timeout=60)
    assert page.status_code == 200


SLOW = 200


def dawdling(port: int, kind: int) -> socket.socket:
    """Never ends its head; or never sends the body it has promised."""
    one = socket.create_connection(("127.0.0.1", port))
    if kind:
        one.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nidentifier=")
    else:
        one.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
    return one


def answer_times(port: int, count: int) -> list[float]:
    times = []
    for _ in range(count):
        started = time.monotonic()
        assert httpx2.get(f"http://127.0.0.1:{port}/sign-in", timeout=20).status_code == 200
        times.append(time.monotonic() - started)
    return times


@pytest.mark.long
def test_86_two_hundred_slow_clients_slow_nobody_and_are_let_go(town: Town, server: Server) -> None:
    idle = statistics.median(answer_times(server.port, 15))
    crowd = [dawdling(server.port, number % 2) for number in range(SLOW)]
    started = time.monotonic()
    while time.monotonic() - started < 4:
        for one in crowd:
            one.sendall(b"a")
        assert statistics.median(answer_times(server.port, 5)) < max(3 * idle, 0.5)
    gone = 0
    deadline = started + max(slow.HEAD_SECONDS, slow.BODY_SECONDS) + 15
    for one in crowd:
        one.settimeout(max(0.1, deadline - time.monotonic()))
        # A connection that still stands at the deadline raises TimeoutError here.
        with contextlib.suppress(ConnectionError):
            while one.recv(4096):
                pass
        gone += 1
        one.close()
    assert gone == SLOW
    assert time.monotonic() < deadline
