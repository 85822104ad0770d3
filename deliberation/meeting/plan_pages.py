"""Before and after a meeting: the list, calling one, its agenda, its notice, and what happened in it."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event
from starlette.responses import Response

from deliberation.council.queries import settings_of
from deliberation.council.rules import Role
from deliberation.jobs.clock import local
from deliberation.meeting import board, plan_actions, queries, record_queries, rules
from deliberation.meeting.plan_actions import Plan
from deliberation.meeting.tables import Meeting
from deliberation.web import qr
from deliberation.web.viewer import NotHere
from deliberation.web.visit import Visit

STEERS = (Role.MODERATOR, Role.RECORDER)
"""Who plans and steers a meeting."""
CALLS_OFF = (Role.MODERATOR,)
"""Whose word it is that a meeting does not take place."""
STAFF = (*STEERS, Role.DESK)
USUAL_MINUTES = 90
USUAL_ITEM_MINUTES = 30


def steers(visit: Visit) -> bool:
    return bool(visit.roles & set(STEERS))


def number(visit: Visit) -> int:
    return int(visit.params["meeting_id"])


def found(visit: Visit) -> Meeting:
    """The meeting asked for; one not yet announced is there only for those who plan it."""
    return queries.meeting(visit.session, visit.council_id, number(visit), drafts=steers(visit))


def list_page(visit: Visit) -> Response:
    rows = queries.meetings(visit.session, visit.council_id, drafts=steers(visit))
    return visit.render(
        "meeting/list.html",
        ahead=[row for row in reversed(rows) if row.state(visit.now) not in rules.OVER],
        past=[row for row in rows if row.closed_at is not None],
        fallen=[row for row in rows if row.state(visit.now) in rules.OVER and row.closed_at is None],
        steers=steers(visit),
    )


def new_page(visit: Visit) -> Response:
    """`?motion=`: the motion whose page led here; it becomes the first item, or joins a meeting in preparation."""
    quorum = settings_of(visit.session, visit.council_id).meeting_quorum
    start = local(visit.now + rules.LEAD + timedelta(days=1)).replace(hour=19, minute=30)
    motions = queries.ready_motions(visit.session, visit.council_id)
    asked = visit.query("motion")
    return visit.render(
        "meeting/new.html",
        quorum=quorum,
        start=start,
        lead_days=rules.LEAD.days,
        motions=motions,
        asked=next((one for one in motions if str(one.id) == asked), None),
        others=[
            one
            for one in queries.in_preparation(visit.session, visit.council_id)
            if one.state(visit.now) not in rules.OVER
        ],
    )


def _plan(visit: Visit) -> Plan:
    form = visit.form
    plan = Plan(
        title=form.text("title", most=60, least=2),
        starts_at=form.moment("starts_at"),
        place=form.text("place", most=80, least=2),
        online_link=form.text("online_link", most=300, required=False),
        quorum=form.whole("quorum", least=0, most=2000, default=0),
        invited=form.text("invited", most=200, required=False),
    )
    form.check()
    rules.online_link(plan.online_link)
    return plan


def call(visit: Visit) -> Response:
    motion_id = visit.form.whole("motion_id", least=0, most=10**9, default=0)
    meeting = plan_actions.call(visit.tx, _plan(visit))
    if motion_id:
        plan_actions.add_item(visit.tx, meeting.id, minutes_planned=USUAL_ITEM_MINUTES, motion_id=motion_id)
    return visit.to(visit.url(f"/meetings/{meeting.id}/editing"), said="meeting_called")


def editing_page(visit: Visit) -> Response:
    meeting = found(visit)
    return visit.render(
        "meeting/editing.html",
        meeting=meeting,
        state=rules.state(meeting, visit.now),
        items=queries.items(visit.session, meeting.id),
        motions=queries.ready_motions(visit.session, visit.council_id),
        short_notice=meeting.starts_at - visit.now < rules.LEAD,
        lead_days=rules.LEAD.days,
        calls_off=bool(visit.roles & set(CALLS_OFF)),
    )


def edit(visit: Visit) -> Response:
    plan_actions.change(visit.tx, number(visit), _plan(visit))
    return visit.to(visit.url(f"/meetings/{number(visit)}/editing"), said="meeting_changed")


def add_item(visit: Visit) -> Response:
    form = visit.form
    motion_id = form.whole("motion_id", least=0, most=10**9, default=0)
    minutes = form.whole("minutes_planned", least=1, most=240, default=10)
    title = "" if motion_id else form.text("item_title", most=60, least=2)
    text = form.text("item_text", most=500, required=False, one_line=False)
    form.check()
    plan_actions.add_item(
        visit.tx, number(visit), title=title, text=text, minutes_planned=minutes, motion_id=motion_id or None
    )
    return visit.to(visit.url(f"/meetings/{number(visit)}/editing#agenda"), said="item_added")


def move_item(visit: Visit) -> Response:
    way = visit.form.choice("way", ("up", "down"))
    visit.form.check()
    plan_actions.move_item(visit.tx, number(visit), visit.params["item_id"], up=way == "up")
    return visit.to(visit.url(f"/meetings/{number(visit)}/editing#agenda"))


def remove_item(visit: Visit) -> Response:
    plan_actions.remove_item(visit.tx, number(visit), visit.params["item_id"])
    return visit.to(visit.url(f"/meetings/{number(visit)}/editing#agenda"), said="item_removed")


def announce(visit: Visit) -> Response:
    plan_actions.announce(visit.tx, number(visit))
    return visit.to(visit.url(f"/meetings/{number(visit)}"), said="meeting_announced")


def call_off(visit: Visit) -> Response:
    reason = visit.form.text("called_off_reason", most=200, least=2)
    visit.form.check()
    plan_actions.call_off(visit.tx, number(visit), reason)
    return visit.to(visit.url(f"/meetings/{number(visit)}"), said="meeting_called_off")


def meeting_page(visit: Visit) -> Response:
    meeting = found(visit)
    state = rules.state(meeting, visit.now)
    closed = state is rules.State.CLOSED
    return visit.render(
        "meeting/meeting.html",
        meeting=meeting,
        state=state,
        items=queries.items(visit.session, meeting.id),
        signing_in=rules.signing_in(state, meeting.starts_at, visit.now),
        mine=queries.presence_of(visit.session, meeting.id, visit.me),
        steers=steers(visit),
        staff=bool(visit.roles & set(STAFF)),
        record=record_queries.record_of(visit.session, visit.council_id, meeting.id) if closed else None,
        here=board.read(visit.session, visit.council_id, meeting.id, visit.now).here if closed else None,
    )


def sheet(visit: Visit) -> Response:
    """The notice on paper, for the board in each entrance; its code leads to the meeting's page, not to its door."""
    meeting = found(visit)
    address = f"{visit.site.settings.base_url}{visit.url(f'/meetings/{meeting.id}')}"
    return visit.render(
        "meeting/sheet.html",
        meeting=meeting,
        items=queries.items(visit.session, meeting.id),
        qr_svg=qr.svg(address),
        address=address,
    )


def calendar(visit: Visit) -> Response:
    """The meeting as a calendar entry, for the phone's own reminder."""
    meeting = found(visit)
    if meeting.notice_at is None:
        raise NotHere
    address = visit.site.settings.base_url + visit.url(f"/meetings/{meeting.id}")
    agenda = queries.items(visit.session, meeting.id)
    minutes = sum(item.minutes_planned for item in agenda) or USUAL_MINUTES
    entry = Event()
    entry.add("uid", f"meeting-{meeting.id}@{visit.council.slug if visit.council else ''}")
    entry.add("dtstamp", meeting.notice_at)
    entry.add("dtstart", meeting.starts_at)
    entry.add("dtend", meeting.starts_at + timedelta(minutes=minutes))
    entry.add("summary", meeting.title)
    entry.add("location", meeting.place)
    if meeting.called_off_at is not None:
        entry.add("status", "CANCELLED")
    entry.add("url", address)
    lines = [f"{at}. {item.title}" for at, item in enumerate(agenda, start=1)]
    entry.add("description", "\n".join([*lines, address]))
    whole = Calendar()
    whole.add("prodid", "-//neighbor council//meetings//")
    whole.add("version", "2.0")
    whole.add_component(entry)
    return Response(
        whole.to_ical(),
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="meeting-{meeting.id}.ics"'},
    )
