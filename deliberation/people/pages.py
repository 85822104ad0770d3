"""Signing in and out, first passwords, the signed-in devices, and how pages are read (language, size).

The page /account itself stands in `front`, since it names the councils one belongs to and what one did there.
"""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from deliberation.people import actions, device_actions, device_pages, passwords, queries, rules
from deliberation.web import kept
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, PERSON, NotHere
from deliberation.web.visit import SIZES, Visit
from votes.refusal import Refused

KNOWN_FOR = 400 * 86_400
"""Seconds for which a browser is known again; browsers keep no cookie longer. It signs nobody in."""


def local_path(text: str) -> str:
    """A place on this server to go on to, whatever the address bar was made to say."""
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) and "\n" not in text else "/"


def sign_in_page(visit: Visit) -> Response:
    if visit.person and not visit.refusal:
        return visit.to(local_path(visit.query("next", "/")))
    onward, typed = local_path(visit.form.raw("next") or visit.query("next", "/")), visit.form.raw("typed")
    return visit.render(
        "people/sign_in.html",
        next=onward,
        typed=typed,
        why=_why(visit, onward, typed),
        accounts=visit.site.demo_accounts if visit.demo else (),
    )


def _why(visit: Visit, onward: str, typed: str) -> str:
    """A code for why somebody stands here who wanted to go elsewhere; empty when they came by themselves."""
    if typed:
        return "ended_with_photos" if visit.form.raw("with_files") else "ended_while_typing"
    if visit.query("expired"):
        return "ended"
    if re.match(r"/c/[^/]+/(matters|meetings)", onward):
        return "matters_and_meetings"
    return "page" if re.match(r"/(c/[^/]+/|account)", onward) else ""


def sign_in(visit: Visit) -> Response:
    identifier = visit.form.text("identifier", most=60)
    password = visit.form.raw("password")
    if not password:
        visit.form.fault("password", "missing")
    visit.form.check()
    account_id = _checked(visit, rules.identifier(identifier), password)
    onward, fields = local_path(visit.form.raw("next") or "/"), kept.fields_of(visit.form.raw("typed"))
    if fields:
        name = visit.site.kept.put(account_id, fields, visit.now)
        onward = f"{onward}{'&' if '?' in onward else '?'}{urlencode({'typed': name})}"
    return enter(visit, account_id, onward)


def _checked(visit: Visit, identifier: str, password: str) -> int:
    """Guessing is slowed down, without letting one guesser keep the account's own person out from elsewhere."""
    limiter, failures = visit.site.limiter, ("50/minute", "sign-in-failed", identifier)
    limiter.hit("10/minute", "sign-in", identifier, visit.address)
    limiter.room(*failures)
    try:
        return actions.checked(visit.session, identifier, password)
    except Refused:
        limiter.hit(*failures)
        raise


def enter(visit: Visit, account_id: int, location: str) -> Response:
    """Begin a signed-in session on this browser and go on."""
    if visit.person:
        actions.sign_out(visit.tx, visit.person.sign_in_id)
    agent, key = visit.request.headers.get("user-agent", ""), visit.device_key or secrets.token_urlsafe(24)
    device = device_actions.arrive(visit.tx, account_id, key, agent)
    token = actions.sign_in(visit.tx, account_id, agent, device_id=device.id)
    response = visit.to(location)
    response.set_cookie(
        visit.device_cookie,
        key,
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="lax",
        secure=visit.site.settings.secure,
        path="/",
    )
    response.set_cookie(
        visit.cookie_name,
        token,
        max_age=int(actions.SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=visit.site.settings.secure,
        path="/",
    )
    return response


def sign_out(visit: Visit) -> Response:
    if visit.person:
        actions.sign_out(visit.tx, visit.person.sign_in_id)
    response = visit.to("/")
    response.delete_cookie(visit.cookie_name, path="/", secure=visit.site.settings.secure, httponly=True)
    return response


def new_password(visit: Visit) -> str:
    """The fields `password` and `again` of a form; what is wrong with them is noted there."""
    sent = visit.form.raw("password")
    try:
        rules.password(sent)
    except Refused as refusal:
        visit.form.faults["password"] = refusal
    if "password" not in visit.form.faults and sent != visit.form.raw("again"):
        visit.form.fault("again", "passwords_differ")
    return sent


def first_password_page(visit: Visit) -> Response:
    link = queries.live_link(visit.session, visit.params["token"], "invite", visit.now)
    if link is None or link.account_id is None:
        raise Refused("link_used_up")
    name = queries.names(visit.session, [link.account_id])[link.account_id]
    return visit.render("people/first_password.html", name=name, least=rules.LEAST_PASSWORD)


def first_password(visit: Visit) -> Response:
    password = new_password(visit)
    visit.form.check()
    hashed = passwords.make(password)
    link = actions.use_link(visit.tx, visit.params["token"], "invite")
    if link.account_id is None:
        raise NotHere
    actions.set_password(visit.tx, link.account_id, hashed)
    return enter(visit, link.account_id, "/")


def password_page(visit: Visit) -> Response:
    return visit.render("people/password.html", least=rules.LEAST_PASSWORD)


def change_password(visit: Visit) -> Response:
    password = new_password(visit)
    visit.form.check()
    account_id = visit.me
    if not actions.knows_password(visit.session, account_id, visit.form.raw("current")):
        raise Refused("wrong_password", field="current")
    hashed = passwords.make(password)
    actions.set_password(visit.tx, account_id, hashed)
    response = enter(visit, account_id, "/account?said=password_changed")
    device_actions.tell_others(visit.tx, account_id, "password_changed", visit.device_key)
    return response


def reading(visit: Visit) -> Response:
    """How this browser shows pages: kept in cookies, works without JavaScript and without an account."""
    response = visit.to(local_path(visit.query("back", "/")))
    if visit.query("lang") in {"zh", "en"}:
        response.set_cookie("lang", visit.query("lang"), max_age=31_536_000, samesite="lax")
    if visit.query("size") in SIZES:
        response.set_cookie("size", visit.query("size"), max_age=31_536_000, samesite="lax")
    return response


routes: list[Route] = [
    page("/sign-in", sign_in_page, needs=ANYONE),
    act("/sign-in", sign_in, needs=ANYONE, page="/sign-in", rate="300/minute"),
    act("/sign-out", sign_out, needs=ANYONE),
    page("/invitations/{token}", first_password_page, needs=ANYONE),
    act("/invitations/{token}", first_password, needs=ANYONE, page="/invitations/{token}", rate="20/minute"),
    page("/account/password", password_page, needs=PERSON),
    act("/account/password", change_password, needs=PERSON, page="/account/password", rate="10/minute"),
    *device_pages.routes,
    page("/reading", reading, needs=ANYONE),
]
