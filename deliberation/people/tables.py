"""Accounts, the sessions they are signed in with, and links that work once."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from deliberation.db.columns import key, moment, moment_or_none, ref, ref_or_none


class Account(SQLModel, table=True):
    """A person who can sign in, by phone number or sign-in name.

    `claimed_phone` is a number they gave themselves: it signs nobody in before a code sent there came back, or the staff confirmed
    the person. So what is asked of a known number and of a new one is answered alike.
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


class SignIn(SQLModel, table=True):
    """One signed-in device; only the hash of its token is kept."""

    __tablename__ = "sign_in"

    id: int = key()
    account_id: int = ref("account.id")
    token_hash: str = Field(unique=True, max_length=64)
    device: str = Field(max_length=120)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment_or_none()


class OneTimeLink(SQLModel, table=True):
    """A link printed or handed over once: the platform's first start, or a first password."""

    __tablename__ = "one_time_link"

    id: int = key()
    purpose: str = Field(max_length=20)
    token_hash: str = Field(unique=True, max_length=64)
    account_id: int | None = ref_or_none("account.id")
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment_or_none()


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
