"""Whether a receipt is in the list of ballots: open to everybody, since a receipt never says what was chosen."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation import typed
from deliberation.ballot import queries, rules
from deliberation.council.queries import settings_of
from deliberation.web.routing import page
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit

WRONG_ONES = "20/10minute"
"""Wrong receipts that one address may try; 80 bits are not guessed, but nobody has to serve the trying."""


def slip_address(visit: Visit, receipt: str) -> str:
    """Where the code on a receipt leads: no sign-in is needed there."""
    return f"{visit.site.settings.base_url}{visit.url(f'/slips?no={receipt}')}"


def slips_page(visit: Visit) -> Response:
    receipt = visit.query("no").strip()[:60]
    if not receipt:
        return visit.render("ballot/no_slip.html", typed="", have=0, length=rules.RECEIPT_LENGTH)
    visit.site.limiter.room(WRONG_ONES, "slips", visit.network)
    council_id = visit.council_id if visit.council else None
    found = queries.slip_by_receipt(visit.session, receipt, council_id)
    if found is None:
        visit.site.limiter.hit(WRONG_ONES, "slips", visit.network)
        have = len(typed.letters(receipt))
        return visit.render("ballot/no_slip.html", 404, typed=receipt, have=have, length=rules.RECEIPT_LENGTH)
    slip, its_council, poll_id = found
    if council_id is None:
        return visit.to(f"/c/{settings_of(visit.session, its_council).slug}/slips?no={slip.receipt}")
    poll = queries.poll(visit.session, council_id, poll_id)
    return visit.render("ballot/found_slip.html", poll=poll, slip=slip)


def old_address(visit: Visit) -> Response:
    """What the codes on receipts handed out earlier lead to."""
    return visit.to(visit.url(f"/slips?no={typed.letters(visit.params['receipt'][:60])}"))


routes: list[Route] = [
    page("/slips", slips_page, needs=ANYONE),
    page("/c/{council}/slips", slips_page, needs=ANYONE),
    page("/c/{council}/polls/{poll_id:int}/slip/{receipt}", old_address, needs=ANYONE),
]
