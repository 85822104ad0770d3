"""An owner says that a ballot of their home is not theirs: noted, looked into by people, never undone by the program."""

from __future__ import annotations

from deliberation.ballot import actions
from deliberation.ballot.disputes import rules as dispute_rules
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.tables import Ballot, Dispute
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from votes.refusal import Refused


def dispute(tx: Tx, poll_id: int, *, head_key: str, text: str) -> Dispute:
    poll = actions.held(tx, poll_id)
    ballot = paper_queries.ballot_of_head(tx.session, poll_id, head_key)
    if ballot.account_id == tx.actor:
        raise Refused("own_ballot")
    if paper_queries.dispute_of(tx.session, ballot.id):
        raise Refused("already_disputed")
    made = Dispute(
        council_id=tx.council, poll_id=poll_id, ballot_id=ballot.id, account_id=tx.actor, text=text, at=tx.now
    )
    tx.session.add(made)
    tx.session.flush()
    record(tx, "ballot.disputed", poll_id=poll_id, title=poll.title, dispute_id=made.id)
    return made


def settle(tx: Tx, poll_id: int, dispute_id: int, *, finding: str) -> Dispute:
    """What was found, by somebody who neither cast it, nor ever keyed that paper in, nor disputes it; the owner reads it."""
    poll = actions.held(tx, poll_id)
    found = paper_queries.dispute(tx.session, poll_id, dispute_id)
    ballot = tx.session.get_one(Ballot, found.ballot_id)
    keyed = paper_queries.keyed_by(tx.session, ballot.paper_id) if ballot.paper_id else set()
    involved = {found.account_id, *keyed} | ({ballot.account_id} if ballot.account_id else set())
    dispute_rules.check_settle_dispute(settled=found.settled_at is not None, by=tx.actor, involved=involved)
    found.finding, found.settled_by, found.settled_at = finding, tx.actor, tx.now
    tx.session.add(found)
    record(tx, "ballot.looked_into", poll_id=poll_id, title=poll.title, dispute_id=found.id)
    return found
