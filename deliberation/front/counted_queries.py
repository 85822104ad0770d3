"""How one person is counted: on the newest roll, and in each poll whose roll is fixed already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.ballot import queries, rolls, rules
from deliberation.ballot.booth import queries as booth_queries
from deliberation.ballot.rules import PollState
from deliberation.ballot.tables import Poll
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.tables import Roll
from deliberation.web.viewer import Viewer
from votes.refusal import Refused
from votes.roll import Head


@dataclass(frozen=True)
class InPoll:
    """One announced or open poll. `why`: what keeps this person from voting in it on their phone; None when nothing does, or
    while it has not opened. `as_newest`: whether its fixed roll says the same as the newest one."""

    id: int
    title: str
    state: PollState
    opens_at: datetime
    closes_at: datetime
    version: int
    as_newest: bool
    head: Head | None
    cast: bool
    why: Refused | None


@dataclass(frozen=True)
class Right:
    """May this person do it here, on paper alone, and if not, why (words sections right and right_why)."""

    code: str
    may: bool
    why: str = ""
    name: str = ""
    on_paper: bool = False


def in_polls(session: Session, council_id: int, viewer: Viewer, newest: Roll | None, now: datetime) -> list[InPoll]:
    found = session.exec(
        select(Poll, Roll.version)
        .join(Roll, col(Roll.id) == col(Poll.roll_id))
        .where(*queries.not_over(council_id, now))
        .order_by(col(Poll.closes_at))
    ).all()
    return [_in_poll(session, poll, version, viewer, newest, now) for poll, version in found]


def _in_poll(session: Session, poll: Poll, version: int, viewer: Viewer, newest: Roll | None, now: datetime) -> InPoll:
    state = rules.state(poll, now)
    person = viewer.person
    why = booth_queries.obstacle(
        session,
        poll,
        head_key=viewer.head_key,
        account_id=person.account_id if person else 0,
        name=person.name if person else "",
        now=now,
    )
    head = rolls.head_of(session, poll, viewer.head_key)
    return InPoll(
        poll.id,
        poll.title,
        state,
        poll.opens_at,
        poll.closes_at,
        version,
        newest is not None and newest.fingerprint == poll.roll_fingerprint,
        head,
        queries.slip_of_head(session, poll.id, viewer.head_key) is not None,
        None if why is None or why.code in {"poll_announced", "already_cast"} else why,
    )


def rights(session: Session, council_id: int, viewer: Viewer, head: Head | None) -> list[Right]:
    """What the person may do, as far as it is the same in every matter."""
    return [Right("speak", True), Right("second", True), _voting(session, council_id, viewer, head)]


def _voting(session: Session, council_id: int, viewer: Viewer, head: Head | None) -> Right:
    if viewer.tie != "owner":
        return Right("vote", False, viewer.tie or "")
    if head is None:
        return Right("vote", False, "parking" if _on_roll(session, council_id, viewer.head_key) else "off_roll")
    named = rules.named_instead(head, viewer.person.name if viewer.person else "")
    if named:
        return Right("vote", False, "named", named)
    me = viewer.person.account_id if viewer.person else 0
    return Right("vote", True, on_paper=not resident_queries.by_two(session, council_id, me))


def _on_roll(session: Session, council_id: int, head_key: str | None) -> bool:
    """Whether the newest roll has units of this head that do not count here: parking spaces alone."""
    roll = roll_queries.newest(session, council_id)
    if roll is None or head_key is None:
        return False
    whole = roll_queries.known_roll(session, roll.id, roll.fingerprint).heads(count_parking=True)
    return any(one.key == head_key for one in whole)
