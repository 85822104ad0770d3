"""Every route as every kind of person, on the sample council: generated from what each route says it needs.

A route that is missing from the tables of `everyone` fails: `VALUES` must know its parameters, and somebody must get through.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from deliberation import steps
from deliberation.council.rules import Role
from deliberation.web.routing import Act, Page, act, page
from deliberation.web.viewer import MEMBER, seat
from deliberation.web.visit import Visit
from tests.conftest import Caller
from tests.house.everyone import (
    ELSEWHERE,
    KINDS,
    LAST,
    NOBODY,
    PEOPLE,
    SEATS,
    VALUES,
    World,
    address,
    all_routes,
    call,
    expected,
    outcome,
    owner_of,
    rows,
    served,
    signed_in,
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_route_lets_in_whom_it_should_and_nobody_else(kind: str, app: Any, world: World) -> None:
    """82: each office does its own acts and no other's."""
    who = KINDS[kind]
    caller = Caller(app, world.tokens.get(who))
    wrong, let_in = [], 0
    for route in all_routes():
        needs = owner_of(route).needs
        if LAST.match(route.path):
            caller = signed_in(app, who)
        status, location = call(caller, route, address(route, world))
        should, did = expected(needs, who, in_council="{council}" in route.path), outcome(status, location)
        # Inside, a handler may know more than the route: not the author, not the assignee, no ballot of one's own.
        fine = did == should or (should == "in" and did in {"404", "403"})
        let_in += did == "in"
        if not fine:
            wrong.append(f"{route.name}: should be {should}, was {did} ({status} {location})")
    assert wrong == []
    assert let_in >= 8


def test_every_office_of_a_council_is_one_of_these_kinds() -> None:
    """Who only sits in, or is affected by one matter, has no acts of their own: no route names those seats."""
    named = {role for route in all_routes() for role in owner_of(route).needs.roles}
    assert named <= {role for roles in SEATS.values() for role in roles}
    assert {str(role) for role in Role} - {role for roles in SEATS.values() for role in roles} == {
        "affected",
        "sitting_in",
    }


def left_out(app: Any, world: World, routes: list[Route]) -> set[str]:
    """Routes that this matrix does not reach, or reaches with nobody who is let in."""
    reached: set[str] = set()
    for who in (
        "secretary",
        "recorder",
        "desk",
        "owner",
        "resident",
        "property",
        "leader",
        "supervisor",
        "admin",
        "anonymous",
    ):
        caller = Caller(app, world.tokens.get(who))
        for route in routes:
            if LAST.match(route.path):
                caller = signed_in(app, who)
            known = set(re.findall(r"\{(\w+)", route.path)) <= {*VALUES, "council"}
            if known and route.name not in reached and outcome(*call(caller, route, address(route, world))) == "in":
                reached.add(route.name)
    excused = {f"{verb} {path}" for path in NOBODY for verb in ("GET", "POST")}
    return {route.name for route in routes} - reached - excused


def test_every_route_is_reached_by_somebody(app: Any, world: World) -> None:
    assert left_out(app, world, all_routes()) == set()


def test_a_route_that_somebody_adds_and_forgets_here_is_told(app: Any, world: World) -> None:
    def shown(visit: Visit) -> Response:
        return visit.render("web/refused.html")

    forgotten = [
        page("/c/{council}/things/{thing_id:int}", shown, needs=MEMBER),
        act("/c/{council}/closing-for-good", shown, needs=seat("nobody-holds-this")),
    ]
    app.router.routes[:0] = forgotten
    assert left_out(app, world, forgotten) == {route.name for route in forgotten}


SOCKETS = [route for route in steps.routes(demo=True) if isinstance(route, WebSocketRoute)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_socket_lets_in_members_and_nobody_else(kind: str, app: Any, world: World) -> None:
    who = KINDS[kind]
    headers = {"cookie": f"sign-in={world.tokens[who]}"} if who in world.tokens else {}
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for route in SOCKETS:
            path = re.sub(
                r"\{(\w+)(?::\w+)?\}", lambda found: {**world.values, "council": "jinxiu"}[found[1]], route.path
            )
            with client.websocket_connect(path, headers=headers) as socket:
                told = socket.receive()
            assert ("text" in told) == (who not in ELSEWHERE | {"anonymous"}), f"{route.name} {told}"


@pytest.mark.parametrize("who", ["other_moderator", "other_resident"])
def test_another_councils_ids_do_not_exist_in_ones_own_council(who: str, app: Any, world: World) -> None:
    """80: every number of this council, asked for under another one."""
    caller = Caller(app, world.tokens[who])
    crossed = []
    for route in all_routes():
        if "{council}" in route.path and re.search(r"_id:int|\{code\}|\{receipt\}", route.path):
            status, location = call(caller, route, address(route, world, council="other"))
            if status == 303 and location.startswith("/c/other/"):
                status = caller.get(location).status
            if outcome(status, location) not in {"404", "403"}:
                crossed.append(f"{route.name}: {status} {location}")
    assert crossed == []


def test_every_act_refuses_a_form_without_its_token_and_one_from_another_site(app: Any, world: World) -> None:
    """71: on every act."""
    through = []
    for route in all_routes():
        if isinstance(owner_of(route), Act) and route.path not in NOBODY:
            owner_of(route).rate = "100000/minute"  # type: ignore[union-attr]
            for who in ("secretary", "owner", "admin"):
                caller = Caller(app, world.tokens[who])
                path = address(route, world)
                plain = caller.client.post(path, data={"csrf": "0" * 64})
                foreign = caller.post(path, headers={"origin": "http://evil.example"})
                through += [
                    f"{who} {route.name} {kind}: {answer}"
                    for kind, answer in (("forged", plain.status_code), ("foreign", foreign.status))
                    if answer not in {403, 404}
                ]
    assert through == []


HALF = re.compile(r"[\u4e00-\u9fff）”》]\s?[:,;] ")
"""Half-width punctuation behind a Chinese letter."""


@dataclass
class Walk:
    """Everybody has opened every page once: what was shown, and what stood in the database before and after."""

    before: dict[str, list[Any]]
    shown: dict[str, set[str]]
    after: dict[str, list[Any]]


@pytest.fixture(scope="module")
def walk(world: World, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    with served(world, tmp_path_factory.mktemp("walk")) as app:
        before, shown = rows(app), defaultdict(set)
        for who in PEOPLE:
            caller = Caller(app, world.tokens.get(who))
            for route in all_routes():
                if isinstance(owner_of(route), Page):
                    answer = caller.get(address(route, world))
                    if answer.response.headers.get("content-type", "").startswith("text/html"):
                        shown[route.path].add(answer.html)
        return Walk(before, shown, rows(app))


def test_no_chinese_page_mixes_half_width_punctuation_in(walk: Walk) -> None:
    found: dict[str, str] = {}
    for path, pages in walk.shown.items():
        for written in pages:
            shown = re.sub(r"<(script|style|textarea).*?</\1>", "", written, flags=re.DOTALL)
            # What is said to a screen reader alone stands in attributes.
            said = " ".join(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', shown))
            if wrong := HALF.search(f"{re.sub('<[^>]+>', '', shown)} {said}"):
                found.setdefault(path, wrong.string[max(0, wrong.start() - 12) : wrong.end() + 12])
    assert found == {}
    assert len(walk.shown) > 80


def test_looking_changes_nothing(walk: Walk) -> None:
    """72: no page writes anything but who read what."""
    assert walk.before["ballot"]
    assert walk.after == walk.before


def test_every_socket_is_one_of_ours() -> None:
    assert SOCKETS
    assert all(str(route.name).startswith("LIVE ") for route in SOCKETS)
    assert [one for one in steps.routes(demo=True) if not isinstance(one, Route | WebSocketRoute)] == []
