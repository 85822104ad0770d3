"""The published outcome of a poll and the objections made against it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Decision(SQLModel, table=True):
    """`verdict` is the JSON that `votes` gave (ARCHITECTURE 5); `sha256` is of that text with motion and roll hashes."""

    __tablename__ = "decision"

    id: int = key()
    council_id: int = ref("council.id")
    poll_id: int = ref("poll.id", unique=True)
    motion_id: int = ref("motion.id")
    matter_id: int = ref("proposal.id")
    title: str = Field(max_length=60)
    valid: bool
    passed: bool
    verdict: str
    counted_at: datetime = moment()
    published_at: datetime = moment()
    objection_until: datetime = moment()
    final_at: datetime | None = moment_or_none()
    sha256: str = Field(max_length=64)


class Objection(SQLModel, table=True):
    __tablename__ = "objection"

    id: int = key()
    council_id: int = ref("council.id")
    decision_id: int = ref("decision.id")
    account_id: int = ref("account.id")
    text: str
    at: datetime = moment()
    answer: str = Field(default="")
    answered_by: int | None = ref_or_none("account.id")
    answered_at: datetime | None = moment_or_none()
    done: str = Field(default="", max_length=12)


class Recount(SQLModel, table=True):
    """The supervisor counted again from roll and ballots, and says what came out."""

    __tablename__ = "recount"

    id: int = key()
    council_id: int = ref("council.id")
    decision_id: int = ref("decision.id")
    same: bool
    note: str = Field(default="", max_length=500)
    by: int = ref("account.id")
    at: datetime = moment()
