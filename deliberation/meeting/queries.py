"""Meetings as they are read: lists, one meeting with its agenda, who is here, and the record of what happened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from deliberation.agenda.rules import State as MatterState
from deliberation.agenda.tables import Motion, Proposal
from deliberation.meeting import rules, who
from deliberation.meeting.tables import ActionPoint, Item, Meeting, Presence, Statement, Straw, StrawMark, Turn
from deliberation.people.tables import Account
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


@dataclass(frozen=True)
class Spoken:
    """One turn on the floor."""

    presence_id: int
    name: str
    role: str
    seconds: int


@dataclass(frozen=True)
class Said:
    """One written statement that stands."""

    presence_id: int
    name: str
    role: str
    text: str
    at: datetime


@dataclass(frozen=True)
class StrawResult:
    """A straw poll, never binding: (option, count) pairs."""

    question: str
    counts: tuple[tuple[str, int], ...]
    marked: int
    present: int

    @property
    def silent(self) -> int:
        return max(0, self.present - self.marked)


@dataclass(frozen=True)
class ItemRecord:
    """One item and all that happened in it; `item` is None for what happened outside every item."""

    item: Item | None
    turns: tuple[Spoken, ...]
    statements: tuple[Said, ...]
    straws: tuple[StrawResult, ...]
    action_points: tuple[ActionPoint, ...]


@dataclass(frozen=True)
class Record:
    """All that the minutes are drafted from."""

    meeting: Meeting
    presences: tuple[Presence, ...]
    items: tuple[ItemRecord, ...]
    heads_present: int
    heads: int
    area_present: int
    area: int
    called_by: str
    hidden_statements: int


def record_of(session: Session, council_id: int, meeting_id: int) -> Record:
    """What happened, in order of the agenda; the last entry has item None when something happened outside the items."""
    found = meeting(session, council_id, meeting_id, drafts=True)
    people = {one.id: one for one in presences(session, meeting_id)}
    here = attendees(session, meeting_id)
    turns: dict[int | None, list[Spoken]] = {}
    for turn in session.exec(
        select(Turn)
        .where(Turn.meeting_id == meeting_id, col(Turn.started_at).is_not(None))
        .order_by(col(Turn.started_at))
    ):
        person, seconds = people[turn.presence_id], rules.seconds_spoken(turn.started_at, turn.ended_at)
        turns.setdefault(turn.item_id, []).append(Spoken(person.id, person.name, person.role, seconds))
    said: dict[int | None, list[Said]] = {}
    hidden = 0
    for statement in session.exec(
        select(Statement).where(Statement.meeting_id == meeting_id).order_by(col(Statement.id))
    ):
        if statement.hidden_at is not None:
            hidden += 1
            continue
        person = people[statement.presence_id]
        said.setdefault(statement.item_id, []).append(
            Said(person.id, person.name, person.role, statement.text, statement.at)
        )
    straws: dict[int | None, list[StrawResult]] = {}
    for straw, counts in straw_counts(session, meeting_id):
        present = len(here) if straw.present is None else straw.present
        result = StrawResult(straw.question, tuple(counts), sum(count for _, count in counts), present)
        straws.setdefault(straw.item_id, []).append(result)
    points: dict[int | None, list[ActionPoint]] = {}
    for point in action_points(session, meeting_id):
        points.setdefault(point.item_id, []).append(point)

    def gathered(item: Item | None) -> ItemRecord:
        key = item.id if item else None
        return ItemRecord(
            item,
            tuple(turns.get(key, ())),
            tuple(said.get(key, ())),
            tuple(straws.get(key, ())),
            tuple(points.get(key, ())),
        )

    recorded = [gathered(item) for item in items(session, meeting_id)]
    outside = gathered(None)
    if outside.turns or outside.statements or outside.straws or outside.action_points:
        recorded.append(outside)
    roll = who.heads_on_roll(session, found)
    keys = {one.head_key for one in here if one.head_key and one.head_key in roll}
    return Record(
        meeting=found,
        presences=tuple(here),
        items=tuple(recorded),
        heads_present=len(keys),
        heads=len(roll),
        area_present=sum(roll[key].area for key in keys),
        area=sum(head.area for head in roll.values()),
        called_by=session.get_one(Account, found.called_by).name,
        hidden_statements=hidden,
    )


def straw_counts(session: Session, meeting_id: int) -> list[tuple[Straw, list[tuple[str, int]]]]:
    """Each straw poll with the marks of its options, oldest first."""
    straws = session.exec(select(Straw).where(Straw.meeting_id == meeting_id).order_by(col(Straw.id))).all()
    marks = session.exec(
        select(StrawMark.straw_id, StrawMark.choice, func.count())
        .where(col(StrawMark.straw_id).in_([straw.id for straw in straws]))
        .group_by(col(StrawMark.straw_id), col(StrawMark.choice))
    )
    count = {(straw_id, choice): number for straw_id, choice, number in marks}
    return [
        (straw, [(option, count.get((straw.id, place), 0)) for place, option in enumerate(json.loads(straw.options))])
        for straw in straws
    ]


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


def action_points(session: Session, meeting_id: int) -> list[ActionPoint]:
    return list(
        session.exec(select(ActionPoint).where(ActionPoint.meeting_id == meeting_id).order_by(col(ActionPoint.id)))
    )
