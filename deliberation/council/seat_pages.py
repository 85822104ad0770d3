"""Who sits on the council, the numbers it works by, and its pictures."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import actions, queries
from deliberation.council.invitations import invited, phone_of
from deliberation.council.rules import COUNCIL_GIVES, Role
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import BY_TWO
from deliberation.council.slips import queries as slip_queries
from deliberation.council.tables import Seat
from deliberation.db import photos
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, NotHere, seat
from deliberation.web.visit import Visit


def seats_page(visit: Visit) -> Response:
    return visit.render(
        "council/seats.html",
        seats=queries.seats(visit.session, visit.council_id),
        council=queries.settings_of(visit.session, visit.council_id),
        roles=COUNCIL_GIVES,
        buildings=slip_queries.places(visit.session, visit.council_id),
        changes=seating_queries.waiting(visit.session, visit.council_id),
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
    ended = seating_actions.end(visit.tx, found)
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

routes: list[Route] = [
    page("/c/{council}/seats", seats_page, needs=MEMBER),
    act("/c/{council}/seats", appoint, needs=_MODERATOR, page="/c/{council}/seats"),
    act("/c/{council}/seats/{seat_id:int}/ending", end_seat, needs=_MODERATOR, page="/c/{council}/seats"),
    act(
        "/c/{council}/people/{account_id:int}/link",
        link,
        needs=seat(Role.MODERATOR, Role.DESK, Role.RECORDER),
        page="/c/{council}/seats",
        rate="20/minute",
    ),
    page("/c/{council}/settings", settings_page, needs=_MODERATOR),
    act("/c/{council}/settings", change_settings, needs=_MODERATOR, page="/c/{council}/settings"),
    page("/c/{council}/photos/{photo_id:int}", photo, needs=MEMBER),
]
