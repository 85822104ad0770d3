"""Every act of a council leaves a row in its journal: followed from each route's handler to where the row is written."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import pytest
from starlette.routing import Route

from deliberation.db import journal
from deliberation.web.routing import Act, act
from deliberation.web.viewer import MEMBER
from deliberation.web.visit import Visit
from tests.house.everyone import all_routes, owner_of

_POLL = "/c/{council}/polls/{poll_id:int}"
RIGHTLY_NOT = {
    "/sign-in": "no council's act, and who reads the journal need not learn when a neighbor is at home",
    "/sign-out": "as above",
    "/account/password": "a person's own account, in no council; the page /account shows its devices",
    "/account/sign-ins/ending": "as above",
    "/account/sign-ins/{sign_in_id:int}/ending": "as above",
    "/account/sign-ins/others/ending": "as above",
    "/account/notices/{notice_id:int}/reading": "as above",
    "/account/passkeys": "as above",
    "/account/passkeys/{passkey_id:int}/removal": "as above",
    "/account/provider/ending": "as above",
    "/account/second-step": "as above",
    "/account/second-step/ending": "as above",
    "/account/second-step/paper-codes": "as above",
    "/sign-in/code": "as above",
    "/sign-in/passkey": "as above",
    "/sign-in/provider/return": "as above",
    "/account/phone": "as above",
    "/platform/sign-outs": "as above; the server's own log has it",
    "/account/phone/code": "as above",
    "/invitations/{token}": "as above; that the link was handed out is written down",
    f"{_POLL}/ballot/check": "it reads a choice back and keeps nothing",
    f"{_POLL}/proxies/{{proxy_id:int}}/ballot/check": "as above",
    f"{_POLL}/casting": "its moment would name the voter: ballots have a chain of their own, the close tells how many came",
    f"{_POLL}/proxies/{{proxy_id:int}}/casting": "as above; that the proxy was given is written down",
    f"{_POLL}/paper": "as above: what the staff keyed in is written down at the close, each paper with who did it",
    f"{_POLL}/paper/{{paper_id:int}}": "as above",
    f"{_POLL}/paper/{{paper_id:int}}/correction": "as above",
    f"{_POLL}/paper/{{paper_id:int}}/withdrawal": "as above",
    "/demo/clock": "the demo's own clock; no other installation has it",
}
"""Acts that write no row, and why."""


def called(function: FunctionType) -> Iterator[Any]:
    """What a function of ours calls or hands on, as far as names lead."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return
    # What is imported inside the function counts too.
    names = {**function.__globals__}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = __import__(node.module, fromlist=["_"])
            names |= {one.asname or one.name: getattr(module, one.name) for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            if isinstance(owner, ModuleType):
                yield getattr(owner, node.attr, None)


@cache
def reaches(function: Callable[..., Any]) -> frozenset[Callable[..., Any]]:
    seen: set[Any] = set()
    waiting: list[Any] = [function]
    while waiting:
        one = inspect.unwrap(waiting.pop()) if callable(waiting[-1]) else waiting.pop()
        if isinstance(one, FunctionType) and one not in seen and one.__module__.startswith(("deliberation.", __name__)):
            seen.add(one)
            if one is not journal.record:
                waiting += list(called(one))
    return frozenset(seen)


def silent(routes: list[Route]) -> set[str]:
    return {
        route.path
        for route in routes
        if isinstance(found := owner_of(route), Act) and journal.record not in reaches(found.handler)
    }


def test_every_act_writes_a_row_or_there_is_a_reason_why_not() -> None:
    assert silent(all_routes()) == set(RIGHTLY_NOT)


def test_an_act_that_somebody_adds_and_that_writes_nothing_is_told() -> None:
    def quiet(visit: Visit) -> Any:
        return visit.to("/")

    assert silent([act("/c/{council}/quietly", quiet, needs=MEMBER)]) == {"/c/{council}/quietly"}


@pytest.mark.parametrize("path", RIGHTLY_NOT)
def test_each_reason_is_one(path: str) -> None:
    assert len(RIGHTLY_NOT[path]) >= 8
