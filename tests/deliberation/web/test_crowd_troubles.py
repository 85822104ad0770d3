"""What goes wrong with one of a party, or with the database under all of them, costs none of the others their answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from deliberation.db import engine
from deliberation.people.tables import Account, SignIn
from deliberation.web import crowd, crowd_act, lanes
from deliberation.web.crowd import MOST, Crowd, Member
from deliberation.web.lanes import CORES
from tests.conftest import Answer, Caller, Town
from tests.deliberation.people.build import PASSWORD, from_address, phone_of, with_password
from tests.deliberation.web.desk import Desk, one_party
from tests.serving import wait_until


class Lost(Exception):
    sqlstate = "40001"


@pytest.fixture
def desk(town: Town) -> Desk:
    made = Desk(town)
    made.gate.set()
    return made


def sign_in(town: Town, who: str, password: str = PASSWORD, address: str = "192.0.2.1") -> Callable[[], Answer]:
    return partial(
        from_address(town, address).post, "/sign-in", {"identifier": phone_of(town, who), "password": password}
    )


def test_a_form_that_came_twice_leads_to_the_same_place_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = partial(desk.send, "neighbor", once="the same showing")
    answers = one_party(monkeypatch, desk.town, [twice, partial(desk.send, "another"), twice])
    assert [(one.status, one.location) for one in answers] == [
        (303, "/written/neighbor"),
        (303, "/written/another"),
        (303, "/written/neighbor"),
    ]
    with desk.town.db.read() as session:
        assert len(session.exec(select(Account).where(Account.name == "neighbor")).all()) == 1


def test_who_lost_a_race_in_the_middle_of_a_party_is_done_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lost, done = list[str](), engine.Written.flush

    def lose(into: engine.Written) -> None:
        done(into)
        lost.append("one")
        if len(lost) == 2:
            raise OperationalError("INSERT", None, Lost())

    monkeypatch.setattr(engine.Written, "flush", lose)
    names = ["went wrong, and written", *(f"neighbor {number}" for number in range(3))]
    answers = one_party(
        monkeypatch, desk.town, [partial(desk.send, name, once="a showing") for name in [*names, "went wrong"]]
    )
    assert [one.status for one in answers] == [303] * 4 + [422]
    assert set(names) <= desk.names()
    assert set(desk.readers) == {0}, "no connection is held while the slow part takes its time"
    assert desk.asked.count("went wrong") == 1, "who was turned away has the answer already"


def test_nobody_keeps_the_yes_of_a_party_that_was_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lost, commit = list[str](), engine._commit

    def lose(connection: Any) -> None:
        lost.append("one")
        if len(lost) == 1:
            raise OperationalError("COMMIT", None, Lost())
        commit(connection)

    monkeypatch.setattr(engine, "_commit", lose)
    with pytest.raises(ZeroDivisionError):
        desk.send("a fault when alone")
    with pytest.raises(ZeroDivisionError):
        desk.send("a fault at once")
    assert not {"a fault when alone", "a fault at once"} & desk.names()


def test_a_connection_that_breaks_under_a_party_is_no_fault_of_anybody_in_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was restarted, say: each has a new connection by itself."""
    flushed, flush = list[str](), engine.Written.flush

    def broken(into: engine.Written) -> None:
        flush(into)
        flushed.append("one")
        if len(flushed) == 2:
            into.connection.invalidate()
            raise OperationalError("INSERT", None, Exception("the connection is gone"))

    monkeypatch.setattr(engine.Written, "flush", broken)
    names = [f"neighbor {number}" for number in range(4)]
    answers = one_party(monkeypatch, desk.town, [partial(desk.send, name) for name in names])
    assert [one.status for one in answers] == [303] * 4
    assert set(names) <= desk.names()


def test_where_another_program_holds_the_file_a_party_waits_for_it_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.town.db.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    asked, begun = list[str](), engine.Database.begun

    def count(db: engine.Database) -> Any:
        asked.append("for the writer's turn")
        return begun(db)

    monkeypatch.setattr(engine.Database, "begun", count)
    with sqlite3.connect(str(desk.town.db.path), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = one_party(monkeypatch, desk.town, [partial(desk.send, f"neighbor {one}") for one in range(4)])
        other.execute("ROLLBACK")
    assert [one.status for one in answers] == [503] * 4
    assert len(asked) == 1
    assert desk.send("neighbor 0").status == 303


def test_nobody_waits_for_the_writer_while_those_who_are_turned_away_get_their_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_party(monkeypatch, desk.town, [partial(desk.send, name) for name in ("first", "went wrong", "last")])
    assert desk.went_on == ["went wrong", "first", "last"]


def test_a_party_of_whom_nobody_is_let_in_waits_for_no_core(desk: Desk) -> None:
    desk.gate.clear()
    with ThreadPoolExecutor(CORES + MOST) as senders:
        at_it = []
        for number in range(CORES):
            at_it.append(senders.submit(desk.send, f"neighbor {number}"))
            wait_until(lambda number=number: len(desk.asked) == number + 1, "each core has its own")  # type: ignore[misc]
        refused = [senders.submit(desk.send, "refused early") for _ in range(MOST)]
        wait_until(lambda: all(one.done() for one in refused), "they are turned away")
        desk.gate.set()
        assert [one.result().status for one in refused] == [422] * MOST
        assert [one.result().status for one in at_it] == [303] * CORES


class Waiting(Member):
    def __init__(self) -> None:
        self.went_on, self.answered = 0, 0

    def begin(self) -> bool:
        return True

    def reckon(self) -> bool:
        return True

    def go_on(self, went_well: bool, group: engine.Together) -> None:
        self.went_on += went_well

    def undone(self) -> None:
        raise AssertionError("nothing was written")

    def answer(self) -> None:
        self.answered += 1


def test_where_one_party_cannot_be_done_those_who_wait_behind_it_are(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    submit, tried = lanes.BEHIND.submit, list[str]()

    def no_thread(*args: Any) -> Any:
        tried.append("once")
        if len(tried) == 1:
            raise RuntimeError("can't start new thread")
        return submit(*args)

    monkeypatch.setattr(lanes.BEHIND, "submit", no_thread)
    monkeypatch.setattr(crowd, "share", lambda waiting, busy: min(waiting, 1))
    some = Crowd(town.db)
    some._waiting.extend(three := [Waiting() for _ in range(3)])
    some._work()
    assert [(one.went_on, one.answered) for one in three] == [(0, 1), (1, 1), (1, 1)]
    assert "can't start new thread" in caplog.text


def test_a_sign_in_that_could_not_be_written_may_be_sent_again_from_the_page_that_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(town, "resident")
    browser, form = town.as_(None), {"identifier": phone_of(town, "resident"), "password": PASSWORD}

    def full(connection: object) -> None:
        raise OperationalError("COMMIT", None, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_commit", full)
        answer = browser.post("/sign-in", form)
    assert answer.status == 503
    tokens = set(re.findall(r'name="csrf" value="([0-9a-f]+)"', answer.html))
    assert {browser.post("/sign-in", {**form, "csrf": token}).status for token in tokens} == {303}


def test_those_of_one_party_have_no_more_tries_between_them_than_one_after_the_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(town, "resident")
    for number in range(49):
        address = f"198.51.100.{number // 10}"
        assert sign_in(town, "resident", "wrong", address)().status == 422
    tries = [sign_in(town, "resident", "wrong", f"203.0.113.{number}") for number in range(6)]
    right = sign_in(town, "resident", address="203.0.113.77")
    answers = one_party(monkeypatch, town, [*tries[:3], right, *tries[3:]])
    assert sorted(one.status for one in answers) == [422, 429, 429, 429, 429, 429, 429]


def test_somebody_who_is_signed_in_and_signs_in_twice_at_once_has_two_that_hold(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = with_password(town, "resident")
    old = before.client.cookies["sign-in"]
    browsers = [Caller(town.app, old) for _ in range(3)]
    for one in browsers:
        one.client.cookies.set("device", "one key for all", domain="127.0.0.1")
    form = {"identifier": phone_of(town, "resident"), "password": PASSWORD}
    answers = one_party(monkeypatch, town, [partial(one.post, "/sign-in", form) for one in browsers])
    assert [one.status for one in answers] == [303] * 3
    assert {one.get("/account").status for one in browsers} == {200}
    assert before.get("/account").status == 303
    with town.db.read() as session:
        mine = session.exec(select(SignIn).where(col(SignIn.account_id) == town.cast.ids["resident"])).all()
    assert len({one.token_hash for one in mine}) == len(mine)
    assert len({one.device_id for one in mine if one.device_id}) == 1


def test_a_sign_in_that_is_done_again_is_noted_once_and_one_that_was_not_kept_never(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with_password(town, "resident")
    right, tries, commit = sign_in(town, "resident"), list[str](), engine._commit

    def lose(connection: Any) -> None:
        tries.append("one")
        if len(tries) != 2:
            raise OperationalError("COMMIT", None, Exception("the disk is full"))
        commit(connection)

    monkeypatch.setattr(engine, "_commit", lose)
    caplog.set_level("INFO", "deliberation.security")
    assert one_party(monkeypatch, town, [right])[0].status == 303
    assert caplog.text.count('"signed_in"') == 1
    assert one_party(monkeypatch, town, [right])[0].status == 503
    assert caplog.text.count('"signed_in"') == 1


def test_who_is_answered_at_once_leaves_nothing_open_and_gets_what_every_answer_carries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.send("neighbor", once="a showing")
    open_then, begin = list[int](), crowd_act._One.begin

    def count(one: crowd_act._One) -> bool:
        went_on = begin(one)
        open_then.append(desk.town.db.reader.pool.checkedout())  # type: ignore[attr-defined]
        return went_on

    monkeypatch.setattr(crowd_act._One, "begin", count)
    again, new = desk.send("neighbor", once="a showing"), desk.send("neighbor", once="another")
    assert again.location == new.location == "/written/neighbor"
    assert again.response.headers["vary"] == new.response.headers["vary"] == "Cookie, HX-Request"
    assert open_then == [0, 0]
    assert desk.asked == ["neighbor", "neighbor"]
