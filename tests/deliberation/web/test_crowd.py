"""Those who come at once are done together, each with their own answer."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from starlette.responses import Response

from deliberation.db import engine
from deliberation.people.passwords import make
from deliberation.people.tables import Account, SignIn
from deliberation.web import crowd_act, csrf
from deliberation.web.crowd import MOST, share
from deliberation.web.crowd_act import Parts
from deliberation.web.lanes import CORES
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit
from tests.conftest import Answer, Town
from tests.deliberation.web.desk import Desk, all_at_once
from tests.serving import come_true, wait_until


@pytest.mark.parametrize(
    ("waiting", "busy", "taken"),
    [
        (0, 0, 0),
        (1, 0, 1),
        (CORES, 0, 1),
        (CORES + 1, 0, 2),
        (MOST - 1, CORES, 0),
        (MOST, CORES, MOST),
        (100 * MOST * CORES, 0, MOST),
    ],
)
def test_few_wait_for_each_other_only_where_every_core_is_busy(waiting: int, busy: int, taken: int) -> None:
    assert share(waiting, busy) == taken


@pytest.fixture
def desk(town: Town) -> Iterator[Desk]:
    made = Desk(town)
    yield made
    made.gate.set()


def test_each_gets_an_answer_of_its_own_and_only_what_went_well_is_kept(desk: Desk) -> None:
    faults = ["refused early", "refused late", "went wrong", "a fault of ours", "no memory"]
    good = [f"neighbor {number}" for number in range(6 * CORES + 6)]
    answers = all_at_once(desk, [*good[:8], *faults, *good[8:]])
    for name in good:
        answer = answers[name]
        assert isinstance(answer, Answer)
        assert (answer.status, answer.location) == (303, f"/written/{name}".replace(" ", "%20"))
    for name in faults[:3]:
        answer = answers[name]
        assert isinstance(answer, Answer)
        assert answer.status == 422
    assert isinstance(answers["a fault of ours"], ZeroDivisionError)
    assert isinstance(answers["no memory"], MemoryError)
    assert set(good) <= desk.names()
    assert not set(faults) & desk.names()


def test_who_comes_while_a_core_is_free_waits_for_nobody(desk: Desk) -> None:
    with ThreadPoolExecutor(CORES) as senders:
        sent = []
        for number in range(CORES):
            sent.append(senders.submit(desk.send, f"neighbor {number}"))
            wait_until(lambda number=number: len(desk.asked) == number + 1, "it waits for another")  # type: ignore[misc]
        desk.gate.set()
        assert [one.result().status for one in sent] == [303] * CORES


def test_several_are_written_in_one_commit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    commits, real = [0], engine._commit

    def counted(connection: object) -> None:
        commits[0] += 1
        real(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "_commit", counted)
    names = [f"neighbor {number}" for number in range(6 * CORES + 6)]
    all_at_once(desk, names)
    assert set(names) <= desk.names()
    assert commits[0] < len(names)


def test_where_the_commit_fails_each_is_told_so_and_may_send_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(connection: object) -> None:
        raise OperationalError("COMMIT", None, Exception("database or disk is full"))

    monkeypatch.setattr(engine, "_commit", full)
    names = [f"neighbor {number}" for number in range(2 * CORES + 2)]
    before = desk.names()
    answers = all_at_once(desk, [*names, "went wrong"])
    assert {one.status for name, one in answers.items() if isinstance(one, Answer) and name in names} == {503}
    assert answers["went wrong"].status == 422  # type: ignore[union-attr]
    monkeypatch.undo()
    assert desk.names() == before
    assert desk.send("neighbor 0").status == 303


def test_on_a_full_disk_whoever_is_told_yes_is_kept_and_nobody_else(desk: Desk) -> None:
    with desk.town.db.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    names = [f"{number} " + "long " * 700 for number in range(6 * CORES + 6)]
    answers = {name: one for name, one in all_at_once(desk, names).items() if isinstance(one, Answer)}
    assert {one.status for one in answers.values()} == {303, 503}
    assert len(answers) == len(names)
    assert desk.names() & set(names) == {name for name, one in answers.items() if one.status == 303}


def test_after_a_lost_race_each_is_done_again_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost(Exception):
        sqlstate = "40001"

    real, lost = engine._commit, [0]

    def lose(connection: object) -> None:
        if lost[0] < 2:
            lost[0] += 1
            raise OperationalError("COMMIT", None, Lost())
        real(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "_commit", lose)
    names = [f"neighbor {number}" for number in range(2 * CORES + 2)]
    answers = all_at_once(desk, names)
    assert [one.status for one in answers.values() if isinstance(one, Answer)] == [303] * len(names)
    assert lost == [2]
    with desk.town.db.read() as session:
        assert sorted(session.exec(select(Account.name).where(col(Account.name).startswith("neighbor ")))) == sorted(
            names
        )


@pytest.mark.usefixtures("real_passwords")
def test_a_sign_in_that_lost_a_race_is_done_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first try had set for its answer is not what the second is checked against."""

    class Lost(Exception):
        sqlstate = "40001"

    with town.write("resident") as tx:
        tx.session.get_one(Account, town.cast.ids["resident"]).password_hash = make("the right one")
        phone = tx.session.get_one(Account, town.cast.ids["resident"]).phone
    real, tries = engine._commit, [0]

    def lose(connection: object) -> None:
        tries[0] += 1
        if tries[0] == 1:
            raise OperationalError("COMMIT", None, Lost())
        real(connection)  # type: ignore[arg-type]

    def count() -> int:
        with town.db.read() as session:
            return len(session.exec(select(SignIn).where(SignIn.account_id == town.cast.ids["resident"])).all())

    before = count()
    monkeypatch.setattr(engine, "_commit", lose)
    answer = town.as_(None).post("/sign-in", {"identifier": phone, "password": "the right one"})
    assert (answer.status, answer.location) == (303, "/")
    assert count() == before + 1


def test_nobody_waits_any_more_for_one_of_them(desk: Desk) -> None:
    """The server ends, say, while it is done."""
    faults: list[dict[str, object]] = []

    caller = desk.town.as_(None)
    fields = {"name": "one who left", "csrf": csrf.token(caller.site.settings.secret, "test-guard", None)}
    body = urlencode(fields).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/desk",
        "query_string": b"",
        "headers": [
            (b"cookie", b"guard=test-guard"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
        ],
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    async def send(_: object) -> None:
        raise AssertionError("nobody is there")

    async def leave() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
        sent = asyncio.ensure_future(desk.town.app(scope, receive, send))
        await come_true(lambda: desk.asked)
        sent.cancel()
        desk.gate.set()
        await come_true(lambda: "one who left" in desk.names())
        await asyncio.to_thread(desk.send, "one more")

    asyncio.run(leave())
    assert faults == []
    assert "one more" in desk.names()


def test_a_handler_that_stops_twice_is_a_fault_of_ours(town: Town) -> None:
    def twice(visit: Visit) -> Parts:
        yield lambda: True
        yield lambda: True
        return Response()

    town.app.router.routes[:0] = [crowd_act.act("/twice", twice, needs=ANYONE, rate="60/minute")]
    with pytest.raises(RuntimeError, match="stops once"):
        town.as_(None).post("/twice")
