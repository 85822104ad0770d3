"""Web entries of the catalogue of attacks: sockets, and clients that are slow on purpose, against a server as it is run."""

from __future__ import annotations

import contextlib
import json
import socket
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
from websockets.frames import CloseCode
from websockets.sync.client import ClientConnection
from websockets.typing import Origin

from deliberation.live import wire
from deliberation.people.actions import set_password, sign_out_everywhere
from deliberation.web import slow
from tests.conftest import Caller, Town
from tests.deliberation.live.test_socket import closed_with
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built
from tests.deliberation.people.build import HASH
from tests.serving import PATIENCE, Server


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
def test_75_and_84_the_end_of_a_sign_in_closes_its_socket_within_five_seconds(
    town: Town, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """It is told of the end: the look that comes round every so often is far away."""
    monkeypatch.setattr("deliberation.live.socket.CHECK_SECONDS", 5 * PATIENCE)
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
        assert time.monotonic() - started < PATIENCE


TOO_LARGE, CUT_OFF = CloseCode.MESSAGE_TOO_BIG, CloseCode.ABNORMAL_CLOSURE
LARGE = 64 * 1024 * 1024


def dropped_with(talk: ClientConnection) -> int:
    for _ in range(50):
        try:
            talk.recv(timeout=PATIENCE)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else CUT_OFF
    raise AssertionError("it stays open")


def live_page(built: Built) -> str:
    return built.at.replace("/meetings", "/live/meetings")


def is_told(good: ClientConnection, words: str) -> bool:
    return any(words in json.loads(good.recv(timeout=PATIENCE)).get("content", "") for _ in range(10))


@pytest.mark.long
def test_85_a_rude_client_is_dropped_and_the_others_are_told_everything(served_town: Town, server: Server) -> None:
    """A message of 64 MB, compression that was never offered, a flood of small ones, half a handshake."""
    built = build.opened(served_town)
    built.present("resident")
    live = live_page(built)
    squeezed: dict[str, Any] = {"extensions": [ClientPerMessageDeflateFactory()], "close_timeout": 1}
    with (
        server.listen(live) as good,
        server.listen(live, **squeezed) as bomb,
        server.listen(live, close_timeout=1) as flood,
    ):
        assert is_told(good, "公共收益怎样公布")
        assert bomb.protocol.extensions == [], "nothing is ever unpacked"
        before = server.memory("VmRSS")
        with contextlib.suppress(ConnectionClosed, OSError):
            bomb.send("x" * LARGE)
        # The end of the connection can overtake the code while one is still sending; the code itself is held below.
        assert dropped_with(bomb) in {TOO_LARGE, CUT_OFF}
        assert (server.memory("VmHWM") - before) * 1024 < LARGE / 4
        with contextlib.suppress(ConnectionClosed, OSError, TimeoutError):
            for _ in range(3000):
                flood.send("ping")
        with socket.create_connection(("127.0.0.1", server.port)) as half:
            half.sendall(f"GET {live} HTTP/1.1\r\nUpgrade: websocket\r\n".encode())
            assert server.send_form(f"{built.at}/live", f"{built.at}/statements", statement="照样说得了话") == 303
            assert is_told(good, "照样说得了话")


@pytest.mark.long
def test_85_half_a_frame_holds_nothing_up(served_town: Town, server: Server) -> None:
    with server.listen(live_page(build.opened(served_town))) as rude:
        rude.recv(timeout=PATIENCE)
        # The head of a frame that says it is 2 GB, and nothing after it.
        rude.socket.sendall(struct.pack("!BBQI", 0x81, 0x80 | 127, 2 << 30, 0))
        assert dropped_with(rude) == TOO_LARGE


@pytest.mark.long
def test_85_a_foreign_page_is_refused_before_the_handshake(served_town: Town, server: Server) -> None:
    with pytest.raises(InvalidStatus):
        server.listen(live_page(build.opened(served_town)), origin=Origin("https://evil.example"))


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


@pytest.mark.long
def test_86_two_hundred_slow_clients_slow_nobody_and_are_let_go(server: Server) -> None:
    crowd = [dawdling(server.port, number % 2) for number in range(SLOW)]
    for _ in range(3):
        for one in crowd:
            with contextlib.suppress(ConnectionError):
                one.sendall(b"a")
        for _ in range(5):
            started = time.monotonic()
            assert httpx2.get(f"{server.address}/sign-in", timeout=PATIENCE).status_code == 200
            assert time.monotonic() - started < slow.HEAD_SECONDS, "it had to wait until they were let go"
    for one in crowd:
        # A connection that still stands after all this time raises TimeoutError here.
        one.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionError):
            while one.recv(4096):
                pass
        one.close()
