"""My own page: what I am in which council, what I did there, and my devices."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot.proxies import actions as proxy_actions
from deliberation.council import leaving_actions, queries
from deliberation.front import belongings_queries, looks_queries, mine, own_data_queries
from deliberation.jobs import retention
from deliberation.people.devices.queries import told
from deliberation.people.passkeys.ceremony import party
from deliberation.people.passkeys.queries import passkeys_of
from deliberation.people.password_pages import password_again
from deliberation.people.phone.actions import to_prove
from deliberation.people.provider.actions import tie_of
from deliberation.people.queries import sign_ins
from deliberation.people.rules import device
from deliberation.people.tables import Account
from deliberation.web import pdf
from deliberation.web.routing import act, page
from deliberation.web.viewer import PERSON
from deliberation.web.visit import Visit

DATA = "/account/data"


def data_page(visit: Visit) -> Response:
    """What is kept of oneself: how long and why, all of it to be read or taken along, and the way to have it removed."""
    return visit.render(
        "front/data.html",
        kept=retention.ALL,
        told=_told(visit),
        looked=looks_queries.at_page_of(visit.session, visit.me)[: looks_queries.SIZE],
        has_password=visit.session.get_one(Account, visit.me).password_hash is not None,
    )


def _told(visit: Visit) -> dict[str, list[own_data_queries.Part]]:
    found = belongings_queries.belongings(visit.session, visit.me)
    return own_data_queries.told(visit.session, visit.me, found, visit.lang)


def all_page(visit: Visit) -> Response:
    return visit.render("front/own_data.html", told=_told(visit))


def all_pdf(visit: Visit) -> Response:
    """Made after the reading has ended, so that it holds up nobody; nothing of it stays in memory."""
    visit.site.limiter.hit(FILES, "own-pdf", str(visit.me))
    facts: dict[str, Any] = {"told": _told(visit), "name": visit.person.name if visit.person else ""}
    visit.end()
    return pdf.answer(
        lambda apology: visit.render("front/own_data_sheet.html", apology=apology, **facts),
        "my-data.pdf",
        handed_out_once=True,
    )


def _as_json(value: object) -> str:
    """What JSON has no form for: days and moments."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def data_file(visit: Visit) -> Response:
    found = belongings_queries.belongings(visit.session, visit.me).together()
    body = {
        "at": visit.now.isoformat(),
        "kept": [{"what": one.code, "grade": one.grade, "days": one.days} for one in retention.ALL],
        "rows": found,
        "looked": [
            {"day": one.day.isoformat(), "name": one.name, "council": one.council}
            for one in looks_queries.at_page_of(visit.session, visit.me)
        ],
        "left_out": belongings_queries.NEVER,
    }
    return Response(
        json.dumps(body, ensure_ascii=False, indent=1, default=_as_json),
        media_type="application/json; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="my-data.json"'},
    )


def close(visit: Visit) -> Response:
    if not visit.form.ticked("for_good"):
        visit.form.fault("for_good", "missing")
    visit.form.check()
    password_again(visit)
    me = visit.me
    proxy_actions.end_with(visit.tx, me)
    leaving_actions.leave(visit.tx, me)
    response = visit.to("/", said="account_closed")
    visit.drop(response, "sign-in")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


FILES = "6/hour"
"""One takes many seconds, and only one is made at a time: nobody keeps the others from theirs."""

routes: list[Route] = [
    page(DATA, data_page, needs=PERSON),
    page("/account/data/all", all_page, needs=PERSON),
    page("/account/data.pdf", all_pdf, needs=PERSON),
    page("/account/data.json", data_file, needs=PERSON),
    act("/account/closing", close, needs=PERSON, page=DATA, rate="10/minute", hashes=True),
]


def desk_alone(visit: Visit) -> bool:
    """Whether whoever signs out has no way back in but the desk."""
    openid = visit.site.settings.openid
    tied = openid is not None and tie_of(visit.session, visit.me, openid.issuer) is not None
    account = visit.session.get_one(Account, visit.me)
    return not (account.password_hash or tied or passkeys_of(visit.session, visit.me))


def account_page(visit: Visit) -> Response:
    account, openid = visit.session.get_one(Account, visit.me), visit.site.settings.openid
    own_passkeys = passkeys_of(visit.session, visit.me)
    return visit.render(
        "front/account.html",
        identifier=" · ".join(one for one in (account.phone, account.sign_in_name) if one),
        prove_phone=visit.site.texts.on and to_prove(visit.session, visit.me) is not None,
        ties=queries.ties_of(visit.session, visit.me),
        traces=mine.traces(visit.session, visit.me),
        sign_ins=sign_ins(visit.session, visit.me, visit.now),
        device_kind=device,
        provider=openid.name if openid else "",
        account_notices=told(visit.session, visit.person),
        has_password=account.password_hash is not None,
        passkeys=bool(own_passkeys or party(visit.site.settings.base_url)),
        desk_alone=desk_alone(visit),
    )
