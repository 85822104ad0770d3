"""a notice to a person says what it is about, and a link in which council's name it was given"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account_notice") as notice:
        notice.add_column(sa.Column("facts", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("one_time_link") as link:
        link.add_column(sa.Column("council_id", sa.Integer(), nullable=True))
        link.create_foreign_key(op.f("fk_one_time_link_council_id"), "council", ["council_id"], ["id"])
        link.create_index(op.f("ix_one_time_link_council_id"), ["council_id"])
