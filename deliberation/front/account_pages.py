"""My own page: what I am in which council, what I did there, and my devices."""

from __future__ import annotations

import json

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot.proxies import actions as proxy_actions
from deliberation.council import leaving_actions, queries
from deliberation.front import belongings_queries, looks_queries, mine
from deliberation.jobs import retention
from deliberation.people.devices.queries import told
from deliberation.people.pages import password_again
from deliberation.people.passkeys.ceremony import party
from deliberation.people.passkeys.queries import passkeys_of
from deliberation.people.phone.actions import to_prove
from deliberation.people.provider.actions import tie_of
from deliberation.people.queries import sign_ins
from deliberation.people.rules import device
from deliberation.people.tables import Account
from deliberation.web.routing import act, page
from deliberation.web.viewer import PERSON
from deliberation.web.visit import Visit

DATA = "/account/data"


def data_page(visit: Visit) -> Response:
    """What is kept of oneself: how long and why, all of it to be read or taken along, and the way to have it removed."""
    return visit.render(
        "front/data.html",
        kept=retention.ALL,
        belongings=belongings_queries.belongings(visit.session, visit.me),
        looked=looks_queries.at_page_of(visit.session, visit.me)[: looks_queries.SIZE],
        has_password=visit.session.get_one(Account, visit.me).password_hash is not None,
    )


def data_file(visit: Visit) -> Response:
    found = belongings_queries.belongings(visit.session, visit.me)
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
        json.dumps(body, ensure_ascii=False, indent=1),
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


routes: list[Route] = [
    page(DATA, data_page, needs=PERSON),
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
