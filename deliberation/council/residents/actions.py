"""Joining, being confirmed against the roll, being refused with a reason, and leaving."""

from __future__ import annotations

from deliberation.council import rules
from deliberation.council.residents import queries as resident_queries
from deliberation.council.rules import State
from deliberation.council.tables import Membership
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.phone import actions as phone_actions
from deliberation.people.queries import names
from votes.refusal import Refused
from votes.table import key


def join(tx: Tx, account_id: int, *, tie: str, home: str, prepared_by: int | None = None) -> Membership:
    """Ask to be confirmed; after a refusal or a move one may ask again. `prepared_by`: the clerk who asks for them."""
    known = resident_queries.membership_of(tx.session, tx.council, account_id)
    rules.check_join(known.state if known else None)
    member = known or Membership(council_id=tx.council, account_id=account_id, tie=tie, home=home, asked_at=tx.now)
    member.tie, member.home, member.asked_at = tie, home, tx.now
    member.state, member.head_key, member.level, member.note = State.WAITING, None, 0, ""
    member.decided_by = member.decided_at = None
    member.prepared_by, member.slip_id, member.seen_by = prepared_by, None, None
    tx.session.add(member)
    tx.session.flush()
    record(tx, "resident.asked", member_id=member.id, tie=tie)
    return member


def _found(tx: Tx, membership_id: int) -> Membership:
    member = tx.session.get(Membership, membership_id)
    if member is None or member.council_id != tx.council:
        raise Refused("resident_gone")
    return member


def confirm(
    tx: Tx, membership_id: int, *, tie: str, head: resident_queries.HeadCard | None, in_person: bool, note: str
) -> Membership:
    """Also changes what was confirmed before: another head, another tie, now seen in person, or seen by a second one."""
    member = _found(tx, membership_id)
    known = names(tx.session, [member.account_id, tx.actor, member.seen_by])
    name = known[member.account_id]
    rules.check_confirm(
        by=tx.actor,
        account_id=member.account_id,
        tie=tie,
        name=name,
        head_names=head.names if head else None,
        note=note,
        prepared_by=member.prepared_by,
        flagged=bool(head and head.flags),
    )
    head_key = head.key if head else None
    if (member.state, member.tie, member.head_key) != (State.VERIFIED, tie, head_key):
        # Another tie begins anew: what was vouched for was the old one.
        member.level, member.slip_id, member.seen_by = 0, None, None
        member.decided_by, member.decided_at = tx.actor, tx.now
    member.tie, member.state, member.note, member.head_key = tie, State.VERIFIED, note, head_key
    # Somebody of the staff with two accounts is one witness.
    first = tx.actor if member.seen_by and key(known[member.seen_by]) == key(known[tx.actor]) else member.seen_by
    member.level, member.seen_by = rules.level_after(member.level, first, by=tx.actor, in_person=in_person)
    member.prepared_by = None
    tx.session.add(member)
    phone_actions.settle(tx, member.account_id)
    # Members read the journal: it tells of a membership by its number, not of the person or their home.
    record(tx, "resident.confirmed", member_id=member.id, tie=tie, level=member.level)
    tx.touch(f"account:{member.account_id}")
    return member


def suspend(tx: Tx, member: Membership) -> None:
    """Confirmed once, but nobody knows any more who holds the account: it waits for one of the staff other than who acts now."""
    member.state, member.level, member.prepared_by = State.WAITING, 0, tx.actor
    member.slip_id = member.seen_by = None
    tx.session.add(member)
    tx.touch(f"account:{member.account_id}")


def refuse(tx: Tx, membership_id: int, reason: str) -> None:
    member = _found(tx, membership_id)
    rules.check_refuse(by=tx.actor, account_id=member.account_id)
    if member.state != State.WAITING:
        raise Refused("decided_already")
    _close(tx, member, State.REFUSED, reason)
    record(tx, "resident.refused", member_id=member.id)


def end(tx: Tx, membership_id: int, reason: str) -> None:
    """The person moved away or sold: from now on no rights here; what they did before stands."""
    member = _found(tx, membership_id)
    rules.check_refuse(by=tx.actor, account_id=member.account_id)
    if member.state != State.VERIFIED:
        raise Refused("decided_already")
    _close(tx, member, State.ENDED, reason)
    record(tx, "resident.ended", member_id=member.id)


def _close(tx: Tx, member: Membership, state: State, reason: str) -> None:
    member.state, member.note, member.head_key, member.level = state, reason, None, 0
    member.slip_id = member.seen_by = None
    member.decided_by, member.decided_at = tx.actor, tx.now
    tx.session.add(member)
    tx.touch(f"account:{member.account_id}")
