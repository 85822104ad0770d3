"""Voting in three steps: choose, read back, keep the slip. Nothing here needs JavaScript.

Each POST is answered by a GET, so that the phone's back button never asks to send a form again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import actions, queries, rolls
from deliberation.ballot.booth import queries as booth_queries
from deliberation.ballot.booth import rules as booth_rules
from deliberation.ballot.disputes import actions as dispute_actions
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.paper.printed_pages import slip_address
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.rules import CASTABLE, Choice
from deliberation.ballot.tables import Poll, Proxy
from deliberation.web import qr
from deliberation.web.forms import BadForm
from deliberation.web.routing import act, page
from deliberation.web.viewer import OWNER, VERIFIED
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.roll import Head


@dataclass(frozen=True)
class Booth:
    """Where one owner stands with one poll: their head. With `proxy` it is the head of who gave it, and the same steps lie under
    another address, `at`."""

    poll: Poll
    head: Head | None
    at: str
    proxy: Proxy | None = None

    @property
    def head_key(self) -> str | None:
        return self.head.key if self.head else None

    @property
    def place(self) -> str:
        """Whose ballot it is, where it is not one's own."""
        return self.proxy.place if self.proxy else ""


def _booth(visit: Visit) -> Booth:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    at = visit.url(f"/polls/{poll.id}")
    if "proxy_id" in visit.params:
        proxy = proxy_queries.held_by(visit.session, visit.council_id, visit.params["proxy_id"], visit.me)
        head = rolls.head_of(visit.session, poll, proxy.head_key)
        return Booth(poll, head, f"{at}/proxies/{proxy.id}", proxy)
    return Booth(poll, rolls.head_of(visit.session, poll, visit.viewer.head_key), at)


def _obstacle(visit: Visit, booth: Booth) -> Refused | None:
    """Why they cannot vote, if so."""
    if booth.proxy:
        return booth_queries.proxy_obstacle(visit.session, booth.poll, booth.proxy, now=visit.now)
    return booth_queries.obstacle(
        visit.session,
        booth.poll,
        head_key=visit.viewer.head_key,
        account_id=visit.me,
        name=visit.person.name if visit.person else "",
        now=visit.now,
    )


def _cannot(visit: Visit, booth: Booth, why: Refused) -> Response:
    return visit.render(
        "ballot/cannot.html",
        422,
        poll=booth.poll,
        why=visit.sentence(why),
        has_slip=why.code == "already_cast",
        by_one=why.code == "known_by_one",
        at=booth.at,
    )


def choose(visit: Visit) -> Response:
    booth = _booth(visit)
    if visit.refused:
        return _cannot(visit, booth, visit.refused)
    if why := _obstacle(visit, booth):
        return _to_slip(visit, booth) if _has_voted(why) else _cannot(visit, booth, why)
    if visit.query("missing"):
        visit.refuse(BadForm({"choice": Refused("missing")}))
    return visit.render("ballot/choose.html", poll=booth.poll, head=booth.head, at=booth.at, place=booth.place)


def _has_voted(why: Refused | None) -> bool:
    return why is not None and why.code == "already_cast"


def _to_slip(visit: Visit, booth: Booth) -> Response:
    """Whoever comes back to a step of casting after the ballot is in."""
    return visit.to(f"{booth.at}/slip?again=1")


def chosen(visit: Visit) -> Response:
    booth = _booth(visit)
    if why := _obstacle(visit, booth):
        if _has_voted(why):
            return _to_slip(visit, booth)
        raise why
    choosing = f"{booth.at}/ballot"
    choice = visit.form.raw("choice")
    if choice not in CASTABLE:
        return visit.to(f"{choosing}?missing=1")
    token = booth_rules.choice_token(visit.site.settings.secret, choice=choice, **_whose(visit, booth))
    return visit.to(f"{choosing}/check?chosen={token}")


def _whose(visit: Visit, booth: Booth) -> dict[str, Any]:
    return {"account_id": visit.me, "poll_id": booth.poll.id, "head_key": booth.head.key if booth.head else ""}


def read_back(visit: Visit) -> Response:
    booth = _booth(visit)
    why = _obstacle(visit, booth)
    if _has_voted(why):
        return _to_slip(visit, booth)
    choice = booth_rules.choice_of_token(visit.site.settings.secret, visit.query("chosen"), **_whose(visit, booth))
    if choice is None or why:
        return visit.to(f"{booth.at}/ballot")
    return visit.render(
        "ballot/check.html", poll=booth.poll, head=booth.head, choice=choice, at=booth.at, place=booth.place
    )


def back_to_choosing(visit: Visit) -> Response:
    return visit.to(f"{_booth(visit).at}/ballot")


def cast(visit: Visit) -> Response:
    choice: Choice = visit.form.choice("choice", CASTABLE)
    visit.form.check()
    poll_id: int = visit.params["poll_id"]
    if "proxy_id" in visit.params:
        proxy_id: int = visit.params["proxy_id"]
        actions.cast_by_proxy(visit.tx, poll_id, proxy_id, choice=choice, level=visit.viewer.level)
        return visit.to(visit.url(f"/polls/{poll_id}/proxies/{proxy_id}/slip"))
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
    booth = _booth(visit)
    poll, head_key = booth.poll, booth.head_key
    found = queries.slip_of_head(visit.session, poll.id, head_key)
    # A ballot cast by proxy has its slip with the proxy, and who gave it sees how it came in.
    mine = (
        found is not None
        and found[1] == visit.me
        and queries.proxy_of(visit.session, poll.id, head_key) == (booth.proxy.id if booth.proxy else None)
    )
    if found is None or (booth.proxy and not mine):
        return visit.to(visit.url(f"/polls/{poll.id}"))
    slip = found[0]
    return visit.render(
        "ballot/slip.html",
        poll=poll,
        slip=slip if mine else None,
        channel=slip.channel,
        choice=queries.own_choice(visit.session, poll.id, visit.me, head_key) if mine else None,
        qr_svg=qr.svg(slip_address(visit, slip.receipt)) if mine else None,
        again=bool(visit.query("again")),
        came=None if mine else paper_queries.cast_of_head(visit.session, poll.id, head_key or ""),
        place=booth.place,
    )


def dispute(visit: Visit) -> Response:
    text = visit.form.text("text", most=500, required=False, one_line=False)
    visit.form.check()
    poll_id: int = visit.params["poll_id"]
    dispute_actions.dispute(visit.tx, poll_id, head_key=visit.viewer.head_key or "", text=text)
    return visit.to(visit.url(f"/polls/{poll_id}/slip"), said="ballot_disputed")


_POLL = "/c/{council}/polls/{poll_id:int}"
_PROXY = f"{_POLL}/proxies/{{proxy_id:int}}"
routes: list[Route] = [
    page(f"{_PROXY}/ballot", choose, needs=VERIFIED),
    act(f"{_PROXY}/ballot/check", chosen, needs=VERIFIED, page=f"{_PROXY}/ballot"),
    page(f"{_PROXY}/ballot/check", read_back, needs=VERIFIED),
    page(f"{_PROXY}/casting", back_to_choosing, needs=VERIFIED),
    act(f"{_PROXY}/casting", cast, needs=VERIFIED, page=f"{_PROXY}/ballot"),
    page(f"{_PROXY}/slip", my_slip, needs=VERIFIED),
    page(f"{_POLL}/ballot", choose, needs=OWNER),
    act(f"{_POLL}/ballot/check", chosen, needs=OWNER, page=f"{_POLL}/ballot"),
    page(f"{_POLL}/ballot/check", read_back, needs=OWNER),
    page(f"{_POLL}/casting", back_to_choosing, needs=OWNER),
    act(f"{_POLL}/casting", cast, needs=OWNER, page=f"{_POLL}/ballot"),
    page(f"{_POLL}/slip", my_slip, needs=OWNER),
    act(f"{_POLL}/slip/dispute", dispute, needs=OWNER, page=f"{_POLL}/slip", rate="10/hour"),
]
