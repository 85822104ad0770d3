"""household slips released by two, who saw a resident's papers first, and phones that a code has proved"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "slip_batch",
        [
            sa.Column("council_id", sa.Integer(), nullable=False),
            sa.Column("roll_id", sa.Integer(), nullable=False),
            sa.Column("place", sa.String(80), nullable=False),
            sa.Column("slips", sa.Integer(), nullable=False),
            sa.Column("without_phone", sa.Integer(), nullable=False),
            sa.Column("digest", sa.String(64), nullable=False),
            sa.Column("printed_by", sa.Integer(), nullable=False),
            sa.Column("printed_at", Moment(), nullable=False),
            sa.Column("expires_at", Moment(), nullable=False),
            sa.Column("confirmed_by", sa.Integer(), nullable=True),
            sa.Column("confirmed_at", Moment(), nullable=True),
            sa.Column("discarded_at", Moment(), nullable=True),
        ],
        {"council_id": "council", "roll_id": "roll", "printed_by": "account", "confirmed_by": "account"},
    )
    _table(
        "home_slip",
        [
            sa.Column("council_id", sa.Integer(), nullable=False),
            sa.Column("batch_id", sa.Integer(), nullable=False),
            sa.Column("head_key", sa.String(60), nullable=False),
            sa.Column("code_hash", sa.String(64), nullable=False),
            sa.Column("used_at", Moment(), nullable=True),
            sa.Column("used_by", sa.Integer(), nullable=True),
            sa.Column("ended_at", Moment(), nullable=True),
            sa.UniqueConstraint("code_hash", name=op.f("uq_home_slip_code_hash")),
        ],
        {"council_id": "council", "batch_id": "slip_batch", "used_by": "account"},
        also=("head_key",),
    )
    _table(
        "slip_try",
        [
            sa.Column("council_id", sa.Integer(), nullable=False),
            sa.Column("slip_id", sa.Integer(), nullable=True),
            sa.Column("fitted", sa.Boolean(), nullable=False),
            sa.Column("at", Moment(), nullable=False),
        ],
        {"council_id": "council", "slip_id": "home_slip"},
    )
    _table(
        "phone_code",
        [
            sa.Column("account_id", sa.Integer(), nullable=False),
            sa.Column("phone", sa.String(20), nullable=False),
            sa.Column("code_hash", sa.String(64), nullable=False),
            sa.Column("created_at", Moment(), nullable=False),
            sa.Column("expires_at", Moment(), nullable=False),
            sa.Column("tries", sa.Integer(), nullable=False),
            sa.Column("used_at", Moment(), nullable=True),
        ],
        {"account_id": "account"},
    )
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("claimed_phone", sa.String(20), nullable=True))
        account.add_column(sa.Column("phone_proved_at", Moment(), nullable=True))
        account.create_index(op.f("ix_account_claimed_phone"), ["claimed_phone"])
    with op.batch_alter_table("membership") as membership:
        for column, target in (("slip_id", "home_slip"), ("seen_by", "account")):
            membership.add_column(sa.Column(column, sa.Integer(), nullable=True))
            membership.create_foreign_key(op.f(f"fk_membership_{column}"), target, [column], ["id"])
            membership.create_index(op.f(f"ix_membership_{column}"), [column])
    # Until now one of the staff alone gave level 2: they are the first who saw the person, and a second is still to come.
    op.execute("UPDATE membership SET level = 1, seen_by = decided_by WHERE level = 2")


def _table(name: str, columns: Sequence[sa.schema.SchemaItem], refs: dict[str, str], also: Sequence[str] = ()) -> None:
    keys = [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}"))
        for column, target in refs.items()
    ]
    number = sa.Column("id", sa.Integer(), nullable=False)
    op.create_table(name, number, *columns, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))
    for column in (*refs, *also):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
