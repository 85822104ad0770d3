"""Signing in at an OpenID provider, where the settings name one; and tying its account to mine.

A link leads there, since the policy lets no form lead elsewhere; coming back shows a page with one button, since only a form
may write.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation import keyed
from deliberation.people import typed_pages
from deliberation.people.devices import actions as device_actions
from deliberation.people.pages import enter, local_path
from deliberation.people.passkeys import actions as passkey_actions
from deliberation.people.password_pages import password_again
from deliberation.people.provider import actions as provider_actions
from deliberation.people.provider import openid
from deliberation.people.provider.openid import Asking
from deliberation.people.sealing import read_ticket, ticket
from deliberation.people.tables import Account
from deliberation.settings import OpenId
from deliberation.web.lanes import ASKING
from deliberation.web.limits import TooOften
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, PERSON
from deliberation.web.visit import Visit
from votes.refusal import Refused

PAGE = "/account/provider"
RETURN = "/sign-in/provider/return"
COOKIE = "provider"
LASTS = timedelta(minutes=10)
ASKED = "600/minute"
"""From one address, as for other ways in: how many wait for the provider at a time is bounded where it is asked."""


def _provider(visit: Visit) -> OpenId:
    if visit.site.settings.openid is None:
        raise Refused("no_provider_here")
    return visit.site.settings.openid


def _back(visit: Visit) -> str:
    return f"{visit.site.settings.base_url}{RETURN}"


def _ask(visit: Visit, account_id: int, onward: str, before: str = "") -> Response:
    """`before`: under what name lies what was typed before signing in."""
    provider, who = _provider(visit), str(account_id or visit.network)
    visit.site.limiter.hit(ASKED, "provider", who)
    asking = Asking(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    visit.data.stop_reading()
    response = visit.to(openid.address(provider, _back(visit), asking))
    facts = {**asking.__dict__, "guard": visit.guard, "account": account_id, "next": onward, "before": before}
    sealed = ticket(visit.site.settings.secret, COOKIE, visit.now + LASTS, facts)
    visit.keep(response, COOKIE, sealed, seconds=int(LASTS.total_seconds()))
    return response


def ask_to_sign_in(visit: Visit) -> Response:
    onward, before = local_path(visit.query("next", "/")), visit.query("before")
    try:
        return _ask(visit, 0, onward, before)
    except Refused as problem:
        return _turned_back(visit, problem, typed_pages.back_to_sign_in(onward, before))


def _turned_back(visit: Visit, problem: Refused, back: str) -> Response:
    """To the other ways in, with what was typed."""
    visit.refuse(problem)
    return visit.render("web/refused.html", 429 if isinstance(problem, TooOften) else 422, back=back)


def ask_to_tie(visit: Visit) -> Response:
    return _ask(visit, visit.me, PAGE)


def _asked(visit: Visit, state: str) -> dict[str, Any]:
    """What this browser was sent off with; the state that comes back must be the same, and the person too."""
    facts = read_ticket(visit.site.settings.secret, COOKIE, visit.cookie(COOKIE) or "", visit.now)
    me = visit.person.account_id if visit.person else 0
    if (
        facts is None
        or facts["guard"] != visit.guard
        or not keyed.same(facts["state"], state)
        or facts["account"] not in {0, me}
    ):
        raise Refused("provider_does_not_hold")
    return facts


def return_page(visit: Visit) -> Response:
    if visit.refusal and not (visit.site.settings.openid and visit.form.raw("state")):
        return visit.render("web/refused.html")
    provider = _provider(visit)
    code, state = (
        visit.form.raw(name) or visit.request.query_params.get(name, "")[:2000] for name in ("code", "state")
    )
    facts = _asked(visit, state)
    back = PAGE if facts["account"] else typed_pages.back_to_sign_in(facts["next"], facts.get("before", ""))
    if not code:
        return _turned_back(visit, Refused("provider_said_no"), back)
    has_password = False
    if facts["account"]:
        has_password = visit.session.get_one(Account, visit.me).password_hash is not None
    return visit.render(
        "people/provider_return.html",
        provider=provider.name,
        code=code,
        state=state,
        tying=bool(facts["account"]),
        has_password=has_password,
        back=back,
    )


def come_back(visit: Visit) -> Response:
    provider, state = _provider(visit), visit.form.raw("state")
    facts = _asked(visit, state)
    asking = Asking(facts["state"], facts["nonce"], facts["verifier"])
    if facts["account"]:
        password_again(visit)
    visit.data.stop_reading()
    found = openid.subject(provider, _back(visit), asking, visit.form.raw("code"), visit.site.clock.wall())
    passkey_actions.spend(visit.tx, state, LASTS)
    response = _tie(visit, provider, found) if facts["account"] else _sign_in(visit, provider, found, facts)
    visit.drop(response, COOKIE)
    return response


def _sign_in(visit: Visit, provider: OpenId, found: str, facts: dict[str, Any]) -> Response:
    account_id = provider_actions.account_of(visit.tx.session, provider.issuer, found)
    if account_id is None:
        raise Refused("provider_not_tied")
    typed = typed_pages.taken_up(visit, facts.get("before", ""))
    return enter(visit, account_id, typed_pages.onward_with(visit, account_id, local_path(facts["next"]), typed))


def _tie(visit: Visit, provider: OpenId, found: str) -> Response:
    provider_actions.tie(visit.tx, visit.me, provider.issuer, found)
    device_actions.tell(visit.tx, visit.me, "provider_tied", device_id=visit.device_id)
    return visit.to(PAGE, said="provider_tied")


def provider_page(visit: Visit) -> Response:
    if visit.refusal and visit.site.settings.openid is None:
        return visit.render("web/refused.html")
    provider = _provider(visit)
    return visit.render(
        "people/provider.html",
        provider=provider.name,
        tie=provider_actions.tie_of(visit.session, visit.me, provider.issuer),
        has_password=visit.session.get_one(Account, visit.me).password_hash is not None,
    )


def untie(visit: Visit) -> Response:
    password_again(visit)
    provider_actions.untie(visit.tx, visit.me)
    device_actions.tell(visit.tx, visit.me, "provider_untied", device_id=visit.device_id)
    return visit.to("/account", said="provider_untied")


routes: list[Route] = [
    page("/sign-in/provider", ask_to_sign_in, needs=ANYONE, lane=ASKING),
    page(RETURN, return_page, needs=ANYONE),
    act(RETURN, come_back, needs=ANYONE, page=RETURN, rate=ASKED, lane=ASKING),
    page(PAGE, provider_page, needs=PERSON),
    page(f"{PAGE}/asking", ask_to_tie, needs=PERSON, lane=ASKING),
    act(f"{PAGE}/ending", untie, needs=PERSON, page=PAGE, rate="10/minute", hashes=True),
]
