"""Minutes: drafted from the meeting, confirmed by those who were there, then frozen."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Minutes(SQLModel, table=True):
    """`version` grows with each edit; `sha256` is of the frozen text with its attestations, written as `record_format` says:
    what was frozen in an older format keeps it."""

    __tablename__ = "minutes"

    id: int = key()
    council_id: int = ref("council.id")
    meeting_id: int = ref("meeting.id", unique=True)
    serial_no: str = Field(max_length=30)
    title: str = Field(max_length=80)
    version: int = 1
    drafted_by: int = ref("account.id")
    drafted_at: datetime = moment()
    put_up_at: datetime | None = moment_or_none()
    confirm_until: datetime | None = moment_or_none()
    frozen_at: datetime | None = moment_or_none()
    sha256: str = Field(default="", max_length=64)
    record_format: int = 2


class Paragraph(SQLModel, table=True):
    """A numbered paragraph. Its number says where it stands; its `key` stays the same wherever it is moved, and is what an
    objection names. `hold`: what the record demands of it (rules.Hold)."""

    __tablename__ = "paragraph"
    __table_args__ = (UniqueConstraint("minutes_id", "position"),)

    id: int = key()
    minutes_id: int = ref("minutes.id")
    position: int
    key: int = 0
    section: str = Field(max_length=20)
    item_id: int | None = ref_or_none("item.id")
    text: str
    hold: str = Field(default="", max_length=10)


class RemovedParagraph(SQLModel, table=True):
    """What the recorder took out of the draft, and where it stood: it may come back until the minutes are frozen."""

    __tablename__ = "removed_paragraph"

    id: int = key()
    minutes_id: int = ref("minutes.id")
    position: int
    key: int = 0
    section: str = Field(max_length=20)
    item_id: int | None = ref_or_none("item.id")
    text: str
    removed_at: datetime = moment()


class Attestation(SQLModel, table=True):
    """One attendee's word on the minutes: confirmed, or an objection to the paragraph of this key."""

    __tablename__ = "attestation"
    __table_args__ = (UniqueConstraint("minutes_id", "presence_id"),)

    id: int = key()
    council_id: int = ref("council.id")
    minutes_id: int = ref("minutes.id")
    presence_id: int = ref("presence.id")
    account_id: int | None = ref_or_none("account.id")
    entered_by: int = ref("account.id")
    word: str = Field(max_length=10)
    paragraph_key: int | None = None
    note: str = Field(default="", max_length=500)
    version: int
    at: datetime = moment()
