"""My devices: signing them out, and what I am told when one comes that was not here before."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.people import actions, queries, typed_pages
from deliberation.people.devices import actions as device_actions
from deliberation.people.devices import queries as device_queries
from deliberation.people.recovery import actions as recovery_actions
from deliberation.people.tables import AccountNotice
from deliberation.web.routing import act
from deliberation.web.viewer import PERSON, NotHere, Person
from deliberation.web.visit import Visit


def end_sign_in(visit: Visit) -> Response:
    if visit.params["sign_in_id"] not in {one.id for one in queries.sign_ins(visit.session, visit.me, visit.now)}:
        raise NotHere
    actions.sign_out(visit.tx, visit.params["sign_in_id"])
    return visit.to("/account", said="device_signed_out")


def end_other_sign_ins(visit: Visit) -> Response:
    actions.sign_out_everywhere(visit.tx, visit.me, but=_person(visit).sign_in_id)
    return visit.to("/account", said="others_signed_out")


def end_all_sign_ins(visit: Visit) -> Response:
    actions.sign_out_everywhere(visit.tx, visit.me)
    response = visit.to("/sign-in", said="signed_out_everywhere")
    typed_pages.forget(visit, response)
    return response


def dismiss(visit: Visit) -> Response:
    device_actions.dismiss(visit.tx, _notice(visit))
    return visit.to("/account", said="notice_read")


def not_me(visit: Visit) -> Response:
    recovery_actions.not_me(visit.tx, _person(visit), _notice(visit))
    return visit.to("/account/password", said="others_signed_out")


def _person(visit: Visit) -> Person:
    if visit.person is None:
        raise NotHere
    return visit.person


def _notice(visit: Visit) -> AccountNotice:
    """In the transaction that answers it: what was read meanwhile is not there any more."""
    person = _person(visit)
    if not device_queries.may_answer(visit.tx.session, person):
        raise NotHere
    for notice in device_queries.unread(visit.tx.session, person):
        if notice.id == visit.params["notice_id"]:
            return notice
    raise NotHere


routes: list[Route] = [
    act("/account/sign-ins/{sign_in_id:int}/ending", end_sign_in, needs=PERSON, page="/account"),
    act("/account/sign-ins/others/ending", end_other_sign_ins, needs=PERSON, page="/account"),
    act("/account/sign-ins/ending", end_all_sign_ins, needs=PERSON, page="/account"),
    act("/account/notices/{notice_id:int}/reading", dismiss, needs=PERSON, page="/account"),
    act("/account/notices/{notice_id:int}/not-me", not_me, needs=PERSON, page="/account"),
]
