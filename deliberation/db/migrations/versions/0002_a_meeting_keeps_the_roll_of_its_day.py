"""a meeting keeps the roll of its day"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("roll_id", sa.Integer(), nullable=True))
        meeting.add_column(sa.Column("count_parking", sa.Boolean(), nullable=False, server_default=sa.false()))
        meeting.create_index(op.f("ix_meeting_roll_id"), ["roll_id"])
        meeting.create_foreign_key(op.f("fk_meeting_roll_id"), "roll", ["roll_id"], ["id"])
