"""Joining a council and being confirmed by its staff."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation import keyed, typed
from deliberation.council import actions, queries
from deliberation.council.invitations import invited, phone_of, read_fault
from deliberation.council.residents import actions as resident_actions
from deliberation.council.residents import number_queries
from deliberation.council.residents import queries as resident_queries
from deliberation.council.residents.queries import HeadCard, Resident
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import STAFF, WRITES_ROLL, State, Tie, known_by_two
from deliberation.people import passwords
from deliberation.people import rules as people_rules
from deliberation.people.actions import create_account
from deliberation.people.pages import FROM_ONE_ADDRESS, enter
from deliberation.people.password_pages import new_password
from deliberation.people.phone.actions import phone_taken, to_prove
from deliberation.people.phone.pages import send_code
from deliberation.people.queries import gave_key
from deliberation.people.rules import LEAST_PASSWORD
from deliberation.web import qr
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, NotHere, seat
from deliberation.web.visit import Visit
from votes.refusal import Refused

JOINS = "10/minute"
"""For one number from one address, or one account."""
JOINS_FROM_ONE = "400/hour"
"""From one address, whatever the number: a hall full of people who join stands behind one, but no town does."""


def join_page(visit: Visit) -> Response:
    member = resident_queries.membership_of(visit.session, visit.council_id, visit.me) if visit.person else None
    return visit.render(
        "council/join.html",
        council=queries.settings_of(visit.session, visit.council_id),
        member=member,
        asking=member is None or member.state in {State.REFUSED, State.ENDED},
        building_options=_buildings(visit),
        ties=list(Tie),
        least=LEAST_PASSWORD,
        prove_phone=visit.person is not None and visit.site.texts.on and to_prove(visit.session, visit.me) is not None,
    )


def _buildings(visit: Visit) -> list[tuple[str, str]]:
    """(value, label) for a select; empty without a roll, or when the roll names no buildings."""
    newest = roll_queries.newest(visit.session, visit.council_id)
    found = resident_queries.buildings(visit.session, newest.id) if newest else []
    return [(one, one) for one in found if one]


def join(visit: Visit) -> Response:
    form = visit.form
    tie, home = form.choice("tie", tuple(Tie)), _home(visit)
    if visit.person:
        form.check()
        visit.site.limiter.hit(JOINS, "join", str(visit.me))
        resident_actions.join(visit.tx, visit.me, tie=tie, home=home)
        return visit.to(visit.url("/join"))
    name, phone = form.text("name", most=40, least=2), phone_of(visit)
    password = new_password(visit)
    form.check()
    visit.site.limiter.hit(JOINS, "join", phone, visit.network)
    visit.site.limiter.hit(JOINS_FROM_ONE, "joins-from", visit.network)
    hashed = passwords.make(password)
    # Only claimed for now: a number that is known here already is answered exactly like a new one.
    account = create_account(visit.tx, name=name, claimed_phone=phone, password_hash=hashed)
    visit.tx.actor_id = account.id
    resident_actions.join(visit.tx, account.id, tie=tie, home=home)
    if visit.site.texts.on:
        send_code(visit, account.id)
    return enter(visit, account.id, visit.url("/join"))


def _home(visit: Visit) -> str:
    building = visit.form.text("building", most=40)
    room = visit.form.text("room", most=18)
    return f"{building}{room}"


def residents_page(visit: Visit) -> Response:
    state = visit.query("state", State.WAITING)
    if state not in {*State, resident_queries.BY_ONE}:
        raise NotHere
    search, number = visit.query("q").strip(), visit.page_number
    found, pages = resident_queries.residents(visit.session, visit.council_id, state=state, search=search, page=number)
    newest = roll_queries.newest(visit.session, visit.council_id)
    join_address = f"{visit.site.settings.base_url}{visit.url('/join')}"
    return visit.render(
        "council/residents.html",
        join_address=join_address,
        join_qr=qr.svg(join_address),
        residents=found,
        page=number,
        pages=pages,
        state=state,
        search=search,
        counts={
            one: resident_queries.count(visit.session, visit.council_id, one)
            for one in (*(state.value for state in State), resident_queries.BY_ONE)
        },
        off_roll=resident_queries.off_the_roll(visit.session, visit.council_id, newest.id) if newest else [],
        has_roll=newest is not None,
    )


def _resident(visit: Visit) -> Resident:
    found = resident_queries.resident(visit.session, visit.council_id, visit.params["resident_id"])
    if found is None:
        raise NotHere
    return found


def resident_page(visit: Visit) -> Response:
    person = _resident(visit)
    visit.about = person.account_id
    newest = roll_queries.newest(visit.session, visit.council_id)
    search = visit.query("head").strip()
    cards: list[HeadCard] = []
    found = 0
    if newest:
        cards = resident_queries.suggested(
            visit.session, visit.council_id, newest.id, home=person.home, name=person.name
        )
        if search:
            cards, found = resident_queries.searched(visit.session, visit.council_id, newest.id, search)
        if person.head_key and person.head_key not in {one.key for one in cards}:
            cards = [*resident_queries.cards(visit.session, visit.council_id, newest.id, [person.head_key]), *cards]
    return visit.render(
        "council/resident.html",
        person=person,
        phone=_shown(visit, person.phone),
        cards=cards,
        search=search,
        found=found,
        most_found=resident_queries.MOST_FOUND,
        has_roll=newest is not None,
        ties=list(Tie),
        phone_taken=phone_taken(visit.session, person.account_id),
        gave_key=visit.me in gave_key(visit.session, person.account_id, visit.now),
        asks_number=person.seen_by_id not in {None, visit.me} and bool(_number_of(visit, person.account_id)),
    )


WRONG_NUMBERS = "20/hour"
"""As at the seats: whoever has the phone before them copies it once."""


def _shown(visit: Visit, phone: str | None) -> str:
    """Whoever prints slips is not to know how a number ends: with code and number they would open the home themselves."""
    return phone or "" if visit.roles & set(WRITES_ROLL) else people_rules.masked_phone(phone or "")


def confirm(visit: Visit) -> Response:
    person = _resident(visit)
    tie = visit.form.choice("tie", tuple(Tie))
    note = visit.form.text("note", most=200, required=False)
    head_key = visit.form.text("head_key", most=60, required=False)
    shown = _number_typed(visit, person.account_id)
    visit.form.check()
    newest = roll_queries.newest(visit.session, visit.council_id)
    cards = (
        resident_queries.cards(visit.session, visit.council_id, newest.id, [head_key]) if newest and head_key else []
    )
    if head_key and not cards:
        raise Refused("not_on_roll", field="head_key")
    member = resident_actions.confirm(
        visit.tx,
        person.id,
        tie=tie,
        head=cards[0] if cards else None,
        in_person=visit.form.ticked("in_person"),
        note=note,
        shown=shown,
    )
    said = "resident_confirmed"
    if tie == Tie.OWNER:
        by_two = known_by_two(member.level, member.slip_id)
        said = "resident_known_by_two" if by_two else "resident_known_by_one"
    return visit.to(visit.url("/residents"), said=said)


def _number_typed(visit: Visit, account_id: int) -> bool:
    """Whether it is the one on the person's phone; a wrong one is said so."""
    sent = typed.digits(visit.form.text("number", most=20, required=False))
    right = _number_of(visit, account_id)
    if not sent or not right:
        return False
    with visit.site.limiter.wrong_ones([WRONG_NUMBERS], "their-number", str(visit.me)):
        if not keyed.same(right, sent):
            raise Refused("not_their_number", field="number")
    return True


def _number_of(visit: Visit, account_id: int) -> str:
    member = resident_queries.membership_of(visit.session, visit.council_id, account_id)
    secret = visit.site.settings.secret
    return number_queries.phone_number(visit.session, secret, member, visit.now) if member else ""


def refuse(visit: Visit) -> Response:
    person = _resident(visit)
    reason = visit.form.text("reason", most=200)
    visit.form.check()
    resident_actions.refuse(visit.tx, person.id, reason)
    return visit.to(visit.url("/residents"), said="resident_refused")


def end(visit: Visit) -> Response:
    person = _resident(visit)
    reason = visit.form.text("reason", most=200)
    visit.form.check()
    ended = resident_actions.end(visit.tx, person.id, reason)
    return visit.to(visit.url("/residents"), said="resident_ended" if ended else "resident_end_asked")


def put_back(visit: Visit) -> Response:
    person = _resident(visit)
    resident_actions.put_back(visit.tx, person.id)
    return visit.to(visit.url(f"/residents/{person.id}"), said="resident_put_back")


def new_page(visit: Visit) -> Response:
    return visit.render("council/resident_new.html", building_options=_buildings(visit), ties=list(Tie))


def make(visit: Visit) -> Response:
    """At the desk, for somebody who stands there, with a phone or without."""
    form = visit.form
    name, phone = form.text("name", most=40, least=2), phone_of(visit, required=False)
    tie, home = form.choice("tie", tuple(Tie)), _home(visit)
    sign_in_name = form.text("sign_in_name", most=40, required=False)
    if sign_in_name:
        sign_in_name = read_fault(visit, "sign_in_name", people_rules.sign_in_name, sign_in_name)
    form.check()
    guest = actions.person_at(visit.tx, name=name, phone=phone or None, sign_in_name=sign_in_name or None)
    member = resident_actions.join(visit.tx, guest.account_id, tie=tie, home=home, prepared_by=visit.me)
    onward = visit.url(f"/residents/{member.id}")
    if guest.token is None:
        return visit.to(onward, said="resident_made")
    council = visit.council.name if visit.council else ""
    return invited(visit, guest, council=council, back=visit.url("/residents"), onward=onward)


_STAFF = seat(*STAFF)
_ONE = "/c/{council}/residents/{resident_id:int}"

routes: list[Route] = [
    page("/c/{council}/join", join_page, needs=ANYONE),
    act("/c/{council}/join", join, needs=ANYONE, page="/c/{council}/join", rate=FROM_ONE_ADDRESS, hashes=True),
    page("/c/{council}/residents", residents_page, needs=_STAFF, reads=Reads("residents")),
    page("/c/{council}/residents/new", new_page, needs=_STAFF),
    act("/c/{council}/residents/new", make, needs=_STAFF, page="/c/{council}/residents/new"),
    page(_ONE, resident_page, needs=_STAFF, reads=Reads("resident", of="resident_id")),
    act(f"{_ONE}/confirmation", confirm, needs=_STAFF, page=_ONE),
    act(f"{_ONE}/refusal", refuse, needs=_STAFF, page=_ONE),
    act(f"{_ONE}/ending", end, needs=_STAFF, page=_ONE),
    act(f"{_ONE}/restoring", put_back, needs=_STAFF, page=_ONE),
]
