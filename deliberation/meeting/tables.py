"""Hybrid meetings: notice, agenda, who is here, who speaks, what was said and sounded out."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Meeting(SQLModel, table=True):
    """One meeting, in a room and online. `live_seq` grows with each thing its live page must show; from the opening on the
    owners present are measured against `roll_id`, the roll of that day, with parking as the council counted it then.
    `short_reason`: why it was opened with too few people."""

    __tablename__ = "meeting"

    id: int = key()
    council_id: int = ref("council.id")
    title: str = Field(max_length=60)
    starts_at: datetime = moment()
    place: str = Field(max_length=80)
    online_link: str = Field(default="", max_length=300)
    quorum: int = 0
    short_reason: str = Field(default="", max_length=200)
    invited: str = Field(default="", max_length=200)
    called_by: int = ref("account.id")
    roll_id: int | None = ref_or_none("roll.id")
    count_parking: bool = False
    notice_at: datetime | None = moment_or_none()
    opened_at: datetime | None = moment_or_none()
    closed_at: datetime | None = moment_or_none()
    called_off_at: datetime | None = moment_or_none()
    called_off_reason: str = Field(default="", max_length=200)
    door_code: str = Field(max_length=24)
    current_item_id: int | None = Field(default=None)
    live_seq: int = 0


class Item(SQLModel, table=True):
    """One agenda item; may put a motion on the floor."""

    __tablename__ = "item"

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id")
    position: int
    title: str = Field(max_length=60)
    text: str = Field(default="")
    motion_id: int | None = ref_or_none("motion.id")
    matter_id: int | None = ref_or_none("proposal.id")
    minutes_planned: int = 10
    opened_at: datetime | None = moment_or_none()
    closed_at: datetime | None = moment_or_none()
    conclusion: str = Field(default="", max_length=12)
    conclusion_text: str = Field(default="")


class Presence(SQLModel, table=True):
    """Somebody signed in at a meeting; `account_id` is empty for a guest whom the desk signed in."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("meeting_id", "account_id"),)

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id")
    account_id: int | None = ref_or_none("account.id")
    name: str = Field(max_length=40)
    home: str = Field(default="", max_length=60)
    role: str = Field(max_length=20)
    head_key: str | None = Field(default=None, max_length=60)
    mode: str = Field(max_length=10)
    signed_in_at: datetime = moment()
    signed_in_by: int | None = ref_or_none("account.id")
    left_at: datetime | None = moment_or_none()


class Turn(SQLModel, table=True):
    """A place on the list of speakers, then the time spoken. `dropped_at`: still waiting when the item or the meeting ended."""

    __tablename__ = "turn"

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id")
    item_id: int | None = ref_or_none("item.id")
    presence_id: int = ref("presence.id")
    asked_at: datetime = moment()
    started_at: datetime | None = moment_or_none()
    ended_at: datetime | None = moment_or_none()
    withdrawn_at: datetime | None = moment_or_none()
    put_first_at: datetime | None = moment_or_none()
    dropped_at: datetime | None = moment_or_none()
    seconds_allowed: int = 180


class Statement(SQLModel, table=True):
    """What somebody wrote during an item, or the recorder noted of their speech."""

    __tablename__ = "statement"

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id")
    item_id: int | None = ref_or_none("item.id")
    presence_id: int = ref("presence.id")
    written_by: int = ref("account.id")
    text: str
    at: datetime = moment()
    hidden_at: datetime | None = moment_or_none()
    hidden_reason: str = Field(default="", max_length=200)


class Straw(SQLModel, table=True):
    """A straw poll: a show of hands on the phone, never binding. `present`: of how many people, counted when it was closed."""

    __tablename__ = "straw"

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id")
    item_id: int | None = ref_or_none("item.id")
    question: str = Field(max_length=120)
    options: str
    opened_at: datetime = moment()
    closed_at: datetime | None = moment_or_none()
    present: int | None = None


class StrawMark(SQLModel, table=True):
    __tablename__ = "straw_mark"
    __table_args__ = (UniqueConstraint("straw_id", "presence_id"),)

    id: int = key()
    straw_id: int = ref("straw.id")
    presence_id: int = ref("presence.id")
    choice: int
    at: datetime = moment()


class ActionPoint(SQLModel, table=True):
    """A task agreed in the meeting: noted there, put in the minutes, carried on in follow-up."""

    __tablename__ = "action_point"

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id")
    item_id: int | None = ref_or_none("item.id")
    text: str = Field(max_length=200)
    assignee: str = Field(max_length=40)
    due_on: date | None = None
    noted_by: int = ref("account.id")
    noted_at: datetime = moment()
