"""Every act of a meeting stands in the journal, under its own verb and in words."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from deliberation.db.tables import Event
from deliberation.i18n.catalog import word
from deliberation.meeting import floor_actions, plan_actions, presence_actions, rules, talk_actions
from deliberation.story.timeline import sentence
from tests.conftest import Town
from tests.deliberation.agenda.build import worded
from tests.deliberation.meeting import build


def events(town: Town, meeting_id: int) -> list[Event]:
    with town.db.read() as session:
        return list(session.exec(select(Event).where(Event.meeting_id == meeting_id).order_by(col(Event.seq))))


def told(found: list[Event]) -> list[str]:
    """Their verbs; each must say itself in both languages with nothing missing."""
    for event in found:
        for lang in ("zh", "en"):
            assert sentence(event.verb, event.facts, "X", lang) != word(
                "actor", "did", lang, actor="X", verb=event.verb
            ), event.verb
    return [event.verb for event in found]


def test_planning_announcing_and_calling_off(town: Town) -> None:
    motion_id = worded(town)
    built = build.draft(town)
    first, second = built.item_ids
    with town.write("moderator") as tx:
        plan_actions.move_item(tx, built.id, second, up=True)
        plan_actions.add_item(tx, built.id, minutes_planned=20, motion_id=motion_id)
        plan_actions.remove_item(tx, built.id, first)
        plan_actions.announce(tx, built.id)
        plan_actions.change(tx, built.id, build.plan(town, place="社区礼堂"))
        other = plan_actions.add_item(tx, built.id, title="其他事项", minutes_planned=5).id
        plan_actions.remove_item(tx, built.id, other)
        presence_actions.renew_door_code(tx, built.id)
        plan_actions.call_off(tx, built.id, "主持人生病")
    assert told(events(town, built.id)) == [
        "meeting.called",
        "agenda.drafted",
        "agenda.drafted",
        "agenda.ordered",
        "agenda.drafted",
        "agenda.drafted",
        "meeting.announced",
        "matter.placed",
        "meeting.changed",
        "item.added",
        "item.removed",
        "door_code.renewed",
        "meeting.called_off",
        "matter.unplaced",
    ]
    given_up = build.draft(town)
    with town.write("moderator") as tx:
        plan_actions.call_off(tx, given_up.id, "并到下一次")
    assert told(events(town, given_up.id))[-1] == "meeting.given_up"


def test_coming_and_leaving(town: Town) -> None:
    built = build.doors_open(town)
    before = len(events(town, built.id))
    built.present("resident", mode=rules.Mode.ONLINE)
    here = built.present("resident")
    with town.write("desk") as tx:
        guest = presence_actions.sign_in_at_desk(
            tx, built.id, account_id=None, name="王大爷", home="2 幢", role="guest", head_key=None
        ).id
        presence_actions.undo_sign_in(tx, built.id, guest)
        presence_actions.leave(tx, built.id, here["resident"])
    assert told(events(town, built.id)[before:]) == [
        "presence.signed_in",
        "presence.came_in",
        "presence.entered_at_desk",
        "presence.undone",
        "presence.left",
    ]


@pytest.mark.parametrize(
    ("quorum", "reason", "verb"), [(0, "", "meeting.opened"), (3, build.FEW, "meeting.opened_with_few")]
)
def test_opening(town: Town, quorum: int, reason: str, verb: str) -> None:
    built = build.doors_open(town, quorum=quorum)
    with town.write("moderator") as tx:
        floor_actions.open_meeting(tx, built.id, short_reason=reason)
    assert told(events(town, built.id))[-1] == verb


def test_speaking_writing_sounding_out_and_concluding(town: Town) -> None:
    built = build.opened(town)
    here = built.present("resident", "owner", "tenant")
    before = len(events(town, built.id))
    built.open_item()
    built.ask("resident")
    with town.write("owner") as tx:
        floor_actions.ask_to_speak(tx, built.id)
        floor_actions.withdraw(tx, built.id)
    with town.write("moderator") as tx:
        listed = floor_actions.put_on_list(tx, built.id, here["tenant"]).id
        floor_actions.put_first(tx, built.id, listed)
        floor_actions.strike(tx, built.id, listed)
    built.give_floor()
    with town.write("moderator") as tx:
        floor_actions.extend(tx, built.id)
        floor_actions.stop(tx, built.id)
    statement = built.write("owner", "我家在二楼。")
    straw = built.straw()
    with town.write("owner") as tx:
        talk_actions.mark_straw(tx, built.id, straw, 0)
    due_on = (town.now + timedelta(days=9)).date()
    with town.write("moderator") as tx:
        talk_actions.close_straw(tx, built.id, straw)
        talk_actions.note_statement(tx, built.id, here["tenant"], "要点")
        talk_actions.hide_statement(tx, built.id, statement, "写错了")
        point = talk_actions.note_action_point(tx, built.id, text="看现场", assignee="物业", due_on=due_on)
        talk_actions.remove_action_point(tx, built.id, point.id)
    built.ask("tenant")
    built.conclude()
    built.close()
    assert told(events(town, built.id)[before:]) == [
        "item.opened",
        "turn.asked",
        "turn.asked",
        "turn.withdrawn",
        "turn.listed",
        "turn.put_first",
        "turn.struck",
        "floor.given",
        "floor.extended",
        "floor.taken",
        "statement.written",
        "straw.opened",
        "straw.marked",
        "straw.closed",
        "statement.noted",
        "statement.hidden",
        "action_point.noted",
        "action_point.removed",
        "turn.asked",
        "turns.dropped",
        "item.concluded",
        "meeting.closed",
    ]
