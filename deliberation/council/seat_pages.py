"""Who sits on the council, one seat, giving and ending it; the numbers the council works by, and its pictures."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import actions, queries
from deliberation.council.invitations import invited, phone_of
from deliberation.council.resting import queries as resting_queries
from deliberation.council.rules import COUNCIL_GIVES, SECOND_STEP, Role
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import past_queries
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import AGREES, BY_TWO, Kind, ends_by_two
from deliberation.council.slips import queries as slip_queries
from deliberation.council.tables import Seat
from deliberation.db import photos
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, NotHere, seat
from deliberation.web.visit import Visit

ENDED_SHOWN = 20


def seats_page(visit: Visit) -> Response:
    """What waits for its reader comes first; then who holds what."""
    sits = queries.seats(visit.session, visit.council_id)
    changes = seating_queries.waiting(visit.session, visit.council_id)
    ended = queries.ended_seats(visit.session, visit.council_id, ENDED_SHOWN)
    return visit.render(
        "council/seats.html",
        count=len(sits),
        holders=[
            (role, found)
            for role in Role
            if (found := [one for one in sits if one.role == role]) or role in SECOND_STEP
        ],
        council=queries.settings_of(visit.session, visit.council_id),
        to_agree=[one for one in changes if one.agrees(visit.me, *AGREES)],
        others=[one for one in changes if not one.agrees(visit.me, *AGREES)],
        rests=resting_queries.that_rest(sits),
        reasons=past_queries.reasons(visit.session, visit.council_id) if changes else {},
        ended=ended,
        endings=past_queries.endings(visit.session, visit.council_id) if ended else {},
    )


def seat_page(visit: Visit) -> Response:
    found = queries.seat(visit.session, visit.council_id, visit.params["seat_id"])
    if found is None:
        raise NotHere
    waits = seating_queries.waits(visit.session, visit.council_id, found.account_id, Kind.ENDING, found.role)
    return visit.render(
        "council/seat.html",
        seat=found,
        ending=past_queries.endings(visit.session, visit.council_id).get(found.id),
        ends_by_two=ends_by_two(found.role, own=found.account_id == visit.me),
        by_two=found.role in BY_TWO,
        waits=waits,
    )


def new_page(visit: Visit) -> Response:
    return visit.render(
        "council/seat_new.html",
        roles=COUNCIL_GIVES,
        by_two=BY_TWO,
        buildings=slip_queries.places(visit.session, visit.council_id),
    )


def appoint(visit: Visit) -> Response:
    name, phone = visit.form.text("name", most=40), phone_of(visit)
    role = visit.form.choice("role", COUNCIL_GIVES)
    building = ""
    if role == Role.BUILDING:
        building = visit.form.choice("building", slip_queries.places(visit.session, visit.council_id))
    visit.form.check()
    if role in BY_TWO:
        guest = actions.person_at(visit.tx, name=name, phone=phone, link=False)
        seating_actions.put(visit.tx, guest.account_id, role, building=building)
        return visit.to(visit.url("/seats"), said="seat_put")
    guest = actions.person_at(visit.tx, name=name, phone=phone)
    actions.appoint(visit.tx, guest.account_id, role)
    if guest.token is None:
        return visit.to(visit.url("/seats"), said="appointed")
    return invited(visit, guest, council=_name(visit), back=visit.url("/seats"), role=role)


def end_seat(visit: Visit) -> Response:
    found = visit.tx.session.get(Seat, visit.params["seat_id"])
    if found is None or found.council_id != visit.council_id or found.until is not None:
        raise NotHere
    reason = visit.form.text("reason", most=200, least=4)
    visit.form.check()
    ended = seating_actions.end(visit.tx, found, reason=reason)
    return visit.to(visit.url("/seats"), said="seat_ended" if ended else "seat_put")


def link(visit: Visit) -> Response:
    """A slip for a new password, for somebody who belongs to this council."""
    account_id = visit.params["account_id"]
    if visit.council_id not in {one.id for one in queries.councils_of(visit.session, account_id)}:
        raise NotHere
    guest = actions.new_link(visit.tx, account_id, by_moderator=Role.MODERATOR in visit.roles)
    return invited(visit, guest, council=_name(visit), back=visit.url("/seats"))


def _name(visit: Visit) -> str:
    return visit.council.name if visit.council else ""


def settings_page(visit: Visit) -> Response:
    return visit.render("council/settings.html", council=queries.settings_of(visit.session, visit.council_id))


def change_settings(visit: Visit) -> Response:
    form = visit.form
    changes: dict[str, object] = {
        "contact": form.text("contact", most=200, required=False),
        "rules_text": form.text("rules_text", most=20_000, required=False, one_line=False),
        "seconds_needed": form.whole("seconds_needed", least=1, most=200),
        "objection_days": form.whole("objection_days", least=1, most=90),
        "confirm_days": form.whole("confirm_days", least=1, most=30),
        "meeting_quorum": form.whole("meeting_quorum", least=0, most=5_000),
        "proxy_limit": form.whole("proxy_limit", least=1, most=20, default=3),
        "count_parking": form.ticked("count_parking"),
        "invalid_takes_part": form.ticked("invalid_takes_part"),
        "staff_second_step": form.ticked("staff_second_step"),
    }
    form.check()
    changed = actions.change_settings(visit.tx, changes)
    return visit.to(visit.url("/settings"), said="settings_kept" if changed else "nothing_changed")


def photo(visit: Visit) -> Response:
    body = photos.body(visit.session, visit.council_id, visit.params["photo_id"], visit.me)
    if body is None:
        raise NotHere
    kept = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(body, media_type="image/jpeg", headers=kept)


_MODERATOR = seat(Role.MODERATOR)
_SEATS = "/c/{council}/seats"

routes: list[Route] = [
    page(_SEATS, seats_page, needs=MEMBER),
    page(f"{_SEATS}/new", new_page, needs=_MODERATOR),
    act(_SEATS, appoint, needs=_MODERATOR, page=f"{_SEATS}/new"),
    page(f"{_SEATS}/{{seat_id:int}}", seat_page, needs=MEMBER),
    act(f"{_SEATS}/{{seat_id:int}}/ending", end_seat, needs=_MODERATOR, page=f"{_SEATS}/{{seat_id:int}}"),
    act(
        "/c/{council}/people/{account_id:int}/link",
        link,
        needs=seat(Role.MODERATOR, Role.DESK, Role.RECORDER),
        page=_SEATS,
        rate="20/minute",
    ),
    page("/c/{council}/settings", settings_page, needs=_MODERATOR),
    act("/c/{council}/settings", change_settings, needs=_MODERATOR, page="/c/{council}/settings"),
    page("/c/{council}/photos/{photo_id:int}", photo, needs=MEMBER),
]
