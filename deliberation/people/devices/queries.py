"""What a person should know of their account, told on the devices they had before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import Connection
from sqlmodel import Session, bindparam, case, col, func, or_, select

from deliberation.db.columns import table_of
from deliberation.people import rules
from deliberation.people.tables import Account, AccountNotice, KnownDevice, SignIn
from deliberation.web.viewer import Person


def known(session: Session, account_id: int, key_hash: str) -> KnownDevice | None:
    return session.exec(
        select(KnownDevice).where(KnownDevice.account_id == account_id, KnownDevice.key_hash == key_hash)
    ).first()


_KNOWN_AS = (
    select(KnownDevice.id)
    .join(Account, col(Account.id) == col(KnownDevice.account_id))
    .where(
        KnownDevice.key_hash == bindparam("key"),
        or_(col(Account.phone) == bindparam("typed"), col(Account.sign_in_name) == bindparam("typed")),
    )
)


def known_as(session: Session, identifier: str, key_hash: str) -> int:
    """The number of this device where the account of this phone or name knows it, or 0."""
    return session.exec(_KNOWN_AS, params={"key": key_hash, "typed": identifier}).first() or 0


_DEVICES = table_of(KnownDevice).c
_THIS_AND_ALL = sqlalchemy.select(
    func.max(case((_DEVICES.key_hash == bindparam("key"), _DEVICES.id))), func.count(_DEVICES.id)
).where(_DEVICES.account_id == bindparam("account"))


def this_and_any(connection: Connection, account_id: int, key_hash: str) -> tuple[int | None, bool]:
    """The number of this device, where the account knows it, and whether it knows any at all."""
    this, known_ones = connection.execute(_THIS_AND_ALL, {"account": account_id, "key": key_hash}).one()
    return this, known_ones > 0


def come_since(session: Session, account_id: int, since: datetime) -> list[int]:
    return list(
        session.exec(
            select(KnownDevice.id).where(KnownDevice.account_id == account_id, col(KnownDevice.first_seen_at) >= since)
        )
    )


def unread(session: Session, person: Person | None) -> list[AccountNotice]:
    """A device that came later than what is told neither reads it nor can make it go away: it may be the stranger's. What was
    told before the account knew any is read on the first."""
    if person is None:
        return []
    device = session.get(KnownDevice, person.device_id) if person.device_id else None
    since = device.first_seen_at if device else session.get_one(SignIn, person.sign_in_id).created_at
    if device and not _came_before(session, device):
        since = session.get_one(Account, person.account_id).created_at
    return list(
        session.exec(
            select(AccountNotice)
            .where(
                AccountNotice.account_id == person.account_id,
                col(AccountNotice.dismissed_at).is_(None),
                col(AccountNotice.at) >= since,
                or_(col(AccountNotice.device_id).is_(None), col(AccountNotice.device_id) != (person.device_id or 0)),
            )
            .order_by(col(AccountNotice.id))
        )
    )


def _came_before(session: Session, device: KnownDevice) -> bool:
    others = select(KnownDevice.id).where(
        KnownDevice.account_id == device.account_id, col(KnownDevice.first_seen_at) < device.first_seen_at
    )
    return session.exec(others.limit(1)).first() is not None


def may_answer(session: Session, person: Person) -> bool:
    """A device whose own coming nobody has answered for may be a stranger's: it cannot make the news of another go away."""
    open_about_it = select(AccountNotice.id).where(
        AccountNotice.account_id == person.account_id,
        AccountNotice.code == "new_device",
        AccountNotice.device_id == person.device_id,
        col(AccountNotice.dismissed_at).is_(None),
    )
    return person.device_id is None or session.exec(open_about_it).first() is None


OF_RIGHTS = ("tie_", "proxy_", "seat_")
"""How the codes begin of what others did to a person's rights. "That was not me" answers none of them."""


@dataclass(frozen=True)
class Told:
    """`device`: kind and browser of the device it is about, as in `rules.device`. `of_rights`: others did it to the person's
    rights; `facts` say where, and on a device that may answer also for which home, by which office and why."""

    id: int
    code: str
    at: datetime
    device: tuple[str, str] | None
    answerable: bool
    of_rights: bool
    facts: Mapping[str, Any]


def told(session: Session, person: Person | None) -> list[Told]:
    unanswered = unread(session, person)
    answerable = person is not None and bool(unanswered) and may_answer(session, person)
    return [
        Told(
            one.id,
            one.code,
            one.at,
            rules.device(one.agent) if one.agent else None,
            answerable,
            one.code.startswith(OF_RIGHTS),
            _facts(one, all_of_them=answerable),
        )
        for one in unanswered
    ]


OPEN_TO_ANY = ("council", "slug", "role", "paper_code")
"""What stands on the account's other pages anyway. A device that nobody has answered for may be a stranger's: it learns what
happened, but neither the home nor what was said of the person."""


def _facts(notice: AccountNotice, *, all_of_them: bool) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(notice.facts) if notice.facts else {}
    return kept if all_of_them else {name: value for name, value in kept.items() if name in OPEN_TO_ANY}
