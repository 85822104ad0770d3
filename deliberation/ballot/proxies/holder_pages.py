"""Which resident a paper means: asked where it is recorded, and later for those who have joined since."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot.proxies import holder_actions
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies import rules as proxy_rules
from deliberation.ballot.proxies.queries import Holder
from deliberation.ballot.tables import Proxy
from deliberation.council.rules import STAFF
from deliberation.web.routing import act
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit

NOBODY = "0"
"""Somebody of the same name who is no resident here."""


@dataclass(frozen=True)
class Joined:
    """A proxy in force, held by a name alone, and the residents of that name."""

    proxy: Proxy
    residents: list[Holder]


def named(visit: Visit) -> list[Holder]:
    """The residents of the name that was typed, where no number says who is meant."""
    name = visit.form.raw("holder_name").strip()
    if not name or visit.form.raw("holder_phone").strip():
        return []
    return proxy_queries.residents_named(visit.session, visit.council_id, name)


def chosen(visit: Visit, own_head: str) -> int | None:
    """Whom the clerk has chosen among them; None for somebody else, or where nobody but the owners themselves has that name."""
    found = [one for one in named(visit) if one.head_key != own_head]
    if not found:
        return None
    return int(visit.form.choice("holder", (*(str(one.account_id) for one in found), NOBODY))) or None


def joined(visit: Visit, inforce: list[Proxy]) -> list[Joined]:
    residents = proxy_queries.residents_by_name(visit.session, visit.council_id)
    return [
        Joined(one, found)
        for one in inforce
        if one.holder_id is None
        and (found := residents.get(proxy_rules.named(one.holder_name)))
        and not proxy_queries.in_place_of(visit.session, one)
    ]


def name_holder(visit: Visit) -> Response:
    found = proxy_queries.proxy(visit.tx.session, visit.council_id, visit.params["proxy_id"])
    account_id = visit.form.whole("holder", least=1, most=2**31 - 1)
    visit.form.check()
    holder_actions.name_holder(visit.tx, found, account_id or 0)
    return visit.to(visit.url("/proxies/desk"), said="proxy_recorded")


_DESK = "/c/{council}/proxies/desk"
routes: list[Route] = [act("/c/{council}/proxies/{proxy_id:int}/holder", name_holder, needs=seat(*STAFF), page=_DESK)]
