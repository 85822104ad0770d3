"""Bringing a database to the schema this program knows; an older program refuses a newer database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from deliberation.db.engine import Database

HERE = Path(__file__).parent / "migrations"


class UnknownSchema(Exception):
    def __init__(self, found: str) -> None:
        super().__init__(
            f"数据库的版本 {found} 比程序新，请先升级程序。/ The database is at {found}, which this program does not know: "
            "update the program first."
        )


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["url"] = url
    return made


def migrate(url: str) -> None:
    found = current(url)
    known = {script.revision for script in ScriptDirectory.from_config(config(url)).walk_revisions()}
    if found is not None and found not in known:
        raise UnknownSchema(found)
    command.upgrade(config(url), "head")


def current(url: str) -> str | None:
    db = Database(url)
    try:
        with db.writer.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        db.close()


def newest() -> str | None:
    return ScriptDirectory.from_config(config("")).get_current_head()
