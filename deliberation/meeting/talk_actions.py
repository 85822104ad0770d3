"""What is said, sounded out and agreed in a meeting."""

from __future__ import annotations

import json
from datetime import date

from sqlmodel import select

from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.jobs.clock import local
from deliberation.meeting import queries, straws
from deliberation.meeting.floor_actions import opened
from deliberation.meeting.plan_actions import get, shown
from deliberation.meeting.presence_actions import mine, presence_in
from deliberation.meeting.tables import ActionPoint, Meeting, Presence, Statement, Straw, StrawMark
from deliberation.web.viewer import NotHere
from votes.refusal import Refused

MOST_STATEMENT = 500


def write_statement(tx: Tx, meeting_id: int, text: str) -> Statement:
    meeting = opened(tx, meeting_id)
    return _keep(tx, meeting, mine(tx, meeting), text)


def note_statement(tx: Tx, meeting_id: int, presence_id: int, text: str) -> Statement:
    """The recorder writes down the main point of what somebody says."""
    meeting = opened(tx, meeting_id)
    return _keep(tx, meeting, presence_in(tx, meeting, presence_id), text)


def _keep(tx: Tx, meeting: Meeting, presence: Presence, text: str) -> Statement:
    statement = Statement(
        council_id=tx.council,
        meeting_id=meeting.id,
        item_id=meeting.current_item_id,
        presence_id=presence.id,
        written_by=tx.actor,
        text=text,
        at=tx.now,
    )
    tx.session.add(statement)
    tx.session.flush()
    own = presence.account_id == tx.actor
    record(
        tx,
        "statement.written" if own else "statement.noted",
        meeting_id=meeting.id,
        statement_id=statement.id,
        presence_id=presence.id,
    )
    shown(tx, meeting)
    return statement


def hide_statement(tx: Tx, meeting_id: int, statement_id: int, reason: str) -> None:
    """Taken from the page with a reason that stays in the journal; the text itself is kept."""
    meeting = opened(tx, meeting_id)
    statement = tx.session.get(Statement, statement_id)
    if statement is None or statement.meeting_id != meeting.id:
        raise NotHere
    if statement.hidden_at is not None:
        return
    statement.hidden_at, statement.hidden_reason = tx.now, reason
    tx.session.add(statement)
    record(tx, "statement.hidden", meeting_id=meeting.id, statement_id=statement.id, reason=reason)
    shown(tx, meeting)


def open_straw(tx: Tx, meeting_id: int, question: str, options: list[str]) -> Straw:
    meeting = opened(tx, meeting_id)
    if queries.running_straw(tx.session, meeting.id) is not None:
        raise Refused("straw_runs")
    straw = Straw(
        council_id=tx.council,
        meeting_id=meeting.id,
        item_id=meeting.current_item_id,
        question=question,
        options=json.dumps(options, ensure_ascii=False),
        opened_at=tx.now,
    )
    tx.session.add(straw)
    tx.session.flush()
    record(tx, "straw.opened", meeting_id=meeting.id, straw_id=straw.id, question=question)
    shown(tx, meeting)
    return straw


def mark_straw(tx: Tx, meeting_id: int, straw_id: int, choice: int) -> None:
    """A person's mark, which may be changed while the straw poll runs."""
    meeting = opened(tx, meeting_id)
    straw = _straw(tx, meeting, straw_id)
    if straw.closed_at is not None:
        raise Refused("straw_closed")
    presence = mine(tx, meeting)
    if not 0 <= choice < len(json.loads(straw.options)):
        raise Refused("not_a_choice", field="choice")
    mark = tx.session.exec(
        select(StrawMark).where(StrawMark.straw_id == straw.id, StrawMark.presence_id == presence.id)
    ).first()
    mark = mark or StrawMark(straw_id=straw.id, presence_id=presence.id, choice=choice, at=tx.now)
    mark.choice, mark.at = choice, tx.now
    tx.session.add(mark)
    record(tx, "straw.marked", meeting_id=meeting.id, straw_id=straw.id)
    shown(tx, meeting)


def close_straw(tx: Tx, meeting_id: int, straw_id: int) -> None:
    meeting = opened(tx, meeting_id)
    straw = _straw(tx, meeting, straw_id)
    if straw.closed_at is not None:
        return
    straws.close_running(tx, meeting)
    shown(tx, meeting)


def _straw(tx: Tx, meeting: Meeting, straw_id: int) -> Straw:
    straw = tx.session.get(Straw, straw_id)
    if straw is None or straw.meeting_id != meeting.id:
        raise NotHere
    return straw


def note_action_point(tx: Tx, meeting_id: int, *, text: str, assignee: str, due_on: date | None) -> ActionPoint:
    meeting = opened(tx, meeting_id)
    if due_on is not None and due_on < local(tx.now).date():
        raise Refused("due_is_past", field="due_on")
    point = ActionPoint(
        council_id=tx.council,
        meeting_id=meeting.id,
        item_id=meeting.current_item_id,
        text=text,
        assignee=assignee,
        due_on=due_on,
        noted_by=tx.actor,
        noted_at=tx.now,
    )
    tx.session.add(point)
    tx.session.flush()
    record(tx, "action_point.noted", meeting_id=meeting.id, action_point_id=point.id, text=text, assignee=assignee)
    shown(tx, meeting)
    return point


def remove_action_point(tx: Tx, meeting_id: int, action_point_id: int) -> None:
    """Noted by mistake; the journal keeps that it was there."""
    meeting = get(tx, meeting_id)
    if meeting.closed_at is not None:
        raise Refused("meeting_closed")
    point = tx.session.get(ActionPoint, action_point_id)
    if point is None or point.meeting_id != meeting.id:
        raise NotHere
    record(tx, "action_point.removed", meeting_id=meeting.id, text=point.text)
    tx.session.delete(point)
    shown(tx, meeting)
