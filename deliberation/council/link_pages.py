"""The pages behind links that work once: they say who gave the link and for what before they ask for a password. What is sent
from them is about the account alone, and so belongs to `people`."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import link_queries
from deliberation.people import queries as people_queries
from deliberation.people.recovery import pages as recovery_pages
from deliberation.people.recovery import queries as recovery_queries
from deliberation.people.rules import LEAST_PASSWORD
from deliberation.web.routing import page
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit
from votes.refusal import Refused


def invitation_page(visit: Visit) -> Response:
    link = people_queries.live_link(visit.session, visit.params["token"], "invite", visit.now)
    if link is None or link.account_id is None:
        raise Refused("link_used_up")
    return _shown(visit, link.account_id, link.council_id, link.made_by)


def recovery_page(visit: Visit) -> Response:
    recovery = recovery_queries.by_token(visit.session, visit.params["token"], visit.now)
    if recovery is None:
        raise Refused("link_used_up")
    return _shown(visit, recovery.account_id, recovery.council_id, recovery.started_by, recovery.confirmed_by)


def _shown(visit: Visit, account_id: int, council_id: int | None, *givers: int | None) -> Response:
    return visit.render(
        "council/first_password.html",
        name=people_queries.names(visit.session, [account_id])[account_id],
        leads=link_queries.leads(visit.session, council_id, account_id, *givers),
        least=LEAST_PASSWORD,
    )


routes: list[Route] = [
    page("/invitations/{token}", invitation_page, needs=ANYONE),
    page(recovery_pages.PAGE, recovery_page, needs=ANYONE),
]
