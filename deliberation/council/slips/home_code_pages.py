"""Where a household slip leads: code and last digits of the phone make an account, or tie the one signed in, to that home."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import queries
from deliberation.council.invitations import phone_of, read_fault
from deliberation.council.slips import actions as slip_actions
from deliberation.council.slips import queries as slip_queries
from deliberation.council.slips import rules as slip_rules
from deliberation.council.tables import HomeSlip
from deliberation.people import passwords
from deliberation.people.actions import create_account
from deliberation.people.pages import enter
from deliberation.people.password_pages import new_password
from deliberation.people.queries import by_identifier
from deliberation.people.rules import LEAST_PASSWORD
from deliberation.web import noted
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, SignInFirst
from deliberation.web.visit import Visit
from votes.refusal import Refused

TRIES = "10/minute"
"""At codes that begin alike, from one address: a whole compound behind one address has other beginnings."""
WRONG_ONES = "10/hour"
"""Wrong codes that begin alike, from anywhere."""
_BEGINNING = 8


def code_page(visit: Visit) -> Response:
    return visit.render(
        "council/home_code.html",
        council=queries.settings_of(visit.session, visit.council_id),
        least=LEAST_PASSWORD,
        tail=slip_rules.TAIL,
        length=slip_rules.CODE_LENGTH,
    )


def use(visit: Visit) -> Response:
    if visit.person is None and visit.form.raw("have_account"):
        # By a button of the form and not by a link, so that the code they scanned or typed goes along.
        raise SignInFirst
    code = _digits(visit, "code", slip_rules.code)
    tail = _digits(visit, "tail", slip_rules.tail)
    name = phone = hashed = None
    if visit.person is None:
        name, phone = visit.form.text("name", most=40, least=2), phone_of(visit)
        wants = bool(visit.form.raw("password") or visit.form.raw("again"))
        password = new_password(visit) if wants else None
        visit.form.check()
        # Before anything is looked up, so that a right code takes no longer than a wrong one.
        hashed = passwords.make(password) if password else None
    visit.form.check()
    beginning, limiter = code[:_BEGINNING], visit.site.limiter
    limiter.hit(TRIES, "home-code", beginning, visit.network)
    limiter.room(WRONG_ONES, "home-code-wrong", beginning)
    slip = slip_actions.try_code(visit.tx, slip_rules.code_hash(visit.site.settings.secret, code), tail)
    if slip is None:
        limiter.hit(WRONG_ONES, "home-code-wrong", beginning)
        return _refused(visit, Refused("home_code_does_not_fit"))
    try:
        own = visit.me if visit.person else None
        slip_rules.check_whose_number(
            own, slip_queries.holders(visit.tx.session, visit.council_id, slip.head_key, tail)
        )
        account_id = visit.me if visit.person else _newcomer(visit, slip, name or "", phone or "", hashed)
        slip_actions.tie(visit.tx, slip, account_id)
    except Refused as problem:
        limiter.hit(WRONG_ONES, "home-code-wrong", beginning)
        return _refused(visit, problem)
    onward = visit.url("/residents/me?said=tied_by_slip")
    return visit.to(onward) if visit.person else enter(visit, account_id, onward)


def _digits(visit: Visit, field: str, reader: Callable[[str], str]) -> str:
    text = visit.form.raw(field)[:120]
    if not text.strip():
        visit.form.fault(field, "missing")
        return ""
    return read_fault(visit, field, reader, text)


def _newcomer(visit: Visit, slip: HomeSlip, name: str, phone: str, hashed: str | None) -> int:
    """Everything is checked before anything is written: the try itself stays written whatever comes out."""
    slip_actions.check_owner(visit.tx, slip, name)
    if by_identifier(visit.tx.session, phone):
        raise Refused("sign_in_for_slip", field="phone")
    account = create_account(visit.tx, name=name, phone=phone, password_hash=hashed)
    visit.tx.actor_id = account.id
    return account.id


def _refused(visit: Visit, problem: Refused) -> Response:
    """Shown without undoing the transaction, in which the try stands."""
    noted.note(visit, "home_code_failed", code=problem.code)
    visit.refuse(problem)
    response = code_page(visit)
    response.status_code = 422
    return response


_CODE = "/c/{council}/home-code"
routes: list[Route] = [
    page(_CODE, code_page, needs=ANYONE),
    act(_CODE, use, needs=ANYONE, page=_CODE, rate="300/minute", hashes=True),
]
