"""What happened in a meeting, as its minutes and its own page tell it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from deliberation.meeting import rules, who
from deliberation.meeting.queries import attendees, items, meeting, presences
from deliberation.meeting.tables import ActionPoint, Item, Meeting, Presence, Statement, Straw, StrawMark, Turn
from deliberation.people.tables import Account


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


def action_points(session: Session, meeting_id: int) -> list[ActionPoint]:
    return list(
        session.exec(select(ActionPoint).where(ActionPoint.meeting_id == meeting_id).order_by(col(ActionPoint.id)))
    )
