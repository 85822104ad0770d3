"""Household slips: whom they are printed for, what became of them, and the slip behind a code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, and_, col, or_, select

from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll.rules import Origin
from deliberation.council.rules import Level, State, Tie
from deliberation.council.slips import rules as slip_rules
from deliberation.council.tables import Council, HomeSlip, Membership, Roll, RollUnit, SlipBatch, SlipTry
from deliberation.people.queries import names
from deliberation.people.tables import Account
from votes.roll import Head

TRIES_SHOWN = timedelta(days=30)
BATCHES_SHOWN = 30


@dataclass(frozen=True)
class BatchView:
    id: int
    place: str
    slips: int
    without_phone: int
    digest: str
    printed_by: str
    printed_by_id: int
    printed_at: datetime
    expires_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    discarded_at: datetime | None
    left: int
    """Slips that nobody has used and that have not ended."""

    def waits(self, now: datetime) -> bool:
        return self.left > 0 and not (self.confirmed_at or self.discarded_at) and now < self.expires_at

    def expired(self, now: datetime) -> bool:
        return now >= self.expires_at


@dataclass(frozen=True)
class Counts:
    """What every resident may know of the slips: how many, never whose. All but the tries add up to what was printed."""

    printed: int
    usable: int
    used: int
    ended: int
    waiting: int
    expired: int
    wrong_tries: int


def places(session: Session, council_id: int) -> list[str]:
    newest = roll_queries.newest(session, council_id)
    return [one for one in resident_queries.buildings(session, newest.id) if one] if newest else []


def heads(session: Session, council_id: int, roll: Roll) -> tuple[Head, ...]:
    parking = session.get_one(Council, council_id).count_parking
    return roll_queries.known_roll(session, roll.id, roll.fingerprint).heads(parking)


def heads_at(session: Session, council_id: int, roll: Roll, place: str) -> list[Head]:
    """The heads whose first part is there and that nobody has been confirmed for; everywhere, where no place is named."""
    settled = set(
        session.exec(
            select(Membership.head_key).where(
                Membership.council_id == council_id,
                Membership.state == State.VERIFIED,
                Membership.tie == Tie.OWNER,
                col(Membership.head_key).is_not(None),
            )
        )
    )
    return [
        head
        for head in heads(session, council_id, roll)
        if head.own and head.key not in settled and place in {"", building_of(head)}
    ]


def homes_without(session: Session, council_id: int, now: datetime) -> int:
    """How many homes could be given a slip and have neither a confirmed owner nor a slip that works or waits to be released."""
    roll = roll_queries.newest(session, council_id)
    if roll is None:
        return 0
    held = set(
        session.exec(
            select(HomeSlip.head_key)
            .join(SlipBatch, col(SlipBatch.id) == col(HomeSlip.batch_id))
            .where(
                HomeSlip.council_id == council_id,
                col(HomeSlip.used_at).is_(None),
                col(HomeSlip.ended_at).is_(None),
                col(SlipBatch.expires_at) > now,
            )
        )
    )
    return sum(
        head.key not in held and bool(slip_rules.tails(unit.phone for unit in head.units))
        for head in heads_at(session, council_id, roll, "")
    )


def building_of(head: Head) -> str:
    return f"{head.own[0].group}{head.own[0].building}{head.own[0].entrance}"


def head_named(session: Session, council_id: int, roll: Roll, head_key: str) -> Head | None:
    return next((head for head in heads(session, council_id, roll) if head.key == head_key and head.own), None)


def imported_a_roll(session: Session, council_id: int, account_id: int) -> bool:
    """From a file, which holds the owners' phones; a correction by hand shows none of them."""
    found = select(Roll.id).where(
        Roll.council_id == council_id, Roll.imported_by == account_id, Roll.origin == Origin.IMPORT
    )
    return session.exec(found.limit(1)).first() is not None


def batch(session: Session, council_id: int, batch_id: int) -> SlipBatch | None:
    return session.exec(select(SlipBatch).where(SlipBatch.id == batch_id, SlipBatch.council_id == council_id)).first()


def batches(session: Session, council_id: int) -> list[BatchView]:
    rows = session.exec(
        select(SlipBatch)
        .where(SlipBatch.council_id == council_id)
        .order_by(col(SlipBatch.id).desc())
        .limit(BATCHES_SHOWN)
    ).all()
    people = names(session, [person for row in rows for person in (row.printed_by, row.confirmed_by)])
    left = dict(
        session.exec(
            select(HomeSlip.batch_id, func.count())
            .where(
                col(HomeSlip.batch_id).in_([row.id for row in rows]),
                col(HomeSlip.used_at).is_(None),
                col(HomeSlip.ended_at).is_(None),
            )
            .group_by(col(HomeSlip.batch_id))
        ).all()
    )
    return [
        BatchView(
            row.id,
            row.place,
            row.slips,
            row.without_phone,
            row.digest,
            people.get(row.printed_by, ""),
            row.printed_by,
            row.printed_at,
            row.expires_at,
            people.get(row.confirmed_by or 0, ""),
            row.confirmed_at,
            row.discarded_at,
            left.get(row.id, 0),
        )
        for row in rows
    ]


def counts(session: Session, council_id: int, now: datetime) -> Counts:
    mine = col(HomeSlip.council_id) == council_id

    def slips(*wanted: object) -> int:
        query = select(func.count()).select_from(HomeSlip).join(SlipBatch, col(SlipBatch.id) == col(HomeSlip.batch_id))
        return session.exec(query.where(mine, *wanted)).one()  # type: ignore[arg-type]

    unused, standing = col(HomeSlip.used_at).is_(None), col(HomeSlip.ended_at).is_(None)
    wrong = select(func.count()).where(
        SlipTry.council_id == council_id, col(SlipTry.fitted).is_(False), col(SlipTry.at) > now - TRIES_SHOWN
    )
    return Counts(
        printed=slips(),
        usable=slips(unused, standing, col(SlipBatch.confirmed_at).is_not(None), col(SlipBatch.expires_at) > now),
        used=slips(col(HomeSlip.used_at).is_not(None)),
        ended=slips(unused, col(HomeSlip.ended_at).is_not(None)),
        waiting=slips(unused, standing, col(SlipBatch.confirmed_at).is_(None), col(SlipBatch.expires_at) > now),
        expired=slips(unused, standing, col(SlipBatch.expires_at) <= now),
        wrong_tries=session.exec(wrong).one(),
    )


def slips_of_head(session: Session, council_id: int, head_key: str) -> list[HomeSlip]:
    """All that have not ended, used or not."""
    return list(
        session.exec(
            select(HomeSlip).where(
                HomeSlip.council_id == council_id, HomeSlip.head_key == head_key, col(HomeSlip.ended_at).is_(None)
            )
        )
    )


def used_of(session: Session, council_id: int, head_keys: Iterable[str]) -> dict[str, datetime]:
    """head -> when a slip of it was last used, by one that still stands, or for a head that was merged into it."""
    wanted = list(head_keys)
    rows = [
        *session.exec(
            select(HomeSlip.head_key, HomeSlip.used_at).where(
                HomeSlip.council_id == council_id,
                col(HomeSlip.head_key).in_(wanted),
                col(HomeSlip.used_at).is_not(None),
                col(HomeSlip.ended_at).is_(None),
            )
        ),
        *session.exec(
            select(Membership.head_key, HomeSlip.used_at)
            .join(HomeSlip, col(HomeSlip.id) == col(Membership.slip_id))
            .where(
                Membership.council_id == council_id,
                col(Membership.head_key).in_(wanted),
                Membership.state == State.VERIFIED,
                Membership.level < Level.SEEN,
            )
        ),
    ]
    found: dict[str, datetime] = {}
    for key, at in rows:
        if key and at:
            found[key] = max(at, found.get(key, at))
    return found


def ties_by_slip(session: Session, council_id: int, head_key: str) -> list[Membership]:
    """The memberships of this head that still rest on a slip alone, also one of a head that was merged into it."""
    return list(
        session.exec(
            select(Membership).where(
                Membership.council_id == council_id,
                Membership.head_key == head_key,
                col(Membership.slip_id).is_not(None),
                Membership.state == State.VERIFIED,
                Membership.level < Level.SEEN,
            )
        )
    )


def fitting(session: Session, council_id: int, code_hash: str, tail: str, now: datetime) -> tuple[int | None, bool]:
    """(the slip of this code, whether it may be used with this tail). Asks the database alike whatever is wrong."""
    row = session.exec(
        select(HomeSlip, SlipBatch)
        .join(SlipBatch, col(SlipBatch.id) == col(HomeSlip.batch_id))
        .where(HomeSlip.council_id == council_id, HomeSlip.code_hash == code_hash)
    ).first()
    slip, its_batch = row or (None, None)
    tries = session.exec(
        select(func.count()).where(SlipTry.slip_id == (slip.id if slip else 0), col(SlipTry.fitted).is_(False))
    ).one()
    tail_fits = tail in slip_rules.tails(_phones(session, council_id, slip.head_key if slip else ""))
    if slip is None or its_batch is None:
        return None, False
    live = slip_rules.usable(
        confirmed=its_batch.confirmed_at is not None,
        used=slip.used_at is not None,
        ended=slip.ended_at is not None,
        tries=tries,
        expires_at=its_batch.expires_at,
        now=now,
    )
    return slip.id, live and tail_fits


def _phones(session: Session, council_id: int, head_key: str) -> Sequence[str]:
    newest = roll_queries.newest(session, council_id)
    return session.exec(
        select(RollUnit.phone).where(RollUnit.roll_id == (newest.id if newest else 0), RollUnit.head_key == head_key)
    ).all()


def holders(session: Session, council_id: int, head_key: str, tail: str) -> set[int]:
    """Accounts with the number on the roll that ends like this; where the roll has it starred out, those tied to the head."""
    whole = [one for one in slip_rules.numbers(_phones(session, council_id, head_key)) if one.endswith(tail)]
    tied = select(Membership.account_id).where(
        Membership.council_id == council_id, Membership.head_key == head_key, Membership.state == State.VERIFIED
    )
    return set(
        session.exec(
            select(Account.id).where(
                or_(col(Account.phone).in_(whole), and_(col(Account.phone).endswith(tail), col(Account.id).in_(tied)))
            )
        )
    )
