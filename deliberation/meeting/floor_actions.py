"""Steering a meeting: open and close it, take up items, conclude them, give and take the floor."""

from __future__ import annotations

from deliberation.council.queries import settings_of
from deliberation.council.roll import queries as roll_queries
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.meeting import queries, rules, turns
from deliberation.meeting.plan_actions import get, item_of, shown
from deliberation.meeting.presence_actions import mine, presence_in
from deliberation.meeting.straws import close_running
from deliberation.meeting.tables import Meeting, Presence, Turn
from deliberation.web.viewer import NotHere
from votes.refusal import Refused


def opened(tx: Tx, meeting_id: int) -> Meeting:
    """The meeting, which must be open."""
    meeting = get(tx, meeting_id)
    rules.need_open(rules.state(meeting, tx.now))
    return meeting


def open_meeting(tx: Tx, meeting_id: int, *, short_reason: str = "") -> None:
    """`short_reason`: why it is opened although too few people are here; it stands in the minutes."""
    meeting = get(tx, meeting_id)
    counted = sum(rules.counts(one.role) for one in queries.presences(tx.session, meeting.id) if one.left_at is None)
    rules.may_open(
        rules.state(meeting, tx.now),
        starts_at=meeting.starts_at,
        moment=tx.now,
        counted=counted,
        quorum=meeting.quorum,
        anyway=bool(short_reason),
    )
    meeting.opened_at = tx.now
    few = counted < meeting.quorum
    meeting.short_reason = short_reason if few else ""
    roll = roll_queries.newest(tx.session, tx.council)
    meeting.roll_id = roll.id if roll else None
    meeting.count_parking = settings_of(tx.session, tx.council).count_parking
    if few:
        record(
            tx,
            "meeting.opened_with_few",
            meeting_id=meeting.id,
            count=counted,
            quorum=meeting.quorum,
            reason=short_reason,
        )
    else:
        record(tx, "meeting.opened", meeting_id=meeting.id)
    shown(tx, meeting)


def close_meeting(tx: Tx, meeting_id: int, *, sure: bool = False) -> None:
    """`sure`: close it although items are left that were not discussed."""
    meeting = opened(tx, meeting_id)
    if meeting.current_item_id is not None:
        raise Refused("conclude_first")
    rules.may_close(left=queries.items_left(queries.items(tx.session, meeting.id)), sure=sure)
    turns.clear(tx, meeting)
    close_running(tx, meeting)
    meeting.closed_at = tx.now
    record(tx, "meeting.closed", meeting_id=meeting.id)
    shown(tx, meeting)


def open_item(tx: Tx, meeting_id: int, item_id: int) -> None:
    """Take an item up, also once more after it was concluded."""
    meeting = opened(tx, meeting_id)
    item = item_of(tx, meeting, item_id)
    if meeting.current_item_id == item.id:
        return
    if meeting.current_item_id is not None:
        raise Refused("conclude_first")
    turns.clear(tx, meeting)
    close_running(tx, meeting)
    meeting.current_item_id = item.id
    item.opened_at = item.opened_at or tx.now
    item.closed_at, item.conclusion = None, ""
    tx.session.add(item)
    record(tx, "item.opened", meeting_id=meeting.id, matter_id=item.matter_id, item_id=item.id, title=item.title)
    shown(tx, meeting)


def conclude(
    tx: Tx, meeting_id: int, item_id: int, conclusion: rules.Conclusion, text: str, *, let_go: bool = False
) -> None:
    """`let_go`: although people wait to speak; they are told that the list was cleared."""
    meeting = opened(tx, meeting_id)
    item = item_of(tx, meeting, item_id)
    if meeting.current_item_id != item.id:
        raise Refused("item_not_open")
    here = [one for one in queries.presences(tx.session, meeting.id) if one.left_at is None]
    waiting = len(turns.waiting(tx.session, meeting.id))
    rules.may_conclude(conclusion, present=len(here), waiting=waiting, let_go=let_go)
    turns.clear(tx, meeting)
    close_running(tx, meeting)
    item.closed_at, item.conclusion, item.conclusion_text = tx.now, conclusion, text
    meeting.current_item_id = None
    tx.session.add(item)
    record(
        tx,
        "item.concluded",
        meeting_id=meeting.id,
        matter_id=item.matter_id,
        item_id=item.id,
        title=item.title,
        conclusion=str(conclusion),
    )
    shown(tx, meeting)


def ask_to_speak(tx: Tx, meeting_id: int) -> Turn:
    meeting = opened(tx, meeting_id)
    return _queue(tx, meeting, mine(tx, meeting))


def put_on_list(tx: Tx, meeting_id: int, presence_id: int) -> Turn:
    """For somebody in the room who raised a hand and has no phone."""
    meeting = opened(tx, meeting_id)
    presence = presence_in(tx, meeting, presence_id)
    if presence.left_at is not None:
        raise Refused("has_left", name=presence.name)
    return _queue(tx, meeting, presence)


def _queue(tx: Tx, meeting: Meeting, presence: Presence) -> Turn:
    speaking = turns.running(tx.session, meeting.id)
    if speaking is not None and speaking.presence_id == presence.id:
        raise Refused("has_floor")
    if any(turn.presence_id == presence.id for turn in turns.waiting(tx.session, meeting.id)):
        raise Refused("waits_already")
    turn = Turn(
        council_id=tx.council,
        meeting_id=meeting.id,
        item_id=meeting.current_item_id,
        presence_id=presence.id,
        asked_at=tx.now,
        seconds_allowed=rules.SPEAKING_SECONDS,
    )
    tx.session.add(turn)
    tx.session.flush()
    own = presence.account_id == tx.actor
    record(tx, "turn.asked" if own else "turn.listed", meeting_id=meeting.id, turn_id=turn.id, presence_id=presence.id)
    shown(tx, meeting)
    return turn


def withdraw(tx: Tx, meeting_id: int) -> None:
    """The acting person gives up the place on the list, or the floor."""
    meeting = opened(tx, meeting_id)
    presence = mine(tx, meeting)
    if turns.end_turns_of(tx, meeting, presence):
        record(tx, "turn.withdrawn", meeting_id=meeting.id, presence_id=presence.id)
        shown(tx, meeting)


def strike(tx: Tx, meeting_id: int, turn_id: int) -> None:
    """The moderator takes somebody off the list."""
    meeting = opened(tx, meeting_id)
    turn = _waiting(tx, meeting, turn_id)
    turn.withdrawn_at = tx.now
    tx.session.add(turn)
    record(tx, "turn.struck", meeting_id=meeting.id, turn_id=turn.id, presence_id=turn.presence_id)
    shown(tx, meeting)


def give_floor(tx: Tx, meeting_id: int, turn_id: int) -> Turn:
    """To one of the list, by name: "whoever is first" would be somebody else when it is sent twice. Whoever speaks now has
    finished."""
    meeting = opened(tx, meeting_id)
    turn = _waiting(tx, meeting, turn_id)
    turns.end_running(tx, meeting)
    turn.started_at = tx.now
    turn.item_id = meeting.current_item_id
    tx.session.add(turn)
    record(tx, "floor.given", meeting_id=meeting.id, turn_id=turn.id, presence_id=turn.presence_id)
    shown(tx, meeting)
    return turn


def stop(tx: Tx, meeting_id: int) -> None:
    meeting = opened(tx, meeting_id)
    if turns.end_running(tx, meeting) is None:
        raise Refused("nobody_speaks")
    shown(tx, meeting)


def extend(tx: Tx, meeting_id: int) -> None:
    meeting = opened(tx, meeting_id)
    turn = turns.running(tx.session, meeting.id)
    if turn is None:
        raise Refused("nobody_speaks")
    if turn.seconds_allowed + rules.EXTRA_SECONDS > rules.MOST_SECONDS:
        raise Refused("turn_long_enough", minutes=rules.MOST_SECONDS // 60)
    turn.seconds_allowed += rules.EXTRA_SECONDS
    tx.session.add(turn)
    record(tx, "floor.extended", meeting_id=meeting.id, turn_id=turn.id, presence_id=turn.presence_id)
    shown(tx, meeting)


def put_first(tx: Tx, meeting_id: int, turn_id: int) -> None:
    meeting = opened(tx, meeting_id)
    turn = _waiting(tx, meeting, turn_id)
    # Two within one second: the later one still goes before the earlier.
    before = [other.put_first_at for other in turns.waiting(tx.session, meeting.id) if other.put_first_at is not None]
    turn.put_first_at = max([tx.now, *(moment + rules.TICK for moment in before)])
    tx.session.add(turn)
    record(tx, "turn.put_first", meeting_id=meeting.id, turn_id=turn.id, presence_id=turn.presence_id)
    shown(tx, meeting)


def _waiting(tx: Tx, meeting: Meeting, turn_id: int) -> Turn:
    turn = tx.session.get(Turn, turn_id)
    if turn is None or turn.meeting_id != meeting.id:
        raise NotHere
    if turn.started_at is not None or turn.withdrawn_at is not None:
        raise Refused("turn_gone")
    return turn
