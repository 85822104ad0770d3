"""A meeting's socket as a browser meets it: who may listen, what comes first, what follows an act, when it ends."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from deliberation.council.tables import Seat
from deliberation.live import wire
from deliberation.people.actions import sign_out_everywhere
from tests.conftest import Town
from tests.deliberation.council.build import seat_of
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


@pytest.fixture
def server(town: Town) -> Iterator[TestClient]:
    """The app with its lifespan running: only then is there somebody who tells open pages."""
    with TestClient(town.app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.fixture
def built(town: Town) -> Built:
    return build.opened(town)


@contextlib.contextmanager
def listening(
    server: TestClient, town: Town, who: str | None, built: Built, view: str = "phone", lang: str = "zh", **headers: str
) -> Iterator[Any]:
    cookies = f"lang={lang}" + (f"; sign-in={town.cast.tokens[who]}" if who else "")
    path = f"/c/{built.council}/live/meetings/{built.id}?view={view}"
    with server.websocket_connect(path, headers={"cookie": cookies, **headers}) as socket:
        yield socket


def closed_with(socket: Any) -> int:
    for _ in range(10):
        try:
            socket.receive_json()
        except WebSocketDisconnect as end:
            return end.code
    raise AssertionError("it stays open")


def content(socket: Any) -> str:
    """The next message that shows something."""
    for _ in range(10):
        told = socket.receive_json()
        if "content" in told:
            return str(told["content"])
    raise AssertionError("nothing was shown")


def test_on_connecting_one_is_shown_the_whole_state(server: TestClient, town: Town, built: Built) -> None:
    built.present("resident", "owner")
    built.open_item()
    built.ask("owner")
    with listening(server, town, "resident", built) as socket:
        told = socket.receive_json()
    assert told["seq"] == built.row().live_seq
    for block in ("item", "speaker", "here", "queue", "straw", "statements", "agenda"):
        assert f'<hx-partial id="{block}" hx-swap="outerMorph">' in told["content"]
    assert "充电桩放在架空层" in told["content"]
    assert "郑志婷" in told["content"]


def test_an_act_is_shown_to_those_who_look_and_only_the_part_that_changed(
    server: TestClient, town: Town, built: Built
) -> None:
    built.present("resident")
    with listening(server, town, "tenant", built) as socket:
        before = socket.receive_json()
        town.as_("resident").follow(f"{built.at}/turns")
        after = socket.receive_json()
    assert "谢玉志" in after["content"]
    assert '<hx-partial id="queue"' in after["content"]
    assert '<hx-partial id="here"' not in after["content"]
    assert after["seq"] > before["seq"]
    assert after["mine"] != before["mine"]


def test_what_is_refused_is_not_shown(server: TestClient, town: Town, built: Built) -> None:
    built.present("resident")
    with listening(server, town, "resident", built) as socket:
        socket.receive_json()
        assert town.as_("tenant").post(f"{built.at}/turns").status == 422
        built.write("resident", "这一条会到")
        assert "这一条会到" in content(socket)


def test_each_reads_in_their_own_language(server: TestClient, town: Town, built: Built) -> None:
    with (
        listening(server, town, "resident", built, lang="en") as english,
        listening(server, town, "owner", built) as chinese,
    ):
        assert "0 people are here" in content(english)
        assert "已到会 0 人" in content(chinese)


def test_a_pushed_block_holds_nothing_of_its_reader(server: TestClient, town: Town, built: Built) -> None:
    built.present("resident")
    built.straw()
    with listening(server, town, "moderator", built) as staff, listening(server, town, "tenant", built) as tenant:
        assert content(staff) == content(tenant)
        assert "csrf" not in content_of(staff, built)


def content_of(socket: Any, built: Built) -> str:
    built.write("resident", "再说一句")
    return content(socket)


def test_signing_in_tells_that_person_s_own_page(server: TestClient, town: Town, built: Built) -> None:
    with listening(server, town, "resident", built) as socket:
        socket.receive_json()
        built.present("resident")
        told = [socket.receive_json(), socket.receive_json()]
    assert any("own" in one for one in told)
    assert any("content" in one for one in told)


def test_the_console_is_told_that_something_changed_and_shown_nothing(
    server: TestClient, town: Town, built: Built
) -> None:
    with listening(server, town, "recorder", built, view="console") as socket:
        first = socket.receive_json()
        built.open_item()
        second = socket.receive_json()
    assert "content" not in first
    assert "content" not in second
    assert first["mine"] != second["mine"]


def test_the_wall_shows_its_own_blocks_to_staff_alone(server: TestClient, town: Town, built: Built) -> None:
    with listening(server, town, "desk", built, view="wall") as socket:
        shown = content(socket)
    assert '<hx-partial id="wall-join"' in shown
    assert "<svg" in shown
    for view in ("wall", "console"):
        with listening(server, town, "resident", built, view=view) as socket:
            assert closed_with(socket) == wire.NOT_YOURS


def test_a_foreign_origin_is_turned_away_at_the_door(server: TestClient, town: Town, built: Built) -> None:
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        with (
            pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
            listening(server, town, "resident", built, **headers),
        ):
            pass
    with listening(server, town, "resident", built, origin="http://testserver") as socket:
        assert content(socket)


@pytest.mark.parametrize(
    ("who", "code"), [(None, wire.SIGNED_OUT), ("stranger", wire.NOT_YOURS), ("other_moderator", wire.NOT_YOURS)]
)
def test_who_is_no_member_hears_nothing_and_does_not_try_again(
    server: TestClient, town: Town, built: Built, who: str | None, code: int
) -> None:
    with listening(server, town, who, built) as socket:
        assert closed_with(socket) == code


def test_another_council_s_meeting_is_not_there_under_one_s_own_council(
    server: TestClient, town: Town, built: Built
) -> None:
    built.council = "other"
    with listening(server, town, "other_moderator", built) as socket:
        assert closed_with(socket) == wire.NOT_YOURS


def test_a_draft_is_there_for_those_who_plan_it(server: TestClient, town: Town) -> None:
    built = build.draft(town)
    with listening(server, town, "moderator", built) as socket:
        assert content(socket)
    with listening(server, town, "resident", built) as socket:
        assert closed_with(socket) == wire.NOT_YOURS


def test_signing_out_everywhere_closes_the_open_sockets(server: TestClient, town: Town, built: Built) -> None:
    with listening(server, town, "resident", built) as socket:
        socket.receive_json()
        with town.write() as tx:
            sign_out_everywhere(tx, town.cast.ids["resident"])
        assert closed_with(socket) == wire.SIGNED_OUT


def test_who_loses_the_seat_loses_the_socket_at_the_next_look(
    server: TestClient, town: Town, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deliberation.live.socket.CHECK_SECONDS", 0.2)
    with listening(server, town, "recorder", built) as socket:
        socket.receive_json()
        with town.write("moderator") as tx:
            seat = tx.session.get_one(Seat, seat_of(town, "recorder"))
            seat.until = tx.now
            tx.session.add(seat)
        assert closed_with(socket) == wire.NOT_YOURS


def test_what_a_browser_says_is_never_an_act_and_a_ping_is_answered(
    server: TestClient, town: Town, built: Built
) -> None:
    built.present("resident")
    with listening(server, town, "resident", built) as socket:
        socket.receive_json()
        socket.send_text(json.dumps({"statement": "不是表单", "headers": {}}))
        socket.send_bytes(b"\xff\xfe")
        socket.send_text("ping")
        assert socket.receive_text() == wire.PONG
    assert "不是表单" not in town.as_("resident").get(f"{built.at}/live").text


def test_a_long_message_ends_the_connection(server: TestClient, town: Town, built: Built) -> None:
    with listening(server, town, "resident", built) as socket:
        socket.receive_json()
        socket.send_text("x" * 300)
        assert closed_with(socket) == wire.TOO_LARGE


def test_a_lost_connection_changes_no_attendance(server: TestClient, town: Town, built: Built) -> None:
    built.present("resident")
    with listening(server, town, "resident", built) as socket:
        socket.receive_json()
    with listening(server, town, "owner", built) as socket:
        assert "已到会 1 人" in content(socket)
    assert town.site.live is not None


def test_no_listener_is_left_behind(server: TestClient, town: Town, built: Built) -> None:
    for _ in range(3):
        with listening(server, town, "resident", built) as socket:
            socket.receive_json()
    town.as_("resident").get(f"{built.at}/live")
    assert town.site.live is not None
    assert town.site.live.count == 0
