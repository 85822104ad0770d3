"""Paper ballots: keyed in by one of the staff and again, unseen, by another. Only equal readings settle one, either way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from deliberation.ballot import actions, queries, rolls, rules
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.paper import rules as paper_rules
from deliberation.ballot.paper.rules import Keyed, PaperWhy
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.rules import Choice
from deliberation.ballot.tables import PaperBallot, PaperReading, Poll, Proxy
from deliberation.db.engine import Tx
from votes.refusal import Refused
from votes.table import key

IN_PERSON = 2
"""How well a voter is known who signs a paper at the desk."""


def finding(session: Session, poll: Poll, reading: Keyed, now: datetime) -> PaperWhy | None:
    """Why a paper that says this would not count, if so."""
    head = rolls.head_of(session, poll, reading.head_key)
    if head is None:
        return PaperWhy.UNKNOWN_ROOM
    if queries.slip_of_head(session, poll.id, head.key):
        return PaperWhy.ALREADY_CAST
    if reading.choice == Choice.INVALID:
        return None
    proxy, fault = _proxy(session, poll, reading, now)
    if fault:
        return PaperWhy.NO_VALID_PROXY
    if proxy is None and rules.named_instead(head, reading.cast_by):
        return PaperWhy.NOT_DESIGNATED
    return None


def _proxy(session: Session, poll: Poll, reading: Keyed, now: datetime) -> tuple[Proxy | None, str]:
    """The written proxy of who signed, where it is none of the owners; or why the one there is cannot be used."""
    head = rolls.head_of(session, poll, reading.head_key)
    if head is None or key(reading.cast_by) in {key(name) for name in (*head.names, *head.owner_ids, head.designated)}:
        return None, ""
    return proxy_queries.on_paper(session, poll, head.key, reading.cast_by, now)


def key_in(tx: Tx, poll_id: int, *, slip_no: str, reading: Keyed, knowing: str = "") -> PaperBallot:
    """The first reading. A slip that was read two ways or taken back may be keyed in anew under its number.

    `knowing`: the finding that the clerk has seen and keeps the paper with; see `_shown_first`.
    """
    poll = actions.held(tx, poll_id)
    rules.check_open(poll, tx.now)
    paper = paper_queries.numbered(tx.session, poll_id, slip_no)
    if paper is not None and paper.state not in {"conflict", "withdrawn"}:
        raise Refused("slip_number_taken" if paper.state == "waiting" else "slip_number_settled", field="slip_no")
    _shown_first(tx, poll, reading, knowing)
    if paper is None:
        paper = PaperBallot(council_id=tx.council, poll_id=poll_id, slip_no=slip_no, **_first(tx, reading))
    else:
        _read_anew(paper, tx, reading)
    tx.session.add(paper)
    tx.session.flush()
    _kept(tx, paper, "first", reading)
    return paper


def key_in_again(tx: Tx, poll_id: int, paper_id: int, *, reading: Keyed, knowing: str = "") -> PaperBallot:
    """The second reading, by another person who has not seen the first: it alone can settle a paper."""
    poll = actions.held(tx, poll_id)
    rules.check_open(poll, tx.now)
    paper = paper_queries.paper(tx.session, poll_id, paper_id)
    if paper.state != "waiting":
        raise Refused("paper_settled")
    outcome = paper_rules.paper_outcome(paper_queries.first_keyed(paper), paper.first_by, reading, tx.actor)
    why = _shown_first(tx, poll, reading, knowing)
    paper.second_head_key, paper.second_room = reading.head_key, reading.room
    paper.second_choice, paper.second_cast_by = reading.choice, reading.cast_by
    paper.second_by, paper.second_at = tx.actor, tx.now
    paper.state = "refused" if why and outcome == "matched" else outcome
    paper.why = why if why and outcome == "matched" else ""
    tx.session.add(paper)
    _kept(tx, paper, "second", reading)
    if paper.state == "matched":
        proxy = None if reading.choice == Choice.INVALID else _proxy(tx.session, poll, reading, tx.now)[0]
        actions.put_in(
            tx,
            poll,
            head_key=reading.head_key,
            choice=reading.choice,
            channel="paper",
            level=IN_PERSON,
            cast_by=paper.first_cast_by,
            paper_id=paper.id,
            proxy_id=proxy.id if proxy else None,
        )
    return paper


def correct(tx: Tx, poll_id: int, paper_id: int, *, slip_no: str, reading: Keyed, knowing: str = "") -> PaperBallot:
    """Who keyed a paper in puts it right; it waits for another's reading from then on."""
    poll = actions.held(tx, poll_id)
    rules.check_open(poll, tx.now)
    paper = paper_queries.paper(tx.session, poll_id, paper_id)
    paper_rules.check_correction(paper.state, by=tx.actor, first_by=paper.first_by, second_by=paper.second_by)
    other = paper_queries.numbered(tx.session, poll_id, slip_no)
    if other is not None and other.id != paper.id:
        raise Refused("slip_number_taken", field="slip_no")
    _shown_first(tx, poll, reading, knowing)
    paper.slip_no = slip_no
    _read_anew(paper, tx, reading)
    tx.session.add(paper)
    _kept(tx, paper, "corrected", reading)
    return paper


def withdraw(tx: Tx, poll_id: int, paper_id: int, *, reason: str) -> PaperBallot:
    """Who keyed a paper in takes that back; the number stays listed as not counted until it is keyed in anew."""
    poll = actions.held(tx, poll_id)
    rules.check_open(poll, tx.now)
    paper = paper_queries.paper(tx.session, poll_id, paper_id)
    paper_rules.check_correction(paper.state, by=tx.actor, first_by=paper.first_by, second_by=paper.second_by)
    paper.state = "withdrawn"
    tx.session.add(paper)
    _kept(tx, paper, "withdrawn", None, note=reason)
    return paper


def _shown_first(tx: Tx, poll: Poll, reading: Keyed, knowing: str) -> PaperWhy | None:
    """A mistyped room must not cost an owner the ballot: that a paper would not count is shown before it is kept as such."""
    why = finding(tx.session, poll, reading, tx.now)
    if why is not None and why != knowing:
        head = rolls.head_of(tx.session, poll, reading.head_key)
        named = rules.named_instead(head, reading.cast_by) if head else None
        field = "cast_by" if why is PaperWhy.NOT_DESIGNATED else "room"
        raise Refused(f"paper_{why}", field=field, room=reading.room, name=named or "")
    return why


def _first(tx: Tx, reading: Keyed) -> dict[str, Any]:
    return {
        "head_key": reading.head_key,
        "first_room": reading.room,
        "first_choice": reading.choice,
        "first_cast_by": reading.cast_by,
        "first_by": tx.actor,
        "first_at": tx.now,
    }


def _read_anew(paper: PaperBallot, tx: Tx, reading: Keyed) -> None:
    paper.sqlmodel_update(_first(tx, reading))
    paper.second_head_key = paper.second_room = paper.second_choice = paper.second_cast_by = None
    paper.second_by = paper.second_at = None
    paper.state, paper.why = "waiting", ""


def _kept(tx: Tx, paper: PaperBallot, kind: str, reading: Keyed | None, *, note: str = "") -> None:
    """What was keyed stays on record. Members read the journal while people vote, and a paper's moment would tell whose it is:
    so the journal gets each act at the close."""
    tx.session.add(
        PaperReading(
            council_id=tx.council,
            paper_id=paper.id,
            kind=kind,
            slip_no=paper.slip_no,
            room=reading.room if reading else "",
            choice=reading.choice if reading else "",
            cast_by=reading.cast_by if reading else "",
            note=note,
            by=tx.actor,
            at=tx.now,
        )
    )
