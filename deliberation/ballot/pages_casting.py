"""Voting in three steps: choose, read back, keep the slip. Nothing here needs JavaScript."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import actions, queries, rolls, rules
from deliberation.ballot.rules import CASTABLE, Choice
from deliberation.ballot.tables import Poll
from deliberation.web import qr
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, OWNER, NotHere
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.roll import Head


@dataclass(frozen=True)
class Booth:
    """Where one owner stands with one poll: their head, and why they cannot vote, if so."""

    poll: Poll
    head: Head | None
    obstacle: Refused | None


def _booth(visit: Visit) -> Booth:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    head = rolls.head_of(visit.session, poll, visit.viewer.head_key)
    try:
        rules.check_open(poll, visit.now)
        if head is None:
            raise Refused("not_on_frozen_roll")
        rules.check_pen(head, visit.person.name if visit.person else "")
        if queries.slip_of_head(visit.session, poll.id, head.key):
            raise Refused("already_cast")
        rules.check_confirmed_before(poll, queries.confirmed_at(visit.session, visit.council_id, visit.me))
    except Refused as obstacle:
        return Booth(poll, head, obstacle)
    return Booth(poll, head, None)


def _cannot(visit: Visit, booth: Booth, why: Refused) -> Response:
    return visit.render(
        "ballot/cannot.html",
        422,
        poll=booth.poll,
        why=visit.sentence(why),
        has_slip=why.code == "already_cast",
    )


def choose(visit: Visit) -> Response:
    booth = _booth(visit)
    if visit.refused or booth.obstacle:
        if booth.obstacle and booth.obstacle.code == "already_cast" and not visit.refused:
            return visit.to(visit.url(f"/polls/{booth.poll.id}/slip"))
        return _cannot(visit, booth, visit.refused or booth.obstacle or Refused("stale"))
    return visit.render("ballot/choose.html", poll=booth.poll, head=booth.head)


def read_back(visit: Visit) -> Response:
    booth = _booth(visit)
    if booth.obstacle:
        raise booth.obstacle
    choice: Choice = visit.form.choice("choice", CASTABLE)
    visit.form.check()
    return visit.render("ballot/check.html", poll=booth.poll, head=booth.head, choice=choice)


def back_to_choosing(visit: Visit) -> Response:
    """The read-back is the answer to a form; opened by its address it starts again."""
    return visit.to(visit.url(f"/polls/{visit.params['poll_id']}/ballot"))


def cast(visit: Visit) -> Response:
    choice: Choice = visit.form.choice("choice", CASTABLE)
    visit.form.check()
    poll_id: int = visit.params["poll_id"]
    actions.cast(
        visit.tx,
        poll_id,
        head_key=visit.viewer.head_key or "",
        choice=choice,
        cast_by=visit.person.name if visit.person else "",
        level=visit.viewer.level,
    )
    return visit.to(visit.url(f"/polls/{poll_id}/slip"))


def my_slip(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    found = queries.slip_of_head(visit.session, poll.id, visit.viewer.head_key)
    if found is None:
        return visit.to(visit.url(f"/polls/{poll.id}"))
    slip, account_id = found
    mine = account_id == visit.me
    return visit.render(
        "ballot/slip.html",
        poll=poll,
        slip=slip if mine else None,
        channel=slip.channel,
        choice=queries.own_choice(visit.session, poll.id, visit.me, visit.viewer.head_key) if mine else None,
        qr_svg=qr.svg(slip_address(visit, poll.id, slip.receipt)) if mine else None,
        state=rules.state(poll, visit.now),
    )


def slip_address(visit: Visit, poll_id: int, receipt: str) -> str:
    return f"{visit.site.settings.base_url}{visit.url(f'/polls/{poll_id}/slip/{receipt}')}"


def found_slip(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    slip = queries.slip_by_receipt(visit.session, poll.id, visit.params["receipt"][:60])
    if slip is None:
        raise NotHere
    return visit.render("ballot/found_slip.html", poll=poll, slip=slip)


_POLL = "/c/{council}/polls/{poll_id:int}"
routes: list[Route] = [
    page(f"{_POLL}/ballot", choose, needs=OWNER),
    page(f"{_POLL}/ballot/check", back_to_choosing, needs=OWNER),
    act(f"{_POLL}/ballot/check", read_back, needs=OWNER, page=f"{_POLL}/ballot"),
    page(f"{_POLL}/casting", back_to_choosing, needs=OWNER),
    act(f"{_POLL}/casting", cast, needs=OWNER, page=f"{_POLL}/ballot"),
    page(f"{_POLL}/slip", my_slip, needs=OWNER),
    page(f"{_POLL}/slip/{{receipt}}", found_slip, needs=MEMBER),
]
