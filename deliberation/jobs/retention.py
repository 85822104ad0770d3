"""What is kept of people, how sensitive it is and for how long: the page shows this table, and what removes reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Grade = Literal["nobody", "self", "checked", "server", "staff", "members"]


@dataclass(frozen=True)
class Kept:
    """`code`: its words (sections kept, kept_why); `grade`: who may see it (kept_grade); `days`: how long after it is of no
    more use; None: as the law has it, which the words of kept_until say."""

    code: str
    grade: Grade
    days: int | None = None

    @property
    def span(self) -> timedelta:
        if self.days is None:
            raise RuntimeError(f"{self.code} is not removed by the calendar")
        return timedelta(days=self.days)


PASSWORD = Kept("password", "nobody")
NAME = Kept("name", "members")
PHONE = Kept("phone", "staff")
TIE = Kept("tie", "staff")
SIGN_IN = Kept("sign_in", "self", 30)
DEVICE = Kept("device", "self", 400)
NOTICE = Kept("notice", "self", 90)
SECOND_STEP = Kept("second_step", "nobody")
LINK = Kept("link", "nobody", 30)
PHONE_CODE = Kept("phone_code", "nobody", 1)
RECOVERY = Kept("recovery", "staff", 90)
SLIP = Kept("slip", "nobody", 90)
SUBMISSION = Kept("submission", "nobody", 2)
DRAFT_PHOTO = Kept("draft_photo", "self", 1)
UPLOAD = Kept("upload", "staff", 30)
ROLL = Kept("roll", "staff")
ROLL_DISPUTE = Kept("roll_dispute", "staff")
PROXY = Kept("proxy", "staff")
BALLOT = Kept("ballot", "checked")
WORDS = Kept("words", "members")
JOURNAL = Kept("journal", "members")
READING = Kept("reading", "members", 1096)
ADDRESS = Kept("address", "server")

ALL = (
    NAME,
    PHONE,
    PASSWORD,
    TIE,
    SIGN_IN,
    DEVICE,
    NOTICE,
    SECOND_STEP,
    LINK,
    PHONE_CODE,
    RECOVERY,
    SLIP,
    SUBMISSION,
    DRAFT_PHOTO,
    ROLL,
    ROLL_DISPUTE,
    UPLOAD,
    PROXY,
    BALLOT,
    WORDS,
    JOURNAL,
    READING,
    ADDRESS,
)
