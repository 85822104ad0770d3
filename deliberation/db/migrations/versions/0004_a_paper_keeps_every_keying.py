"""a paper keeps every keying, a ballot can be disputed, an objection's answer names what was done"""

import sqlalchemy as sa
from alembic import op

from deliberation.db.columns import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper_ballot") as paper:
        paper.add_column(sa.Column("first_room", sa.String(80), nullable=False, server_default=""))
        paper.add_column(sa.Column("second_room", sa.String(80), nullable=True))
        paper.add_column(sa.Column("second_cast_by", sa.String(40), nullable=True))
        paper.add_column(sa.Column("why", sa.String(20), nullable=False, server_default=""))
    # Until now this was the only reason for which a paper could be left out.
    op.execute("UPDATE paper_ballot SET why = 'already_cast' WHERE state = 'refused'")
    _number_alike()
    with op.batch_alter_table("paper_ballot") as paper:
        paper.alter_column("first_room", server_default=None)
        paper.alter_column("why", server_default=None)
    op.create_table(
        "paper_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("slip_no", sa.String(20), nullable=False),
        sa.Column("room", sa.String(80), nullable=False),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("cast_by", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_paper_reading_council_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper_ballot.id"], name=op.f("fk_paper_reading_paper_id")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_paper_reading_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_reading")),
    )
    _indexes("paper_reading", "council_id", "paper_id", "by")
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("finding", sa.String(500), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_dispute_council_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_dispute_poll_id")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_dispute_ballot_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dispute_account_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name=op.f("fk_dispute_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    _indexes("dispute", "council_id", "poll_id", "account_id", "settled_by")
    op.create_index(op.f("ix_dispute_ballot_id"), "dispute", ["ballot_id"], unique=True)
    with op.batch_alter_table("objection") as objection:
        objection.add_column(sa.Column("done", sa.String(12), nullable=False, server_default=""))
    with op.batch_alter_table("objection") as objection:
        objection.alter_column("done", server_default=None)
    op.create_table(
        "recount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_recount_council_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_recount_decision_id")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_recount_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
    _indexes("recount", "council_id", "decision_id", "by")


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _number_alike() -> None:
    """200 and 0200 are one number from now on; where both were keyed in they stay what they are."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, poll_id, slip_no FROM paper_ballot")).all()
    taken = {(poll_id, slip_no) for _, poll_id, slip_no in rows}
    for number, poll_id, slip_no in rows:
        alike = slip_no.lstrip("0").rjust(4, "0") if slip_no.isdecimal() else slip_no
        if alike != slip_no and (poll_id, alike) not in taken:
            taken.add((poll_id, alike))
            connection.execute(
                sa.text("UPDATE paper_ballot SET slip_no = :alike WHERE id = :id"), {"alike": alike, "id": number}
            )
