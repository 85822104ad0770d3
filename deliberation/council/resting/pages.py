"""The number that the holder of a resting seat shows, and the form in which another types it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation import typed
from deliberation.council.platform_pages import named_council
from deliberation.council.resting import actions as resting_actions
from deliberation.council.resting import queries as resting_queries
from deliberation.council.resting import rules as resting_rules
from deliberation.web.routing import act, page
from deliberation.web.viewer import PERSON, PLATFORM, NotHere, seat
from deliberation.web.visit import Visit


def resting_page(visit: Visit) -> Response:
    """On the phone of whoever holds the seat."""
    found = resting_queries.of_account(visit.session, visit.council_id, visit.me)
    if not found:
        # Seen meanwhile: they go on to what they came for.
        return visit.to(visit.url())
    secret = visit.site.settings.secret
    return visit.render(
        "council/resting.html",
        seats=[
            (
                one,
                resting_rules.number(secret, seat_id=one.id, since=one.rests_since),
                resting_queries.who_sees(visit.session, visit.council_id, one),
            )
            for one in found
            if one.rests_since
        ],
    )


def see(visit: Visit) -> Response:
    return _see(visit, visit.council_id, back=visit.url("/seats"), by_platform=False)


def see_from_platform(visit: Visit) -> Response:
    council = named_council(visit)
    return _see(visit, council.id, back=f"/platform/councils/{council.slug}", by_platform=True)


def _see(visit: Visit, council_id: int, *, back: str, by_platform: bool) -> Response:
    seat_id = visit.params["seat_id"]
    if not resting_queries.resting(visit.session, council_id, seat_id):
        raise NotHere
    sent = visit.form.text(f"number_{seat_id}", most=20)
    visit.form.check()
    visit.tx.council_id = council_id
    begins = resting_actions.see(
        visit.tx, visit.site.settings.secret, seat_id, typed.digits(sent), by_platform=by_platform
    )
    return visit.to(back, said="seat_begins" if begins else "seat_seen")


_SEATS = "/c/{council}/seats"
_PLATFORM = "/platform/councils/{slug}"

routes: list[Route] = [
    page("/c/{council}/resting", resting_page, needs=PERSON),
    act(f"{_SEATS}/{{seat_id:int}}/seeing", see, needs=seat(*resting_queries.SEES), page=_SEATS, rate="20/hour"),
    act(f"{_PLATFORM}/seats/{{seat_id:int}}/seeing", see_from_platform, needs=PLATFORM, page=_PLATFORM, rate="20/hour"),
]
