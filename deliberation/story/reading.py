"""What one person may read and is asked on a matter's dossier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from deliberation.agenda import queries as agenda
from deliberation.agenda.tables import Proposal, Seconding
from deliberation.ballot.booth import queries as booth
from deliberation.ballot.tables import Ballot, Poll
from deliberation.followup.tables import Rating, Task
from deliberation.meeting.tables import Presence
from deliberation.minutes.tables import Attestation, Minutes
from deliberation.people.tables import Account
from deliberation.story.asks import Reader
from deliberation.story.course import Course
from deliberation.web.viewer import Viewer


def reader(session: Session, course: Course, viewer: Viewer, now: datetime) -> Reader:
    """What this matter may ask of the person who looks."""
    me = viewer.person.account_id if viewer.person else 0
    backers = agenda.backers(session, course.id)
    seconded = agenda.seconding_of(session, course.id, me) is not None
    voted = course.poll is not None and _exists(
        session, select(Ballot.id).where(Ballot.poll_id == course.poll.id, Ballot.head_key == (viewer.head_key or ""))
    )
    poll = session.get(Poll, course.poll.id) if course.poll and viewer.head_key and viewer.person else None
    why = (
        booth.obstacle(session, poll, head_key=viewer.head_key, account_id=me, name=viewer.person.name, now=now)
        if poll and viewer.person
        else None
    )
    return Reader(
        roles=viewer.roles,
        verified=viewer.verified,
        own=me in backers and not seconded,
        seconded=seconded,
        may_vote=poll is not None and (why is None or why.code in booth.PAPER_HELPS),
        on_paper=why is not None,
        has_voted=voted,
        may_confirm=_may_confirm(session, course, me),
        may_rate=_may_rate(session, course, me) if me in backers else None,
        assigned=frozenset(
            session.exec(select(Task.id).where(Task.matter_id == course.id, Task.assignee_id == me)).all()
        ),
    )


def _exists(session: Session, statement: Any) -> bool:
    return session.exec(statement.limit(1)).first() is not None


def _may_confirm(session: Session, course: Course, me: int) -> bool:
    """They were there and have not said their word on the minutes as they stand."""
    if course.minutes is None or course.meeting is None:
        return False
    said = (
        select(Attestation.presence_id)
        .join(Minutes, col(Minutes.id) == col(Attestation.minutes_id))
        .where(Minutes.id == course.minutes.id, Attestation.version == Minutes.version)
    )
    return _exists(
        session,
        select(Presence.id).where(
            Presence.meeting_id == course.meeting.id, Presence.account_id == me, col(Presence.id).not_in(said)
        ),
    )


def _may_rate(session: Session, course: Course, me: int) -> int | None:
    rated = select(Rating.task_id).where(Rating.account_id == me, Rating.round == Task.round).correlate(Task)
    return session.exec(
        select(Task.id)
        .where(Task.matter_id == course.id, col(Task.closed_out_at).is_not(None), col(Task.id).not_in(rated))
        .order_by(col(Task.id))
    ).first()


def seconders(session: Session, matter_id: int) -> list[str]:
    """Their names in the order they came, for members."""
    rows = session.exec(
        select(Account.name)
        .join(Seconding, col(Seconding.account_id) == col(Account.id))
        .where(Seconding.proposal_id == matter_id)
        .order_by(col(Seconding.id))
    )
    return list(rows.all())


def titles(session: Session, council_id: int, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [one for one in ids if one is not None]
    rows = session.exec(
        select(Proposal.id, Proposal.title).where(Proposal.council_id == council_id, col(Proposal.id).in_(wanted))
    )
    return dict(rows.all())
