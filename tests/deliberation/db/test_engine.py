"""One writer that alone commits, readers that cannot write, and nothing left of what was refused."""

import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from deliberation.db import journal
from deliberation.db.tables import Event
from deliberation.people.tables import Account
from tests.conftest import Town


def test_a_reader_cannot_write(town: Town) -> None:
    with town.db.read() as session, pytest.raises(OperationalError, match="readonly"):
        session.connection().exec_driver_sql("DELETE FROM account")


def test_the_writer_syncs_each_commit_and_checks_foreign_keys(town: Town) -> None:
    with town.db.writer.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_what_raised_leaves_nothing_behind_and_tells_nobody(town: Town) -> None:
    told: list[str] = []
    town.db.publish = told.append

    def fail() -> None:
        with town.write("moderator") as tx:
            journal.record(tx, "roll.imported", version=2)
            tx.touch("meeting:1")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    with town.db.read() as session:
        assert [event.facts for event in session.exec(select(Event)) if '"version":2' in event.facts] == []
    assert told == []


@pytest.mark.parametrize("by_entity", [True, False])
def test_what_could_not_be_committed_is_not_in_the_way_of_the_next_act(town: Town, by_entity: bool) -> None:
    """A full disk, say, shows only then."""
    told: list[str] = []
    town.db.publish = told.append
    nobody = 999_999

    def fail() -> None:
        with town.write("moderator") as tx:
            tx.touch("meeting:1")
            tx.after_commit(lambda: told.append("effect"))
            tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            if by_entity:
                tx.session.get_one(Account, town.cast.ids["resident"]).opened_by = nobody
            else:
                tx.connection.exec_driver_sql(f"UPDATE account SET opened_by = {nobody}")

    with pytest.raises(IntegrityError):
        fail()
    assert told == []
    with town.write("moderator") as tx:
        journal.record(tx, "roll.imported", version=2)
    with town.db.read() as session:
        assert session.exec(select(Account).where(Account.opened_by == nobody)).all() == []


def test_whoever_waited_in_vain_for_another_writer_reads_so_and_may_send_it_again(town: Town) -> None:
    asking = town.as_("resident")
    page = asking.get("/account")
    assert page.status == 200
    assert town.db.path is not None
    with closing(sqlite3.connect(town.db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert asking.post("/sign-out").status == 503
        other.execute("ROLLBACK")
    assert asking.post("/sign-out").status == 303


def test_what_was_committed_is_told_once_after_the_commit(town: Town) -> None:
    told: list[tuple[str, int]] = []

    def publish(topic: str) -> None:
        with town.db.read() as session:
            told.append((topic, len(session.exec(select(Event)).all())))

    town.db.publish = publish
    with town.db.read() as session:
        before = len(session.exec(select(Event)).all())
    with town.write("moderator") as tx:
        journal.record(tx, "roll.imported", version=2)
        tx.touch("meeting:1")
        tx.touch("meeting:1")
    assert told == [("meeting:1", before + 1)]


def test_twenty_writers_at_once_make_one_unbroken_journal(town: Town) -> None:
    def write() -> None:
        with town.write("moderator") as tx:
            journal.record(tx, "roll.imported", version=2)

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with town.db.read() as session:
        events = session.exec(select(Event).where(Event.council_id == town.cast.council_id).order_by(Event.seq)).all()  # type: ignore[arg-type]
    assert len(events) >= 20
    assert journal.broken_at(events) is None


def test_a_changed_removed_or_swapped_event_breaks_the_chain(town: Town) -> None:
    with town.write("moderator") as tx:
        events = [journal.record(tx, "roll.imported", version=number) for number in range(3)]
        whole = list(tx.session.exec(select(Event).where(Event.council_id == town.cast.council_id).order_by(Event.seq)))  # type: ignore[arg-type]
        assert journal.broken_at(whole) is None
        assert journal.broken_at(whole[1:]) == 1
        assert journal.broken_at([whole[1], whole[0], *whole[2:]]) == 1
        events[1].verb = "roll.removed"
        assert journal.broken_at(whole) == events[1].seq
