"""Signing in and out, the signed-in devices, and how pages are read (language, size).

The page /account itself stands in `front`, since it names the councils one belongs to and what one did there.
"""

from __future__ import annotations

import re
import secrets
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from deliberation.jobs import retention
from deliberation.people import actions, passwords, queries, rules, typed_pages
from deliberation.people.asking_pages import sign_in_options
from deliberation.people.devices import actions as device_actions
from deliberation.people.devices import pages as device_pages
from deliberation.people.devices import queries as device_queries
from deliberation.people.phone import pages as phone_pages
from deliberation.people.recovery import queries as recovery_queries
from deliberation.people.sealing import read_ticket, ticket
from deliberation.people.second import actions as second_actions
from deliberation.people.second import queries as second_queries
from deliberation.web import crowd_act, noted
from deliberation.web.crowd_act import Parts
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import SIZES, Visit
from votes.refusal import Refused

A_YEAR = 31_536_000
SECOND = "second-step"
SECOND_STEP_MINUTES = 10
FROM_ONE_ADDRESS = "600/minute"
"""Steps of signing in without an account known yet. A whole compound stands behind one address, so that no neighbor may use it
up: what can be guessed is counted for the account, and what cannot needs no counting."""
WRONG_CODES = ("5/minute", "30/day")
KNOWN_FOR = int(retention.DEVICE.span.total_seconds())
"""Seconds for which a browser is known again; browsers keep no cookie longer. It signs nobody in."""


def local_path(text: str) -> str:
    """A place on this server to go on to, whatever the address bar was made to say."""
    # A browser leaves tabs and line ends out of an address: what stands behind one would be its beginning.
    local = text.startswith("/") and not text.startswith(("//", "/\\")) and not set(text) & {"\t", "\r", "\n"}
    return text if local else "/"


def sign_in_page(visit: Visit) -> Response:
    if visit.person and not visit.refusal:
        return visit.to(local_path(visit.query("next", "/")))
    onward, before = local_path(visit.form.raw("next") or visit.query("next", "/")), visit.query("before")
    typed, provider = visit.form.raw("typed") or typed_pages.taken_up(visit, before), visit.site.settings.openid
    passkey_options, passkey_ticket = sign_in_options(visit)
    return visit.render(
        "people/sign_in.html",
        next=onward,
        typed=typed,
        why=_why(visit, onward, typed),
        provider=provider.name if provider else "",
        before=typed_pages.laid_by(visit, typed) if provider else "",
        passkey_options=passkey_options,
        passkey_ticket=passkey_ticket,
        opened_at_desk=recovery_queries.told_on(visit.session, visit.device_key, visit.now),
        accounts=visit.site.demo_accounts if visit.demo else (),
    )


def _why(visit: Visit, onward: str, typed: str) -> str:
    """A code for why somebody stands here who wanted to go elsewhere; empty when they came by themselves."""
    if re.match(r"/c/[^/]+/home-code", onward):
        return "with_code" if typed else ""
    if typed:
        return "ended_with_photos" if visit.form.raw("with_files") else "ended_while_typing"
    if visit.query("expired"):
        return "ended"
    if re.match(r"/c/[^/]+/(matters|meetings)", onward):
        return "matters_and_meetings"
    return "page" if re.match(r"/(c/[^/]+/|account)", onward) else ""


def sign_in(visit: Visit) -> Parts:
    identifier = rules.identifier(visit.form.text("identifier", most=60))
    password = visit.form.raw("password")
    if not password:
        visit.form.fault("password", "missing")
    visit.form.check()
    with _room_to_guess(visit, identifier):
        account_id, known, second_step = queries.password_of(visit.site.db, identifier)
        if not (yield partial(passwords.verify, known, password)):
            noted.note(visit, "sign_in_failed")
            raise Refused("wrong_sign_in")
    way = _second_step_first if second_step else _go_in
    return way(visit, account_id, onward_with_typed(visit, account_id))


def onward_with_typed(visit: Visit, account_id: int) -> str:
    """Where a sign-in form leads, with what had been typed there before."""
    onward = local_path(visit.form.raw("next") or "/")
    return typed_pages.onward_with(visit, account_id, onward, visit.form.raw("typed"))


def _room_to_guess(visit: Visit, identifier: str) -> AbstractContextManager[None]:
    """Guessing is slowed down, without letting one guesser keep the account's own person out from elsewhere. A device that the
    account knows has tries of its own, which nobody uses up from another one, next door or all over the world."""
    device = 0
    if visit.device_key:
        device = device_queries.known_as(visit.session, identifier, queries.token_hash(visit.device_key))
    visit.site.limiter.hit("10/minute", "sign-in", identifier, f"device {device}" if device else visit.network)
    return visit.site.limiter.wrong_ones(["50/minute"], "sign-in-failed", identifier, str(device))


def enter(visit: Visit, account_id: int, location: str, *, strong: bool = False) -> Response:
    """Begin a signed-in session on this browser and go on; where the account asks for a second step, that comes first.

    `strong`: more than a password was shown already."""
    if not strong and second_queries.asks_for_one(visit.session, account_id):
        return _second_step_first(visit, account_id, location)
    return _go_in(visit, account_id, location, strong=strong)


def _go_in(visit: Visit, account_id: int, location: str, *, strong: bool = False) -> Response:
    response = visit.to(location)
    begin(visit, account_id, response, strong=strong)
    return response


def begin(visit: Visit, account_id: int, response: Response, *, strong: bool) -> None:
    """A new token in place of the one there was, sent with this answer."""
    if visit.person:
        actions.sign_out(visit.tx, visit.person.sign_in_id)
    agent, key = visit.request.headers.get("user-agent", ""), visit.device_key or secrets.token_urlsafe(24)
    visit.fresh_device = device_actions.arrive(visit.tx, account_id, key, agent)
    visit.fresh_token = actions.sign_in(visit.tx, account_id, agent, device_id=visit.fresh_device, strong=strong)
    visit.tx.after_commit(partial(noted.note, visit, "signed_in", account=account_id))
    visit.keep(response, "sign-in", visit.fresh_token, seconds=int(actions.SIGNED_IN_FOR.total_seconds()))
    visit.keep(response, "device", key, seconds=KNOWN_FOR)


def _second_step_first(visit: Visit, account_id: int, location: str) -> Response:
    """The browser carries a sealed ticket that says whose password it has shown."""
    facts = {"account": account_id, "guard": visit.guard, "next": location}
    secret, until = visit.site.settings.secret, visit.now + timedelta(minutes=SECOND_STEP_MINUTES)
    response = visit.to("/sign-in/code")
    visit.keep(response, SECOND, ticket(secret, SECOND, until, facts), seconds=SECOND_STEP_MINUTES * 60)
    return response


def _half_way(visit: Visit) -> tuple[int, str] | None:
    """Who has shown the password on this browser, and where they want to go; None when that is too long ago."""
    facts = read_ticket(visit.site.settings.secret, SECOND, visit.cookie(SECOND) or "", visit.now)
    return (facts["account"], facts["next"]) if facts and facts["guard"] == visit.guard else None


def code_page(visit: Visit) -> Response:
    half_way = _half_way(visit)
    if half_way is None:
        return visit.to("/sign-in?expired=1")
    step = second_queries.second_step(visit.session, half_way[0])
    letters = second_queries.on_letters(visit.session, half_way[0])
    back = typed_pages.back_to_sign_in(half_way[1], "")
    return visit.render("people/code.html", on_paper=step is not None and step.on_paper, letters=letters, back=back)


def code(visit: Visit) -> Response:
    """The second step: six digits of the app, or one of the paper codes."""
    half_way = _half_way(visit)
    if half_way is None:
        return visit.to("/sign-in?expired=1")
    account_id, location = half_way
    sent = visit.form.text("code", most=40)
    visit.form.check()
    check_code(visit, account_id, sent)
    response = enter(visit, account_id, location, strong=True)
    visit.drop(response, SECOND)
    return response


def check_code(visit: Visit, account_id: int, sent: str) -> None:
    """Wrong codes are counted for the account, and apart for each device it knows: a guesser keeps nobody out at home."""
    device = device_queries.known(visit.session, account_id, queries.token_hash(visit.device_key))
    second_actions.check_copied(visit.session, account_id, sent)
    with visit.site.limiter.wrong_ones(WRONG_CODES, "code", str(account_id), str(device.id if device else 0)):
        try:
            _use_code(visit, account_id, sent)
        except Refused:
            noted.note(visit, "second_step_failed", account=account_id)
            raise


def _use_code(visit: Visit, account_id: int, sent: str) -> None:
    secret = visit.site.settings.secret
    paper = second_actions.fitting_paper_code(visit.session, secret, account_id, sent)
    if paper is None:
        second_actions.use_code(visit.tx, secret, account_id, sent, wall=visit.site.clock.wall())
    else:
        second_actions.use_paper_code(visit.tx, paper)
        device_actions.tell(visit.tx, account_id, "paper_code_used")


def sign_out(visit: Visit) -> Response:
    if visit.person:
        actions.sign_out(visit.tx, visit.person.sign_in_id)
    response = visit.to("/")
    visit.drop(response, "sign-in")
    # What the browser kept of pages goes too; how they are read (language, size) is in cookies and stays.
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def stepped_up(visit: Visit) -> None:
    """From now on this sign-in shows more than a password; what it showed until now decides what that is worth."""
    if visit.person and not visit.person.strong:
        visit.site.stepped_up(visit.tx, visit.me)


def reading(visit: Visit) -> Response:
    """How this browser shows pages: kept in cookies, works without JavaScript and without an account."""
    response = visit.to(local_path(visit.query("back", "/")))
    if visit.query("lang") in {"zh", "en"}:
        visit.keep(response, "lang", visit.query("lang"), seconds=A_YEAR)
    if visit.query("size") in SIZES:
        visit.keep(response, "size", visit.query("size"), seconds=A_YEAR)
    return response


routes: list[Route] = [
    page("/sign-in", sign_in_page, needs=ANYONE),
    crowd_act.act("/sign-in", sign_in, needs=ANYONE, page="/sign-in", rate="3000/minute"),
    page("/sign-in/code", code_page, needs=ANYONE),
    act("/sign-in/code", code, needs=ANYONE, page="/sign-in/code", rate=FROM_ONE_ADDRESS, hashes=True),
    act("/sign-out", sign_out, needs=ANYONE),
    *device_pages.routes,
    page("/reading", reading, needs=ANYONE),
    *phone_pages.routes,
]
