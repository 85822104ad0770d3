"""Who is here: signing in at the door, online or at the desk; leaving; a new door code."""

from __future__ import annotations

from deliberation import keyed
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.i18n.dates import LOCAL
from deliberation.meeting import queries, rules, who
from deliberation.meeting.plan_actions import get, new_door_code, shown
from deliberation.meeting.tables import Meeting, Presence
from deliberation.meeting.turns import end_turns_of
from deliberation.web.viewer import NotHere
from votes.refusal import Refused

MOST_PRESENT = 2000


def sign_in(
    tx: Tx, meeting_id: int, *, name: str, home: str, role: str, head_key: str | None, mode: rules.Mode
) -> Presence:
    """The acting person signs in. Twice does nothing twice; after leaving they are back; at the door, online becomes room."""
    meeting = _door(tx, meeting_id)
    return _enter(tx, meeting, account_id=tx.actor, name=name, home=home, role=role, head_key=head_key, mode=mode)


def sign_in_at_desk(
    tx: Tx,
    meeting_id: int,
    *,
    account_id: int | None,
    name: str,
    home: str,
    role: str,
    head_key: str | None,
    typed_head: str | None = None,
) -> Presence:
    """Staff sign somebody in who stands before them; without an account they are a guest by name. `typed_head` goes before
    the head they are confirmed for, and alone can be mistyped."""
    meeting = _door(tx, meeting_id)
    if typed_head is not None and typed_head not in who.heads_on_roll(tx.session, meeting):
        raise Refused("head_not_on_roll", field="head")
    there = _before(tx, meeting, account_id, name, home)
    if there is not None and there.left_at is None and there.mode == rules.Mode.ROOM:
        raise _here_already(there)
    return _enter(
        tx,
        meeting,
        account_id=account_id,
        name=name,
        home=home,
        role=role,
        head_key=typed_head or head_key,
        mode=rules.Mode.ROOM,
    )


def _before(tx: Tx, meeting: Meeting, account_id: int | None, name: str, home: str) -> Presence | None:
    """Their presence at this meeting, if they have been there: one person is one presence, however often they come back."""
    if account_id is not None:
        return queries.presence_of(tx.session, meeting.id, account_id)
    return queries.guest(tx.session, meeting.id, name, home)


def _here_already(presence: Presence) -> Refused:
    since = f"{presence.signed_in_at.astimezone(LOCAL):%H:%M}"
    return Refused("here_already", field="person", name=presence.name, since=since)


def leave(tx: Tx, meeting_id: int, presence_id: int) -> None:
    meeting = get(tx, meeting_id)
    if meeting.closed_at is not None:
        raise Refused("meeting_closed")
    presence = presence_in(tx, meeting, presence_id)
    if presence.left_at is not None:
        return
    presence.left_at = tx.now
    tx.session.add(presence)
    end_turns_of(tx, meeting, presence)
    record(tx, "presence.left", meeting_id=meeting.id, presence_id=presence.id)
    _told(tx, meeting, presence)


def undo_sign_in(tx: Tx, meeting_id: int, presence_id: int) -> None:
    """The desk wrote down the wrong person: the entry goes, the journal keeps that it was there."""
    meeting = get(tx, meeting_id)
    if meeting.closed_at is not None:
        raise Refused("meeting_closed")
    presence = presence_in(tx, meeting, presence_id)
    rules.may_undo_sign_in(
        by_desk=presence.signed_in_by != presence.account_id, took_part=queries.took_part(tx.session, presence.id)
    )
    record(tx, "presence.undone", meeting_id=meeting.id, presence_id=presence.id, name=presence.name)
    tx.session.delete(presence)
    tx.session.flush()
    _told(tx, meeting, presence)


def renew_door_code(tx: Tx, meeting_id: int) -> None:
    """Who photographed the old code and went home can no longer sign in with it."""
    meeting = get(tx, meeting_id)
    if meeting.closed_at is not None:
        raise Refused("meeting_closed")
    meeting.door_code = new_door_code()
    record(tx, "door_code.renewed", meeting_id=meeting.id)
    shown(tx, meeting)


def code_opens(meeting: Meeting, code: str) -> bool:
    return keyed.same(meeting.door_code, code)


def presence_in(tx: Tx, meeting: Meeting, presence_id: int) -> Presence:
    presence = tx.session.get(Presence, presence_id)
    if presence is None or presence.meeting_id != meeting.id:
        raise NotHere
    return presence


def mine(tx: Tx, meeting: Meeting) -> Presence:
    """The acting person's own presence; who has not signed in, or has left, takes no part."""
    presence = queries.presence_of(tx.session, meeting.id, tx.actor)
    if presence is None or presence.left_at is not None:
        raise Refused("sign_in_to_meeting")
    return presence


def _door(tx: Tx, meeting_id: int) -> Meeting:
    meeting = get(tx, meeting_id)
    rules.may_sign_in(rules.state(meeting, tx.now), meeting.starts_at, tx.now)
    return meeting


def _enter(
    tx: Tx,
    meeting: Meeting,
    *,
    account_id: int | None,
    name: str,
    home: str,
    role: str,
    head_key: str | None,
    mode: rules.Mode,
) -> Presence:
    presence = _before(tx, meeting, account_id, name, home)
    if presence is not None and presence.left_at is None:
        if mode is rules.Mode.ROOM and presence.mode == rules.Mode.ONLINE:
            presence.mode = mode
            tx.session.add(presence)
            record(tx, "presence.came_in", meeting_id=meeting.id, presence_id=presence.id)
            _told(tx, meeting, presence)
        return presence
    if presence is None:
        if len(queries.presences(tx.session, meeting.id)) >= MOST_PRESENT:
            raise Refused("room_full", most=MOST_PRESENT)
        presence = Presence(
            council_id=tx.council,
            meeting_id=meeting.id,
            account_id=account_id,
            name=name,
            home=home,
            role=role,
            head_key=head_key,
            mode=mode,
            signed_in_at=tx.now,
            signed_in_by=tx.actor,
        )
    presence.left_at, presence.mode, presence.head_key, presence.signed_in_by = None, mode, head_key, tx.actor
    tx.session.add(presence)
    tx.session.flush()
    by_desk = account_id != tx.actor
    record(
        tx,
        "presence.entered_at_desk" if by_desk else "presence.signed_in",
        meeting_id=meeting.id,
        presence_id=presence.id,
        mode=str(mode),
    )
    _told(tx, meeting, presence)
    return presence


def _told(tx: Tx, meeting: Meeting, presence: Presence) -> None:
    shown(tx, meeting)
    if presence.account_id is not None:
        tx.touch(f"account:{presence.account_id}")
