"""My second step: setting it up, its codes on paper, ending it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.people.devices import actions as device_actions
from deliberation.people.pages import begin, check_code, local_path, stepped_up
from deliberation.people.password_pages import password_again
from deliberation.people.sealing import read_ticket, ticket
from deliberation.people.second import actions as second_actions
from deliberation.people.second import one_time_codes
from deliberation.people.second import queries as second_queries
from deliberation.people.tables import Account
from deliberation.web import qr
from deliberation.web.routing import act, page
from deliberation.web.viewer import PERSON
from deliberation.web.visit import Visit
from votes.refusal import Refused

OFFER = "second step offer"
OFFERED_FOR = timedelta(minutes=30)
PAGE = "/account/second-step"
PAPER = "paper"


def second_step_page(visit: Visit) -> Response:
    account = visit.session.get_one(Account, visit.me)
    step = second_queries.second_step(visit.session, visit.me)
    onward = local_path(visit.form.raw("next") or visit.query("next"))
    on_paper = (visit.form.raw("way") or visit.query("way")) == PAPER
    context: dict[str, Any] = {
        "step": step,
        "has_password": account.password_hash is not None,
        "next": onward,
        "on_paper": on_paper,
    }
    if step:
        left = second_queries.paper_codes_left(visit.session, visit.me)
        letters = second_queries.on_letters(visit.session, visit.me)
        return visit.render("people/second_step.html", left=left, letters=letters, **context)
    if on_paper:
        codes = _offered(visit, "codes") or one_time_codes.new_paper_codes()
        offer = _offer(visit, codes=codes)
        return visit.render("people/second_step.html", codes=codes, offer=offer, **context)
    own = _offered(visit, "own") or one_time_codes.new_secret()
    name = account.phone or account.sign_in_name or account.name
    address = one_time_codes.address(own, name=name, issuer=visit._("Neighbor council"))
    offer = _offer(visit, own=own)
    return visit.render("people/second_step.html", own=own, offer=offer, qr_svg=qr.svg(address), **context)


def _offer(visit: Visit, **facts: object) -> str:
    return ticket(visit.site.settings.secret, OFFER, visit.now + OFFERED_FOR, {"account": visit.me, **facts})


def _offered(visit: Visit, what: str) -> Any:
    """What the form was shown with: it is in no database before a first code has shown that the person has it."""
    facts = read_ticket(visit.site.settings.secret, OFFER, visit.form.raw("offer"), visit.now)
    return facts.get(what) if facts and facts["account"] == visit.me else None


def begin_second_step(visit: Visit) -> Response:
    if visit.form.raw("way") == PAPER:
        return _begin_on_paper(visit)
    own, sent = _offered(visit, "own"), visit.form.text("code", most=20)
    visit.form.check()
    if own is None:
        raise Refused("offer_over")
    password_again(visit)
    codes = one_time_codes.new_paper_codes()
    paper = second_actions.hashed(visit.site.settings.secret, visit.me, codes)
    second_actions.begin(visit.tx, visit.site.settings.secret, visit.me, own, sent, paper, wall=visit.site.clock.wall())
    stepped_up(visit)
    return _codes_shown(visit, codes, "second_step_on")


def _begin_on_paper(visit: Visit) -> Response:
    codes, sent = _offered(visit, "codes"), visit.form.text("code", most=40)
    visit.form.check()
    if codes is None:
        raise Refused("offer_over")
    password_again(visit)
    me, paper = visit.me, second_actions.hashed(visit.site.settings.secret, visit.me, codes)
    second_actions.begin_on_paper(visit.tx, me, sent, codes, paper)
    stepped_up(visit)
    onward = local_path(visit.form.raw("next"))
    response = visit.to(onward if onward != "/" else "/account", said="second_step_on")
    begin(visit, me, response, strong=True)
    device_actions.tell(visit.tx, me, "second_step_on", device_id=visit.device_id)
    return response


def new_paper_codes(visit: Visit) -> Response:
    password_again(visit)
    codes = one_time_codes.new_paper_codes()
    paper = second_actions.hashed(visit.site.settings.secret, visit.me, codes)
    check_code(visit, visit.me, visit.form.text("code", most=40))
    second_actions.renew_paper_codes(visit.tx, visit.me, paper)
    return _codes_shown(visit, codes, "paper_codes_new")


def _codes_shown(visit: Visit, codes: list[str], told: str) -> Response:
    """Shown once, in the answer itself, since only their hashes are kept; the sign-in goes on under a new token."""
    me = visit.me
    carrier = Response()
    begin(visit, me, carrier, strong=True)
    device_actions.tell(visit.tx, me, told, device_id=visit.device_id)
    onward = local_path(visit.form.raw("next"))
    response = visit.render("people/paper_codes.html", codes=codes, onward=onward if onward != "/" else "/account")
    for name, value in carrier.raw_headers:
        if name == b"set-cookie":
            response.raw_headers.append((name, value))
    return response


def end_second_step(visit: Visit) -> Response:
    password_again(visit)
    check_code(visit, visit.me, visit.form.text("code", most=40))
    second_actions.end(visit.tx, visit.me)
    device_actions.tell(visit.tx, visit.me, "second_step_off", device_id=visit.device_id)
    return visit.to("/account", said="second_step_off")


routes: list[Route] = [
    page(PAGE, second_step_page, needs=PERSON),
    act(PAGE, begin_second_step, needs=PERSON, page=PAGE, rate="10/minute", hashes=True),
    act(f"{PAGE}/paper-codes", new_paper_codes, needs=PERSON, page=PAGE, rate="10/minute", hashes=True),
    act(f"{PAGE}/ending", end_second_step, needs=PERSON, page=PAGE, rate="10/minute", hashes=True),
]
