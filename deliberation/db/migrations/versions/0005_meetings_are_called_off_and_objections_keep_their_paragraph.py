"""a meeting may be called off, and an objection keeps its paragraph whatever is moved"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Until now an objection named a number, which is the best that is known of its paragraph. What was frozen in the first format
# keeps it, so that its printed hash still fits.
KNOWN = (
    "UPDATE paragraph SET key = position",
    "UPDATE removed_paragraph SET key = 100000 + id",
    "UPDATE minutes SET record_format = 2 WHERE frozen_at IS NULL",
)


def upgrade() -> None:
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("called_off_at", Moment(timezone=True), nullable=True))
        meeting.add_column(sa.Column("called_off_reason", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("minutes") as minutes:
        minutes.add_column(sa.Column("record_format", sa.Integer(), nullable=False, server_default="1"))
    for table in ("paragraph", "removed_paragraph"):
        with op.batch_alter_table(table) as paragraphs:
            paragraphs.add_column(sa.Column("key", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("attestation") as attestation:
        attestation.alter_column("position", new_column_name="paragraph_key")
    for statement in KNOWN:
        op.execute(statement)
