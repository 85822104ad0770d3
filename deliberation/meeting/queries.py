"""Meetings as they are read: lists, one meeting with its agenda, and who is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from deliberation.agenda.rules import State as MatterState
from deliberation.agenda.tables import Motion, Proposal
from deliberation.meeting import rules
from deliberation.meeting.tables import Item, Meeting, Presence, Statement, Straw, StrawMark, Turn
from deliberation.web.viewer import NotHere


@dataclass(frozen=True)
class MeetingRow:
    id: int
    title: str
    starts_at: datetime
    place: str
    online_link: str
    notice_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    called_off_at: datetime | None
    called_off_reason: str

    def state(self, moment: datetime) -> rules.State:
        return rules.state(self, moment)


def meetings(session: Session, council_id: int, *, drafts: bool = False) -> list[MeetingRow]:
    """Newest first; those not yet announced only for the staff."""
    wanted = select(Meeting).where(Meeting.council_id == council_id)
    if not drafts:
        wanted = wanted.where(col(Meeting.notice_at).is_not(None))
    return [
        _row(found) for found in session.exec(wanted.order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc()))
    ]


def _row(found: Meeting) -> MeetingRow:
    return MeetingRow(
        found.id,
        found.title,
        found.starts_at,
        found.place,
        found.online_link,
        found.notice_at,
        found.opened_at,
        found.closed_at,
        found.called_off_at,
        found.called_off_reason,
    )


def meeting(session: Session, council_id: int, meeting_id: int, *, drafts: bool = False) -> Meeting:
    """A meeting of this council that the person may see; else NotHere."""
    found = session.exec(select(Meeting).where(Meeting.id == meeting_id, Meeting.council_id == council_id)).first()
    if found is None or (found.notice_at is None and not drafts):
        raise NotHere
    return found


def items(session: Session, meeting_id: int) -> list[Item]:
    return list(
        session.exec(select(Item).where(Item.meeting_id == meeting_id).order_by(col(Item.position), col(Item.id)))
    )


def items_left(agenda: list[Item]) -> int:
    """How many have no conclusion yet."""
    return sum(one.closed_at is None for one in agenda)


def in_preparation(session: Session, council_id: int) -> list[MeetingRow]:
    """Meetings whose agenda may still grow, those not yet announced first."""
    rows = session.exec(
        select(Meeting)
        .where(Meeting.council_id == council_id, col(Meeting.opened_at).is_(None), col(Meeting.called_off_at).is_(None))
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return sorted((_row(found) for found in rows), key=lambda one: one.notice_at is not None)


@dataclass(frozen=True)
class ReadyMotion:
    id: int
    title: str
    matter_id: int


def ready_motions(session: Session, council_id: int) -> list[ReadyMotion]:
    """Motions that still await a meeting: not yet locked for a poll, on no agenda ahead, and not settled by an earlier one."""
    placed = (
        select(Item.motion_id)
        .join(Meeting, col(Meeting.id) == col(Item.meeting_id))
        .where(
            Item.council_id == council_id,
            col(Item.motion_id).is_not(None),
            col(Item.conclusion).in_(["agreed", "passed_on"])
            | ((col(Item.conclusion) == "") & col(Meeting.closed_at).is_(None) & col(Meeting.called_off_at).is_(None)),
        )
    )
    rows = session.exec(
        select(Motion.id, Motion.title, Motion.proposal_id)
        .where(
            Motion.council_id == council_id,
            Motion.proposal_id == Proposal.id,
            Proposal.state == MatterState.ACCEPTED,
            col(Motion.locked_at).is_(None),
            col(Motion.id).not_in(placed),
        )
        .order_by(col(Motion.id))
    )
    return [ReadyMotion(*row) for row in rows]


def presences(session: Session, meeting_id: int) -> list[Presence]:
    return list(
        session.exec(
            select(Presence)
            .where(Presence.meeting_id == meeting_id)
            .order_by(col(Presence.signed_in_at), col(Presence.id))
        )
    )


def attendees(session: Session, meeting_id: int) -> list[Presence]:
    """Those who were there while it was open: not who signed in and left before the opening."""
    opened_at = session.exec(select(Meeting.opened_at).where(Meeting.id == meeting_id)).first()
    return [one for one in presences(session, meeting_id) if rules.attended(one.left_at, opened_at)]


def presence_of(session: Session, meeting_id: int, account_id: int) -> Presence | None:
    return session.exec(
        select(Presence).where(Presence.meeting_id == meeting_id, Presence.account_id == account_id)
    ).first()


def guest(session: Session, meeting_id: int, name: str, home: str) -> Presence | None:
    """Somebody without an account, by the words the desk wrote down."""
    return session.exec(
        select(Presence).where(
            Presence.meeting_id == meeting_id,
            col(Presence.account_id).is_(None),
            Presence.name == name,
            Presence.home == home,
        )
    ).first()


def took_part(session: Session, presence_id: int) -> bool:
    """Has this person been on the list of speakers, written, or marked a straw poll?"""
    return any(
        session.exec(select(table.id).where(table.presence_id == presence_id).limit(1)).first() is not None
        for table in (Turn, Statement, StrawMark)
    )


# --- the record, for the minutes ---------------------------------------------------------------------------------------


def running_straw(session: Session, meeting_id: int) -> Straw | None:
    return session.exec(select(Straw).where(Straw.meeting_id == meeting_id, col(Straw.closed_at).is_(None))).first()


def asked_of(session: Session, straw: Straw) -> int:
    """Of how many people a straw poll is read: those here now, and who marked it and has left since."""
    marked = select(StrawMark.presence_id).where(StrawMark.straw_id == straw.id)
    return session.exec(
        select(func.count())
        .select_from(Presence)
        .where(
            Presence.meeting_id == straw.meeting_id,
            col(Presence.left_at).is_(None) | col(Presence.id).in_(marked),
        )
    ).one()


def was_dropped(session: Session, presence_id: int) -> bool:
    """Was this person's last place on the list cleared away before their turn, and have they not asked again since?"""
    turn = session.exec(
        select(Turn).where(Turn.presence_id == presence_id).order_by(col(Turn.id).desc()).limit(1)
    ).first()
    return turn is not None and turn.dropped_at is not None


def mark_of(session: Session, straw_id: int, presence_id: int) -> int | None:
    """The option this person has marked, counting from 0."""
    return session.exec(
        select(StrawMark.choice).where(StrawMark.straw_id == straw_id, StrawMark.presence_id == presence_id)
    ).first()
