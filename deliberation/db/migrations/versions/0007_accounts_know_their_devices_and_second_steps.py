"""accounts know their devices, tell what happened to them, and may ask for a second step"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_known_device_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("account_id", "key_hash", name=op.f("uq_known_device_account_id_key_hash")),
    )
    op.create_index(op.f("ix_known_device_account_id"), "known_device", ["account_id"])
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
        sign_in.add_column(sa.Column("strong", sa.Boolean(), nullable=False, server_default=sa.false()))
        sign_in.create_index(op.f("ix_sign_in_device_id"), ["device_id"])
        sign_in.create_foreign_key(op.f("fk_sign_in_device_id"), "known_device", ["device_id"], ["id"])
    op.create_table(
        "account_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.Column("dismissed_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_notice_account_id")),
        sa.ForeignKeyConstraint(["device_id"], ["known_device.id"], name=op.f("fk_account_notice_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_notice")),
    )
    op.create_index(op.f("ix_account_notice_account_id"), "account_notice", ["account_id"])
    op.create_index(op.f("ix_account_notice_device_id"), "account_notice", ["device_id"])
    op.create_table(
        "second_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", Moment(timezone=True), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_second_step_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_step")),
        sa.UniqueConstraint("account_id", name=op.f("uq_second_step_account_id")),
    )
    op.create_table(
        "paper_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=2), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_paper_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_code")),
    )
    op.create_index(op.f("ix_paper_code_account_id"), "paper_code", ["account_id"])
    with op.batch_alter_table("council") as council:
        council.add_column(sa.Column("staff_second_step", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("checked", sa.String(length=200), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", Moment(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_recovery_council_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_account_id")),
        sa.ForeignKeyConstraint(["started_by"], ["account.id"], name=op.f("fk_recovery_started_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_recovery_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recovery_token_hash")),
    )
    for column in ("council_id", "account_id", "started_by", "confirmed_by"):
        op.create_index(op.f(f"ix_recovery_{column}"), "recovery", [column])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("used_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])
    op.create_table(
        "provider_tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_provider_tie_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_tie")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_tie_issuer_subject")),
        sa.UniqueConstraint("account_id", "issuer", name=op.f("uq_provider_tie_account_id_issuer")),
    )
    op.create_index(op.f("ix_provider_tie_account_id"), "provider_tie", ["account_id"])
