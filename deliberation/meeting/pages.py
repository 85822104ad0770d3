"""Every address of a meeting, and who may use it."""

from __future__ import annotations

from starlette.routing import BaseRoute

from deliberation.meeting import console_pages as console
from deliberation.meeting import live_pages as live
from deliberation.meeting import plan_pages as plan
from deliberation.meeting import sockets
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, MEMBER, seat

STEERS = seat(*plan.STEERS)
STAFF = seat(*plan.STAFF)
CALLS_OFF = seat(*plan.CALLS_OFF)
ALL = "/c/{council}/meetings"
ONE = ALL + "/{meeting_id:int}"
LIVE, CONSOLE, EDITING, DESK = f"{ONE}/live", f"{ONE}/console", f"{ONE}/editing", f"{ONE}/desk"
DOOR = ONE + "/door/{code}"

routes: list[BaseRoute] = [
    page(ALL, plan.list_page, needs=MEMBER),
    page(f"{ALL}/new", plan.new_page, needs=STEERS),
    act(ALL, plan.call, needs=STEERS, page=f"{ALL}/new"),
    page(ONE, plan.meeting_page, needs=MEMBER),
    page(f"{ONE}/calendar.ics", plan.calendar, needs=MEMBER),
    page(f"{ONE}/sheet", plan.sheet, needs=MEMBER),
    page(EDITING, plan.editing_page, needs=STEERS),
    act(EDITING, plan.edit, needs=STEERS, page=EDITING),
    act(f"{ONE}/items", plan.add_item, needs=STEERS, page=EDITING),
    act(ONE + "/items/{item_id:int}/moving", plan.move_item, needs=STEERS, page=EDITING),
    act(ONE + "/items/{item_id:int}/removing", plan.remove_item, needs=STEERS, page=EDITING),
    act(f"{ONE}/calling-off", plan.call_off, needs=CALLS_OFF, page=EDITING),
    act(f"{ONE}/notice", plan.announce, needs=STEERS, page=EDITING),
    # In the meeting
    page(LIVE, live.live_page, needs=MEMBER),
    page(f"{LIVE}/mine", live.own_part, needs=MEMBER),
    act(f"{ONE}/signing-in", live.sign_in_online, needs=MEMBER, page=LIVE),
    act(f"{ONE}/leaving", live.leave, needs=MEMBER, page=LIVE),
    page(DOOR, live.door_page, needs=ANYONE),
    act(DOOR, live.come_in, needs=MEMBER, page=DOOR),
    act(f"{ONE}/door", live.come_in_by_typing, needs=MEMBER, page=LIVE),
    act(f"{ONE}/turns", live.ask, needs=MEMBER, page=LIVE),
    act(f"{ONE}/turns/withdrawing", live.withdraw, needs=MEMBER, page=LIVE),
    act(f"{ONE}/statements", live.say, needs=MEMBER, page=LIVE, rate="20/minute"),
    act(ONE + "/straws/{straw_id:int}/marks", live.mark, needs=MEMBER, page=LIVE),
    # Steering it
    page(CONSOLE, console.console_page, needs=STEERS),
    page(f"{CONSOLE}/board", console.console_board, needs=STEERS),
    act(f"{ONE}/opening", console.open_meeting, needs=STEERS, page=CONSOLE),
    act(f"{ONE}/closing", console.close_meeting, needs=STEERS, page=CONSOLE),
    act(ONE + "/items/{item_id:int}/opening", console.open_item, needs=STEERS, page=CONSOLE),
    act(ONE + "/items/{item_id:int}/conclusion", console.conclude, needs=STEERS, page=CONSOLE),
    act(f"{ONE}/floor/stopping", console.stop, needs=STEERS, page=CONSOLE, rate="120/minute"),
    act(f"{ONE}/floor/extending", console.extend, needs=STEERS, page=CONSOLE, rate="120/minute"),
    act(ONE + "/turns/{turn_id:int}/starting", console.give_floor, needs=STEERS, page=CONSOLE, rate="120/minute"),
    act(ONE + "/turns/{turn_id:int}/first", console.put_first, needs=STEERS, page=CONSOLE),
    act(ONE + "/turns/{turn_id:int}/striking", console.strike, needs=STEERS, page=CONSOLE),
    act(ONE + "/presences/{presence_id:int}/turns", console.put_on_list, needs=STEERS, page=CONSOLE),
    act(f"{ONE}/straws", console.open_straw, needs=STEERS, page=CONSOLE),
    act(ONE + "/straws/{straw_id:int}/closing", console.close_straw, needs=STEERS, page=CONSOLE),
    act(f"{ONE}/statements/noted", console.note_statement, needs=STEERS, page=CONSOLE),
    act(ONE + "/statements/{statement_id:int}/hiding", console.hide_statement, needs=STEERS, page=CONSOLE),
    act(f"{ONE}/action-points", console.note_action_point, needs=STEERS, page=CONSOLE),
    act(
        ONE + "/action-points/{action_point_id:int}/removing",
        console.remove_action_point,
        needs=STEERS,
        page=CONSOLE,
    ),
    act(f"{ONE}/door-code", console.renew_door_code, needs=STEERS, page=CONSOLE),
    page(f"{ONE}/projector", console.projector_page, needs=STAFF),
    page(DESK, console.desk_page, needs=STAFF, reads=Reads("presence", of="meeting_id")),
    act(DESK, console.sign_in_at_desk, needs=STAFF, page=DESK, rate="120/minute"),
    act(ONE + "/presences/{presence_id:int}/leaving", console.sign_out_at_desk, needs=STAFF, page=DESK),
    act(ONE + "/presences/{presence_id:int}/undoing", console.undo_at_desk, needs=STAFF, page=DESK),
    page(f"{ONE}/door-sheet", console.door_sheet, needs=STAFF),
    *sockets.routes,
]
