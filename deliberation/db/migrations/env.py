"""Alembic's entry: one transaction for the whole upgrade, so that a kill leaves the old schema or the new."""

from alembic import context

from deliberation.db.engine import Database
from deliberation.schema import metadata


def run() -> None:
    db = Database(context.config.attributes["url"])
    with db.writer.connect() as connection:
        if db.embedded:
            # SQLite changes a table by copying it and dropping the old one, which its children's keys would forbid.
            # The pragma does nothing inside a transaction; the keys are checked before the commit instead.
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                transactional_ddl=True,
                transaction_per_migration=False,
            )
            context.run_migrations()
            if db.embedded:
                orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if orphans:
                    raise RuntimeError(f"the migration leaves rows without their parent: {orphans[:5]}")
    db.close()


run()
