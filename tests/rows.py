"""Rows as an earlier release wrote them, in a database that has that release's tables: for tests of migrations."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, DateTime, MetaData, String, Table, insert, text

from deliberation.db.engine import Database
from deliberation.db.migrate import config, migrate

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def row(connection: Connection, name: str, **values: object) -> None:
    """1 or a date where nothing is said, so that every row hangs on row 1 of the others."""
    table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    filled = dict(values)
    for column in table.columns:
        if column.name not in filled and (column.primary_key or not column.nullable):
            kind = column.type
            filled[column.name] = (
                DAY if isinstance(kind, DateTime) else "1" if isinstance(kind, String) else kind.python_type(1)
            )
    connection.execute(insert(table).values(filled))


def seats_and_proxies_of_before(url: str) -> None:
    """From 0010: nobody's seat rests and nobody takes a proxy back, and what hangs on them goes on hanging there."""
    command.upgrade(config(url), "0010")
    db = Database(url)
    with db.writer.begin() as connection:
        for table in ("account", "council", "seat", "proposal", "motion", "roll", "poll", "proxy"):
            row(connection, table)
        row(connection, "seat_change", seat_id=1)
        row(connection, "ballot", proxy_id=1)
    db.close()
    migrate(url)
    db = Database(url)
    wanted = {
        "seat": "account_id, until, rests_since, rests_for, seen_by, seen_at",
        "proxy": "head_key, revoked_by, ending_by",
        "seat_change": "seat_id",
        "ballot": "proxy_id",
    }
    with db.read() as session:
        found = {table: session.execute(text(f"SELECT {what} FROM {table}")).all() for table, what in wanted.items()}
    db.close()
    assert found == {
        "seat": [(1, None, None, "", None, None)],
        "proxy": [("1", None, None)],
        "seat_change": [(1,)],
        "ballot": [(1,)],
    }


def second_records_of_before(url: str) -> None:
    """From 0011: a paper's second record was known by saying the same as the first. It goes on taking that one's place; what only
    looks like it does not."""
    command.upgrade(config(url), "0011")
    db = Database(url)
    with db.writer.begin() as connection:
        for table in ("account", "council", "proposal", "motion", "roll", "poll"):
            row(connection, table)
        first: dict[str, object] = {"state": "valid", "holder_name": "老李", "given_name": "王淑英"}
        again: dict[str, object] = {**first, "state": "waiting", "holder_id": 1}
        other_day = datetime(2026, 3, 2, tzinfo=UTC)
        written: tuple[dict[str, object], ...] = (
            first,
            again,
            {**again, "state": "refused"},
            {**again, "signed_at": other_day},
            {**again, "until": other_day},
            {**again, "given_by": 1},
            {**first, "poll_id": 1, "scope": "poll"},
            {**again, "poll_id": 1, "scope": "poll"},
            {**first, "head_key": "2", "state": "revoked"},
            {**again, "head_key": "2"},
        )
        for number, values in enumerate(written, start=1):
            row(connection, "proxy", id=number, **values)
    db.close()
    migrate(url)
    db = Database(url)
    with db.read() as session:
        found = session.execute(text("SELECT id, second_of FROM proxy WHERE second_of IS NOT NULL ORDER BY id")).all()
        count = session.execute(text("SELECT count(*) FROM proxy")).scalar_one()
    db.close()
    assert (count, found) == (len(written), [(2, 1), (8, 7)])
