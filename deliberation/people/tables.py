"""Accounts, the sessions they are signed in with, and links that work once."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Account(SQLModel, table=True):
    """A person who can sign in, by phone number or sign-in name.

    `claimed_phone` is a number they gave themselves: it signs nobody in before a code sent there came back, or the staff confirmed
    the person. So what is asked of a known number and of a new one is answered alike.
    `opened_by`: who handed out the link that opened it last; they may know its password.
    """

    __tablename__ = "account"

    id: int = key()
    name: str = Field(max_length=40)
    phone: str | None = Field(default=None, unique=True, max_length=20)
    sign_in_name: str | None = Field(default=None, unique=True, max_length=40)
    password_hash: str | None = Field(default=None, max_length=200)
    platform_admin: bool = False
    claimed_phone: str | None = Field(default=None, max_length=20, index=True)
    phone_proved_at: datetime | None = moment_or_none()
    created_at: datetime = moment()
    opened_by: int | None = ref_or_none("account.id")


class KnownDevice(SQLModel, table=True):
    """A browser that an account was signed in on before, known again by a cookie of which only the hash is kept."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("account_id", "key_hash"),)

    id: int = key()
    account_id: int = ref("account.id")
    key_hash: str = Field(max_length=64)
    first_seen_at: datetime = moment()


class SignIn(SQLModel, table=True):
    """One signed-in device; only the hash of its token is kept. `strong`: more than a password was shown."""

    __tablename__ = "sign_in"

    id: int = key()
    account_id: int = ref("account.id")
    token_hash: str = Field(unique=True, max_length=64)
    device: str = Field(max_length=120)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment_or_none()
    device_id: int | None = ref_or_none("known_device.id")
    strong: bool = False


class AccountNotice(SQLModel, table=True):
    """What happened to a person's account, told on the devices they had before until one of them has read it.

    `device_id`: the device it was done on, which is told nothing and cannot make the notice go away. `facts`: JSON of what it is
    about, where that is no device: which council, which home or seat, by whom and why."""

    __tablename__ = "account_notice"

    id: int = key()
    account_id: int = ref("account.id")
    code: str = Field(max_length=30)
    at: datetime = moment()
    device_id: int | None = ref_or_none("known_device.id")
    agent: str = Field(default="", max_length=120)
    facts: str = Field(default="")
    dismissed_at: datetime | None = moment_or_none()


class SecondStep(SQLModel, table=True):
    """An app that makes one-time codes for an account, or codes on paper alone. Its secret is sealed with a key kept elsewhere."""

    __tablename__ = "second_step"

    id: int = key()
    account_id: int = Field(foreign_key="account.id", unique=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    since: datetime = moment()
    last_step: int

    @property
    def on_paper(self) -> bool:
        """No app: what was set up are codes on paper alone, and nothing is sealed."""
        return self.last_step == 0


class PaperCode(SQLModel, table=True):
    """A code kept on paper for the day on which the phone is gone; works once, only its hash is kept."""

    __tablename__ = "paper_code"

    id: int = key()
    account_id: int = ref("account.id")
    mark: str = Field(max_length=2)
    code_hash: str = Field(max_length=200)
    used_at: datetime | None = moment_or_none()


class Passkey(SQLModel, table=True):
    """A key that a phone or computer keeps for an account: its public half, and how often it says it was used."""

    __tablename__ = "passkey"

    id: int = key()
    account_id: int = ref("account.id")
    credential_id: str = Field(unique=True, max_length=1400)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(sa_type=BigInteger)
    name: str = Field(max_length=40)
    made_at: datetime = moment()
    used_at: datetime | None = moment_or_none()


class ProviderTie(SQLModel, table=True):
    """An account with an OpenID provider that its owner tied to theirs here: the provider's own number for them."""

    __tablename__ = "provider_tie"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))

    id: int = key()
    account_id: int = ref("account.id")
    issuer: str = Field(max_length=200)
    subject: str = Field(max_length=255)
    made_at: datetime = moment()


class Recovery(SQLModel, table=True):
    """A way back in for somebody who lost phone and password: begun by one of a council's staff, confirmed by another, then
    a link that works once and not for long. `how` it ended: used, stopped, or over because a password was set otherwise."""

    __tablename__ = "recovery"

    id: int = key()
    council_id: int = ref("council.id")
    account_id: int = ref("account.id")
    checked: str = Field(max_length=200)
    started_by: int = ref("account.id")
    started_at: datetime = moment()
    confirmed_by: int | None = ref_or_none("account.id")
    confirmed_at: datetime | None = moment_or_none()
    token_hash: str | None = Field(default=None, unique=True, max_length=64)
    ended_at: datetime | None = moment_or_none()
    how: str = Field(default="", max_length=10)


class OneTimeLink(SQLModel, table=True):
    """A link printed or handed over once: the platform's first start, or a first password. `council_id`: in whose name."""

    __tablename__ = "one_time_link"

    id: int = key()
    purpose: str = Field(max_length=20)
    token_hash: str = Field(unique=True, max_length=64)
    account_id: int | None = ref_or_none("account.id")
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment_or_none()
    made_by: int | None = ref_or_none("account.id")
    council_id: int | None = ref_or_none("council.id")


class PhoneCode(SQLModel, table=True):
    """Six digits sent to a phone; only their keyed hash is kept, for five minutes and five tries."""

    __tablename__ = "phone_code"

    id: int = key()
    account_id: int = ref("account.id")
    phone: str = Field(max_length=20)
    code_hash: str = Field(max_length=64)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    tries: int = 0
    used_at: datetime | None = moment_or_none()
