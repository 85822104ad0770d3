"""Voting in three steps: choose, read back, keep the slip. Nothing here needs JavaScript.

Each POST is answered by a GET, so that the phone's back button never asks to send a form again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import actions, booth_queries, dispute_actions, paper_queries, queries, rolls, rules
from deliberation.ballot.pages_slips import slip_address
from deliberation.ballot.rules import CASTABLE, Choice
from deliberation.ballot.tables import Poll
from deliberation.web import qr
from deliberation.web.forms import BadForm
from deliberation.web.routing import act, page
from deliberation.web.viewer import OWNER
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
    obstacle = booth_queries.obstacle(
        visit.session,
        poll,
        head_key=visit.viewer.head_key,
        account_id=visit.me,
        name=visit.person.name if visit.person else "",
        now=visit.now,
    )
    return Booth(poll, head, obstacle)


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
        if _has_voted(booth) and not visit.refused:
            return _to_slip(visit, booth)
        return _cannot(visit, booth, visit.refused or booth.obstacle or Refused("stale"))
    if visit.query("missing"):
        visit.refuse(BadForm({"choice": Refused("missing")}))
    return visit.render("ballot/choose.html", poll=booth.poll, head=booth.head)


def _has_voted(booth: Booth) -> bool:
    return booth.obstacle is not None and booth.obstacle.code == "already_cast"


def _to_slip(visit: Visit, booth: Booth) -> Response:
    """Whoever comes back to a step of casting after the ballot is in."""
    return visit.to(visit.url(f"/polls/{booth.poll.id}/slip?again=1"))


def chosen(visit: Visit) -> Response:
    booth = _booth(visit)
    if _has_voted(booth):
        return _to_slip(visit, booth)
    if booth.obstacle:
        raise booth.obstacle
    choosing = visit.url(f"/polls/{booth.poll.id}/ballot")
    choice = visit.form.raw("choice")
    if choice not in CASTABLE:
        return visit.to(f"{choosing}?missing=1")
    token = rules.choice_token(visit.site.settings.secret, choice=choice, **_whose(visit, booth))
    return visit.to(f"{choosing}/check?chosen={token}")


def _whose(visit: Visit, booth: Booth) -> dict[str, Any]:
    return {"account_id": visit.me, "poll_id": booth.poll.id, "head_key": booth.head.key if booth.head else ""}


def read_back(visit: Visit) -> Response:
    booth = _booth(visit)
    if _has_voted(booth):
        return _to_slip(visit, booth)
    choice = rules.choice_of_token(visit.site.settings.secret, visit.query("chosen"), **_whose(visit, booth))
    if choice is None or booth.obstacle:
        return back_to_choosing(visit)
    return visit.render("ballot/check.html", poll=booth.poll, head=booth.head, choice=choice)


def back_to_choosing(visit: Visit) -> Response:
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
        qr_svg=qr.svg(slip_address(visit, slip.receipt)) if mine else None,
        again=bool(visit.query("again")),
        came=None if mine else paper_queries.cast_of_head(visit.session, poll.id, visit.viewer.head_key or ""),
    )


def dispute(visit: Visit) -> Response:
    text = visit.form.text("text", most=500, required=False, one_line=False)
    visit.form.check()
    poll_id: int = visit.params["poll_id"]
    dispute_actions.dispute(visit.tx, poll_id, head_key=visit.viewer.head_key or "", text=text)
    return visit.to(visit.url(f"/polls/{poll_id}/slip"), said="ballot_disputed")


_POLL = "/c/{council}/polls/{poll_id:int}"
routes: list[Route] = [
    page(f"{_POLL}/ballot", choose, needs=OWNER),
    act(f"{_POLL}/ballot/check", chosen, needs=OWNER, page=f"{_POLL}/ballot"),
    page(f"{_POLL}/ballot/check", read_back, needs=OWNER),
    page(f"{_POLL}/casting", back_to_choosing, needs=OWNER),
    act(f"{_POLL}/casting", cast, needs=OWNER, page=f"{_POLL}/ballot"),
    page(f"{_POLL}/slip", my_slip, needs=OWNER),
    act(f"{_POLL}/slip/dispute", dispute, needs=OWNER, page=f"{_POLL}/slip", rate="10/hour"),
]
