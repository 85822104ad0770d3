"""who read the full roll, minutes or somebody's page is written down"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEYS = {"council_id": "council", "reader_id": "account", "account_id": "account"}


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        *(sa.ForeignKeyConstraint([one], [f"{to}.id"], name=op.f(f"fk_reading_{one}")) for one, to in _KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "council_id",
            "reader_id",
            "thing",
            "thing_id",
            "day",
            name=op.f("uq_reading_council_id_reader_id_thing_thing_id_day"),
        ),
    )
    for one in _KEYS:
        op.create_index(op.f(f"ix_reading_{one}"), "reading", [one])
