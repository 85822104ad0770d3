"""A seat rests, and begins when others have seen the person with the account in their hands."""

from __future__ import annotations

from dataclasses import replace

from deliberation import keyed
from deliberation.council import rules
from deliberation.council.resting import queries as resting_queries
from deliberation.council.resting import rules as resting_rules
from deliberation.council.resting.rules import Why
from deliberation.council.seating import queries as seating_queries
from deliberation.council.tables import Council, Seat
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.tables import Account
from deliberation.web.viewer import NotHere
from votes.refusal import Refused


def rest(tx: Tx, seat: Seat, why: Why, *, seen_by: int | None = None) -> None:
    """`seen_by`: whoever handed out the link for it; they have seen the person, and are not the one on whom it depends."""
    seat.rests_since, seat.rests_for, seat.seen_by = tx.now, why, seen_by
    tx.session.add(seat)
    tx.session.flush()
    record(tx, "seat.rests", seat_id=seat.id, role=seat.role)
    tx.touch(f"account:{seat.account_id}")


def let_in_here(tx: Tx, account_id: int) -> None:
    """Two of this council have seen the person: with seats of theirs here the time for a second step begins anew, and offices
    elsewhere rest until somebody there has seen them too."""
    for seat in resting_queries.held_by(tx.session, account_id):
        if seat.council_id == tx.council:
            seat.seen_at = tx.now
            tx.session.add(seat)
        elif seat.role in rules.OFFICES:
            rest(replace(tx, council_id=seat.council_id), seat, Why.RECOVERY)


def stepped_up(tx: Tx, account_id: int) -> None:
    """A sign-in that had shown a password alone has set up a second step. Where the time for it was over, whoever found the
    password out would have a seat by it."""
    for seat in resting_queries.held_by(tx.session, account_id):
        wanted = tx.session.get_one(Council, seat.council_id).staff_second_step and seat.role in rules.SECOND_STEP
        late = resting_rules.steps_late(since=seat.since, seen_at=seat.seen_at, now=tx.now)
        if wanted and late and seat.rests_since is None:
            rest(replace(tx, council_id=seat.council_id), seat, Why.SECOND_STEP)


def see(tx: Tx, secret: bytes, seat_id: int, number: str, *, by_platform: bool = False) -> bool:
    """Whether it begins; False while it takes one more."""
    found = resting_queries.resting(tx.session, tx.council, seat_id)
    if found is None:
        raise NotHere
    seat, since = found
    watches = {(one.account_id, one.role == rules.PLATFORM) for one in seating_queries.watching(tx.session, tx.council)}
    if by_platform and (tx.actor, True) not in watches:
        raise Refused("admin_works_here")
    account = tx.session.get_one(Account, seat.account_id)
    begins = resting_rules.check_see(
        by=tx.actor,
        account_id=seat.account_id,
        why=seat.rests_for,
        seen_by=seat.seen_by,
        opened_by=account.opened_by,
        watches=tx.actor in {one for one, _ in watches},
        first_watches=seat.seen_by in {one for one, _ in watches},
    )
    if not keyed.same(resting_rules.number(secret, seat_id=seat.id, since=since), number):
        raise Refused("not_their_number", field=f"number_{seat.id}")
    seat.seen_by, seat.seen_at = tx.actor, tx.now
    if begins:
        _begin(seat, tx)
    tx.session.add(seat)
    record(tx, "seat.begins" if begins else "seat.seen", seat_id=seat.id, role=seat.role)
    tx.touch(f"account:{seat.account_id}")
    return begins


def _begin(seat: Seat, tx: Tx) -> None:
    if seat.rests_for == Why.KEY:
        # It was never taken up before: the time for a second step begins now.
        seat.since = tx.now
    seat.rests_since, seat.rests_for = None, ""
