"""What is due of polls and their results: ballots, papers, proxies, objections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.ballot import queries as ballots
from deliberation.ballot import rolls
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies.rules import State as ProxyState
from deliberation.ballot.rules import last_step
from deliberation.ballot.tables import PaperBallot, Poll
from deliberation.decision import queries as decisions
from deliberation.decision.tables import Decision
from deliberation.front.work.rules import (
    CONFIRM_WITHIN,
    Due,
)
from votes.threshold import area_text


def results(session: Session, council_id: int) -> Iterator[Due]:
    """Objections that wait for an answer, disputed ballots, and closed polls whose records do not fit."""
    open_ones = session.exec(
        select(Decision).where(Decision.council_id == council_id, col(Decision.final_at).is_(None))
    ).all()
    waiting = decisions.unanswered(session, [one.id for one in open_ones])
    for one in open_ones:
        if count := waiting.get(one.id, 0):
            yield Due("objections", one.title, f"/decisions/{one.id}", one.objection_until, {"count": count})
    for poll_id, title, count in paper_queries.open_disputes(session, council_id):
        yield Due("disputes", title, f"/polls/{poll_id}/disputes", None, {"count": count})
    for poll in _held_back(session, council_id):
        yield Due("held_back", poll.title, f"/polls/{poll.id}", poll.closed_at)


def _held_back(session: Session, council_id: int) -> list[Poll]:
    decided = select(Decision.poll_id).where(Decision.council_id == council_id)
    closed = session.exec(
        select(Poll).where(
            Poll.council_id == council_id, col(Poll.closed_at).is_not(None), col(Poll.id).not_in(decided)
        )
    )
    return [poll for poll in closed if decisions.held_back(session, council_id, poll)]


def supervised(session: Session, council_id: int) -> Iterator[Due]:
    """Results that are open to objections: somebody independent counts them again and sees that objections are answered."""
    open_ones = session.exec(
        select(Decision).where(Decision.council_id == council_id, col(Decision.final_at).is_(None))
    ).all()
    waiting = decisions.unanswered(session, [one.id for one in open_ones])
    for one in open_ones:
        path = f"/decisions/{one.id}"
        yield Due("recount", one.title, path, one.objection_until)
        if count := waiting.get(one.id, 0):
            yield Due("objections_owed", one.title, path, one.objection_until, {"count": count})
    for poll in _held_back(session, council_id):
        yield Due("held_back_check", poll.title, f"/polls/{poll.id}", poll.closed_at)


def voting(session: Session, council_id: int, keys_in: bool, now: datetime) -> Iterator[Due]:
    """Polls that are open: how far they are from counting at all, as the poll's own page tells it."""
    for poll in session.exec(select(Poll).where(*ballots.is_open(council_id, now))):
        turnout = rolls.turnout(session, poll, ballots.heads_in(session, poll.id, before=last_step(now)))
        facts = {"left": turnout.heads.short_by, "area": area_text(turnout.area.short_by), "closes": poll.closes_at}
        code = "voting_heads" if turnout.heads.short_by else "voting_area" if turnout.area.short_by else "voting"
        path = f"/polls/{poll.id}/paper" if keys_in else f"/polls/{poll.id}"
        yield Due(code, poll.title, path, poll.closes_at, facts, button="" if keys_in else "voting_seen")


def papers(session: Session, council_id: int, me: int) -> Iterator[Due]:
    """Paper ballots that wait for a second pair of eyes, or whose two readings differ."""
    rows = session.exec(
        select(PaperBallot, Poll.title, Poll.closes_at)
        .join(Poll, col(Poll.id) == col(PaperBallot.poll_id))
        .where(
            PaperBallot.council_id == council_id,
            col(PaperBallot.state).in_(["waiting", "conflict"]),
            col(Poll.closed_at).is_(None),
        )
    )
    waiting: dict[int, tuple[str, datetime, int, int]] = {}
    for paper, title, closes in rows:
        _, _, first, differ = waiting.get(paper.poll_id, (title, closes, 0, 0))
        mine = paper.state == "waiting" and paper.first_by == me
        waiting[paper.poll_id] = (
            title,
            closes,
            first + (paper.state == "waiting" and not mine),
            differ + (paper.state == "conflict"),
        )
    for poll_id, (title, closes, first, differ) in waiting.items():
        if first:
            yield Due("papers", title, f"/polls/{poll_id}/paper", closes, {"count": first})
        if differ:
            yield Due("papers_differ", title, f"/polls/{poll_id}/paper", closes, {"count": differ})


def proxies(session: Session, council_id: int, me: int, now: datetime) -> Iterator[Due]:
    """Written proxies that take a second one: recorded from paper by another, or said by another to be taken back."""
    live = proxy_queries.live(session, council_id, now)
    waiting = [one for one in live if one.state == ProxyState.WAITING and me not in {one.recorded_by, one.holder_id}]
    waiting += [one for one in live if one.ending_by and me not in {one.ending_by, one.holder_id}]
    if waiting:
        recorded = min(one.recorded_at for one in waiting)
        yield Due("proxies", "", "/proxies/desk", recorded + CONFIRM_WITHIN, {"count": len(waiting)})
