"""Ballots that an owner says are not theirs: what is known of each, for those who look into it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import queries, rolls
from deliberation.ballot.disputes import actions as dispute_actions
from deliberation.ballot.paper import queries as paper_queries
from deliberation.council.rules import Role
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit


def disputes_page(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    found = paper_queries.disputes(visit.session, poll.id)
    heads = {head.key: head for head in rolls.heads_of(visit.session, poll)}
    places = {
        one.id: visit._(", ").join(rolls.place(unit) for unit in heads[one.head_key].units)
        for one in found
        if one.head_key in heads
    }
    return visit.render("ballot/disputes.html", poll=poll, disputes=found, places=places)


def settle(visit: Visit) -> Response:
    finding = visit.form.text(f"finding_{visit.params['dispute_id']}", most=500, least=4, one_line=False)
    visit.form.check()
    poll_id: int = visit.params["poll_id"]
    dispute_actions.settle(visit.tx, poll_id, visit.params["dispute_id"], finding=finding)
    return visit.to(visit.url(f"/polls/{poll_id}/disputes"), said="dispute_settled")


_LOOKS_INTO = seat(Role.MODERATOR, Role.SUPERVISOR)
_PATH = "/c/{council}/polls/{poll_id:int}/disputes"
routes: list[Route] = [
    page(_PATH, disputes_page, needs=_LOOKS_INTO, reads=Reads("ballot_disputes", of="poll_id")),
    act(f"{_PATH}/{{dispute_id:int}}", settle, needs=_LOOKS_INTO, page=_PATH),
]
