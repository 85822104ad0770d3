"""Who asks: the person, the council they ask in, and what they are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session


@dataclass(frozen=True)
class Person:
    account_id: int
    name: str
    sign_in_id: int
    platform_admin: bool = False
    device_id: int | None = None
    strong: bool = False
    """Whether more than a password was shown when signing in."""


@dataclass(frozen=True)
class CouncilName:
    id: int
    slug: str
    name: str
    compound: str


@dataclass(frozen=True)
class Viewer:
    """`head_key` is set for those who may vote; `level` is how well they were verified (0 to 3)."""

    person: Person | None = None
    council: CouncilName | None = None
    roles: frozenset[str] = frozenset()
    tie: str | None = None
    level: int = 0
    head_key: str | None = None
    home: str = ""
    withheld: frozenset[str] = frozenset()
    """Roles that count only after a second step, which this sign-in has not shown."""
    second_step_by: datetime | None = None
    """Until when a new seat still counts without."""
    resting: frozenset[str] = frozenset()
    """Roles that count only when others have seen whose hands the account is in."""

    @property
    def verified(self) -> bool:
        return self.tie is not None

    @property
    def member(self) -> bool:
        return self.verified or bool(self.roles)


Resolve = Callable[[Session, str | None, str | None, datetime], Viewer]
"""(session, sign-in token, council slug, now) -> who asks; raises NotHere for an unknown council."""


class NotHere(Exception):
    """What is asked for does not exist for the person who asks: 404."""


class NotAllowed(Exception):
    """The person may see it but not do it: 403."""


class SecondStepFirst(NotAllowed):
    """The council wants its staff to sign in with a second step, and this sign-in has none."""


class SeatRests(NotAllowed):
    """What they want is for a seat of theirs that rests until others have seen them."""


class SignInFirst(Exception):
    """Nobody is signed in and the page needs somebody."""


@dataclass(frozen=True)
class Needs:
    """What a route asks of its viewer; the permission matrix in the tests is generated from this."""

    level: Literal["anyone", "person", "member", "verified", "owner", "seat", "platform"]
    roles: frozenset[str] = frozenset()

    def check(self, viewer: Viewer) -> None:
        if self.level == "anyone":
            return
        if viewer.person is None:
            raise SignInFirst
        if self.level == "person":
            return
        if self.level == "platform":
            if not viewer.person.platform_admin:
                raise NotAllowed
            return
        if viewer.resting and (
            not viewer.member if self.level != "seat" else viewer.resting & self.roles and not viewer.roles & self.roles
        ):
            raise SeatRests
        if viewer.withheld and (not viewer.member or (self.level == "seat" and viewer.withheld & self.roles)):
            raise SecondStepFirst
        if not viewer.member:
            raise NotHere
        allowed = {
            "member": True,
            "verified": viewer.verified,
            "owner": viewer.head_key is not None,
            "seat": bool(viewer.roles & self.roles),
        }
        if not allowed[self.level]:
            raise NotAllowed


ANYONE = Needs("anyone")
PERSON = Needs("person")
MEMBER = Needs("member")
VERIFIED = Needs("verified")
OWNER = Needs("owner")
PLATFORM = Needs("platform")


def seat(*roles: str) -> Needs:
    return Needs("seat", frozenset(roles))
