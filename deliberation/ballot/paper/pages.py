"""The desk's side of a poll: paper ballots, printed with their numbers and keyed in twice."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import queries, rolls, rules
from deliberation.ballot.paper import actions as paper
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.paper import rules as paper_rules
from deliberation.ballot.paper.printed_pages import slip_address
from deliberation.ballot.paper.rules import Keyed, PaperWhy
from deliberation.ballot.rules import Choice
from deliberation.ballot.tables import Poll
from deliberation.council.rules import STAFF
from deliberation.web import qr
from deliberation.web.routing import act, page
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit

MOST_NAMED = 4
"""Places that are named when several fit what was typed."""
MOST_SUGGESTED = 3000
"""More rooms than this make the page heavier than typing the room is."""
MOST_PRINTED = 200
SUMMARY = 160
"""Letters of a text that fit a paper ballot; of a longer one the beginning stands there."""


def paper_page(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    return visit.render(
        "ballot/paper.html",
        poll=poll,
        state=rules.state(poll, visit.now),
        papers=paper_queries.papers(visit.session, poll.id),
        me=visit.me,
        next_number=paper_queries.highest_number(visit.session, poll.id) + 1,
        most=MOST_PRINTED,
        finding=_finding(visit),
        **_rooms(visit, poll),
    )


def _rooms(visit: Visit, poll: Poll) -> dict[str, Any]:
    """The places to choose from, and one as an example of how they are written."""
    rooms = sorted(rolls.by_place(rolls.heads_of(visit.session, poll)))
    return {"rooms": rooms if len(rooms) <= MOST_SUGGESTED else [], "example": next(iter(rooms), "")}


def _finding(visit: Visit) -> str:
    """What this very form was refused with, if that can be kept knowingly."""
    codes = {fault.code.removeprefix("paper_") for fault in visit.faults.values()}
    return next((why for why in PaperWhy if why in codes), "")


def _reading(visit: Visit, poll: Poll) -> Keyed:
    """What was keyed in; a fault at the field when several heads fit. A room that none fits is a reading, too."""
    form = visit.form
    room = form.text("room", most=80)
    choice = form.choice("choice", list(Choice))
    cast_by = form.text("cast_by", most=40, required=choice is not Choice.INVALID)
    places = rolls.fitting(rolls.heads_of(visit.session, poll), room) if room else {}
    found = {head.key for head in places.values()}
    if len(found) > 1:
        form.fault("room", "several_rooms", places=visit._(", ").join(sorted(places)[:MOST_NAMED]))
    return Keyed(found.pop() if len(found) == 1 else "", room, choice, cast_by)


def first_reading(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    slip_no = paper_rules.slip_number(visit.form.text("slip_no", most=20))
    reading = _reading(visit, poll)
    visit.form.check()
    paper.key_in(visit.tx, poll.id, slip_no=slip_no, reading=reading, knowing=visit.form.raw("finding"))
    return visit.to(visit.url(f"/polls/{poll.id}/paper"), said="paper_keyed_in")


def one_paper(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    found = paper_queries.paper(visit.session, poll.id, visit.params["paper_id"])
    slip = paper_queries.slip_of_paper(visit.session, found.id)
    mine = found.first_by == visit.me
    return visit.render(
        "ballot/one_paper.html",
        poll=poll,
        state=rules.state(poll, visit.now),
        slip_no=found.slip_no,
        paper_state=found.state,
        why=found.why,
        mine=mine,
        may_correct=visit.me in (found.first_by, found.second_by),
        # What they keyed themselves; after a difference everybody looks at the paper afresh.
        own=paper_queries.first_keyed(found) if mine and found.state == "waiting" else None,
        differs=paper_queries.differs(found) if found.state == "conflict" else [],
        keyings=paper_queries.keyings(visit.session, [found.id]).get(found.id, []),
        slip=slip,
        qr_svg=qr.svg(slip_address(visit, slip.receipt)) if slip else None,
        finding=_finding(visit),
        **_rooms(visit, poll),
    )


def second_reading(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    reading = _reading(visit, poll)
    visit.form.check()
    number: int = visit.params["paper_id"]
    paper.key_in_again(visit.tx, poll.id, number, reading=reading, knowing=visit.form.raw("finding"))
    return visit.to(visit.url(f"/polls/{poll.id}/paper/{number}"))


def correction(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    slip_no = paper_rules.slip_number(visit.form.text("slip_no", most=20))
    reading = _reading(visit, poll)
    visit.form.check()
    number: int = visit.params["paper_id"]
    paper.correct(visit.tx, poll.id, number, slip_no=slip_no, reading=reading, knowing=visit.form.raw("finding"))
    return visit.to(visit.url(f"/polls/{poll.id}/paper/{number}"), said="paper_corrected")


def withdrawal(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=200, least=2)
    visit.form.check()
    poll_id, number = visit.params["poll_id"], visit.params["paper_id"]
    paper.withdraw(visit.tx, poll_id, number, reason=reason)
    return visit.to(visit.url(f"/polls/{poll_id}/paper/{number}"), said="paper_withdrawn")


def blank_papers(visit: Visit) -> Response:
    """Numbered paper ballots to print; a number asked for wrongly gives the nearest that can be printed."""
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    following = paper_queries.highest_number(visit.session, poll.id) + 1
    first = _whole(visit.query("first"), following, most=999_999)
    count = _whole(visit.query("count"), 2, most=MOST_PRINTED)
    text = " ".join(poll.text.split())
    return visit.render(
        "ballot/blank_papers.html",
        poll=poll,
        numbers=[paper_rules.slip_number(str(number)) for number in range(first, first + count)],
        text=text if len(text) <= SUMMARY else "",
        beginning=text[:SUMMARY],
    )


def _whole(text: str, otherwise: int, *, most: int) -> int:
    return min(max(int(text), 1), most) if text.isascii() and text.isdecimal() else otherwise


_PAPER = "/c/{council}/polls/{poll_id:int}/paper"
_ONE = f"{_PAPER}/{{paper_id:int}}"
_STAFF = seat(*STAFF)
routes: list[Route] = [
    page(_PAPER, paper_page, needs=_STAFF),
    act(_PAPER, first_reading, needs=_STAFF, page=_PAPER),
    page(f"{_PAPER}/blank", blank_papers, needs=_STAFF),
    page(_ONE, one_paper, needs=_STAFF),
    act(_ONE, second_reading, needs=_STAFF, page=_ONE),
    act(f"{_ONE}/correction", correction, needs=_STAFF, page=_ONE),
    act(f"{_ONE}/withdrawal", withdrawal, needs=_STAFF, page=_ONE),
]
