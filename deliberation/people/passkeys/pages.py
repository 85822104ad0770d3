"""My passkeys: adding one, removing one, and signing in with one."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.people.asking_pages import ASKED_FOR, TO_MAKE, TO_SHOW, answered, challenge_for
from deliberation.people.devices import actions as device_actions
from deliberation.people.pages import FROM_ONE_ADDRESS, begin, enter, onward_with_typed, stepped_up
from deliberation.people.passkeys import actions as passkey_actions
from deliberation.people.passkeys import ceremony as passkeys
from deliberation.people.passkeys import queries as passkey_queries
from deliberation.people.password_pages import password_again
from deliberation.people.tables import Account, Passkey
from deliberation.web import noted
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, PERSON, NotHere
from deliberation.web.visit import Visit
from votes.refusal import Refused

PAGE = "/account/passkeys"


def _party(visit: Visit) -> passkeys.Party:
    at = passkeys.party(visit.site.settings.base_url)
    if at is None:
        raise Refused("no_passkeys_here")
    return at


def passkeys_page(visit: Visit) -> Response:
    own = passkey_queries.passkeys_of(visit.session, visit.me)
    account = visit.session.get_one(Account, visit.me)
    at = passkeys.party(visit.site.settings.base_url)
    challenge, made_out = challenge_for(visit, TO_MAKE)
    options = (
        passkeys.to_make(
            at,
            user=passkeys.handle(visit.site.settings.secret, visit.me),
            name=account.phone or account.sign_in_name or account.name,
            challenge=challenge,
            known=[one.credential_id for one in own],
        )
        if at
        else ""
    )
    return visit.render(
        "people/passkeys.html",
        passkeys=own,
        options=options,
        ticket=made_out,
        has_password=account.password_hash is not None,
    )


def add(visit: Visit) -> Response:
    at, name = _party(visit), visit.form.text("name", most=40)
    visit.form.check()
    challenge = answered(visit, TO_MAKE)
    made = passkeys.made(at, visit.form.raw("answer"), challenge.encode())
    password_again(visit)
    me = visit.me
    passkey_actions.spend(visit.tx, challenge, ASKED_FOR)
    passkey_actions.keep(visit.tx, me, name, made)
    stepped_up(visit)
    response = visit.to(PAGE, said="passkey_added")
    begin(visit, me, response, strong=True)
    device_actions.tell(visit.tx, me, "passkey_added", device_id=visit.device_id)
    return response


def remove(visit: Visit) -> Response:
    if visit.params["passkey_id"] not in {one.id for one in passkey_queries.passkeys_of(visit.session, visit.me)}:
        raise NotHere
    password_again(visit)
    passkey_actions.remove(visit.tx, visit.tx.session.get_one(Passkey, visit.params["passkey_id"]))
    device_actions.tell(visit.tx, visit.me, "passkey_removed", device_id=visit.device_id)
    return visit.to(PAGE, said="passkey_removed")


def sign_in(visit: Visit) -> Response:
    """Nobody types who they are: the passkey says so. Every way in which it does not hold gets the same sentence."""
    try:
        return _sign_in(visit)
    except Refused:
        noted.note(visit, "passkey_failed")
        raise


def _sign_in(visit: Visit) -> Response:
    at, answer = _party(visit), visit.form.raw("answer")
    challenge = answered(visit, TO_SHOW)
    credential_id, user = passkeys.named_in(answer)
    known = passkey_queries.by_credential(visit.session, credential_id)
    if known is None or user != passkeys.handle(visit.site.settings.secret, known.account_id):
        raise Refused("passkey_does_not_hold")
    passkey_actions.spend(visit.tx, challenge, ASKED_FOR)
    # Read again in the transaction, so that a copied key cannot be in time with the same count.
    passkey = visit.tx.session.get_one(Passkey, known.id)
    count = passkeys.count_shown(
        at, answer, challenge.encode(), public_key=passkey.public_key, sign_count=passkey.sign_count
    )
    passkey_actions.used(visit.tx, passkey, count)
    return enter(visit, passkey.account_id, onward_with_typed(visit, passkey.account_id), strong=True)


routes: list[Route] = [
    page(PAGE, passkeys_page, needs=PERSON),
    act(PAGE, add, needs=PERSON, page=PAGE, rate="10/minute", hashes=True),
    act(f"{PAGE}/{{passkey_id:int}}/removal", remove, needs=PERSON, page=PAGE, rate="10/minute", hashes=True),
    act("/sign-in/passkey", sign_in, needs=ANYONE, page="/sign-in", rate=FROM_ONE_ADDRESS),
]
