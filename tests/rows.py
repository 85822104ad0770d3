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
