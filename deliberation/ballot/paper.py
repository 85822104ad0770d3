"""Paper ballots: keyed in by one of the staff and again, unseen, by another. Only equal readings count."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from deliberation.ballot import actions, queries, rolls, rules
from deliberation.ballot.rules import Choice, Keyed
from deliberation.ballot.tables import PaperBallot, Poll
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from votes.refusal import Refused

IN_PERSON = 2
"""How well a voter is known who signs a paper at the desk."""


def key_in(tx: Tx, poll_id: int, *, slip_no: str, head_key: str, choice: Choice, cast_by: str) -> PaperBallot:
    """The first reading. A slip whose two readings differed may be keyed in anew under its number."""
    poll = actions.held(tx, poll_id)
    rules.check_open(poll, tx.now)
    paper = tx.session.exec(
        select(PaperBallot).where(PaperBallot.poll_id == poll_id, PaperBallot.slip_no == slip_no)
    ).first()
    if paper is not None and paper.state != "conflict":
        raise Refused("slip_number_taken", field="slip_no")
    head = rolls.head_of(tx.session, poll, head_key)
    if head is None:
        raise Refused("not_on_frozen_roll")
    if choice is not Choice.INVALID:
        rules.check_pen(head, cast_by)
    reading: dict[str, Any] = {
        "head_key": head_key,
        "first_choice": choice,
        "first_cast_by": cast_by,
        "first_by": tx.actor,
        "first_at": tx.now,
    }
    if paper is None:
        paper = PaperBallot(council_id=tx.council, poll_id=poll_id, slip_no=slip_no, **reading)
    else:
        paper.sqlmodel_update(reading)
    paper.second_head_key = paper.second_choice = paper.second_by = paper.second_at = None
    paper.state = "waiting"
    _refuse_if_voted(tx, poll, paper)
    tx.session.add(paper)
    tx.session.flush()
    if paper.state == "waiting":
        record(tx, "paper.keyed_in", poll_id=poll_id, title=poll.title, slip_no=slip_no)
    return paper


def key_in_again(tx: Tx, poll_id: int, paper_id: int, *, head_key: str, choice: Choice) -> PaperBallot:
    """The second reading, by another person who has not seen the first."""
    poll = actions.held(tx, poll_id)
    rules.check_open(poll, tx.now)
    paper = queries.paper(tx.session, poll_id, paper_id)
    if paper.state != "waiting":
        raise Refused("paper_settled")
    first, second = Keyed(paper.head_key, paper.first_choice), Keyed(head_key, choice)
    outcome = rules.paper_outcome(first, paper.first_by, second, tx.actor)
    paper.second_head_key, paper.second_choice = head_key, choice
    paper.second_by, paper.second_at = tx.actor, tx.now
    paper.state = outcome
    if outcome == "conflict":
        record(tx, "paper.differs", poll_id=poll_id, title=poll.title, slip_no=paper.slip_no)
    else:
        _refuse_if_voted(tx, poll, paper)
    if paper.state == "matched":
        record(tx, "paper.taken", poll_id=poll_id, title=poll.title, slip_no=paper.slip_no)
        actions.put_in(
            tx,
            poll,
            head_key=head_key,
            choice=choice,
            channel="paper",
            level=IN_PERSON,
            cast_by=paper.first_cast_by,
            paper_id=paper.id,
        )
    tx.session.add(paper)
    return paper


def _refuse_if_voted(tx: Tx, poll: Poll, paper: PaperBallot) -> None:
    """The first ballot of a head counts; a later paper is kept on record as one that does not."""
    if queries.slip_of_head(tx.session, poll.id, paper.head_key):
        paper.state = "refused"
        record(tx, "paper.refused", poll_id=poll.id, title=poll.title, slip_no=paper.slip_no)
