"""My own page: what I am in which council, what I did there, and my devices."""

from __future__ import annotations

from starlette.responses import Response

from deliberation.council import queries
from deliberation.front import mine
from deliberation.people.device_queries import told
from deliberation.people.queries import sign_ins
from deliberation.people.rules import device
from deliberation.people.tables import Account
from deliberation.web.visit import Visit


def account_page(visit: Visit) -> Response:
    account = visit.session.get_one(Account, visit.me)
    return visit.render(
        "front/account.html",
        identifier=" · ".join(one for one in (account.phone, account.sign_in_name) if one),
        ties=queries.ties_of(visit.session, visit.me),
        traces=mine.traces(visit.session, visit.me),
        sign_ins=sign_ins(visit.session, visit.me, visit.now),
        device_kind=device,
        provider=visit.site.settings.openid.name if visit.site.settings.openid else "",
        account_notices=told(visit.session, visit.person),
    )
