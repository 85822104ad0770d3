"""A resident says that the roll is wrong, and two of the staff answer; a change by hand is put by one, confirmed by another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlmodel import col, select

from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import rules as roll_rules
from deliberation.council.roll.actions import keep
from deliberation.council.roll.changes import Edit
from deliberation.council.roll.rules import Amendment, Origin
from deliberation.council.rules import State
from deliberation.council.tables import Membership, Roll, RollAmendment, RollDispute
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from votes.refusal import Refused
from votes.roll import Roll as VotingRoll


def dispute(tx: Tx, *, text: str, head_key: str | None) -> RollDispute:
    """Members read the journal: it tells of a dispute by its number, neither of the person nor of the home."""
    if dispute_queries.open_of(tx.session, tx.council, tx.actor):
        raise Refused("disputed_already")
    newest = roll_queries.newest(tx.session, tx.council)
    made = RollDispute(
        council_id=tx.council,
        account_id=tx.actor,
        head_key=head_key,
        roll_id=newest.id if newest else None,
        text=text,
        at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    record(tx, "roll.disputed", dispute_id=made.id)
    return made


def put(
    tx: Tx,
    *,
    kind: str,
    base_id: int,
    edits: Sequence[Edit],
    reason: str,
    dispute: RollDispute | None = None,
) -> RollAmendment:
    """What one of the staff wants: it changes nothing before another has confirmed it."""
    base = _base(tx, base_id)
    if dispute is not None:
        if dispute.outcome:
            raise Refused("dispute_settled")
        if dispute_queries.waiting_for(tx.session, dispute.id):
            raise Refused("answer_waits")
    voting = roll_queries.voting_roll(tx.session, base.id)
    if kind != roll_rules.STAYS:
        roll_changes.amended(voting, edits)
    roll_rules.check_not_own(
        by=tx.actor,
        disputed_by=dispute.account_id if dispute else None,
        own_heads=_own_heads(tx, voting, edits),
    )
    made = RollAmendment(
        council_id=tx.council,
        kind=kind,
        dispute_id=dispute.id if dispute else None,
        base_id=base.id,
        edits=json.dumps([asdict(one) for one in edits], ensure_ascii=False),
        reason=reason,
        put_by=tx.actor,
        put_at=tx.now,
        state=Amendment.WAITING,
    )
    tx.session.add(made)
    tx.session.flush()
    record(tx, "roll.change_put", amendment_id=made.id)
    return made


def confirm(tx: Tx, amendment: RollAmendment) -> Roll | None:
    """Returns the new version, or None where the answer is that the roll stays."""
    settled = dispute_queries.dispute_of(tx.session, amendment)
    edits = dispute_queries.edits_of(amendment)
    if amendment.state != Amendment.WAITING:
        raise Refused("decided_already")
    base = _base(tx, amendment.base_id)
    voting = roll_queries.voting_roll(tx.session, base.id)
    roll_rules.check_second_pair(
        by=tx.actor,
        put_by=amendment.put_by,
        disputed_by=settled.account_id if settled else None,
        own_heads=_own_heads(tx, voting, edits),
    )
    roll = None
    if amendment.kind != roll_rules.STAYS:
        roll = keep(
            tx,
            roll_changes.amended(voting, edits),
            file_name=base.file_name,
            record_date=base.record_date,
            origin=Origin(amendment.kind),
            brought_by=amendment.put_by,
            reason=amendment.reason,
        )
        amendment.roll_id = roll.id
        if amendment.kind == Origin.MERGE:
            _follow(tx, base.id, roll.id)
    amendment.state, amendment.decided_by, amendment.decided_at = Amendment.CONFIRMED, tx.actor, tx.now
    tx.session.add(amendment)
    if settled is not None:
        settled.outcome, settled.settled_at = amendment.kind, tx.now
        tx.session.add(settled)
        record(tx, "roll.dispute_answered", dispute_id=settled.id)
        tx.touch(f"account:{settled.account_id}")
    return roll


def refuse(tx: Tx, amendment: RollAmendment, *, note: str) -> None:
    """Also by who put it: then it is taken back."""
    if amendment.state != Amendment.WAITING:
        raise Refused("decided_already")
    amendment.state, amendment.note = Amendment.REFUSED, note
    amendment.decided_by, amendment.decided_at = tx.actor, tx.now
    tx.session.add(amendment)
    record(tx, "roll.change_refused", amendment_id=amendment.id)


def end_with(tx: Tx, account_id: int) -> None:
    """Whoever closes their account takes along what they wrote to the staff. The staff's own reasons stay with the versions of the
    roll they led to; what nobody has answered is over, and an answer that waited for a second person with it."""
    for one in tx.session.exec(select(RollDispute).where(RollDispute.account_id == account_id)):
        one.text = ""
        if not one.outcome:
            one.outcome, one.settled_at = roll_rules.LEFT, tx.now
            waiting = dispute_queries.waiting_for(tx.session, one.id)
            if waiting:
                waiting.state, waiting.decided_at = Amendment.REFUSED, tx.now
                tx.session.add(waiting)
            tx.council_id = one.council_id
            record(tx, "roll.dispute_dropped", dispute_id=one.id)
        tx.session.add(one)


def _base(tx: Tx, base_id: int) -> Roll:
    newest = roll_queries.newest(tx.session, tx.council)
    if newest is None:
        raise Refused("no_roll_yet")
    if newest.id != base_id:
        raise Refused("roll_changed_meanwhile")
    return newest


def _own_heads(tx: Tx, voting: VotingRoll, edits: Sequence[Edit]) -> set[str]:
    """The heads these edits touch that the one who acts belongs to."""
    lines = {one.line for one in edits}
    touched = {head.key for head in voting.heads(count_parking=True) for unit in head.units if unit.line in lines} | {
        one.value for one in edits if one.field == "owner_id"
    }
    mine = dispute_queries.head_of(tx.session, tx.council, tx.actor)
    return {mine} & touched if mine else set()


def _follow(tx: Tx, before_id: int, after_id: int) -> None:
    """Whoever belonged to a head that is now part of another belongs to that one, as confirmed today, by the two who merged them:
    in a poll whose notice is out they vote on paper, since its roll still has the heads apart."""
    for gone, now in dispute_queries.moved_heads(tx.session, before_id, after_id).items():
        for member in tx.session.exec(
            select(Membership).where(
                Membership.council_id == tx.council,
                Membership.head_key == gone,
                col(Membership.state) == State.VERIFIED,
            )
        ):
            member.head_key, member.decided_by, member.decided_at = now, tx.actor, tx.now
            tx.session.add(member)
