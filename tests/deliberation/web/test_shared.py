"""One rendering for all who are not signed in: whatever it could depend on is changed once, and it changes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, update
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from deliberation import steps
from deliberation.agenda.actions import propose
from deliberation.council.tables import Council
from deliberation.db.engine import Database
from deliberation.decision import actions as decisions
from deliberation.decision.tables import Decision
from deliberation.people.actions import create_account
from deliberation.settings import Settings
from deliberation.web import csrf, shared
from deliberation.web.routing import page, shared_of
from deliberation.web.shared import Shared
from deliberation.web.viewer import ANYONE, MEMBER
from deliberation.web.visit import Visit
from tests.cast import Cast
from tests.conftest import Town, living
from tests.deliberation.ballot.build import announced, later, signed_in
from tests.deliberation.decision.build import PASSING, decided, path
from tests.deliberation.meeting import build as meetings

BOARD = "/c/jinxiu/notices"
OBJECTION = "计票时漏了一张纸质票。"


def test_the_second_who_asks_is_shown_what_was_rendered_for_the_first(town: Town) -> None:
    first = town.as_(None).get(BOARD)
    with town.asking() as asked:
        second = town.as_(None).get(BOARD)
    assert asked == []
    assert second.html == first.html
    assert second.response.headers == first.response.headers


def test_an_act_of_the_council_is_seen_at_once(town: Town) -> None:
    assert "第一次议事会" not in town.as_(None).get(BOARD).text
    meetings.announced(town)
    assert "第一次议事会" in town.as_(None).get(BOARD).text


def test_each_language_and_size_has_its_own(town: Town) -> None:
    def seen(**cookies: str) -> str:
        stranger = town.as_(None)
        for name, value in cookies.items():
            stranger.client.cookies.set(name, value)
        return re.sub(r"\s+", " ", stranger.get(BOARD).html)

    plain = seen()
    assert 'data-size="s"' in plain
    assert "公示栏" in plain
    assert 'data-size="l"' in seen(size="l")
    assert "Notice board" in seen(lang="en")
    both = seen(lang="en", size="m")
    assert "Notice board" in both
    assert 'data-size="m"' in both
    assert seen(lang="fr", size="xxl") == plain


def test_each_page_of_a_list_has_its_own(town: Town) -> None:
    for number in range(21):
        meetings.announced(town, title=f"第 {number} 次会议")
    first, second = (town.as_(None).get(f"{BOARD}?page={number}").text for number in (1, 2))
    assert "第 20 次会议" in first
    assert "第 20 次会议" not in second
    assert "第 0 次会议" in second


def objected(town: Town) -> Decision:
    """A result with an objection that nobody has answered, on its first day."""
    decision = decided(town, PASSING)
    with town.write("resident") as tx:
        decisions.object_to(tx, decision.id, text=OBJECTION)
    return decision


def test_what_the_clock_alone_changes_is_shown(town: Town) -> None:
    """No act is done here: what is due stays undone."""
    decision = objected(town)
    preliminary = town.as_(None).get(path(decision)).text
    assert "异议期到" in preliminary
    later(town, days=16)
    assert "异议期到" not in town.as_(None).get(path(decision)).text
    announced(town, title="架空层设充电桩之二")
    assert "近 15 天" in town.as_(None).get(BOARD).text
    later(town, days=16)
    assert "近 15 天" not in town.as_(None).get(BOARD).text


def test_what_no_act_tells_of_is_shown_a_second_later(town: Town) -> None:
    assert "锦绣邻里议事会" in town.as_(None).get(BOARD).text
    with town.write() as tx:
        tx.session.exec(update(Council).where(col(Council.slug) == "jinxiu").values(name="新名议事会"))
    later(town, seconds=1)
    assert "新名议事会" in town.as_(None).get(BOARD).text


def test_the_clock_going_back_shows_nothing_from_the_future(town: Town) -> None:
    decision = objected(town)
    later(town, days=16)
    after = town.as_(None).get(path(decision)).text
    later(town, days=-16)
    assert town.as_(None).get(path(decision)).text != after


def test_what_was_said_to_one_is_not_said_to_the_next(town: Town) -> None:
    own = {"referer": "http://127.0.0.1/c/jinxiu/notices"}
    told = town.as_(None).get(f"{BOARD}?said=signed_out_others", headers=own)
    assert 'class="flash"' in told.html
    assert 'class="flash"' not in town.as_(None).get(f"{BOARD}?said=signed_out_others").html
    assert 'class="flash"' not in town.as_(None).get(BOARD, headers=own).html


def test_another_query_is_answered_but_not_kept(town: Town) -> None:
    stranger = town.as_(None)
    for query in ("page=12345", "page=1&x=2", "x=2", "page=%31"):
        assert stranger.get(f"{BOARD}?{query}").status == 200
        with town.asking() as asked:
            assert stranger.get(f"{BOARD}?{query}").status == 200
        assert asked


@pytest.mark.parametrize("who", ["resident", "moderator", "stranger", "admin"])
def test_who_is_signed_in_is_shown_their_own_and_leaves_nothing(town: Town, who: str) -> None:
    decision = objected(town)
    meetings.announced(town)
    strangers = {where: town.as_(None).get(where).html for where in (BOARD, path(decision), "/c/jinxiu")}
    for where, before in strangers.items():
        own = signed_in(town, who).get(where).html
        assert 'href="/account"' in own
        assert 'href="/account"' not in before
        assert town.as_(None).get(where).html == before
    assert OBJECTION not in strangers[path(decision)]


def test_who_was_signed_in_is_not_shown_what_is_shared(town: Town) -> None:
    """A sign-in that has ended is looked up like any other."""
    town.as_(None).get(BOARD)
    gone = town.as_(None)
    gone.client.cookies.set("sign-in", "ended")
    with town.asking() as asked:
        assert gone.get(BOARD).status == 200
    assert asked


def test_councils_have_their_own(town: Town) -> None:
    meetings.announced(town)
    here, there = (town.as_(None).get(f"/c/{slug}/notices").text for slug in ("jinxiu", "other"))
    assert "锦绣邻里议事会" in here
    assert "第一次议事会" in here
    # The other council has done nothing yet, so that there is no number to keep its page under.
    assert "东园邻里议事会" in there
    assert "第一次议事会" not in there
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        propose(tx, title="东园的灯", text="晚上看不见台阶。", category="fire")
    for _ in range(2):
        assert "第一次议事会" not in town.as_(None).get("/c/other/notices").text
        assert "第一次议事会" in town.as_(None).get(BOARD).text
    decision = decided(town, PASSING)
    assert town.as_(None).get(path(decision)).status == 200
    assert town.as_(None).get(path(decision).replace("jinxiu", "other")).status == 404


def test_an_act_in_one_council_leaves_what_others_show(town: Town) -> None:
    town.as_(None).get(BOARD)
    with town.write("other_moderator", town.cast.other_council_id) as tx:
        propose(tx, title="东园的灯", text="晚上看不见台阶。", category="fire")
    with town.write() as tx:
        create_account(tx, name="新来的人")
    with town.asking() as asked:
        town.as_(None).get(BOARD)
    assert asked == []


def test_what_is_not_there_yet_is_there_once_it_is_made(town: Town) -> None:
    later(town, days=23, hours=1)
    stranger = town.as_(None)
    assert stranger.get("/c/jinxiu/decisions/1").status == 404
    later(town, days=-23, hours=-1)
    decided(town, PASSING)
    assert stranger.get("/c/jinxiu/decisions/1").status == 200
    assert stranger.get("/c/nowhere/notices").status == 404


def test_nothing_of_who_asks_comes_into_it(town: Town) -> None:
    """What their browser says, and what it is known by, in every form there is."""
    marked = town.as_(None)
    marked.client.cookies.set("guard", "marked-guard")
    marked.client.cookies.set("device", "marked-device")
    said = {name: f"marked-{name}" for name in ("user-agent", "accept-language", "referer", "x-forwarded-for", "host")}
    first = marked.get(BOARD, headers=said)
    second = town.as_(None).get(BOARD)
    assert "marked" not in first.html + repr(first.response.headers)
    assert first.html == second.html
    assert "set-cookie" not in first.response.headers
    assert csrf.token(town.site.settings.secret, "marked-guard", None) not in first.html


SHARED = shared_of([route for route in steps.routes(demo=False) if isinstance(route, Route)])


def addresses(town: Town) -> dict[str, str]:
    decision = decided(town, PASSING)
    meetings.announced(town)
    values = {"council": "jinxiu", "decision_id": str(decision.id), "poll_id": str(decision.poll_id)}
    return {one.path: re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], one.path) for one in SHARED}


@pytest.mark.parametrize("cookies", [{}, {"lang": "en", "size": "l"}])
def test_every_shared_page_is_what_it_would_be_unshared(town: Town, cookies: dict[str, str]) -> None:
    """A newly shared page is tried here by itself; `hx-request` alone goes past what is kept."""
    found = addresses(town)
    assert len(found) >= 7
    for where in found.values():
        stranger = town.as_(None)
        for name, value in cookies.items():
            stranger.client.cookies.set(name, value)
        anew = stranger.get(where, headers={"hx-request": "true"})
        assert anew.status == 200
        with town.asking() as asked:
            assert stranger.get(where).html == anew.html
        assert asked
        with town.asking() as asked:
            kept = stranger.get(where)
        assert asked == []
        assert kept.html == anew.html
        assert dict(kept.response.headers) == dict(anew.response.headers)


def test_a_page_that_does_not_say_so_is_made_for_each(town: Town) -> None:
    for _ in range(2):
        with town.asking() as asked:
            assert town.as_(None).get("/c/jinxiu/slips").status == 200
        assert asked


def test_only_a_public_page_of_a_council_can_be_shared() -> None:
    def shown(visit: Visit) -> Response:
        return visit.render("web/refused.html")

    for where, needs in (("/c/{council}/x", MEMBER), ("/x", ANYONE)):
        with pytest.raises(ValueError, match="not for everybody"):
            page(where, shown, needs=needs, shared=True)


class Counted:
    """An app of one shared page, whose handler counts how often it is called."""

    def __init__(self, town: Town, answer: Callable[[Visit], Response]) -> None:
        self.calls, self._answer = 0, answer
        self.route = page("/c/{council}/one", self._called, needs=ANYONE, shared=True)
        inner = Starlette(routes=[self.route])
        inner.state.site = town.site
        self.inner, self.app = inner, Shared(inner, site=town.site, routes=[self.route])

    def _called(self, visit: Visit) -> Response:
        self.calls += 1
        return self._answer(visit)

    def client(self, guard: str = "") -> TestClient:
        return TestClient(self.app, cookies={"guard": guard} if guard else {}, follow_redirects=False)

    async def ask(self) -> bytes:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        where = {"path": "/c/jinxiu/one", "raw_path": b"/c/jinxiu/one", "query_string": b"", "root_path": ""}
        rest = {"http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)}
        await self.app(
            {
                "type": "http",
                "asgi": {"version": "3.0"},
                "method": "GET",
                "headers": [],
                "app": self.inner,
                **where,
                **rest,
            },
            receive,
            send,
        )
        return b"".join(one.get("body", b"") for one in sent)


def test_a_page_with_a_form_is_for_one_browser(town: Town) -> None:
    one = Counted(town, lambda visit: Response(visit.csrf))
    secret = town.site.settings.secret
    for guard in ("first", "second"):
        for _ in range(2):
            assert one.client(guard).get("/c/jinxiu/one").text == csrf.token(secret, guard, None)
    fresh = one.client().get("/c/jinxiu/one")
    assert fresh.text == csrf.token(secret, fresh.cookies["guard"], None)


def test_a_page_that_names_its_form_is_for_one_browser(town: Town) -> None:
    one = Counted(town, lambda visit: Response(visit.csrf + visit.once))
    assert one.client("first").get("/c/jinxiu/one").text != one.client("first").get("/c/jinxiu/one").text


@pytest.mark.parametrize("status", [303, 403, 422, 500])
def test_what_went_otherwise_is_not_kept(town: Town, status: int) -> None:
    one = Counted(town, lambda visit: Response(visit.address, status, {"location": "/"}))
    answer = one.client().get("/c/jinxiu/one")
    assert answer.status_code == status
    assert answer.text == "testclient"


def test_a_shared_page_knows_no_address_of_whoever_asked_first(town: Town) -> None:
    one = Counted(town, lambda visit: Response(visit.address))
    assert one.client().get("/c/jinxiu/one").text == "?"


def test_all_who_ask_at_once_wait_for_one_rendering(town: Town) -> None:
    one = Counted(town, lambda visit: Response("drawn once"))

    async def crowd() -> list[bytes]:
        return await asyncio.gather(*(one.ask() for _ in range(40)))

    assert asyncio.run(crowd()) == [b"drawn once"] * 40
    assert one.calls == 1


def test_a_rendering_that_fails_is_tried_again_by_the_next(town: Town) -> None:
    fails = [True, False]

    def answer(visit: Visit) -> Response:
        if fails.pop(0):
            raise RuntimeError("the disk is gone")
        return Response("here again")

    one = Counted(town, answer)
    with pytest.raises(RuntimeError):
        one.client().get("/c/jinxiu/one")
    assert one.client().get("/c/jinxiu/one").text == "here again"


def test_an_act_meanwhile_is_not_missed(town: Town) -> None:
    """The act comes after the number was read and before the page: the page is kept under a number that nobody asks for again."""
    seen: list[str] = []

    def answer(visit: Visit) -> Response:
        if not seen:
            meetings.announced(town)
        seen.append("")
        return Response(str(len(seen)))

    one = Counted(town, answer)
    assert one.client().get("/c/jinxiu/one").text == "1"
    assert one.client().get("/c/jinxiu/one").text == "2"


def test_no_more_is_kept_than_there_is_room_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "MOST", 2)
    one = Counted(town, lambda visit: Response(visit.query("page")))
    for number in range(5):
        assert one.client().get(f"/c/jinxiu/one?page={number}").text == str(number)
    calls = one.calls
    for number in range(5):
        assert one.client().get(f"/c/jinxiu/one?page={number}").text == str(number)
    assert one.calls - calls == 3
    later(town, seconds=1)
    assert one.client().get("/c/jinxiu/one?page=4").text == "4"
    assert len(one.app._kept[1]) == 1


def test_where_the_number_cannot_be_asked_for_pages_are_made_anew(town: Town) -> None:
    one = Counted(town, lambda visit: Response("made"))
    town.db.numbers._path = town.site.settings.data_dir / "gone.db"
    town.db.numbers.close()
    for _ in range(2):
        assert one.client().get("/c/jinxiu/one").text == "made"
    assert one.calls == 2


def test_another_database_than_the_embedded_one_has_no_number_at_hand() -> None:
    db = Database("postgresql://nobody@127.0.0.1:1/none")
    assert db.numbers.last("jinxiu") is None
    db.close()


def test_asking_for_the_number_holds_nothing_open(town: Town) -> None:
    """A reader that kept its place would hold up the checkpoint, and be shown yesterday's number for ever."""
    before = town.db.numbers.last("jinxiu")
    meetings.announced(town)
    after = town.db.numbers.last("jinxiu")
    assert before is not None
    assert after is not None
    assert after > before
    with town.db.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        connection.exec_driver_sql("BEGIN")
    assert busy == 0


def test_in_a_demo_the_clock_s_form_is_each_browser_s_own(
    settings: Settings, template_database: tuple[Path, Cast]
) -> None:
    with living(replace(settings, demo=True), template_database[1]) as town:
        for guard in ("first", "second"):
            stranger = town.as_(None)
            stranger.client.cookies.set("guard", guard)
            assert csrf.token(settings.secret, guard, None) in stranger.get(BOARD).html
