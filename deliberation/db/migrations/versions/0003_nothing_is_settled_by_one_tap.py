"""too few people, dropped speakers, silent marks, and paragraphs of minutes that stay or come back"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What the draft wrote before paragraphs carried their hold: who was there, the first line of each item, the hash at the end.
HELD = (
    "UPDATE paragraph SET hold = 'kept' WHERE section = 'attendance'",
    """UPDATE paragraph SET hold = 'kept' WHERE section = 'item' AND position IN (
        SELECT min(line.position) FROM paragraph AS line
        WHERE line.minutes_id = paragraph.minutes_id AND line.section = 'item' GROUP BY coalesce(line.item_id, 0))""",
    "UPDATE paragraph SET hold = 'sealed' WHERE section = 'closing' AND text LIKE '附：本次会议在公开日志中的记录%'",
)


def upgrade() -> None:
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("short_reason", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("turn") as turn:
        turn.add_column(sa.Column("dropped_at", Moment(timezone=True), nullable=True))
    with op.batch_alter_table("straw") as straw:
        straw.add_column(sa.Column("present", sa.Integer(), nullable=True))
    with op.batch_alter_table("paragraph") as paragraph:
        paragraph.add_column(sa.Column("hold", sa.String(length=10), nullable=False, server_default=""))
    op.create_table(
        "removed_paragraph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("removed_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_removed_paragraph_item_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_removed_paragraph_minutes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_paragraph")),
    )
    op.create_index(op.f("ix_removed_paragraph_item_id"), "removed_paragraph", ["item_id"])
    op.create_index(op.f("ix_removed_paragraph_minutes_id"), "removed_paragraph", ["minutes_id"])
    for statement in HELD:
        op.execute(statement)
