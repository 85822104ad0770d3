"""Printing household slips, releasing them by a second person, giving one anew, and tying an account to a home with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import and_, col, delete, or_, select, update

from deliberation.council import queries
from deliberation.council.residents import actions as resident_actions
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import State, Tie, check_slip_tie
from deliberation.council.slips import queries as slip_queries
from deliberation.council.slips import rules as slip_rules
from deliberation.council.tables import HomeSlip, Membership, Roll, SlipBatch, SlipTry
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.phone import actions as phone_actions
from deliberation.people.queries import names
from deliberation.people.rules import masked
from deliberation.web.viewer import NotHere
from votes.refusal import Refused
from votes.roll import Head

BY_SLIP = 1
MOST_AT_NO_SLIP = 1000
"""Tries at codes that were never printed, kept for each council."""


@dataclass(frozen=True)
class Sheet:
    """One slip on its way to the printer. `code` is empty where the roll has no phone: that home is sent to the desk."""

    place: str
    name: str
    code: str


@dataclass(frozen=True)
class Printed:
    batch: SlipBatch
    sheets: tuple[Sheet, ...]


def print_slips(tx: Tx, secret: bytes, *, place: str) -> Printed:
    """New codes for every home there that has no confirmed owner yet; earlier unused slips of these homes die."""
    roll = _roll(tx)
    chosen = slip_queries.heads_at(tx.session, tx.council, roll, place)
    if not chosen:
        raise Refused("nobody_needs_slip", field="place")
    ended = tx.session.exec(
        update(HomeSlip)
        .where(
            col(HomeSlip.council_id) == tx.council,
            col(HomeSlip.head_key).in_([head.key for head in chosen]),
            col(HomeSlip.used_at).is_(None),
            col(HomeSlip.ended_at).is_(None),
        )
        .values(ended_at=tx.now)
    ).rowcount
    printed, _ = _print(tx, secret, roll, chosen, place)
    record(
        tx,
        "slip.printed",
        batch_id=printed.batch.id,
        count=printed.batch.slips,
        without_phone=printed.batch.without_phone,
        ended=ended,
        digest=printed.batch.digest,
        roll_version=roll.version,
    )
    return printed


def reissue(tx: Tx, secret: bytes, head_key: str, *, disputed: bool) -> Printed:
    """One home's slip anew: an old one that nobody has used dies at once.

    A used one is left alone, since a co-owner may ask for a slip of their own; unless it is `disputed`: then the tie that rests on
    it alone is suspended.
    """
    roll = _roll(tx)
    head = slip_queries.head_named(tx.session, tx.council, roll, head_key)
    if head is None:
        raise Refused("not_on_roll", field="head_key")
    standing = slip_queries.slips_of_head(tx.session, tx.council, head_key)
    old = [one for one in standing if disputed or one.used_at is None]
    suspended = slip_queries.ties_by_slip(tx.session, tx.council, head_key) if disputed else []
    resident_actions.check_no_poll(tx, suspended, "disputed_in_poll")
    for slip in old:
        slip.ended_at = tx.now
        tx.session.add(slip)
    for member in suspended:
        resident_actions.suspend(tx, member)
        member.note = ""
    printed, hashes = _print(tx, secret, roll, [head], "")
    record(
        tx,
        "slip.reissued",
        batch_id=printed.batch.id,
        old=[slip_rules.shown(one.code_hash) for one in old],
        new=[slip_rules.shown(one) for one in hashes],
        suspended=len(suspended),
    )
    return printed


def _roll(tx: Tx) -> Roll:
    slip_rules.check_printer(
        roles=queries.roles_of(tx.session, tx.council, tx.actor),
        imported_a_roll=slip_queries.imported_a_roll(tx.session, tx.council, tx.actor),
    )
    roll = roll_queries.newest(tx.session, tx.council)
    if roll is None:
        raise Refused("no_roll_for_slips")
    return roll


def _print(tx: Tx, secret: bytes, roll: Roll, chosen: Sequence[Head], place: str) -> tuple[Printed, list[str]]:
    codes = {
        head.key: slip_rules.new_code() if slip_rules.tails(unit.phone for unit in head.units) else ""
        for head in chosen
    }
    hashes = {head_key: slip_rules.code_hash(secret, code) for head_key, code in codes.items() if code}
    batch = SlipBatch(
        council_id=tx.council,
        roll_id=roll.id,
        place=place,
        slips=len(hashes),
        without_phone=len(codes) - len(hashes),
        digest=slip_rules.batch_digest(hashes.values()),
        printed_by=tx.actor,
        printed_at=tx.now,
        expires_at=tx.now + slip_rules.VALID_FOR,
    )
    tx.session.add(batch)
    tx.session.flush()
    tx.session.add_all(
        HomeSlip(council_id=tx.council, batch_id=batch.id, head_key=head_key, code_hash=hashed)
        for head_key, hashed in hashes.items()
    )
    tx.session.flush()
    sheets = tuple(
        Sheet("、".join(unit.place for unit in head.own[:3]), masked(head.designated or head.name), codes[head.key])
        for head in chosen
    )
    return Printed(batch, sheets), list(hashes.values())


def _batch(tx: Tx, batch_id: int) -> SlipBatch:
    found = slip_queries.batch(tx.session, tx.council, batch_id)
    if found is None:
        raise NotHere
    return found


def confirm(tx: Tx, batch_id: int, *, counted: int) -> None:
    """The second person has counted the closed envelopes: from now on the codes work."""
    batch = _batch(tx, batch_id)
    slip_rules.check_confirm_batch(
        by=tx.actor,
        printed_by=batch.printed_by,
        slips=batch.slips,
        counted=counted,
        field=slip_rules.count_field(batch_id),
        done=batch.confirmed_at is not None or batch.discarded_at is not None,
        expires_at=batch.expires_at,
        now=tx.now,
    )
    batch.confirmed_by, batch.confirmed_at = tx.actor, tx.now
    tx.session.add(batch)
    record(tx, "slip.released", batch_id=batch.id, count=batch.slips, digest=batch.digest)


def discard(tx: Tx, batch_id: int) -> None:
    """The slips of this batch that nobody has used die; what was done with used ones stands."""
    batch = _batch(tx, batch_id)
    if batch.discarded_at is not None:
        raise Refused("slips_decided_already")
    batch.discarded_at = tx.now
    tx.session.add(batch)
    ended = tx.session.exec(
        update(HomeSlip)
        .where(col(HomeSlip.batch_id) == batch.id, col(HomeSlip.used_at).is_(None), col(HomeSlip.ended_at).is_(None))
        .values(ended_at=tx.now)
    ).rowcount
    record(tx, "slip.discarded", batch_id=batch.id, count=ended)


def try_code(tx: Tx, code_hash: str, tail: str) -> HomeSlip | None:
    """The slip, if code and tail fit and it may be used. Every try is written down, so all of them take as long."""
    slip_id, fits = slip_queries.fitting(tx.session, tx.council, code_hash, tail, tx.now)
    tx.session.add(SlipTry(council_id=tx.council, slip_id=slip_id, fitted=fits, at=tx.now))
    tx.session.flush()
    _keep_few(tx)
    return tx.session.get(HomeSlip, slip_id) if fits else None


def _keep_few(tx: Tx) -> None:
    """Of tries at no slip only the newest: anybody can make those. Done whatever the try was, so that it takes as long."""
    at_none = and_(col(SlipTry.council_id) == tx.council, col(SlipTry.slip_id).is_(None))
    beyond = select(SlipTry.id).where(at_none).order_by(col(SlipTry.id).desc()).offset(MOST_AT_NO_SLIP).limit(1)
    tx.session.exec(delete(SlipTry).where(at_none, col(SlipTry.id) <= beyond.scalar_subquery()))


def forget_tries(tx: Tx) -> None:
    """In every council: of slips that are out of date by now, and those at no slip at all once they are told no more."""
    tx.session.exec(
        delete(SlipTry).where(
            or_(
                col(SlipTry.at) < tx.now - slip_rules.VALID_FOR,
                and_(col(SlipTry.slip_id).is_(None), col(SlipTry.at) < tx.now - slip_queries.TRIES_SHOWN),
            )
        )
    )


def check_owner(tx: Tx, slip: HomeSlip, name: str) -> Head:
    """The head of the slip, of whom this name is one on the newest roll."""
    roll = roll_queries.newest(tx.session, tx.council)
    head = slip_queries.head_named(tx.session, tx.council, roll, slip.head_key) if roll else None
    if head is None:
        raise Refused("not_on_roll")
    slip_rules.check_name(name, head)
    return head


def tie(tx: Tx, slip: HomeSlip, account_id: int) -> Membership:
    """The account belongs to the slip's home: two of the staff have vouched for the slip, so nobody need confirm again."""
    head = check_owner(tx, slip, names(tx.session, [account_id])[account_id])
    known = resident_queries.membership_of(tx.session, tx.council, account_id)
    same = known is not None and known.state == State.VERIFIED and known.head_key == slip.head_key
    check_slip_tie(known.state if known else None, known.head_key if known else None, slip.head_key)
    home = head.own[0].place[:60]
    member = known or Membership(
        council_id=tx.council, account_id=account_id, tie=Tie.OWNER, home=home, asked_at=tx.now
    )
    anew = not same or member.tie != Tie.OWNER
    if anew:
        member.level, member.seen_by, member.decided_by, member.decided_at = 0, None, None, tx.now
        member.home, member.note = home, ""
    member.tie, member.state, member.head_key = Tie.OWNER, State.VERIFIED, slip.head_key
    member.level, member.slip_id, member.prepared_by = max(member.level, BY_SLIP), slip.id, None
    phone_actions.settle(tx, account_id)
    slip.used_at, slip.used_by = tx.now, account_id
    tx.session.add(slip)
    tx.session.add(member)
    tx.session.flush()
    if anew:
        resident_actions.tell_the_home(tx, member)
    record(tx, "slip.used", member_id=member.id, level=member.level, slip=slip_rules.shown(slip.code_hash))
    tx.touch(f"account:{account_id}")
    return member
