"""Who answers a byte now and then keeps nobody waiting for longer than the time for the whole answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from deliberation.people.provider import openid
from deliberation.people.provider.openid import Asking
from deliberation.settings import OpenId
from deliberation.web import sms
from deliberation.web.deadline import MOST_BYTES
from deliberation.web.sms import Texts
from votes.refusal import Refused

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
ASKING = Asking("s", "n", "v" * 64)


FLOOD = (HEAD + b"content-length: 1000000000\r\n\r\n", b" " * 65536, 0.001)


@dataclass
class Dripping:
    """Sends `first` at once and then `drop` for ever, a little at a time."""

    first: bytes
    drop: bytes
    pause: float = 0.05
    door: socket.socket = field(default_factory=socket.socket)
    over: threading.Event = field(default_factory=threading.Event)
    gave_up: threading.Event = field(default_factory=threading.Event)
    sent: int = 0

    @property
    def place(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def start(self) -> None:
        self.door.bind(("127.0.0.1", 0))
        self.door.listen(8)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                caller, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._drip, args=(caller,), daemon=True).start()

    def _drip(self, caller: socket.socket) -> None:
        with caller:
            try:
                caller.recv(65536)
                caller.sendall(self.first)
                while not self.over.wait(self.pause):
                    caller.sendall(self.drop)
                    self.sent += len(self.drop)
            except OSError:
                self.gave_up.set()


@pytest.fixture(
    params=[
        (b"", b"H", 0.05),
        (HEAD, b"x", 0.05),
        (HEAD + b"content-length: 1000000000\r\n\r\n", b" ", 0.05),
        FLOOD,
    ],
    ids=["first line", "head", "body", "flood"],
)
def dripping(request: pytest.FixtureRequest) -> Iterator[Dripping]:
    found = Dripping(*request.param)
    found.start()
    yield found
    found.over.set()
    found.door.close()


def test_a_sign_in_is_told_so_in_time(dripping: Dripping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "TOGETHER", 2.0)
    provider = OpenId(dripping.place, "the-council", "a secret", "市民账号")
    started = time.monotonic()
    with pytest.raises(Refused, match="provider_away"):
        openid.address(provider, "http://127.0.0.1/back", ASKING)
    assert time.monotonic() - started < 10
    with pytest.raises(Refused, match="provider_does_not_hold"):
        openid.subject(provider, "http://127.0.0.1/back", ASKING, "code", datetime.now(UTC))


def test_a_flood_ends_by_its_length_long_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "TOGETHER", 3600.0)
    flood = Dripping(*FLOOD)
    flood.start()
    with pytest.raises(Refused, match="provider_away"):
        openid.address(OpenId(flood.place, "the-council", "a secret", "市民账号"), "http://127.0.0.1/back", ASKING)
    assert flood.gave_up.wait(60)
    assert flood.sent < 100 * MOST_BYTES, "what lies in the buffers between them comes on top"
    flood.over.set()
    flood.door.close()


def test_a_text_gateway_does_not_hold_up_the_texts_behind(dripping: Dripping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "SECONDS", 2.0)
    texts = Texts(f"{dripping.place}/send", "a secret")
    texts.send("13800000001", "一")
    handed_on = threading.Thread(target=texts.wait, daemon=True)
    handed_on.start()
    handed_on.join(60)
    assert not handed_on.is_alive()
