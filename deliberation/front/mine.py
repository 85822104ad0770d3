"""What one person raised, seconded, voted in and objected to, in all their councils; never what they chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.agenda.rules import Channel
from deliberation.agenda.tables import Proposal, Seconding
from deliberation.ballot.tables import Ballot, Poll
from deliberation.council.tables import Council
from deliberation.decision.tables import Decision, Objection

MOST = 20


@dataclass(frozen=True)
class Trace:
    """One thing the person did, the newest first in its list; `done` says whether it has been answered."""

    title: str
    href: str
    at: datetime
    done: bool = True


def traces(session: Session, me: int) -> dict[str, list[Trace]]:
    """By kind (words section trace), in every council the person belongs to. What they chose on a ballot is never read."""
    return {
        "raised": list(_raised(session, me)),
        "seconded": list(_seconded(session, me)),
        "voted": list(_voted(session, me)),
        "objected": list(_objected(session, me)),
    }


def _raised(session: Session, me: int) -> Iterator[Trace]:
    rows = session.exec(
        select(Proposal, Council.slug)
        .join(Council, col(Council.id) == col(Proposal.council_id))
        .where(Proposal.author_id == me, Proposal.channel == Channel.ONLINE)
        .order_by(col(Proposal.id).desc())
        .limit(MOST)
    )
    for one, slug in rows:
        yield Trace(one.title, f"/c/{slug}/matters/{one.id}", one.raised_at, one.decided_at is not None)


def _seconded(session: Session, me: int) -> Iterator[Trace]:
    rows = session.exec(
        select(Proposal.title, Council.slug, Proposal.id, Seconding.at)
        .join(Seconding, col(Seconding.proposal_id) == col(Proposal.id))
        .join(Council, col(Council.id) == col(Proposal.council_id))
        .where(Seconding.account_id == me)
        .order_by(col(Seconding.id).desc())
        .limit(MOST)
    )
    for title, slug, number, at in rows:
        yield Trace(title, f"/c/{slug}/matters/{number}", at)


def _voted(session: Session, me: int) -> Iterator[Trace]:
    rows = session.exec(
        select(Poll.title, Council.slug, Poll.id, Ballot.cast_at)
        .join(Ballot, col(Ballot.poll_id) == col(Poll.id))
        .join(Council, col(Council.id) == col(Poll.council_id))
        .where(Ballot.account_id == me)
        .order_by(col(Ballot.id).desc())
        .limit(MOST)
    )
    for title, slug, number, at in rows:
        yield Trace(title, f"/c/{slug}/polls/{number}/slip", at)


def _objected(session: Session, me: int) -> Iterator[Trace]:
    rows = session.exec(
        select(Objection, Decision.title, Council.slug)
        .join(Decision, col(Objection.decision_id) == col(Decision.id))
        .join(Council, col(Council.id) == col(Decision.council_id))
        .where(Objection.account_id == me)
        .order_by(col(Objection.id).desc())
        .limit(MOST)
    )
    for one, title, slug in rows:
        yield Trace(title, f"/c/{slug}/decisions/{one.decision_id}#objections", one.at, one.answered_at is not None)
