"""Steering the meeting: the moderator's console, the projector, the desk, and the forms behind them."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from deliberation.meeting import board, floor_actions, presence_actions, queries, rules, talk_actions, who
from deliberation.meeting.plan_pages import number, steers
from deliberation.meeting.tables import Meeting
from deliberation.people.queries import names
from deliberation.web import qr
from deliberation.web.visit import Visit
from votes.refusal import Refused

CONSOLE = "meeting/console.html"
CONCLUSIONS = tuple(rules.Conclusion)


def console_page(visit: Visit) -> Response:
    return visit.render(CONSOLE, **_console(visit))


def console_board(visit: Visit) -> Response:
    """The console without the page around it; fetched again whenever something changed."""
    return visit.block(CONSOLE, "board", **_console(visit))


def _console(visit: Visit) -> dict[str, Any]:
    now = board.read(visit.session, visit.council_id, number(visit), visit.now, drafts=True)
    presences = queries.presences(visit.session, now.meeting.id)
    return {
        "board": now,
        "present": [one for one in presences if one.left_at is None],
        "left": [one for one in presences if one.left_at is not None],
        "busy": {place.presence_id for place in now.queue} | ({now.speaker.presence_id} if now.speaker else set()),
        "conclusions": CONCLUSIONS,
        "may_open_at": rules.door_opens(now.meeting.starts_at),
        "few": now.here.counted < now.here.quorum,
        "signing_in": rules.signing_in(now.state, now.meeting.starts_at, visit.now),
        "at": visit.url(f"/meetings/{now.meeting.id}"),
        "live_at": visit.url(f"/live/meetings/{now.meeting.id}"),
        "most_statement": talk_actions.MOST_STATEMENT,
    }


def _back(visit: Visit, said: str | None = None) -> Response:
    return visit.to(visit.url(f"/meetings/{number(visit)}/console"), said=said)


def open_meeting(visit: Visit) -> Response:
    anyway = visit.form.ticked("anyway")
    reason = visit.form.text("short_reason", most=200, least=2, required=anyway)
    visit.form.check()
    floor_actions.open_meeting(visit.tx, number(visit), short_reason=reason if anyway else "")
    return _back(visit, said="meeting_opened")


def close_meeting(visit: Visit) -> Response:
    floor_actions.close_meeting(visit.tx, number(visit), sure=visit.form.ticked("sure"))
    return _back(visit, said="meeting_closed")


def open_item(visit: Visit) -> Response:
    floor_actions.open_item(visit.tx, number(visit), visit.params["item_id"])
    return _back(visit)


def conclude(visit: Visit) -> Response:
    conclusion = visit.form.choice("conclusion", CONCLUSIONS)
    text = visit.form.text("conclusion_text", most=1000, required=False, one_line=False)
    visit.form.check()
    let_go = visit.form.ticked("let_go")
    floor_actions.conclude(visit.tx, number(visit), visit.params["item_id"], conclusion, text, let_go=let_go)
    return _back(visit, said="item_concluded")


def give_floor(visit: Visit) -> Response:
    floor_actions.give_floor(visit.tx, number(visit), visit.params["turn_id"])
    return _back(visit)


def stop(visit: Visit) -> Response:
    floor_actions.stop(visit.tx, number(visit))
    return _back(visit)


def extend(visit: Visit) -> Response:
    floor_actions.extend(visit.tx, number(visit))
    return _back(visit)


def put_first(visit: Visit) -> Response:
    floor_actions.put_first(visit.tx, number(visit), visit.params["turn_id"])
    return _back(visit)


def strike(visit: Visit) -> Response:
    floor_actions.strike(visit.tx, number(visit), visit.params["turn_id"])
    return _back(visit)


def put_on_list(visit: Visit) -> Response:
    floor_actions.put_on_list(visit.tx, number(visit), visit.params["presence_id"])
    return _back(visit)


def open_straw(visit: Visit) -> Response:
    question = visit.form.text("question", most=120, least=2)
    text = visit.form.text("options", most=300, one_line=False)
    visit.form.check()
    talk_actions.open_straw(visit.tx, number(visit), question, rules.options(text))
    return _back(visit, said="straw_opened")


def close_straw(visit: Visit) -> Response:
    talk_actions.close_straw(visit.tx, number(visit), visit.params["straw_id"])
    return _back(visit)


def note_statement(visit: Visit) -> Response:
    presence_id = visit.form.whole("speaker", least=1, most=10**9)
    text = visit.form.text("note", most=talk_actions.MOST_STATEMENT, one_line=False)
    visit.form.check()
    talk_actions.note_statement(visit.tx, number(visit), presence_id, text)
    return _back(visit, said="statement_noted")


def hide_statement(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=200, least=2)
    visit.form.check()
    talk_actions.hide_statement(visit.tx, number(visit), visit.params["statement_id"], reason)
    return _back(visit, said="statement_hidden")


def note_action_point(visit: Visit) -> Response:
    text = visit.form.text("task", most=200, least=2)
    assignee = visit.form.text("assignee", most=40)
    due_on = visit.form.day("due_on", required=False)
    visit.form.check()
    talk_actions.note_action_point(visit.tx, number(visit), text=text, assignee=assignee, due_on=due_on)
    return _back(visit, said="action_point_noted")


def remove_action_point(visit: Visit) -> Response:
    talk_actions.remove_action_point(visit.tx, number(visit), visit.params["action_point_id"])
    return _back(visit)


def renew_door_code(visit: Visit) -> Response:
    presence_actions.renew_door_code(visit.tx, number(visit))
    return _back(visit, said="door_code_renewed")


# --- the projector -----------------------------------------------------------------------------------------------------


def projector_page(visit: Visit) -> Response:
    now = board.read(visit.session, visit.council_id, number(visit), visit.now, drafts=steers(visit))
    return visit.render(
        "meeting/projector.html",
        board=now,
        live_at=visit.url(f"/live/meetings/{now.meeting.id}?view=wall"),
        qr=door_qr(visit.site.settings.base_url, visit.url(), now.meeting),
    )


def door_address(base_url: str, council_url: str, meeting: Meeting) -> str:
    return f"{base_url}{council_url}/meetings/{meeting.id}/door/{meeting.door_code}"


def door_qr(base_url: str, council_url: str, meeting: Meeting) -> Markup:
    return qr.svg(door_address(base_url, council_url, meeting))


def door_sheet(visit: Visit) -> Response:
    """Hung at the door of the room; the code on it is the one on the projector."""
    meeting = found_for_desk(visit)
    picture = door_qr(visit.site.settings.base_url, visit.url(), meeting)
    return visit.render("meeting/door_sheet.html", meeting=meeting, qr_svg=picture)


# --- the desk ----------------------------------------------------------------------------------------------------------


def desk_page(visit: Visit) -> Response:
    meeting = found_for_desk(visit)
    here = queries.presences(visit.session, meeting.id)
    present = [one for one in here if one.left_at is None]
    in_room = {one.account_id for one in present if one.mode == rules.Mode.ROOM}
    heads = who.heads_on_roll(visit.session, meeting)
    return visit.render(
        "meeting/desk.html",
        meeting=meeting,
        state=rules.state(meeting, visit.now),
        signing_in=rules.signing_in(rules.state(meeting, visit.now), meeting.starts_at, visit.now),
        door_opens=rules.door_opens(meeting.starts_at),
        present=list(reversed(present)),
        left=[one for one in here if one.left_at is not None],
        signed_by=names(visit.session, [one.signed_in_by for one in present]),
        absent=[one for one in who.invitees(visit.session, visit.council_id) if one.account_id not in in_room],
        heads=list(heads.values()),
        here=board.read(visit.session, visit.council_id, meeting.id, visit.now, drafts=True).here,
    )


def found_for_desk(visit: Visit) -> Meeting:
    return queries.meeting(visit.session, visit.council_id, number(visit), drafts=False)


def sign_in_at_desk(visit: Visit) -> Response:
    """A member by the words of the list, or a guest by name; both in one field, so that a queue moves. A name that is
    not on the list is asked about once: it may be a member's, typed wrong."""
    meeting = found_for_desk(visit)
    typed = visit.form.text("person", most=100)
    home = visit.form.text("home", most=60, required=False)
    head = visit.form.text("head", most=120, required=False)
    visit.form.check()
    named = [one for one in who.invitees(visit.session, visit.council_id) if typed in (one.label, one.name)]
    exact = [one for one in named if one.label == typed or (home and one.home == home)]
    fitting = exact or ([] if home else named)
    if len(fitting) > 1 and not exact:
        raise Refused("several_of_that_name", field="person", name=typed)
    member = next(iter(fitting), None)
    typed_head = head.split(" · ")[0] or None
    if member is not None:
        presence = presence_actions.sign_in_at_desk(
            visit.tx,
            meeting.id,
            account_id=member.account_id,
            name=member.name,
            home=member.home,
            role=member.role,
            head_key=member.head_key,
            typed_head=typed_head,
        )
    else:
        if len(typed) > 40:
            raise Refused("too_long", field="person", most=40, have=len(typed))
        rules.may_sign_in(rules.state(meeting, visit.now), meeting.starts_at, visit.now)
        if not home and not typed_head and visit.form.raw("as_guest") != typed:
            raise Refused("not_on_list", field="as_guest", name=typed)
        presence = presence_actions.sign_in_at_desk(
            visit.tx,
            meeting.id,
            account_id=None,
            name=typed,
            home=home,
            role="owner" if typed_head else "guest",
            head_key=None,
            typed_head=typed_head,
        )
    return visit.to(visit.url(f"/meetings/{meeting.id}/desk?last={presence.id}"))


def sign_out_at_desk(visit: Visit) -> Response:
    presence_actions.leave(visit.tx, number(visit), visit.params["presence_id"])
    return visit.to(visit.url(f"/meetings/{number(visit)}/desk"), said="presence_left")


def undo_at_desk(visit: Visit) -> Response:
    presence_actions.undo_sign_in(visit.tx, number(visit), visit.params["presence_id"])
    return visit.to(visit.url(f"/meetings/{number(visit)}/desk"), said="sign_in_undone")
