"""Proving that a phone is one's own: a code goes there as a text and comes back through this page."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.i18n.catalog import word
from deliberation.people import rules
from deliberation.people.phone import actions as phone_actions
from deliberation.people.tables import Account
from deliberation.web.limits import TooOften
from deliberation.web.routing import act, page
from deliberation.web.viewer import PERSON, NotHere
from deliberation.web.visit import Visit
from votes.refusal import Refused

TEXTS_TO_ONE = "5/day"
"""A number gets no more for all together who only claim it: nobody's phone is made to ring all night. Its own account has as many
again, which no stranger uses up; so has whoever the staff confirmed, since the number is theirs from then on."""

WORDS_TO_ONE = "10/day"
"""News of one's own account: what is beyond that stands on the page alone."""

TEXTS_FROM_ONE = "100/hour"
"""One address has no more sent, to however many numbers: enough for a hall full of people who sign up, not for a town."""


def send_code(visit: Visit, account_id: int) -> None:
    """Whatever becomes of it is for the phone alone to tell: the page says the same for every number."""
    sent = phone_actions.new_code(visit.tx, visit.site.settings.secret, account_id)
    phone = phone_actions.to_prove(visit.tx.session, account_id) or ""
    asks = "" if phone_actions.only_claims(visit.tx.session, account_id) else str(account_id)
    try:
        visit.site.limiter.hit(TEXTS_TO_ONE, "text", phone, asks)
        visit.site.limiter.hit(TEXTS_FROM_ONE, "texts-from", visit.network)
    except TooOften:
        return
    text = word("sms", "code", visit.lang, digits=sent[1]) if sent else word("sms", "known", visit.lang)
    texts = visit.site.texts
    visit.tx.after_commit(lambda: texts.send(phone, text))


def send_word(visit: Visit, account_id: int, code: str) -> None:
    """What an account should know at once, to the number that is its own; never a name or what it is about in full."""
    phone = visit.tx.session.get_one(Account, account_id).phone
    if phone is None or not visit.site.texts.on:
        return
    try:
        visit.site.limiter.hit(WORDS_TO_ONE, "word", phone)
    except TooOften:
        return
    texts, text = visit.site.texts, word("sms", code, visit.lang)
    visit.tx.after_commit(lambda: texts.send(phone, text))


def phone_page(visit: Visit) -> Response:
    if not visit.site.texts.on:
        raise NotHere
    return visit.render(
        "people/phone.html",
        phone=phone_actions.to_prove(visit.session, visit.me),
        minutes=int(rules.PHONE_CODE_FOR.total_seconds()) // 60,
        length=rules.PHONE_CODE_DIGITS,
    )


def send(visit: Visit) -> Response:
    if not visit.site.texts.on:
        raise NotHere
    send_code(visit, visit.me)
    return visit.to("/account/phone", said="phone_code_sent")


def prove(visit: Visit) -> Response:
    if not visit.site.texts.on:
        raise NotHere
    code = ""
    try:
        code = rules.phone_code(visit.form.raw("code")[:40])
    except Refused as problem:
        visit.form.faults["code"] = problem
    visit.form.check()
    if phone_actions.prove(visit.tx, visit.site.settings.secret, visit.me, code):
        return visit.to("/account", said="phone_proved")
    # Not raised: the try is counted in the transaction.
    visit.refuse(Refused("phone_code_does_not_fit"))
    response = phone_page(visit)
    response.status_code = 422
    return response


routes: list[Route] = [
    page("/account/phone", phone_page, needs=PERSON),
    act("/account/phone", prove, needs=PERSON, page="/account/phone", rate="20/hour"),
    act("/account/phone/code", send, needs=PERSON, page="/account/phone", rate="5/hour"),
]
