"""Making a decision of a closed poll, objecting to it, answering, making it final."""

from __future__ import annotations

from sqlmodel import Session

from deliberation.agenda import actions as agenda_actions
from deliberation.ballot import chain_rules, rolls
from deliberation.ballot import queries as ballots
from deliberation.ballot import rules as ballot_rules
from deliberation.ballot.tables import Poll
from deliberation.council.queries import settings_of
from deliberation.council.roll import queries as roll_queries
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.decision import queries, rules
from deliberation.decision.tables import Decision, Objection, Recount
from votes.ballots import ballots_from_table
from votes.tally import Verdict, count


class DoesNotFit(Exception):
    """Roll or ballots are no longer what was announced or chained: nothing may be counted from them."""


def counted(session: Session, poll: Poll) -> Verdict:
    """The verdict on the frozen roll, from the same rows that are handed out for checking."""
    roll = roll_queries.voting_roll(session, poll.roll_id)
    if roll.fingerprint() != poll.roll_fingerprint:
        raise DoesNotFit("roll")
    if ballot_rules.text_hash(poll.title, poll.text) != poll.text_sha256:
        raise DoesNotFit("text")
    if ballots.broken_at(session, poll.id) is not None:
        raise DoesNotFit("ballots")
    return count(rolls.rule_of(poll), roll, ballots_from_table(ballots.ballot_rows(session, poll.id)))


def last_ballot_hash(session: Session, poll_id: int) -> str:
    last = ballots.last_ballot(session, poll_id)
    return last.hash if last else chain_rules.GENESIS


def decide(tx: Tx, poll_id: int) -> Decision | None:
    """Count a closed poll and publish the outcome; a poll that has its decision is left alone."""
    poll = ballots.poll(tx.session, tx.council, poll_id)
    if poll.closed_at is None or queries.of_poll(tx.session, tx.council, poll_id):
        return None
    verdict = counted(tx.session, poll)
    public = rules.without_owners(verdict.as_json())
    decision = Decision(
        council_id=tx.council,
        poll_id=poll.id,
        motion_id=poll.motion_id,
        matter_id=poll.matter_id,
        title=poll.title,
        valid=verdict.valid,
        passed=verdict.passed,
        verdict=rules.canonical(public),
        counted_at=tx.now,
        published_at=tx.now,
        objection_until=rules.objection_until(tx.now, settings_of(tx.session, tx.council).objection_days),
        sha256=rules.seal(
            public,
            motion_sha256=poll.text_sha256,
            roll_fingerprint=poll.roll_fingerprint,
            rule_hash=poll.rule_hash,
            last_ballot=last_ballot_hash(tx.session, poll.id),
        ),
    )
    tx.session.add(decision)
    tx.session.flush()
    binds = ballot_rules.binds(poll.standing)
    outcome = rules.outcome(valid=verdict.valid, passed=verdict.passed, binds=binds)
    record(
        tx,
        f"decision.{outcome}",
        matter_id=poll.matter_id,
        decision_id=decision.id,
        poll_id=poll.id,
        title=poll.title,
        sha256=decision.sha256,
        objection_until=decision.objection_until.isoformat(),
    )
    if not binds:
        # What was only asked about may be put to an official poll as it is, or be reworded first.
        agenda_actions.unlock(tx, poll.motion_id)
    return decision


def hold_back(tx: Tx, poll_id: int, what: str) -> None:
    """Tell that a poll is not counted because its records do not fit."""
    poll = ballots.poll(tx.session, tx.council, poll_id)
    record(tx, queries.HELD_BACK, matter_id=poll.matter_id, poll_id=poll.id, title=poll.title, what=what)


def object_to(tx: Tx, decision_id: int, *, text: str) -> Objection:
    decision = queries.decision(tx.session, tx.council, decision_id)
    rules.check_objection(until=decision.objection_until, final_at=decision.final_at, now=tx.now)
    objection = Objection(council_id=tx.council, decision_id=decision_id, account_id=tx.actor, text=text, at=tx.now)
    tx.session.add(objection)
    tx.session.flush()
    record(
        tx,
        "decision.objected",
        matter_id=decision.matter_id,
        decision_id=decision_id,
        title=decision.title,
        objection_id=objection.id,
    )
    return objection


def recount(tx: Tx, decision_id: int, *, same: bool, note: str) -> Recount:
    """The supervisor says what a count of their own gave."""
    decision = queries.decision(tx.session, tx.council, decision_id)
    made = Recount(council_id=tx.council, decision_id=decision_id, same=same, note=note, by=tx.actor, at=tx.now)
    tx.session.add(made)
    record(
        tx,
        "decision.recounted_same" if same else "decision.recounted_differently",
        matter_id=decision.matter_id,
        decision_id=decision_id,
        title=decision.title,
    )
    return made


def answer(tx: Tx, decision_id: int, objection_id: int, *, done: rules.Done, text: str) -> None:
    decision = queries.decision(tx.session, tx.council, decision_id)
    objection = queries.objection(tx.session, decision_id, objection_id)
    rules.check_answer(
        answered=objection.answered_at is not None,
        own=objection.account_id == tx.actor,
        done=done,
        recounted=bool(queries.recounts(tx.session, decision_id)),
    )
    objection.done, objection.answer, objection.answered_by, objection.answered_at = done, text, tx.actor, tx.now
    tx.session.add(objection)
    record(
        tx,
        "decision.objection_answered",
        matter_id=decision.matter_id,
        decision_id=decision_id,
        title=decision.title,
        objection_id=objection_id,
        objection_done=done,
    )


def make_final(tx: Tx, decision_id: int) -> bool:
    """When the time for objections is over and each has its answer; False while something is still owed."""
    decision = queries.decision(tx.session, tx.council, decision_id)
    if not queries.pending(tx.session, decision).may_be_final(tx.now):
        return False
    decision.final_at = tx.now
    tx.session.add(decision)
    record(tx, "decision.final", matter_id=decision.matter_id, decision_id=decision_id, title=decision.title)
    return True


def note_taken_out(tx: Tx, decision_id: int, *, choices: bool) -> None:
    """Names were handed out, with everybody's choice or as the roll: the journal says to whom."""
    decision = queries.decision(tx.session, tx.council, decision_id)
    verb = "decision.took_choices" if choices else "decision.took_roll"
    record(tx, verb, decision_id=decision_id, title=decision.title)
