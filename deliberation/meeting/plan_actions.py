"""Planning a meeting: call it, put items on its agenda, announce it."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from deliberation.agenda.tables import Motion
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.meeting import queries, rules
from deliberation.meeting.tables import Item, Meeting
from deliberation.web.viewer import NotHere
from votes.refusal import Refused

MOST_ITEMS = 20


@dataclass(frozen=True)
class Plan:
    """What is announced of a meeting besides its agenda."""

    title: str
    starts_at: datetime
    place: str
    online_link: str
    quorum: int
    invited: str


def new_door_code() -> str:
    """Digits alone: a picture to scan, and short enough to be typed by a thumb on any phone."""
    return "".join(secrets.choice("0123456789") for _ in range(rules.DOOR_CODE_DIGITS))


def shown(tx: Tx, meeting: Meeting) -> None:
    """Its live pages are shown the new state once this is committed."""
    meeting.live_seq += 1
    tx.session.add(meeting)
    tx.session.flush()
    tx.touch(f"meeting:{meeting.id}")


def call(tx: Tx, plan: Plan) -> Meeting:
    _in_future(tx, plan)
    meeting = Meeting(council_id=tx.council, called_by=tx.actor, door_code=new_door_code(), **asdict(plan))
    tx.session.add(meeting)
    tx.session.flush()
    record(tx, "meeting.called", meeting_id=meeting.id)
    return meeting


def change(tx: Tx, meeting_id: int, plan: Plan) -> Meeting:
    meeting = _unopened(tx, meeting_id)
    _in_future(tx, plan)
    changed = [name for name, value in asdict(plan).items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, getattr(plan, name))
    if changed:
        record(tx, "meeting.changed", meeting_id=meeting.id, changed=changed)
        shown(tx, meeting)
    return meeting


def add_item(
    tx: Tx, meeting_id: int, *, title: str = "", text: str = "", minutes_planned: int, motion_id: int | None = None
) -> Item:
    """A motion that is ready to be discussed, or an item of its own."""
    meeting = _unopened(tx, meeting_id)
    agenda = queries.items(tx.session, meeting.id)
    if len(agenda) >= MOST_ITEMS:
        raise Refused("agenda_full", most=MOST_ITEMS)
    matter_id = None
    if motion_id is not None:
        motion = tx.session.get(Motion, motion_id)
        if motion is None or motion.council_id != tx.council:
            raise NotHere
        if motion_id not in {ready.id for ready in queries.ready_motions(tx.session, tx.council)}:
            raise Refused("motion_not_ready", field="motion_id")
        title, matter_id = motion.title, motion.proposal_id
    item = Item(
        council_id=tx.council,
        meeting_id=meeting.id,
        position=max((one.position for one in agenda), default=0) + 1,
        title=title,
        text=text,
        motion_id=motion_id,
        matter_id=matter_id,
        minutes_planned=minutes_planned,
    )
    tx.session.add(item)
    tx.session.flush()
    _told_of_agenda(tx, meeting, item, "item.added")
    shown(tx, meeting)
    return item


def move_item(tx: Tx, meeting_id: int, item_id: int, *, up: bool) -> None:
    meeting = _unopened(tx, meeting_id)
    agenda = queries.items(tx.session, meeting.id)
    place = next((at for at, one in enumerate(agenda) if one.id == item_id), None)
    if place is None:
        raise NotHere
    other = place - 1 if up else place + 1
    if not 0 <= other < len(agenda):
        return
    agenda[place], agenda[other] = agenda[other], agenda[place]
    for position, one in enumerate(agenda, start=1):
        one.position = position
        tx.session.add(one)
    record(tx, "agenda.ordered", meeting_id=meeting.id, item_ids=[one.id for one in agenda])
    shown(tx, meeting)


def remove_item(tx: Tx, meeting_id: int, item_id: int) -> None:
    meeting = _unopened(tx, meeting_id)
    item = item_of(tx, meeting, item_id)
    if meeting.notice_at is not None and len(queries.items(tx.session, meeting.id)) == 1:
        raise Refused("agenda_empty")
    _told_of_agenda(tx, meeting, item, "item.removed")
    tx.session.delete(item)
    shown(tx, meeting)


def announce(tx: Tx, meeting_id: int) -> Meeting:
    meeting = get(tx, meeting_id)
    agenda = queries.items(tx.session, meeting.id)
    rules.may_announce(rules.state(meeting, tx.now), len(agenda))
    if meeting.starts_at <= tx.now:
        raise Refused("start_is_past")
    meeting.notice_at = tx.now
    record(tx, "meeting.announced", meeting_id=meeting.id, title=meeting.title, starts_at=meeting.starts_at.isoformat())
    for matter_id in _matters(agenda):
        record(tx, "matter.placed", meeting_id=meeting.id, matter_id=matter_id, title=meeting.title)
    shown(tx, meeting)
    return meeting


def call_off(tx: Tx, meeting_id: int, reason: str) -> None:
    """It does not take place: its motions may go on another agenda, and nobody is asked to come any more."""
    meeting = _unopened(tx, meeting_id)
    meeting.called_off_at, meeting.called_off_reason = tx.now, reason
    if meeting.notice_at is None:
        record(tx, "meeting.given_up", meeting_id=meeting.id)
    else:
        record(tx, "meeting.called_off", meeting_id=meeting.id, title=meeting.title, reason=reason)
        for matter_id in _matters(queries.items(tx.session, meeting.id)):
            record(tx, "matter.unplaced", meeting_id=meeting.id, matter_id=matter_id, title=meeting.title)
    shown(tx, meeting)


def _matters(agenda: list[Item]) -> list[int]:
    return list(dict.fromkeys(item.matter_id for item in agenda if item.matter_id is not None))


def _told_of_agenda(tx: Tx, meeting: Meeting, item: Item, verb: str) -> None:
    """What stands on the agenda of a draft is told when the meeting is announced; until then only that somebody works on it."""
    if meeting.notice_at is None:
        record(tx, "agenda.drafted", meeting_id=meeting.id)
    else:
        record(tx, verb, meeting_id=meeting.id, matter_id=item.matter_id, item_id=item.id, title=item.title)


def get(tx: Tx, meeting_id: int) -> Meeting:
    return queries.meeting(tx.session, tx.council, meeting_id, drafts=True)


def item_of(tx: Tx, meeting: Meeting, item_id: int) -> Item:
    item = tx.session.get(Item, item_id)
    if item is None or item.meeting_id != meeting.id:
        raise NotHere
    return item


def _unopened(tx: Tx, meeting_id: int) -> Meeting:
    meeting = get(tx, meeting_id)
    rules.need_not_open(rules.state(meeting, tx.now))
    return meeting


def _in_future(tx: Tx, plan: Plan) -> None:
    if plan.starts_at <= tx.now:
        raise Refused("start_is_past", field="starts_at")
