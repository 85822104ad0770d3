"""Migrations and tables say the same, on a new database and again on one that is up to date."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from deliberation.db.engine import Database
from deliberation.db.migrate import UnknownSchema, current, migrate, newest
from deliberation.schema import metadata


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'council.db'}"


def test_a_migrated_database_has_exactly_the_tables_of_the_program(url: str) -> None:
    migrate(url)
    db = Database(url)
    with db.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        differences = compare_metadata(context, metadata)
    db.close()
    assert differences == []


def test_migrating_twice_changes_nothing(url: str) -> None:
    migrate(url)
    migrate(url)
    assert current(url) == newest()


def test_an_older_program_refuses_a_newer_database(url: str) -> None:
    migrate(url)
    db = Database(url)
    with db.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(UnknownSchema):
        migrate(url)
