"""Tasks that carry a decision out, their progress, and what the residents say of the result."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Task(SQLModel, table=True):
    __tablename__ = "task"

    id: int = key()
    council_id: int = ref("council.id")
    matter_id: int = ref("proposal.id")
    decision_id: int | None = ref_or_none("decision.id")
    action_point_id: int | None = ref_or_none("action_point.id")
    title: str = Field(max_length=60)
    text: str = Field(default="")
    assignee: str = Field(max_length=40)
    assignee_id: int | None = ref_or_none("account.id")
    due_on: date
    assigned_by: int = ref("account.id")
    assigned_at: datetime = moment()
    closed_out_at: datetime | None = moment_or_none()
    closed_out_by: int | None = ref_or_none("account.id")
    close_note: str = Field(default="")
    round: int = 1


class Progress(SQLModel, table=True):
    __tablename__ = "progress"

    id: int = key()
    council_id: int = ref("council.id")
    task_id: int = ref("task.id")
    account_id: int = ref("account.id")
    percent: int
    text: str
    at: datetime = moment()


class Rating(SQLModel, table=True):
    """One resident's word on one round of a task; "not satisfied" opens the next round."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("task_id", "account_id", "round"),)

    id: int = key()
    council_id: int = ref("council.id")
    task_id: int = ref("task.id")
    account_id: int = ref("account.id")
    round: int
    satisfied: bool
    text: str = Field(default="", max_length=300)
    at: datetime = moment()
