"""What hashes a password waits in the lane for it: otherwise a storm of it takes the threads of everybody's pages."""

from __future__ import annotations

import inspect
import re

import pytest
from starlette.routing import Route

from deliberation.web.crowd_act import CrowdAct
from deliberation.web.lanes import ASKING
from deliberation.web.routing import Act
from tests.house.everyone import all_routes, owner_of

ASKS = re.compile(r"\bopenid\.(address|subject)\(|\b_ask\(")
HASHES = re.compile(
    r"passwords\.(make|fits)|new_password\(|password_again\(|knows_password\(|check_code\(|second_actions\.hashed"
)


def acts() -> list[Route]:
    return [route for route in all_routes() if isinstance(owner_of(route), Act)]


def source(route: Route) -> str:
    owner = owner_of(route)
    return inspect.getsource(owner.parts if isinstance(owner, CrowdAct) else owner.handler)


def test_the_searches_find_those_that_hash_and_those_that_ask() -> None:
    found = {route.path for route in acts() if HASHES.search(source(route))}
    assert {"/setup/{token}", "/account/closing", "/c/{council}/home-code"} <= found
    asks = {route.name for route in all_routes() if ASKS.search(source(route))}
    assert {"GET /account/provider/asking", "POST /sign-in/provider/return"} <= asks


@pytest.mark.parametrize("route", acts(), ids=lambda route: str(route.path))
def test_an_act_that_hashes_a_password_waits_in_the_lane(route: Route) -> None:
    act = owner_of(route)
    assert isinstance(act, Act)
    assert act.lane or not HASHES.search(source(route))


@pytest.mark.parametrize("route", acts(), ids=lambda route: str(route.path))
def test_what_hashes_in_its_own_thread_is_a_crowds_act_and_leaves_that_to_the_crowd(route: Route) -> None:
    hashes = source(route).count("passwords.verify")
    assert hashes == len(re.findall(r"\(yield partial\(passwords\.verify,", source(route)))
    assert not hashes or isinstance(owner_of(route), CrowdAct)


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: str(route.name))
def test_what_asks_another_server_waits_in_the_lane_for_it(route: Route) -> None:
    owner = owner_of(route)
    assert (owner.lane is ASKING) is bool(ASKS.search(source(route)))
