"""a notice to a person says what it is about: which council, which home or seat, by whom and why"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account_notice") as notice:
        notice.add_column(sa.Column("facts", sa.String(), nullable=False, server_default=""))
