"""Several acts in one commit: what one of them raises undoes that one alone, and nobody is told before all is kept."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError, PendingRollbackError
from sqlmodel import select

from deliberation.db.engine import Together, Tx
from deliberation.people.tables import Account
from tests.conftest import Town


def rename(tx: Tx, account_id: int, name: str, *, by_entity: bool) -> None:
    if by_entity:
        tx.session.get_one(Account, account_id).name = name
    else:
        tx.connection.exec_driver_sql("UPDATE account SET name = ? WHERE id = ?", (name, account_id))


def names(town: Town) -> dict[int | None, str]:
    with town.db.read() as session:
        return {one.id: one.name for one in session.exec(select(Account))}


def write(town: Town, group: Together, act: Callable[[Tx], None]) -> None:
    with group.write(town.now) as tx:
        act(tx)


@pytest.mark.parametrize("by_entity", [True, False])
def test_only_the_one_that_raised_leaves_nothing_behind(town: Town, by_entity: bool) -> None:
    told: list[str] = []
    town.db.publish = told.append
    first, second, third = (town.cast.ids[who] for who in ("resident", "neighbor", "moderator"))
    kept = names(town)

    def fail(tx: Tx) -> None:
        rename(tx, second, "other", by_entity=by_entity)
        tx.touch("second")
        tx.session.flush()
        raise ValueError("no")

    def go(account_id: int, tx: Tx) -> None:
        rename(tx, account_id, f"new {account_id}", by_entity=by_entity)
        tx.touch(str(account_id))
        tx.after_commit(partial(told.append, f"effect {account_id}"))

    with town.db.together() as group:
        write(town, group, partial(go, first))
        with pytest.raises(ValueError, match="no"):
            write(town, group, fail)
        write(town, group, partial(go, third))
        assert told == []
        assert names(town) == kept, "nobody reads of it before it is committed"
    assert names(town) == {**kept, first: f"new {first}", third: f"new {third}"}
    assert told == [f"effect {first}", str(first), f"effect {third}", str(third)]


def twice_by_row(tx: Tx, account_id: int) -> None:
    tx.session.connection().exec_driver_sql(
        f"INSERT INTO account (id, name, platform_admin, created_at) VALUES ({account_id}, 'x', false, '2020-01-01')"
    )


def twice_by_entity(tx: Tx, account_id: int) -> None:
    tx.session.add(Account(id=account_id, name="x", created_at=tx.now))
    tx.session.flush()


@pytest.mark.parametrize("insert_twice", [twice_by_row, twice_by_entity])
def test_one_that_the_database_refuses_is_undone_alone(town: Town, insert_twice: Callable[[Tx, int], None]) -> None:
    taken = town.cast.ids["resident"]
    with town.db.together() as group:
        write(town, group, lambda tx: rename(tx, taken, "new", by_entity=True))
        with pytest.raises(IntegrityError):
            write(town, group, lambda tx: insert_twice(tx, taken))
        write(town, group, lambda tx: rename(tx, town.cast.ids["neighbor"], "new too", by_entity=True))
    assert [names(town)[town.cast.ids[who]] for who in ("resident", "neighbor")] == ["new", "new too"]


def test_where_the_connection_is_gone_each_is_told_of_its_own_fault_and_all_of_the_loss(town: Town) -> None:
    def leave(tx: Tx) -> None:
        tx.connection.invalidate()
        raise ValueError("something else")

    def both() -> None:
        with town.db.together() as group:
            with pytest.raises(ValueError, match="something else"):
                write(town, group, leave)
            told.append("its own fault")
            with pytest.raises(PendingRollbackError):
                write(town, group, lambda tx: rename(tx, town.cast.ids["resident"], "new", by_entity=False))
            told.append("the loss")

    kept, told = names(town), list[str]()
    with pytest.raises(PendingRollbackError):
        both()
    assert told == ["its own fault", "the loss"]
    assert names(town) == kept


def test_what_cannot_be_committed_is_undone_for_all_and_told_to_nobody(town: Town) -> None:
    told: list[str] = []
    town.db.publish = told.append
    kept = names(town)

    def break_it(tx: Tx) -> None:
        tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tx.connection.exec_driver_sql("UPDATE account SET opened_by = 999999")
        tx.touch("broken")

    def both() -> None:
        with town.db.together() as group:
            write(town, group, lambda tx: rename(tx, town.cast.ids["resident"], "new", by_entity=True))
            write(town, group, break_it)

    with pytest.raises(IntegrityError):
        both()
    assert names(town) == kept
    assert told == []
    with town.write("moderator") as tx:
        rename(tx, town.cast.ids["resident"], "later", by_entity=True)
    assert names(town)[town.cast.ids["resident"]] == "later"


def test_where_the_database_gave_up_all_of_it_none_is_taken_for_kept(town: Town) -> None:
    """SQLite may do so by itself, on a failing disk; what came afterwards would be committed and what came before not."""
    told: list[str] = []
    town.db.publish = told.append
    kept = names(town)

    def lose_all(tx: Tx) -> None:
        tx.connection.connection.cursor().execute("ROLLBACK")
        raise OSError("the disk")

    def go(who: str, tx: Tx) -> None:
        rename(tx, town.cast.ids[who], "new", by_entity=True)
        tx.touch(who)

    def all_three() -> None:
        with town.db.together() as group:
            write(town, group, partial(go, "resident"))
            with pytest.raises(OSError, match="the disk"):
                write(town, group, lose_all)
            write(town, group, partial(go, "neighbor"))

    with pytest.raises(OperationalError):
        all_three()
    assert names(town) == kept
    assert told == []
    with town.write("moderator") as tx:
        go("resident", tx)
    assert names(town) == {**kept, town.cast.ids["resident"]: "new"}


def test_where_none_writes_the_writer_is_not_asked_for(town: Town) -> None:
    with town.write("moderator"), town.db.together():
        pass


def test_an_effect_that_fails_keeps_nobody_else_from_being_told(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    town.db.publish = told.append

    def broken() -> None:
        raise OSError("the gateway is gone")

    with town.write("moderator") as tx:
        tx.after_commit(broken)
        tx.after_commit(lambda: told.append("second"))
        tx.touch("meeting:1")
    assert told == ["second", "meeting:1"]
    assert "the gateway is gone" in caplog.text
