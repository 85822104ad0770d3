"""a new roll is confirmed by two people, a resident may say that it has them wrong, and owners give written proxies"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("roll") as roll:
        roll.add_column(sa.Column("origin", sa.String(length=10), nullable=False, server_default="import"))
        roll.add_column(sa.Column("confirmed_by", sa.Integer(), nullable=True))
        roll.add_column(sa.Column("reason", sa.String(length=500), nullable=False, server_default=""))
        roll.add_column(sa.Column("register_heads", sa.Integer(), nullable=True))
        roll.add_column(sa.Column("register_area", sa.Integer(), nullable=True))
        roll.create_foreign_key(op.f("fk_roll_confirmed_by"), "account", ["confirmed_by"], ["id"])
        roll.create_index(op.f("ix_roll_confirmed_by"), ["confirmed_by"])
    with op.batch_alter_table("roll_upload") as upload:
        upload.add_column(sa.Column("register_heads", sa.Integer(), nullable=True))
        upload.add_column(sa.Column("register_area", sa.Integer(), nullable=True))
    # What was compared before tells less than the page now shows: the server reads those files once more when it starts.
    op.execute("UPDATE roll_upload SET state = 'reading', report = '{}' WHERE state = 'ready'")
    op.create_table(
        "roll_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("head_key", sa.String(length=60), nullable=True),
        sa.Column("roll_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("settled_at", Moment(timezone=True), nullable=True),
        *_keys("roll_dispute", council_id="council", account_id="account", roll_id="roll"),
    )
    _index("roll_dispute", "council_id", "account_id", "roll_id")
    op.create_table(
        "roll_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=True),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("edits", sa.String(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("put_by", sa.Integer(), nullable=False),
        sa.Column("put_at", Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=True),
        *_keys(
            "roll_amendment",
            council_id="council",
            dispute_id="roll_dispute",
            base_id="roll",
            put_by="account",
            decided_by="account",
            roll_id="roll",
        ),
    )
    _index("roll_amendment", "council_id", "dispute_id", "base_id", "put_by", "decided_by", "roll_id")
    for table in ("council", "poll"):
        with op.batch_alter_table(table) as limited:
            limited.add_column(sa.Column("proxy_limit", sa.Integer(), nullable=False, server_default="3"))
    op.create_table(
        "proxy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("head_key", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=40), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("holder_name", sa.String(length=40), nullable=False),
        sa.Column("holder_place", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", Moment(timezone=True), nullable=False),
        sa.Column("until", Moment(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", Moment(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", Moment(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        *_keys("proxy", **PROXY_KEYS),
    )
    _index("proxy", "head_key", *PROXY_KEYS)
    with op.batch_alter_table("ballot") as ballot:
        ballot.add_column(sa.Column("proxy_id", sa.Integer(), nullable=True))
        ballot.create_foreign_key(op.f("fk_ballot_proxy_id"), "proxy", ["proxy_id"], ["id"])
        ballot.create_index(op.f("ix_ballot_proxy_id"), ["proxy_id"])


PROXY_KEYS = {
    "council_id": "council",
    "given_by": "account",
    "holder_id": "account",
    "poll_id": "poll",
    "meeting_id": "meeting",
    "recorded_by": "account",
    "confirmed_by": "account",
    "revoked_by": "account",
}


def _keys(table: str, **columns: str) -> list[sa.Constraint]:
    return [
        *(sa.ForeignKeyConstraint([one], [f"{to}.id"], name=op.f(f"fk_{table}_{one}")) for one, to in columns.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _index(table: str, *columns: str) -> None:
    for one in columns:
        op.create_index(op.f(f"ix_{table}_{one}"), table, [one])
