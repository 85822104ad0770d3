"""Alembic's entry: one transaction for the whole upgrade, so that a kill leaves the old schema or the new."""

from alembic import context

from deliberation.db.engine import Database
from deliberation.schema import metadata


def run() -> None:
    db = Database(context.config.attributes["url"])
    with db.writer.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transactional_ddl=True,
            transaction_per_migration=False,
        )
        context.run_migrations()
    db.close()


run()
