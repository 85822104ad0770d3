"""Catalogue 75 and 84: whoever is signed out or loses a seat loses the open sockets too, within five seconds, on a real one.

That it is told at once is what is held: the look that comes round every so often, which would close it later, is far away."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import select
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from deliberation.council.tables import Membership, Seat
from deliberation.live import wire
from deliberation.people.actions import sign_in
from tests.conftest import Caller, Town
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.meeting import build
from tests.deliberation.people.build import PASSWORD, with_password
from tests.serving import PATIENCE, free_port, serving

NEW = {"current": PASSWORD, "password": "another-good-one", "again": "another-good-one"}


@pytest.fixture
def port(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr("deliberation.live.socket.CHECK_SECONDS", 5 * PATIENCE)
    chosen = free_port()
    with serving(town.app, chosen):
        yield chosen


@contextlib.contextmanager
def listening(port: int, meeting: int, token: str) -> Iterator[ClientConnection]:
    address = f"ws://127.0.0.1:{port}/c/jinxiu/live/meetings/{meeting}?view=phone"
    with connect(
        address, additional_headers={"cookie": f"sign-in={token}"}, compression=None, open_timeout=PATIENCE
    ) as socket:
        socket.recv(timeout=PATIENCE)
        yield socket


def closed_with(socket: ClientConnection) -> int | None:
    with contextlib.suppress(TimeoutError):
        for _ in range(50):
            try:
                socket.recv(timeout=PATIENCE)
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None
    raise AssertionError("it stays open")


def signed_in_twice(town: Town, who: str) -> tuple[Caller, str]:
    """Somebody at one device, and the token of another one."""
    here = with_password(town, who)
    with town.write(who) as tx:
        return here, sign_in(tx, town.cast.ids[who], "another device")


def end_one(here: Caller) -> None:
    number = here.get("/account").html.split("/account/sign-ins/")[1].split("/")[0]
    assert here.post(f"/account/sign-ins/{number}/ending").status == 303


def end_others(here: Caller) -> None:
    assert here.post("/account/sign-ins/others/ending").status == 303


def end_all(here: Caller) -> None:
    assert here.post("/account/sign-ins/ending").status == 303


def new_password(here: Caller) -> None:
    assert here.post("/account/password", NEW).status == 303


@pytest.mark.parametrize("act", [end_one, end_others, end_all, new_password])
def test_signing_a_device_out_closes_its_socket(town: Town, port: int, act: Callable[[Caller], None]) -> None:
    meeting = build.opened(town)
    here, there = signed_in_twice(town, "resident")
    with listening(port, meeting.id, there) as socket:
        act(here)
        assert closed_with(socket) == wire.SIGNED_OUT


def test_signing_out_on_the_device_itself_closes_its_socket(town: Town, port: int) -> None:
    meeting = build.opened(town)
    here = with_password(town, "resident")
    with listening(port, meeting.id, here.token or "") as socket:
        assert here.post("/sign-out").status == 303
        assert closed_with(socket) == wire.SIGNED_OUT


def test_signing_the_others_out_leaves_this_socket_open(town: Town, port: int) -> None:
    meeting = build.opened(town)
    here, there = signed_in_twice(town, "resident")
    with listening(port, meeting.id, here.token or "") as mine, listening(port, meeting.id, there) as other:
        end_others(here)
        assert closed_with(other) == wire.SIGNED_OUT
        # It was told of its account too, and looked whether it may stay before it said so.
        assert any("own" in json.loads(mine.recv(timeout=PATIENCE)) for _ in range(10))


def test_a_password_chosen_by_a_link_closes_the_sockets_of_all_devices(town: Town, port: int) -> None:
    meeting = build.opened(town)
    slip = town.as_("moderator").post(f"/c/jinxiu/people/{town.cast.ids['property']}/link")
    with listening(port, meeting.id, town.cast.tokens["property"]) as socket:
        chosen = {"password": PASSWORD, "again": PASSWORD}
        assert town.as_(None).post(slip_address(slip.html), chosen).status == 303
        assert closed_with(socket) == wire.SIGNED_OUT


def test_the_end_of_a_seat_closes_the_socket(town: Town, port: int) -> None:
    meeting = build.opened(town)
    with town.db.read() as session:
        seat = session.exec(select(Seat.id).where(Seat.account_id == town.cast.ids["property"])).one()
    with listening(port, meeting.id, town.cast.tokens["property"]) as socket:
        assert town.as_("moderator").post(f"/c/jinxiu/seats/{seat}/ending", {"reason": "合同到期。"}).status == 303
        assert closed_with(socket) == wire.NOT_YOURS


def test_the_end_of_a_membership_closes_the_socket(town: Town, port: int) -> None:
    meeting = build.opened(town)
    with town.db.read() as session:
        member = session.exec(select(Membership.id).where(Membership.account_id == town.cast.ids["tenant"])).one()
    with listening(port, meeting.id, town.cast.tokens["tenant"]) as socket:
        answer = town.as_("moderator").post(f"/c/jinxiu/residents/{member}/ending", {"reason": "搬走了，不住这里了。"})
        assert answer.status == 303, answer.text
        assert closed_with(socket) == wire.NOT_YOURS
