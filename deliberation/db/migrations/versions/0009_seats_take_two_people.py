"""seats are given by two people, building leaders, whose link opened an account, and ties that end by two and come back"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from deliberation.db.columns import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seat") as seat:
        seat.add_column(sa.Column("confirmed_by", sa.Integer(), nullable=True))
        seat.add_column(sa.Column("building", sa.String(length=120), nullable=False, server_default=""))
        _points_at(seat, "seat", "confirmed_by")
    with op.batch_alter_table("membership") as membership:
        membership.add_column(sa.Column("ending_by", sa.Integer(), nullable=True))
        membership.add_column(sa.Column("before", sa.String(), nullable=False, server_default=""))
        _points_at(membership, "membership", "ending_by")
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("opened_by", sa.Integer(), nullable=True))
        _points_at(account, "account", "opened_by")
    with op.batch_alter_table("one_time_link") as link:
        link.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        _points_at(link, "one_time_link", "made_by")
    with op.batch_alter_table("home_slip") as slip:
        slip.add_column(sa.Column("handed_at", Moment(timezone=True), nullable=True))
        slip.add_column(sa.Column("handed_by", sa.Integer(), nullable=True))
        _points_at(slip, "home_slip", "handed_by")
    op.create_table(
        "seat_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("building", sa.String(length=120), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("put_by", sa.Integer(), nullable=False),
        sa.Column("put_at", Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([one], [f"{to}.id"], name=op.f(f"fk_seat_change_{one}"))
            for one, to in CHANGE_KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_change")),
    )
    for one in CHANGE_KEYS:
        op.create_index(op.f(f"ix_seat_change_{one}"), "seat_change", [one])


CHANGE_KEYS = {
    "council_id": "council",
    "account_id": "account",
    "seat_id": "seat",
    "put_by": "account",
    "decided_by": "account",
}


def _points_at(table: BatchOperations, name: str, column: str, to: str = "account") -> None:
    table.create_foreign_key(op.f(f"fk_{name}_{column}"), to, [column], ["id"])
    table.create_index(op.f(f"ix_{name}_{column}"), [column])
