"""Written proxies: given by an owner on their phone, recorded at the desk by two, and published by room without a name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import later_queries, queries, rolls
from deliberation.ballot.booth import queries as booth_queries
from deliberation.ballot.proxies import actions as proxy_actions
from deliberation.ballot.proxies import holder_pages
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies import rules as proxy_rules
from deliberation.ballot.proxies.actions import Terms
from deliberation.ballot.proxies.rules import Scope, State, Subject
from deliberation.ballot.tables import Poll, Proxy
from deliberation.council import queries as council_queries
from deliberation.council.invitations import phone_of
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import STAFF
from deliberation.jobs.clock import local
from deliberation.people.phone.pages import send_word
from deliberation.people.queries import names
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, OWNER, NotHere, seat
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.roll import Head

MOST_NAMED = 4


@dataclass(frozen=True)
class Held:
    """One home that this person may cast for in one poll, or may not, and why."""

    id: int
    place: str
    area: int
    cast: bool
    why: str


def held_in(visit: Visit, poll: Poll) -> list[Held]:
    if visit.person is None:
        return []
    found = []
    for proxy in proxy_queries.for_poll(visit.session, poll, visit.me, visit.now):
        head = rolls.head_of(visit.session, poll, proxy.head_key)
        why = booth_queries.proxy_obstacle(visit.session, poll, proxy, now=visit.now)
        cast = why is not None and why.code == "already_cast"
        sentence = visit.sentence(why) if why and not cast else ""
        found.append(Held(proxy.id, proxy.place, head.area if head else 0, cast, sentence))
    return found


def named_for(visit: Visit, poll: Poll) -> list[str]:
    """Whom the reader's own head has named in writing for this poll."""
    live = proxy_queries.live(visit.session, visit.council_id, visit.now) if visit.viewer.head_key else []
    subject = Subject(Scope.POLL, poll.id)
    return [
        one.holder_name
        for one in live
        if one.state == State.VALID
        and one.head_key == visit.viewer.head_key
        and proxy_queries.subject_of(one).covers(subject)
    ]


def list_page(visit: Visit) -> Response:
    live = proxy_queries.live(visit.session, visit.council_id, visit.now)
    mine = visit.viewer.head_key
    return visit.render(
        "ballot/proxies.html",
        published=[one for one in live if one.state == State.VALID],
        given=[one for one in live if mine is not None and one.head_key == mine],
        held=proxy_queries.holding(visit.session, visit.council_id, visit.me, visit.now),
        subjects=_subjects(visit),
        limit=council_queries.settings_of(visit.session, visit.council_id).proxy_limit,
        staff=bool(visit.roles & set(STAFF)),
    )


def _subjects(visit: Visit) -> dict[str, str]:
    """What a proxy may be for: the polls whose notice is out, the meetings ahead, or everything until a day."""
    polls = queries.polls_ahead(visit.session, visit.council_id, visit.now)
    meetings = later_queries.meetings_ahead(visit.session, visit.council_id)
    return {
        **{f"{Scope.POLL}:{one.id}": one.title for one in polls},
        **{f"{Scope.MEETING}:{number}": title for number, title in meetings},
        Scope.GENERAL.value: "",
    }


def new_page(visit: Visit) -> Response:
    head = _own_head(visit)
    places = [rolls.place(unit) or unit.owner_id for unit in head.units]
    by_two = resident_queries.by_two(visit.session, visit.council_id, visit.me)
    return visit.render("ballot/proxy_new.html", head=head, places=places, by_two=by_two, **_form(visit))


def _form(visit: Visit) -> dict[str, Any]:
    return {
        "subjects": _subjects(visit),
        "limit": council_queries.settings_of(visit.session, visit.council_id).proxy_limit,
        "most_days": proxy_rules.MOST_DAYS,
    }


def _own_head(visit: Visit) -> Head:
    head = roll_queries.head(visit.session, visit.council_id, visit.viewer.head_key or "")
    if head is None:
        raise Refused("not_on_newest_roll")
    return head


def _terms(visit: Visit, *, phone_needed: bool, dated: bool) -> Terms:
    form = visit.form
    holder = form.text("holder_name", most=40, least=2)
    phone = phone_of(visit, "holder_phone", required=phone_needed)
    subjects = _subjects(visit)
    scope, _, number = form.choice("scope", tuple(subjects)).partition(":")
    signed = form.day("signed_on") if dated else None
    until = form.day("until", required=scope == Scope.GENERAL)
    return Terms(
        holder,
        phone,
        Subject(Scope(scope), int(number) if number else None),
        proxy_rules.start_of(signed) if signed else visit.now,
        proxy_rules.end_of(until) if until else None,
    )


def give(visit: Visit) -> Response:
    head = _own_head(visit)
    terms = _terms(visit, phone_needed=True, dated=False)
    visit.form.check()
    name = visit.person.name if visit.person else ""
    proxy_actions.give(visit.tx, head, name=name, terms=terms)
    return visit.to(visit.url("/proxies"), said="proxy_given")


def revoke(visit: Visit) -> Response:
    found, own_head = _in_my_hands(visit)
    ended = proxy_actions.revoke(visit.tx, found, own_head=own_head)
    _send_word(visit, found, "proxy_ended" if ended else "proxy_end_asked")
    back = visit.url("/proxies" if own_head else "/proxies/desk")
    return visit.to(back, said="proxy_revoked" if ended else "proxy_end_asked")


def keep(visit: Visit) -> Response:
    found, own_head = _in_my_hands(visit)
    proxy_actions.keep(visit.tx, found, own_head=own_head)
    return visit.to(visit.url("/proxies" if own_head else "/proxies/desk"), said="proxy_kept")


def _in_my_hands(visit: Visit) -> tuple[Proxy, bool]:
    """One that I may take back: of my own home, or as one of the staff."""
    found = proxy_queries.proxy(visit.tx.session, visit.council_id, visit.params["proxy_id"])
    own_head = found.head_key == visit.viewer.head_key
    if not own_head and not visit.roles & set(STAFF):
        raise NotHere
    return found, own_head


def _send_word(visit: Visit, proxy: Proxy, code: str) -> None:
    """As a text too, where there is a gateway: an owner of eighty does not open the page each day."""
    for account_id in proxy_queries.concerned(visit.tx.session, proxy):
        if account_id != visit.me:
            send_word(visit, account_id, code)


def desk_page(visit: Visit) -> Response:
    live = proxy_queries.live(visit.session, visit.council_id, visit.now)
    waiting, inforce = ([one for one in live if one.state == state] for state in (State.WAITING, State.VALID))
    return visit.render(
        "ballot/proxy_desk.html",
        waiting=waiting,
        owners={one.id: _owners(visit, one.head_key) for one in waiting},
        inforce=inforce,
        named=holder_pages.named(visit),
        joined=holder_pages.joined(visit, inforce),
        nobody=holder_pages.NOBODY,
        people=names(visit.session, [who for one in live for who in (one.recorded_by, one.ending_by)]),
        today=local(visit.now).date(),
        **_form(visit),
    )


def _owners(visit: Visit, head_key: str) -> list[str]:
    """Whose signature the paper can bear: the names that stand on the roll for these homes."""
    head = roll_queries.head(visit.session, visit.council_id, head_key)
    return list(dict.fromkeys(unit.owner_name for unit in head.units if unit.owner_name)) if head else []


def record_paper(visit: Visit) -> Response:
    room = visit.form.text("room", most=80)
    name = visit.form.text("given_name", most=40, least=2)
    terms = _terms(visit, phone_needed=False, dated=True)
    head = _head_of_room(visit, room) if room else None
    terms = replace(terms, holder_id=holder_pages.chosen(visit, head.key if head else ""))
    visit.form.check()
    if head is None:
        raise Refused("proxy_unknown_room", field="room", room=room)
    proxy_actions.record_paper(visit.tx, head, name=name, terms=terms)
    return visit.to(visit.url("/proxies/desk"), said="proxy_recorded")


def _head_of_room(visit: Visit, room: str) -> Head | None:
    roll = roll_queries.newest(visit.session, visit.council_id)
    if roll is None:
        return None
    parking = council_queries.settings_of(visit.session, visit.council_id).count_parking
    places = rolls.fitting(roll_queries.known_roll(visit.session, roll.id, roll.fingerprint).heads(parking), room)
    found = {head.key: head for head in places.values()}
    if len(found) > 1:
        visit.form.fault("room", "several_rooms", places=visit._(", ").join(sorted(places)[:MOST_NAMED]))
    return next(iter(found.values())) if len(found) == 1 else None


def _one(visit: Visit) -> Proxy:
    return proxy_queries.proxy(visit.tx.session, visit.council_id, visit.params["proxy_id"])


def confirm(visit: Visit) -> Response:
    proxy_actions.confirm(visit.tx, _one(visit))
    return visit.to(visit.url("/proxies/desk"), said="proxy_confirmed")


def refuse(visit: Visit) -> Response:
    found = _one(visit)
    note = visit.form.text(f"note_{found.id}", most=200, least=4)
    visit.form.check()
    proxy_actions.refuse(visit.tx, found, note=note)
    return visit.to(visit.url("/proxies/desk"), said="proxy_refused")


_LIST = "/c/{council}/proxies"
_ONE = f"{_LIST}/{{proxy_id:int}}"
_STAFF = seat(*STAFF)
routes: list[Route] = [
    page(_LIST, list_page, needs=MEMBER),
    page(f"{_LIST}/new", new_page, needs=OWNER),
    act(f"{_LIST}/new", give, needs=OWNER, page=f"{_LIST}/new", rate="20/hour"),
    page(f"{_LIST}/desk", desk_page, needs=_STAFF, reads=Reads("proxies")),
    act(f"{_LIST}/desk", record_paper, needs=_STAFF, page=f"{_LIST}/desk"),
    act(f"{_ONE}/revocation", revoke, needs=MEMBER, page=_LIST),
    act(f"{_ONE}/keeping", keep, needs=MEMBER, page=_LIST),
    act(f"{_ONE}/confirmation", confirm, needs=_STAFF, page=f"{_LIST}/desk"),
    act(f"{_ONE}/refusal", refuse, needs=_STAFF, page=f"{_LIST}/desk"),
    *holder_pages.routes,
]
