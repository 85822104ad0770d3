"""Whoever is shown others' names on the roll, numbers or full minutes is written down: tried on every page with everybody."""

from __future__ import annotations

import html
from typing import Any

from sqlalchemy import text
from sqlmodel import select
from starlette.responses import Response
from starlette.routing import Route

from deliberation.council.tables import RollUnit
from deliberation.i18n.catalog import words
from deliberation.people.tables import Account
from deliberation.web.routing import Page, page
from deliberation.web.viewer import MEMBER
from deliberation.web.visit import Visit
from tests.conftest import Caller
from tests.house.everyone import LAST, NOW, World, address, all_routes, is_read, owner_of

_MINUTES = "/c/{council}/minutes/{minutes_id:int}"
SHOWN_IN_FULL = {
    "/c/{council}/roll": "roll",
    "/c/{council}/roll/owners": "roll",
    "/c/{council}/home-slips": "roll",
    "/c/{council}/roll/uploads/{upload_id:int}": "roll_file",
    "/c/{council}/roll/disputes": "roll_disputes",
    "/c/{council}/roll/disputes/{roll_dispute_id:int}": "roll_dispute",
    "/c/{council}/residents": "residents",
    "/c/{council}/residents/{resident_id:int}": "resident",
    "/c/{council}/recoveries": "recoveries",
    "/c/{council}/proxies/desk": "proxies",
    "/c/{council}/polls/{poll_id:int}/disputes": "ballot_disputes",
    "/c/{council}/meetings/{meeting_id:int}/desk": "presence",
    _MINUTES: "minutes",
    f"{_MINUTES}/editing": "minutes",
    f"{_MINUTES}/print": "minutes_file",
    f"{_MINUTES}/pdf": "minutes_file",
    f"{_MINUTES}/record.json": "minutes_file",
}
"""The supervisor's files of ballots by name are acts, which the journal tells of (tests/house/test_written_down.py)."""
READERS = ("anonymous", "stranger", "resident", "tenant", "property", "secretary", "recorder", "desk", "supervisor")
ASKED = {"head": "水仙里1幢", "part": "Y0003", "state": "verified"}
"""What makes a page show more: a search, an owner number, those confirmed."""


def in_full(app: Any) -> set[str]:
    """Names and numbers that stand on the roll or in an account alone, and whole paragraphs of minutes."""
    with app.state.site.db.read() as session:
        accounts = session.exec(select(Account.name)).all()
        units = session.exec(select(RollUnit.owner_name, RollUnit.phone)).all()
        found = {name for name, _ in units if len(name) > 2 and name not in accounts}
        found |= {phone for _, phone in units if phone}
        found |= {one for both in session.exec(select(Account.phone, Account.claimed_phone)) for one in both if one}
        minutes = session.execute(text("SELECT DISTINCT text FROM paragraph WHERE length(text) > 30")).scalars()
        return found | {one.splitlines()[0][:60] for one in minutes if len(one.splitlines()[0]) > 30}


def of_others(app: Any, world: World, routes: list[Route]) -> dict[str, str]:
    """Pages that show such a thing to somebody it does not belong to -> to whom, and what."""
    canaries, shown = sorted(in_full(app)), {}
    for who in READERS:
        caller = Caller(app, world.tokens.get(who))
        own = caller.get("/account/data.json").html
        foreign = [one for one in canaries if one not in own]
        for route in routes:
            if route.path in shown or LAST.match(route.path) or not is_read(route):
                continue
            answer = caller.get(address(route, world), params=ASKED)
            if answer.status == 200:
                body = html.unescape(answer.html)
                if found := next((one for one in foreign if one in body), None):
                    shown[route.path] = f"{who}: {found}"
    return shown


def declared(routes: list[Route]) -> dict[str, str]:
    return {
        route.path: found.reads.thing
        for route in routes
        if isinstance(found := owner_of(route), Page) and found.reads is not None
    }


def test_these_pages_show_others_in_full_and_declare_it() -> None:
    assert declared(all_routes()) == SHOWN_IN_FULL


def test_no_page_that_shows_others_in_full_has_forgotten_to_declare_it(app: Any, world: World) -> None:
    shown = of_others(app, world, all_routes())
    assert len(shown) >= 7, "the crawl no longer finds what is shown"
    assert {path: what for path, what in shown.items() if path not in SHOWN_IN_FULL} == {}


def test_a_page_that_somebody_adds_and_forgets_to_declare_is_told(app: Any, world: World) -> None:
    def telephone_book(visit: Visit) -> Response:
        return Response("、".join(visit.session.exec(select(RollUnit.phone)).all()), media_type="text/plain")

    forgotten = page("/c/{council}/telephone-book", telephone_book, needs=MEMBER)
    app.router.routes[:0] = [forgotten]
    assert set(of_others(app, world, [forgotten])) - set(SHOWN_IN_FULL) == {forgotten.path}


def test_each_of_them_leaves_its_row(app: Any, world: World) -> None:
    with app.state.site.db.write(NOW) as tx:
        frozen = tx.session.execute(text("SELECT max(id) FROM minutes WHERE frozen_at IS NOT NULL")).scalar_one()
    for who in ("secretary", "recorder", "desk", "supervisor"):
        caller = Caller(app, world.tokens[who])
        for route in all_routes():
            if route.path in SHOWN_IN_FULL:
                caller.get(address(route, world))
                caller.get(f"/c/jinxiu/minutes/{frozen}/record.json")
    with app.state.site.db.read() as session:
        things = set(session.execute(text("SELECT thing FROM reading")).scalars())
    assert things >= set(SHOWN_IN_FULL.values())


def test_each_has_its_words() -> None:
    assert set(words()["reading"]) == set(SHOWN_IN_FULL.values())
