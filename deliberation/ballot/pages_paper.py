"""The desk's side of a poll: paper ballots, keyed in twice."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import paper, queries, rolls, rules
from deliberation.ballot.pages_casting import slip_address
from deliberation.ballot.rules import Choice
from deliberation.ballot.tables import Poll
from deliberation.council.rules import STAFF
from deliberation.web import qr
from deliberation.web.routing import act, page
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit
from votes.table import key

MOST_NAMED = 4
"""Places that are named when several fit what was typed."""
MOST_SUGGESTED = 3000
"""More rooms than this make the page heavier than typing the room is."""


def paper_page(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    return visit.render(
        "ballot/paper.html",
        poll=poll,
        state=rules.state(poll, visit.now),
        papers=queries.papers(visit.session, poll.id),
        me=visit.me,
        **_rooms(visit, poll),
    )


def _rooms(visit: Visit, poll: Poll) -> dict[str, Any]:
    """The places to choose from, and one as an example of how they are written."""
    rooms = sorted(rolls.by_place(rolls.heads_of(visit.session, poll)))
    return {"rooms": rooms if len(rooms) <= MOST_SUGGESTED else [], "example": next(iter(rooms), "")}


def _head_key(visit: Visit, poll: Poll) -> str:
    """The head behind the room as typed; a fault at the field when none or several heads fit."""
    typed = visit.form.text("room", most=80)
    if not typed:
        return ""
    heads = rolls.heads_of(visit.session, poll)
    places = rolls.fitting(heads, typed)
    found = {head.key for head in places.values()}
    if len(found) == 1:
        return found.pop()
    if places:
        visit.form.fault("room", "several_rooms", places=visit._(", ").join(sorted(places)[:MOST_NAMED]))
    else:
        visit.form.fault("room", "no_such_room", example=next(iter(rolls.by_place(heads)), ""))
    return ""


def first_reading(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    slip_no = key(visit.form.text("slip_no", most=20)).upper()
    head_key = _head_key(visit, poll)
    choice = visit.form.choice("choice", list(Choice))
    cast_by = visit.form.text("cast_by", most=40, required=choice is not Choice.INVALID)
    visit.form.check()
    kept = paper.key_in(visit.tx, poll.id, slip_no=slip_no, head_key=head_key, choice=choice, cast_by=cast_by)
    if kept.state == "refused":
        return visit.to(visit.url(f"/polls/{poll.id}/paper/{kept.id}"))
    return visit.to(visit.url(f"/polls/{poll.id}/paper"), said="paper_keyed_in")


def one_paper(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    found = queries.paper(visit.session, poll.id, visit.params["paper_id"])
    slip = queries.slip_of_paper(visit.session, found.id)
    return visit.render(
        "ballot/one_paper.html",
        poll=poll,
        state=rules.state(poll, visit.now),
        slip_no=found.slip_no,
        paper_state=found.state,
        mine=found.first_by == visit.me,
        slip=slip,
        qr_svg=qr.svg(slip_address(visit, poll.id, slip.receipt)) if slip else None,
        **_rooms(visit, poll),
    )


def second_reading(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    head_key = _head_key(visit, poll)
    choice = visit.form.choice("choice", list(Choice))
    visit.form.check()
    kept = paper.key_in_again(visit.tx, poll.id, visit.params["paper_id"], head_key=head_key, choice=choice)
    return visit.to(visit.url(f"/polls/{poll.id}/paper/{kept.id}"))


_PAPER = "/c/{council}/polls/{poll_id:int}/paper"
_STAFF = seat(*STAFF)
routes: list[Route] = [
    page(_PAPER, paper_page, needs=_STAFF),
    act(_PAPER, first_reading, needs=_STAFF, page=_PAPER),
    page(f"{_PAPER}/{{paper_id:int}}", one_paper, needs=_STAFF),
    act(f"{_PAPER}/{{paper_id:int}}", second_reading, needs=_STAFF, page=f"{_PAPER}/{{paper_id:int}}"),
]
