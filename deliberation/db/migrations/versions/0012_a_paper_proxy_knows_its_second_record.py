"""the second record of a paper proxy says whose place it takes"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SAME = ("council_id", "head_key", "given_name", "holder_name", "scope", "poll_id", "meeting_id", "signed_at", "until")


def upgrade() -> None:
    with op.batch_alter_table("proxy") as proxy:
        proxy.add_column(sa.Column("second_of", sa.Integer(), nullable=True))
        proxy.create_foreign_key(op.f("fk_proxy_second_of"), "proxy", ["second_of"], ["id"])
        proxy.create_index(op.f("ix_proxy_second_of"), ["second_of"])
    _tie_those_that_wait()


def _tie_those_that_wait() -> None:
    """Until now they were known by saying the same, which holds once more, and here alone."""
    columns = ("id", "state", "given_by", "holder_id", "second_of", *_SAME)
    second = sa.table("proxy", *(sa.column(one) for one in columns))
    first = second.alias("first")
    same = [first.c[one].is_not_distinct_from(second.c[one]) for one in _SAME]
    by_name = (first.c.state == "valid", first.c.given_by.is_(None), first.c.holder_id.is_(None))
    whose = sa.select(sa.func.min(first.c.id)).where(*same, *by_name).scalar_subquery()
    waits = (second.c.state == "waiting", second.c.given_by.is_(None), second.c.holder_id.is_not(None))
    op.execute(sa.update(second).where(*waits).values(second_of=whose))
