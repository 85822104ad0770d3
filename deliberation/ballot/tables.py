"""Polls, the ballots cast in them, and paper ballots keyed in twice."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Poll(SQLModel, table=True):
    """One owners' poll on one motion, its text and roll locked at the notice."""

    __tablename__ = "poll"

    id: int = key()
    council_id: int = ref("council.id")
    motion_id: int = ref("motion.id")
    matter_id: int = ref("proposal.id")
    standing: str = Field(default="official", max_length=14)
    title: str = Field(max_length=60)
    text: str
    text_sha256: str = Field(max_length=64)
    law_item: int
    rule: str = Field(max_length=40)
    rule_hash: str = Field(max_length=64)
    count_parking: bool = False
    invalid_takes_part: bool = False
    proxy_limit: int = 3
    roll_id: int = ref("roll.id")
    roll_fingerprint: str = Field(max_length=64)
    heads: int
    area: int
    notice_at: datetime = moment()
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    announced_by: int = ref("account.id")
    opened_at: datetime | None = moment_or_none()
    closed_at: datetime | None = moment_or_none()
    withdrawn_at: datetime | None = moment_or_none()
    withdrawn_reason: str = Field(default="", max_length=300)


class Ballot(SQLModel, table=True):
    """The one ballot of one head. Appended, chained, never changed. `salt` keeps the hash from telling the choice."""

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("poll_id", "head_key"), UniqueConstraint("poll_id", "seq"))

    id: int = key()
    council_id: int = ref("council.id")
    poll_id: int = ref("poll.id")
    seq: int
    head_key: str = Field(max_length=60)
    choice: str = Field(max_length=10)
    channel: str = Field(max_length=10)
    level: int
    cast_by: str = Field(max_length=40)
    account_id: int | None = ref_or_none("account.id")
    paper_id: int | None = ref_or_none("paper_ballot.id")
    proxy_id: int | None = ref_or_none("proxy.id")
    cast_at: datetime = moment()
    receipt: str = Field(unique=True, max_length=24)
    salt: str = Field(max_length=32)
    prev: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Proxy(SQLModel, table=True):
    """A written proxy: the head whose ballot another may cast, given on the owner's own account or on paper at the desk, where
    one of the staff records it and another confirms it. The
    places are those of the day it was given: the published list needs no name. `ending_by`: who of the staff says that the owner
    takes it back while a poll is on its way, until another says so too. `second_of`: the record of the same paper, by its holder's
    name alone, whose place this one takes."""

    __tablename__ = "proxy"

    id: int = key()
    council_id: int = ref("council.id")
    head_key: str = Field(max_length=60, index=True)
    place: str = Field(max_length=200)
    given_name: str = Field(max_length=40)
    given_by: int | None = ref_or_none("account.id")
    holder_id: int | None = ref_or_none("account.id")
    holder_name: str = Field(max_length=40)
    holder_place: str = Field(default="", max_length=60)
    scope: str = Field(max_length=10)
    poll_id: int | None = ref_or_none("poll.id")
    meeting_id: int | None = ref_or_none("meeting.id")
    signed_at: datetime = moment()
    until: datetime | None = moment_or_none()
    state: str = Field(max_length=10)
    recorded_by: int | None = ref_or_none("account.id")
    recorded_at: datetime = moment()
    confirmed_by: int | None = ref_or_none("account.id")
    second_of: int | None = ref_or_none("proxy.id")
    ending_by: int | None = ref_or_none("account.id")
    revoked_by: int | None = ref_or_none("account.id")
    revoked_at: datetime | None = moment_or_none()
    note: str = Field(default="", max_length=200)


class PaperBallot(SQLModel, table=True):
    """A paper ballot, keyed in by one of the staff and again, unseen, by another: the two readings that stand now.

    `head_key` is empty where the roll has no such room; `why` tells why a settled paper does not count.
    """

    __tablename__ = "paper_ballot"
    __table_args__ = (UniqueConstraint("poll_id", "slip_no"),)

    id: int = key()
    council_id: int = ref("council.id")
    poll_id: int = ref("poll.id")
    slip_no: str = Field(max_length=20)
    head_key: str = Field(max_length=60, index=True)
    first_room: str = Field(default="", max_length=80)
    first_choice: str = Field(max_length=10)
    first_cast_by: str = Field(max_length=40)
    first_by: int = ref("account.id")
    first_at: datetime = moment()
    second_head_key: str | None = Field(default=None, max_length=60)
    second_room: str | None = Field(default=None, max_length=80)
    second_choice: str | None = Field(default=None, max_length=10)
    second_cast_by: str | None = Field(default=None, max_length=40)
    second_by: int | None = ref_or_none("account.id")
    second_at: datetime | None = moment_or_none()
    state: str = Field(default="waiting", max_length=10)
    why: str = Field(default="", max_length=20)


class PaperReading(SQLModel, table=True):
    """Every keying as it was made, also those corrected or withdrawn later. Appended, never changed."""

    __tablename__ = "paper_reading"

    id: int = key()
    council_id: int = ref("council.id")
    paper_id: int = ref("paper_ballot.id")
    kind: str = Field(max_length=10)
    slip_no: str = Field(max_length=20)
    room: str = Field(default="", max_length=80)
    choice: str = Field(default="", max_length=10)
    cast_by: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=200)
    by: int = ref("account.id")
    at: datetime = moment()


class Dispute(SQLModel, table=True):
    """An owner says: this ballot of my home is not mine. The ballot stays until people have decided."""

    __tablename__ = "dispute"

    id: int = key()
    council_id: int = ref("council.id")
    poll_id: int = ref("poll.id")
    ballot_id: int = ref("ballot.id", unique=True)
    account_id: int = ref("account.id")
    text: str = Field(default="", max_length=500)
    at: datetime = moment()
    finding: str = Field(default="", max_length=500)
    settled_by: int | None = ref_or_none("account.id")
    settled_at: datetime | None = moment_or_none()
