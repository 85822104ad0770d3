"""The state of a running meeting as its live pages show it: read once, free of whoever looks at it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from deliberation.meeting import queries, record_queries, rules, who
from deliberation.meeting.tables import ActionPoint, Item, Meeting, Presence, Statement, Straw, StrawMark, Turn

MOST_STATEMENTS = 40


@dataclass(frozen=True)
class Speaker:
    turn_id: int
    presence_id: int
    name: str
    role: str
    started_at: datetime
    seconds_allowed: int

    @property
    def ends_at(self) -> datetime:
        return self.started_at + timedelta(seconds=self.seconds_allowed)


@dataclass(frozen=True)
class Place:
    """A place on the list; `spoken` is how often this person has spoken on the item."""

    turn_id: int
    presence_id: int
    name: str
    role: str
    spoken: int


@dataclass(frozen=True)
class Words:
    """A statement; `text` is empty when it was hidden, and `hidden` says why."""

    id: int
    name: str
    role: str
    text: str
    at: datetime
    hidden: str


@dataclass(frozen=True)
class StrawView:
    """Counts are told when it is closed, so that nobody marks after the others."""

    id: int
    question: str
    options: tuple[str, ...]
    running: bool
    marked: int
    counts: tuple[int, ...]
    present: int

    @property
    def silent(self) -> int:
        """Of those asked, how many have not marked it."""
        return max(0, self.present - self.marked)


@dataclass(frozen=True)
class Here:
    """Who is here: people, of whom `counted` count for the quorum; heads and area (0.01 m2) against the roll."""

    people: int
    counted: int
    room: int
    online: int
    quorum: int
    heads: int
    heads_of: int
    area: int
    area_of: int


@dataclass(frozen=True)
class Board:
    meeting: Meeting
    state: rules.State
    agenda: tuple[Item, ...]
    item: Item | None
    speaker: Speaker | None
    queue: tuple[Place, ...]
    fairer: int | None
    statements: tuple[Words, ...]
    straw: StrawView | None
    here: Here
    action_points: tuple[ActionPoint, ...]

    @property
    def place(self) -> int:
        """Which item of the agenda is on the floor, counting from 1; 0 for none."""
        return next((at for at, one in enumerate(self.agenda, start=1) if self.item and one.id == self.item.id), 0)

    @property
    def next_item(self) -> Item | None:
        return next((one for one in self.agenda if one.closed_at is None and one.opened_at is None), None)

    @property
    def items_left(self) -> int:
        return queries.items_left(list(self.agenda))

    @property
    def stamp(self) -> str:
        """Changes when what one person may do here may have changed."""
        told = [
            self.state,
            self.meeting.current_item_id,
            self.speaker.turn_id if self.speaker else 0,
            [place.turn_id for place in self.queue],
            [self.straw.id, self.straw.running] if self.straw else [],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def read(session: Session, council_id: int, meeting_id: int, moment: datetime, *, drafts: bool = False) -> Board:
    meeting = queries.meeting(session, council_id, meeting_id, drafts=drafts)
    agenda = queries.items(session, meeting_id)
    here = queries.presences(session, meeting_id)
    people = {one.id: one for one in here}
    item = next((one for one in agenda if one.id == meeting.current_item_id), None)
    turns = session.exec(
        select(Turn).where(
            Turn.meeting_id == meeting_id, col(Turn.withdrawn_at).is_(None), col(Turn.ended_at).is_(None)
        )
    ).all()
    spoken = _spoken(session, meeting)
    order = rules.in_order(turn for turn in turns if turn.started_at is None)
    queue = tuple(
        Place(
            turn.id,
            turn.presence_id,
            people[turn.presence_id].name,
            people[turn.presence_id].role,
            spoken.get(turn.presence_id, 0),
        )
        for turn in order
    )
    return Board(
        meeting=meeting,
        state=rules.state(meeting, moment),
        agenda=tuple(agenda),
        item=item,
        speaker=next((_speaker(turn, people[turn.presence_id]) for turn in turns if turn.started_at is not None), None),
        queue=queue,
        fairer=rules.fairer_first([(place.turn_id, place.spoken) for place in queue]),
        statements=_statements(session, meeting, people),
        straw=_straw(session, meeting),
        here=_here(session, meeting, here),
        action_points=tuple(record_queries.action_points(session, meeting_id)),
    )


def _speaker(turn: Turn, person: Presence) -> Speaker:
    started_at = turn.started_at or turn.asked_at
    return Speaker(turn.id, person.id, person.name, person.role, started_at, turn.seconds_allowed)


def _spoken(session: Session, meeting: Meeting) -> dict[int, int]:
    """How often each person has spoken on the item that is on the floor."""
    rows = session.exec(
        select(Turn.presence_id, func.count())
        .where(
            Turn.meeting_id == meeting.id,
            col(Turn.item_id).is_not_distinct_from(meeting.current_item_id),
            col(Turn.ended_at).is_not(None),
        )
        .group_by(col(Turn.presence_id))
    )
    return dict(rows.all())


def _statements(session: Session, meeting: Meeting, people: dict[int, Presence]) -> tuple[Words, ...]:
    """The newest first, of this item alone."""
    rows = session.exec(
        select(Statement)
        .where(
            Statement.meeting_id == meeting.id,
            col(Statement.item_id).is_not_distinct_from(meeting.current_item_id),
        )
        .order_by(col(Statement.id).desc())
        .limit(MOST_STATEMENTS)
    )
    return tuple(
        Words(
            one.id,
            people[one.presence_id].name,
            people[one.presence_id].role,
            "" if one.hidden_at else one.text,
            one.at,
            one.hidden_reason if one.hidden_at else "",
        )
        for one in rows
    )


def _straw(session: Session, meeting: Meeting) -> StrawView | None:
    """The one that runs, or the last of this item."""
    found = queries.running_straw(session, meeting.id)
    if found is None:
        found = session.exec(
            select(Straw)
            .where(Straw.meeting_id == meeting.id, col(Straw.item_id).is_not_distinct_from(meeting.current_item_id))
            .order_by(col(Straw.id).desc())
            .limit(1)
        ).first()
    if found is None:
        return None
    options: list[str] = json.loads(found.options)
    rows = session.exec(
        select(StrawMark.choice, func.count()).where(StrawMark.straw_id == found.id).group_by(col(StrawMark.choice))
    )
    count = dict(rows.all())
    running = found.closed_at is None
    counts = () if running else tuple(count.get(place, 0) for place in range(len(options)))
    present = queries.asked_of(session, found) if found.present is None else found.present
    return StrawView(found.id, found.question, tuple(options), running, sum(count.values()), counts, present)


def _here(session: Session, meeting: Meeting, presences: list[Presence]) -> Here:
    # After the close, those who stayed to the end and those who left before it have all been there.
    over = meeting.closed_at is not None
    present = [
        one for one in presences if one.left_at is None or (over and rules.attended(one.left_at, meeting.opened_at))
    ]
    roll = who.heads_on_roll(session, meeting)
    keys = {one.head_key for one in present if one.head_key and one.head_key in roll}
    online = sum(one.mode == rules.Mode.ONLINE for one in present)
    return Here(
        people=len(present),
        counted=sum(rules.counts(one.role) for one in present),
        room=len(present) - online,
        online=online,
        quorum=meeting.quorum,
        heads=len(keys),
        heads_of=len(roll),
        area=sum(roll[key].area for key in keys),
        area_of=sum(head.area for head in roll.values()),
    )
