"""Matters raised by residents, neighbors who second them, and the motions they become."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Proposal(SQLModel, table=True):
    """A matter as raised. Its number is the matter's number for its whole way.

    `raised_for` names whom the staff keyed it in for, in the words of the slip; `kind` is given when it is accepted.
    """

    __tablename__ = "proposal"

    id: int = key()
    council_id: int = ref("council.id")
    author_id: int = ref("account.id")
    channel: str = Field(default="online", max_length=10)
    raised_for: str = Field(default="", max_length=40)
    category: str = Field(max_length=20)
    kind: str = Field(default="", max_length=12)
    title: str = Field(max_length=60)
    text: str
    suggestion: str = Field(default="")
    place: str = Field(default="", max_length=60)
    raised_at: datetime = moment()
    state: str = Field(default="raised", max_length=10)
    reason: str = Field(default="")
    decided_by: int | None = ref_or_none("account.id")
    decided_at: datetime | None = moment_or_none()
    merged_into_id: int | None = ref_or_none("proposal.id")


class Seconding(SQLModel, table=True):
    __tablename__ = "seconding"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: int = key()
    council_id: int = ref("council.id")
    proposal_id: int = ref("proposal.id")
    account_id: int = ref("account.id")
    at: datetime = moment()


class Motion(SQLModel, table=True):
    """An accepted proposal, worded so that it can be decided. `version` guards against a stale form.

    `law_item` is one of the nine of Civil Code 278, or 0 while none is chosen: then the council's word is enough.
    """

    __tablename__ = "motion"

    id: int = key()
    council_id: int = ref("council.id")
    proposal_id: int = ref("proposal.id", unique=True)
    title: str = Field(max_length=60)
    text: str
    cost: str = Field(default="", max_length=200)
    income_share: str = Field(default="", max_length=200)
    law_item: int = 0
    law_reason: str = Field(default="", max_length=500)
    locked_at: datetime | None = moment_or_none()
    version: int = 1
    drafted_by: int = ref("account.id")
    drafted_at: datetime = moment()


class MotionOption(SQLModel, table=True):
    """A way of doing it that was weighed; one may be marked as the one put to the vote."""

    __tablename__ = "motion_option"

    id: int = key()
    motion_id: int = ref("motion.id")
    position: int
    text: str = Field(max_length=300)
    chosen: bool = False


class PreCheck(SQLModel, table=True):
    """One of the three checks before a poll may be announced: competence, legality, safety.

    Appended, never changed: the newest of a kind counts, and only for the version of the text it was made for.
    """

    __tablename__ = "pre_check"

    id: int = key()
    motion_id: int = ref("motion.id")
    motion_version: int
    kind: str = Field(max_length=12)
    outcome: str = Field(max_length=20)
    note: str = Field(max_length=500)
    opinion_by: str = Field(default="", max_length=60)
    checked_by: int = ref("account.id")
    checked_at: datetime = moment()
