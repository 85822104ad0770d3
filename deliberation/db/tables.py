"""Tables that every step shares: the journal of acts, who read what, photos, submitted forms."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, ref, ref_or_none


class Event(SQLModel, table=True):
    """One act, appended and never changed; each carries the hash of the one before it in its council."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("council_id", "seq"),)

    id: int = key()
    council_id: int = ref("council.id")
    seq: int
    at: datetime = moment()
    actor_id: int | None = ref_or_none("account.id")
    verb: str = Field(max_length=60)
    matter_id: int | None = Field(default=None, index=True)
    meeting_id: int | None = Field(default=None, index=True)
    facts: str
    prev: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Reading(SQLModel, table=True):
    """Who was shown the full roll, minutes or somebody's page, once a day and thing; beside the chain, since it ends one day.

    `account_id`: whose page it was, if it was one person's; so it is in their own data too.
    """

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("council_id", "reader_id", "thing", "thing_id", "day"),)

    id: int = key()
    council_id: int = ref("council.id")
    reader_id: int = ref("account.id")
    thing: str = Field(max_length=20)
    thing_id: int
    account_id: int | None = ref_or_none("account.id")
    day: date
    at: datetime = moment()


class Photo(SQLModel, table=True):
    """A re-encoded picture, kept in the database so that one file is the whole council."""

    __tablename__ = "photo"

    id: int = key()
    council_id: int = ref("council.id")
    subject: str = Field(max_length=20, index=True)
    subject_id: int = Field(index=True)
    body: bytes = Field(sa_type=LargeBinary)
    width: int
    height: int
    uploaded_by: int = ref("account.id")
    uploaded_at: datetime = moment()


class Submission(SQLModel, table=True):
    """A form that was carried out: sent twice, it is answered with the same place and done once. `once` is a hash."""

    __tablename__ = "submission"

    once: str = Field(primary_key=True, max_length=64)
    location: str = Field(max_length=500)
    at: datetime = moment()
