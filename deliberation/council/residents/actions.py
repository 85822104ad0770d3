"""Joining, being confirmed against the roll, being refused with a reason, and leaving."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from deliberation.council import later_queries, notice_actions, rules
from deliberation.council.residents import queries as resident_queries
from deliberation.council.residents import rules as resident_rules
from deliberation.council.rules import State, Tie
from deliberation.council.tables import HomeSlip, Membership
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people import actions as people_actions
from deliberation.people import queries as people_queries
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
    tx: Tx,
    membership_id: int,
    *,
    tie: str,
    head: resident_queries.HeadCard | None,
    in_person: bool,
    note: str,
    shown: bool = False,
) -> Membership:
    """Also changes what was confirmed before: another head, another tie, now seen in person, or seen by a second one. `shown`: the
    number on the person's phone was typed."""
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
    before = rules.known_by_two(member.level, member.slip_id) and ends_by_two(tx, member)
    anew = (member.state, member.tie, member.head_key) != (State.VERIFIED, tie, head_key)
    moved = anew and member.state == State.VERIFIED
    if anew:
        # Another tie begins anew: what was vouched for was the old one.
        member.level, member.slip_id, member.seen_by = 0, None, None
        member.decided_by, member.decided_at = tx.actor, tx.now
    member.tie, member.state, member.note, member.head_key = tie, State.VERIFIED, note, head_key
    gave_key = people_queries.gave_key(tx.session, member.account_id, tx.now)
    rules.check_witness(by=tx.actor, in_person=in_person, level=member.level, gave_key=gave_key)
    if member.seen_by in gave_key:
        member.seen_by = None
    asks = resident_rules.asks(tie=tie, by_two=rules.known_by_two(member.level, member.slip_id), gave_key=gave_key)
    # Somebody of the staff with two accounts is one witness.
    first = tx.actor if member.seen_by and key(known[member.seen_by]) == key(known[tx.actor]) else member.seen_by
    member.level, member.seen_by = rules.level_after(member.level, first, by=tx.actor, in_person=in_person)
    by_two = rules.known_by_two(member.level, member.slip_id)
    resident_rules.check_shown(asks=asks, by_two=by_two, shown=shown)
    if shown:
        # They are in: a link that is still out there would let somebody else in after them.
        people_actions.end_links(tx, member.account_id)
    if before and (tie != Tie.OWNER or not by_two):
        raise Refused("confirm_in_poll")
    member.prepared_by = member.ending_by = None
    member.before = ""
    tx.session.add(member)
    tx.session.flush()
    if anew:
        tell_the_home(tx, member)
    if moved:
        places = "、".join(head.places) if head else ""
        notice_actions.of_tie(tx, member, "tie_moved", home=places, reason=note)
    phone_actions.settle(tx, member.account_id)
    # Members read the journal: it tells of a membership by its number, not of the person or their home.
    record(tx, "resident.confirmed", member_id=member.id, tie=tie, level=member.level)
    tx.touch(f"account:{member.account_id}")
    return member


def tell_the_home(tx: Tx, member: Membership) -> None:
    """The others who may cast its one ballot hear that there is one more: a slip that was taken from the letterbox shows."""
    if member.tie == Tie.OWNER and member.head_key:
        for account_id in resident_queries.sharing_head(tx.session, tx.council, member.head_key):
            other = resident_queries.membership_of(tx.session, tx.council, account_id)
            if other and account_id != member.account_id:
                notice_actions.of_tie(tx, other, "tie_shared")


def suspend(tx: Tx, member: Membership) -> None:
    """Confirmed once, but nobody knows any more who holds the account: it waits for one of the staff other than who acts now. One
    that has ended is not put back as it was any more."""
    member.before = ""
    if member.state not in {State.WAITING, State.VERIFIED}:
        tx.session.add(member)
        return
    member.state, member.level, member.prepared_by = State.WAITING, 0, tx.actor
    member.slip_id = member.seen_by = member.ending_by = None
    tx.session.add(member)
    notice_actions.of_tie(tx, member, "tie_suspended")


def check_no_poll(tx: Tx, members: Iterable[Membership], code: str) -> None:
    """One of the staff alone takes no owner's tie away between a poll's notice and its close: they could not vote online in it,
    even if the tie were confirmed anew the next day."""
    for member in members:
        if ends_by_two(tx, member):
            raise Refused(code)


def ends_by_two(tx: Tx, member: Membership) -> bool:
    owns = (member.state == State.VERIFIED and member.head_key is not None) or (
        member.state == State.ENDED and member.before != ""
    )
    return owns and member.tie == Tie.OWNER and bool(later_queries.polls_ahead(tx.session, member.council_id))


def refuse(tx: Tx, membership_id: int, reason: str) -> None:
    member = _found(tx, membership_id)
    rules.check_refuse(by=tx.actor, account_id=member.account_id)
    if member.state != State.WAITING:
        raise Refused("decided_already")
    _close(tx, member, State.REFUSED, reason)
    notice_actions.of_tie(tx, member, "tie_refused", reason=reason)
    record(tx, "resident.refused", member_id=member.id)


def end(tx: Tx, membership_id: int, reason: str) -> bool:
    """The person moved away or sold: from now on no rights here; what they did before stands. False while it takes a second."""
    member = _found(tx, membership_id)
    by_two = ends_by_two(tx, member)
    now = rules.check_end_tie(
        by=tx.actor, account_id=member.account_id, state=member.state, ending_by=member.ending_by, by_two=by_two
    )
    if not now:
        member.before = json.dumps({"note": member.note})
        member.ending_by, member.note = tx.actor, reason
        tx.session.add(member)
        notice_actions.of_tie(tx, member, "tie_end_asked", reason=reason)
        record(tx, "resident.end_asked", member_id=member.id)
        return False
    first = member.ending_by
    before = "" if by_two else json.dumps({name: _plain(getattr(member, name)) for name in PUT_BACK})
    _close(tx, member, State.ENDED, reason)
    member.before = before
    notice_actions.tie_settled(tx, member, "tie_end_asked")
    notice_actions.of_tie(tx, member, "tie_ended", reason=reason, also_by=first)
    record(tx, "resident.ended", member_id=member.id)
    return True


PUT_BACK = ("head_key", "level", "slip_id", "seen_by", "decided_by", "decided_at", "note")
"""What a tie is put back with, above all the day on which it was confirmed: before a poll's notice it was before."""


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def put_back(tx: Tx, membership_id: int) -> None:
    """What one wanted to end, or alone has ended, is as it was."""
    member = _found(tx, membership_id)
    if member.state == State.VERIFIED and member.ending_by is not None:
        rules.check_refuse(by=tx.actor, account_id=member.account_id)
        member.ending_by, member.note, member.before = None, json.loads(member.before)["note"], ""
    elif member.state == State.ENDED and member.before:
        before = json.loads(member.before)
        rules.check_put_back(
            by=tx.actor,
            account_id=member.account_id,
            ended_by=member.decided_by,
            confirmed_by=before["decided_by"],
        )
        for name in PUT_BACK:
            setattr(member, name, before[name])
        member.decided_at = datetime.fromisoformat(before["decided_at"]) if before["decided_at"] else None
        if member.slip_id and tx.session.get_one(HomeSlip, member.slip_id).ended_at is not None:
            # In doubt since: nobody stands behind it any more.
            member.slip_id = None
        member.state, member.before = State.VERIFIED, ""
    else:
        raise Refused("decided_already")
    tx.session.add(member)
    notice_actions.tie_settled(tx, member, "tie_end_asked", "tie_ended")
    notice_actions.of_tie(tx, member, "tie_put_back")
    record(tx, "resident.put_back", member_id=member.id)


def _close(tx: Tx, member: Membership, state: State, reason: str) -> None:
    member.state, member.note, member.head_key, member.level = state, reason, None, 0
    member.slip_id = member.seen_by = member.ending_by = None
    member.decided_by, member.decided_at = tx.actor, tx.now
    tx.session.add(member)
    tx.touch(f"account:{member.account_id}")
