"""The same council on PostgreSQL: migrated, lived in, and raced by several people at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DataError
from sqlmodel import col, func, select

from deliberation.agenda import actions as agenda
from deliberation.agenda.rules import Check, Outcome
from deliberation.agenda.tables import Seconding
from deliberation.app import create_app
from deliberation.council.tables import HomeSlip, Membership, Seat, SeatChange
from deliberation.db import journal
from deliberation.db.engine import Database, Tx
from deliberation.db.migrate import current, migrate, newest
from deliberation.db.tables import Event, Reading
from deliberation.jobs.clock import TravelClock
from deliberation.people import passwords
from deliberation.people.devices import actions as device_actions
from deliberation.people.tables import Account, SignIn
from deliberation.schema import metadata
from deliberation.settings import Settings
from tests import cast as the_cast
from tests.conftest import START, Town
from tests.deliberation.council import slips
from tests.deliberation.meeting import build as meetings
from tests.deliberation.web.desk import one_party
from tests.rows import seats_and_proxies_of_before, second_records_of_before
from tests.serving import PATIENCE, free_port


def programs() -> Path | None:
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else versions[-1].parent if versions else None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of our own on a free port of 127.0.0.1, its data thrown away afterwards."""
    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="council-pg-"))
    if user:
        shutil.chown(folder, user)
    port, data = free_port(), folder / "data"
    run = {"user": user, "cwd": folder, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([binaries / "initdb", "-D", data, "-A", "trust", "-U", "council", "-E", "UTF8", "--no-sync"], **run)  # type: ignore[call-overload]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [binaries / "pg_ctl", "-D", data, "-w", "-t", str(int(PATIENCE))]
    subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], **run)  # type: ignore[call-overload]
    try:
        yield f"postgresql://council@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def town_there(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    migrate(postgres)
    db = Database(postgres)
    with db.write(START) as tx:
        cast = the_cast.enter(tx)
    db.close()
    settings = Settings(tmp_path_factory.mktemp("pg"), postgres, b"a secret for the tests")
    clock = TravelClock(at=START)
    app = create_app(settings, clock, run_jobs=False)
    yield Town(app, cast, clock)
    app.state.site.db.close()


def test_the_schema_is_brought_up_to_date_once(town_there: Town) -> None:
    assert current(town_there.db.url) == newest()
    migrate(town_there.db.url)


def test_a_migrated_database_has_exactly_the_tables_of_the_program(town_there: Town) -> None:
    with town_there.db.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_seats_and_proxies_of_before_stand_and_serve_as_they_were(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE earlier")
    seats_and_proxies_of_before(postgres.replace("/postgres", "/earlier"))


def test_the_second_record_of_a_paper_proxy_is_tied_to_the_first(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE second_records")
    second_records_of_before(postgres.replace("/postgres", "/second_records"))


def test_a_reader_cannot_write(town_there: Town) -> None:
    with town_there.db.read() as session, pytest.raises(Exception, match="read-only"):
        session.connection().exec_driver_sql("DELETE FROM event")


def test_seven_neighbors_who_second_in_the_same_instant_are_all_counted(town_there: Town) -> None:
    with town_there.write("resident") as tx:
        matter = agenda.propose(tx, title="装充电桩", text="在架空层安装充电桩。", category="fire").id
    people = ["neighbor", "owner", "owner5", "owner6", "owner7", "tenant", "family"]
    answers: list[int] = []

    def second(who: str) -> None:
        answers.append(town_there.as_(who).post(f"/c/jinxiu/proposals/{matter}/seconding").status)

    threads = [threading.Thread(target=second, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * len(people)
    with town_there.db.read() as session:
        count = session.exec(select(func.count()).where(Seconding.proposal_id == matter)).one()
        events = session.exec(
            select(Event).where(Event.council_id == town_there.cast.council_id).order_by(col(Event.seq))
        ).all()
    assert count == len(people)
    assert journal.broken_at(events) is None


def test_those_who_sign_in_at_once_and_one_who_cannot_be_written_get_an_answer_each(
    town_there: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, broken = ["neighbor", "owner", "owner5", "owner6", "owner7", "tenant", "family"], "owner5"
    monkeypatch.setattr(passwords, "verify", lambda known, password: password == "right")
    with town_there.db.read() as session:
        phones = {who: session.get_one(Account, town_there.cast.ids[who]).phone for who in people}
        before = session.exec(select(func.count(col(SignIn.id)))).one()
    arrive, answers = device_actions.arrive, dict[str, int]()

    def cut(tx: Tx, account_id: int, key: str, agent: str) -> int:
        if account_id == town_there.cast.ids[broken]:
            tx.connection.exec_driver_sql("SELECT 1 / 0")
        return arrive(tx, account_id, key, agent)

    monkeypatch.setattr(device_actions, "arrive", cut)

    def sign_in(who: str, password: str) -> None:
        form = {"identifier": phones[who], "password": password}
        with contextlib.suppress(DataError):
            answers[f"{who} {password}"] = town_there.as_(None).post("/sign-in", form).status

    threads = [threading.Thread(target=sign_in, args=(who, word)) for who in people for word in ("right", "wrong")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"{who} {word}": 303 if word == "right" else 422 for who in people for word in ("right", "wrong")}
    assert answers == {who: status for who, status in expected.items() if who != f"{broken} right"}
    with town_there.db.read() as session:
        assert session.exec(select(func.count(col(SignIn.id)))).one() == before + len(people) - 1


def lose_a_race(town: Town, tx: Tx, account_id: int) -> None:
    tx.connection.exec_driver_sql("SELECT 1 FROM account")
    with psycopg.connect(town.db.url, autocommit=True) as another_server:
        another_server.execute("UPDATE account SET name = name WHERE id = %s", [account_id])
    tx.connection.exec_driver_sql("UPDATE account SET name = name WHERE id = %s", (account_id,))


def lose_the_server(town: Town, tx: Tx, account_id: int) -> None:
    tx.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize("befall", [lose_a_race, lose_the_server])
def test_what_befalls_one_of_a_party_once_costs_none_of_them_their_sign_in(
    town_there: Town, monkeypatch: pytest.MonkeyPatch, befall: Callable[[Town, Tx, int], None]
) -> None:
    people, arrive, befallen = ["neighbor", "owner", "owner6", "tenant"], device_actions.arrive, list[int]()
    monkeypatch.setattr(passwords, "verify", lambda known, password: password == "right")
    with town_there.db.read() as session:
        phones = [session.get_one(Account, town_there.cast.ids[who]).phone for who in people]
        before = session.exec(select(func.count(col(SignIn.id)))).one()

    def once(tx: Tx, account_id: int, key: str, agent: str) -> int:
        if account_id == town_there.cast.ids["owner"] and not befallen:
            befallen.append(account_id)
            befall(town_there, tx, account_id)
        return arrive(tx, account_id, key, agent)

    monkeypatch.setattr(device_actions, "arrive", once)
    forms = [{"identifier": phone, "password": "right"} for phone in phones]
    browsers = [town_there.as_(None) for _ in people]
    sends = [partial(one.post, "/sign-in", form) for one, form in zip(browsers, forms, strict=True)]
    answers = one_party(monkeypatch, town_there, sends)
    assert [one.status for one in answers] == [303] * len(people)
    assert [one.get("/account").status for one in browsers] == [200] * len(people)
    assert befallen
    with town_there.db.read() as session:
        assert session.exec(select(func.count(col(SignIn.id)))).one() == before + len(people)


def test_a_check_that_does_not_hold_fits_its_column(town_there: Town) -> None:
    with town_there.write("moderator") as tx:
        matter = agenda.propose(tx, title="装雨棚", text="在东门口装一个雨棚。", category="repair").id
        motion = agenda.accept(tx, matter, reason="可以商量")
        for kind in Check:
            for outcome in Outcome:
                agenda.record_check(tx, motion.id, version=motion.version, kind=kind, outcome=outcome, note="见附件")


def test_three_who_use_one_household_slip_in_the_same_instant_get_one_home(
    town_there: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips.no_pdf(monkeypatch)
    slips.roll_with_phones(town_there)
    code = slips.released(town_there)["0901"]
    answers: list[int] = []

    def use(number: int) -> None:
        answers.append(slips.used(town_there, code, phone=f"1370000555{number}").status)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(303) == 1
    with town_there.db.read() as session:
        tied = session.exec(select(func.count()).where(Membership.head_key == "Y11", Membership.state == "verified"))
        assert tied.one() == 1
        assert len(session.exec(select(HomeSlip.id).where(col(HomeSlip.used_at).is_not(None))).all()) == 1


def test_of_two_who_agree_and_one_who_takes_it_back_in_the_same_instant_one_is_heard(town_there: Town) -> None:
    form = {"name": "吴志燕", "phone": "13800000008", "role": "desk"}
    assert town_there.as_("moderator").post("/c/jinxiu/seats", form).status == 303
    with town_there.db.read() as session:
        number = session.exec(select(SeatChange.id)).one()
    known, one = {f"known_{number}": "1"}, f"changes/{number}"
    answers: list[int] = []

    def send(who: str, path: str) -> None:
        answers.append(town_there.as_(who).post(path, known).status)

    threads = [
        threading.Thread(target=send, args=("supervisor", f"/c/jinxiu/seats/{one}/confirmation")),
        threading.Thread(target=send, args=("admin", f"/platform/councils/jinxiu/{one}/confirmation")),
        threading.Thread(target=send, args=("moderator", f"/c/jinxiu/seats/{one}/refusal")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[1:] == [422, 422]
    with town_there.db.read() as session:
        sits = session.exec(
            select(func.count()).where(
                Seat.account_id == town_there.cast.ids["neighbor"], Seat.role == "desk", col(Seat.until).is_(None)
            )
        ).one()
        change = session.exec(select(SeatChange)).one()
    assert sits == (change.state == "done")


def test_four_looks_in_the_same_instant_are_written_down_once(town_there: Town) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(town_there.as_("recorder").get("/c/jinxiu/residents").status))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    with town_there.db.read() as session:
        wanted = select(func.count()).where(
            Reading.reader_id == town_there.cast.ids["recorder"], Reading.thing == "residents"
        )
        assert session.exec(wanted).one() == 1


def test_the_board_is_read_page_by_page_and_shared_by_nobody(town_there: Town) -> None:
    """The number of the last act is asked for across a network there: each page is made anew."""
    for number in range(21):
        meetings.announced(town_there, title=f"第 {number} 次会议")
    first = town_there.as_(None).get("/c/jinxiu/notices")
    assert first.status == 200
    assert "第 20 次会议" in first.text
    second = town_there.as_(None).get("/c/jinxiu/notices?page=2")
    assert "第 0 次会议" in second.text
    with town_there.asking() as asked:
        assert town_there.as_("resident").get("/c/jinxiu/notices").status == 200
        assert town_there.as_(None).get("/c/jinxiu/notices").html == first.html
    assert sum("FROM council" in one for one in asked) == 2
