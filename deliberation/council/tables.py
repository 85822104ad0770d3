"""A council, who sits on it, who belongs to its compound, and the roll of those who may vote."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Council(SQLModel, table=True):
    """A neighbor council of one compound, and the days and numbers it works by."""

    __tablename__ = "council"

    id: int = key()
    slug: str = Field(unique=True, max_length=30)
    name: str = Field(max_length=60)
    compound: str = Field(max_length=60)
    community: str = Field(max_length=60)
    contact: str = Field(default="", max_length=200)
    rules_text: str = Field(default="")
    seconds_needed: int = 3
    objection_days: int = 15
    confirm_days: int = 3
    meeting_quorum: int = 0
    count_parking: bool = False
    invalid_takes_part: bool = False
    proxy_limit: int = 3
    staff_second_step: bool = False
    created_at: datetime = moment()


class Seat(SQLModel, table=True):
    """A role a person holds in a council, from and until. `confirmed_by`: who agreed with whoever appointed, where it took two.
    `building`: of a building leader, as the roll names it.

    `rests_since`: it gives no rights until others have seen the person (`council/resting`). `seen_by`, `seen_at`: who saw them
    last; of a seat that rests, the first of those it takes."""

    __tablename__ = "seat"

    id: int = key()
    council_id: int = ref("council.id")
    account_id: int = ref("account.id")
    role: str = Field(max_length=20)
    since: datetime = moment()
    until: datetime | None = moment_or_none()
    appointed_by: int | None = ref_or_none("account.id")
    confirmed_by: int | None = ref_or_none("account.id")
    building: str = Field(default="", max_length=120)
    rests_since: datetime | None = moment_or_none()
    rests_for: str = Field(default="", max_length=12)
    seen_by: int | None = ref_or_none("account.id")
    seen_at: datetime | None = moment_or_none()


class SeatChange(SQLModel, table=True):
    """What somebody wants to change about who works for the council, until another has agreed. A seat is a seat only then, so
    nothing that reads seats need know of these. `seat_id`: of the seat that is to end."""

    __tablename__ = "seat_change"

    id: int = key()
    council_id: int = ref("council.id")
    kind: str = Field(max_length=12)
    account_id: int = ref("account.id")
    role: str = Field(max_length=20)
    building: str = Field(default="", max_length=120)
    seat_id: int | None = ref_or_none("seat.id")
    put_by: int = ref("account.id")
    put_at: datetime = moment()
    state: str = Field(default="waiting", max_length=10)
    decided_by: int | None = ref_or_none("account.id")
    decided_at: datetime | None = moment_or_none()


class Membership(SQLModel, table=True):
    """A person's tie to the compound: asked for by them, confirmed by staff against the roll. Whoever of the staff made the
    account or handed out its link (`prepared_by`) is not the one who confirms it: nobody alone gives away a ballot.

    `slip_id`: the household slip that the tie came with. `seen_by`: who of the staff saw the person and the papers first.
    `ending_by`: who wants to end an owner's tie while a poll is on its way, until a second one does too. `before`: JSON of what
    stood before one alone ended it, so that it can be put back as it was.
    """

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("council_id", "account_id"),)

    id: int = key()
    council_id: int = ref("council.id")
    account_id: int = ref("account.id")
    tie: str = Field(max_length=10)
    home: str = Field(max_length=60)
    state: str = Field(default="waiting", max_length=10)
    head_key: str | None = Field(default=None, max_length=60, index=True)
    level: int = 0
    asked_at: datetime = moment()
    prepared_by: int | None = ref_or_none("account.id")
    decided_by: int | None = ref_or_none("account.id")
    decided_at: datetime | None = moment_or_none()
    note: str = Field(default="", max_length=200)
    slip_id: int | None = ref_or_none("home_slip.id")
    seen_by: int | None = ref_or_none("account.id")
    ending_by: int | None = ref_or_none("account.id")
    before: str = Field(default="")


class Roll(SQLModel, table=True):
    """One version of the roll; never changed once written, so that a poll can name it by fingerprint."""

    __tablename__ = "roll"
    __table_args__ = (UniqueConstraint("council_id", "version"),)

    id: int = key()
    council_id: int = ref("council.id")
    version: int
    file_name: str = Field(max_length=120)
    imported_by: int = ref("account.id")
    imported_at: datetime = moment()
    units: int
    heads: int
    area: int
    fingerprint: str = Field(max_length=64)
    record_date: date | None = None
    origin: str = Field(default="import", max_length=10)
    confirmed_by: int | None = ref_or_none("account.id")
    reason: str = Field(default="", max_length=500)
    register_heads: int | None = None
    register_area: int | None = None


class RollUnit(SQLModel, table=True):
    """One exclusive part on one version of the roll; the columns of the register, area in 0.01 m2."""

    __tablename__ = "roll_unit"
    __table_args__ = (UniqueConstraint("roll_id", "line"),)

    id: int = key()
    roll_id: int = ref("roll.id")
    line: int
    group: str
    building: str
    entrance: str
    room: str
    use: str = Field(max_length=10)
    area: int
    area_basis: str
    title_no: str
    owner_id: str = Field(index=True)
    head_key: str = Field(index=True)
    owner_name: str
    id_tail: str
    co_ownership: str
    share: str
    voting_owner: str
    phone: str
    delivery: str = Field(max_length=20)
    note: str


class RollUpload(SQLModel, table=True):
    """A roll file on its way in: read in the background, previewed, then confirmed or thrown away."""

    __tablename__ = "roll_upload"

    id: int = key()
    council_id: int = ref("council.id")
    file_name: str = Field(max_length=120)
    body: bytes = Field(sa_type=LargeBinary)
    uploaded_by: int = ref("account.id")
    uploaded_at: datetime = moment()
    state: str = Field(default="reading", max_length=10)
    done: int = 0
    total: int = 0
    report: str = Field(default="{}")
    record_date: date | None = None
    register_heads: int | None = None
    register_area: int | None = None


class RollDispute(SQLModel, table=True):
    """A resident says that the roll has them wrong. Two of the staff answer; `outcome` is empty until they have."""

    __tablename__ = "roll_dispute"

    id: int = key()
    council_id: int = ref("council.id")
    account_id: int = ref("account.id")
    head_key: str | None = Field(default=None, max_length=60)
    roll_id: int | None = ref_or_none("roll.id")
    text: str = Field(max_length=300)
    at: datetime = moment()
    outcome: str = Field(default="", max_length=10)
    settled_at: datetime | None = moment_or_none()


class RollAmendment(SQLModel, table=True):
    """What one of the staff wants to change on the roll by hand, or answers to a dispute, until another has confirmed it.
    `edits` is JSON: unit's line on the `base` version, field, new value."""

    __tablename__ = "roll_amendment"

    id: int = key()
    council_id: int = ref("council.id")
    kind: str = Field(max_length=10)
    dispute_id: int | None = ref_or_none("roll_dispute.id")
    base_id: int = ref("roll.id")
    edits: str = Field(default="[]")
    reason: str = Field(max_length=500)
    put_by: int = ref("account.id")
    put_at: datetime = moment()
    state: str = Field(max_length=10)
    decided_by: int | None = ref_or_none("account.id")
    decided_at: datetime | None = moment_or_none()
    note: str = Field(default="", max_length=200)
    roll_id: int | None = ref_or_none("roll.id")


class SlipBatch(SQLModel, table=True):
    """Household slips printed in one go by one of the staff; their codes are dead until another one releases them."""

    __tablename__ = "slip_batch"

    id: int = key()
    council_id: int = ref("council.id")
    roll_id: int = ref("roll.id")
    place: str = Field(default="", max_length=80)
    slips: int
    without_phone: int
    digest: str = Field(max_length=64)
    printed_by: int = ref("account.id")
    printed_at: datetime = moment()
    expires_at: datetime = moment()
    confirmed_by: int | None = ref_or_none("account.id")
    confirmed_at: datetime | None = moment_or_none()
    discarded_at: datetime | None = moment_or_none()


class HomeSlip(SQLModel, table=True):
    """The slip of one head; its code stood on the paper alone. Ended: by a newer slip, or with its batch. `handed_by`: the
    building's leader, who carried the envelope."""

    __tablename__ = "home_slip"

    id: int = key()
    council_id: int = ref("council.id")
    batch_id: int = ref("slip_batch.id")
    head_key: str = Field(max_length=60, index=True)
    code_hash: str = Field(unique=True, max_length=64)
    used_at: datetime | None = moment_or_none()
    used_by: int | None = ref_or_none("account.id")
    ended_at: datetime | None = moment_or_none()
    handed_at: datetime | None = moment_or_none()
    handed_by: int | None = ref_or_none("account.id")


class SlipTry(SQLModel, table=True):
    """Somebody tried a code; `slip_id` where there is such a code at all. Written alike for every try, right or wrong."""

    __tablename__ = "slip_try"

    id: int = key()
    council_id: int = ref("council.id")
    slip_id: int | None = ref_or_none("home_slip.id")
    fitted: bool = False
    at: datetime = moment()
