"""The password of one's own: the first by a link, another later; shown once more before what guards the account is changed."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.people import actions, passwords, rules
from deliberation.people.devices import actions as device_actions
from deliberation.people.pages import FROM_ONE_ADDRESS, enter
from deliberation.people.passkeys import actions as passkey_actions
from deliberation.people.provider import actions as provider_actions
from deliberation.people.tables import Account
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, PERSON, NotHere
from deliberation.web.visit import Visit
from votes.refusal import Refused


def new_password(visit: Visit) -> str:
    """The fields `password` and `again` of a form; what is wrong with them is noted there."""
    sent = visit.form.raw("password")
    try:
        rules.password(sent)
    except Refused as refusal:
        visit.form.faults["password"] = refusal
    if "password" not in visit.form.faults and passwords.guessable(sent, _about(visit)):
        visit.form.fault("password", "password_guessable")
    if "password" not in visit.form.faults and sent != visit.form.raw("again"):
        visit.form.fault("again", "passwords_differ")
    return sent


def _about(visit: Visit) -> list[str]:
    """What stands in the form beside the password, and the name of whoever is signed in."""
    told = [
        one for name in ("name", "admin", "phone", "sign_in_name", "council", "compound") for one in visit.values(name)
    ]
    return [one[:40] for one in (*told, visit.person.name if visit.person else "")]


def first_password(visit: Visit) -> Response:
    password = new_password(visit)
    visit.form.check()
    hashed = passwords.make(password)
    link = actions.use_link(visit.tx, visit.params["token"], "invite")
    if link.account_id is None:
        raise NotHere
    # Whoever held the account before may have left these behind; a second step that they left keeps everybody out.
    passkey_actions.remove_all(visit.tx, link.account_id)
    provider_actions.untie(visit.tx, link.account_id)
    actions.set_password(visit.tx, link.account_id, hashed)
    return enter(visit, link.account_id, "/")


def password_again(visit: Visit) -> None:
    """Whoever changes how one signs in shows the password once more, where there is one."""
    if visit.session.get_one(Account, visit.me).password_hash is None:
        return
    if not actions.knows_password(visit.session, visit.me, visit.form.raw("current")):
        visit.site.limiter.hit("10/minute", "password-again", str(visit.me))
        raise Refused("wrong_password", field="current")


def password_page(visit: Visit) -> Response:
    has_password = visit.session.get_one(Account, visit.me).password_hash is not None
    return visit.render("people/password.html", least=rules.LEAST_PASSWORD, has_password=has_password)


def change_password(visit: Visit) -> Response:
    password = new_password(visit)
    visit.form.check()
    password_again(visit)
    account_id, hashed = visit.me, passwords.make(password)
    first = visit.session.get_one(Account, account_id).password_hash is None
    actions.set_password(visit.tx, account_id, hashed)
    strong = bool(visit.person and visit.person.strong)
    said = "password_chosen" if first else "password_changed"
    response = enter(visit, account_id, f"/account?said={said}", strong=strong)
    device_actions.tell(visit.tx, account_id, "password_changed", device_id=visit.device_id)
    return response


routes: list[Route] = [
    act(
        "/invitations/{token}",
        first_password,
        needs=ANYONE,
        page="/invitations/{token}",
        rate=FROM_ONE_ADDRESS,
        hashes=True,
    ),
    page("/account/password", password_page, needs=PERSON),
    act("/account/password", change_password, needs=PERSON, page="/account/password", rate="10/minute", hashes=True),
]
