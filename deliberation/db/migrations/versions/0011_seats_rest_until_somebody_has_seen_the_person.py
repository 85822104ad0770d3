"""a seat rests until somebody has seen whose hands the account is in; a proxy in an open poll is taken back by two"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seat") as seat:
        seat.add_column(sa.Column("rests_since", Moment(timezone=True), nullable=True))
        seat.add_column(sa.Column("rests_for", sa.String(length=12), nullable=False, server_default=""))
        seat.add_column(sa.Column("seen_by", sa.Integer(), nullable=True))
        seat.add_column(sa.Column("seen_at", Moment(timezone=True), nullable=True))
        seat.create_foreign_key(op.f("fk_seat_seen_by"), "account", ["seen_by"], ["id"])
        seat.create_index(op.f("ix_seat_seen_by"), ["seen_by"])
    with op.batch_alter_table("proxy") as proxy:
        proxy.add_column(sa.Column("ending_by", sa.Integer(), nullable=True))
        proxy.create_foreign_key(op.f("fk_proxy_ending_by"), "account", ["ending_by"], ["id"])
        proxy.create_index(op.f("ix_proxy_ending_by"), ["ending_by"])
