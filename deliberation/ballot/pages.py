"""A poll's public face inside the council: list, notice, turnout, my slip; and all routes of the step."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.ballot import actions, announce_pages, later_queries, queries, rolls, rules
from deliberation.ballot.booth import pages as booth_pages
from deliberation.ballot.booth import queries as booth_queries
from deliberation.ballot.disputes import pages as dispute_pages
from deliberation.ballot.paper import pages as paper_pages
from deliberation.ballot.paper import printed_pages
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.proxies import pages as proxy_pages
from deliberation.ballot.tables import Poll
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.rules import STAFF, Role
from deliberation.web import qr
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, MEMBER, seat
from deliberation.web.visit import Visit
from votes.rules import matter

PAGE_SIZE = 30
OPEN_OR_AHEAD = (rules.PollState.ANNOUNCED, rules.PollState.OPEN)


def poll_list(visit: Visit) -> Response:
    found = queries.polls(visit.session, visit.council_id, page=visit.page_number, size=PAGE_SIZE)
    total = queries.poll_count(visit.session, visit.council_id)
    return visit.render(
        "ballot/polls.html",
        rows=[(poll, rules.state(poll, visit.now)) for poll in found],
        outcomes=later_queries.outcomes(visit.session, visit.council_id, {poll.matter_id for poll in found}),
        voted=queries.voted(visit.session, [poll.id for poll in found], visit.viewer.head_key),
        page=visit.page_number,
        pages=max(1, -(-total // PAGE_SIZE)),
    )


def facts(visit: Visit, poll: Poll) -> dict[str, Any]:
    """What every page about a poll shows."""
    rule = rolls.rule_of(poll)
    return {
        "poll": poll,
        "state": rules.state(poll, visit.now),
        "law": matter(poll.law_item).words(visit.lang),
        "takes_online": rules.takes_online(poll.standing),
        "binds": rules.binds(poll.standing),
        "major": rules.is_major(poll.law_item),
        "source": rule.source(visit.lang),
        "whole": rolls.thresholds(rolls.roll_of(visit.session, poll), rule),
    }


def poll_page(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    found = facts(visit, poll)
    mine = rolls.head_of(visit.session, poll, visit.viewer.head_key)
    slip = queries.slip_of_head(visit.session, poll.id, visit.viewer.head_key)
    started = found["state"] in (rules.PollState.OPEN, rules.PollState.CLOSED)
    as_of = rules.last_step(visit.now) if found["state"] is rules.PollState.OPEN else None
    turnout = (
        rolls.turnout(visit.session, poll, queries.heads_in(visit.session, poll.id, before=as_of)) if started else None
    )
    staff = bool(visit.roles & set(STAFF))
    me = visit.person.account_id if visit.person else 0
    owner: dict[str, Any] = {
        "head_key": visit.viewer.head_key,
        "account_id": me,
        "name": visit.person.name if visit.person else "",
        "now": visit.now,
    }
    why = booth_queries.obstacle(visit.session, poll, **owner)
    return visit.render(
        "ballot/poll.html",
        mine=mine,
        may_vote=why is None,
        why_not=visit.sentence(why) if why else "",
        by_one=booth_queries.by_one(visit.session, poll, **owner),
        slip=slip,
        cast_by_me=slip is not None and visit.person is not None and slip[1] == visit.me,
        turnout=turnout,
        as_of=as_of,
        place=rolls.place,
        staff=staff,
        proxies=proxy_pages.held_in(visit, poll) if found["state"] in OPEN_OR_AHEAD else [],
        named=proxy_pages.named_for(visit, poll) if found["state"] in OPEN_OR_AHEAD else [],
        roll_questions=dispute_queries.open_count(visit.session, visit.council_id, at=poll.notice_at),
        disputed=(
            sum(one.settled_at is None for one in paper_queries.disputes(visit.session, poll.id))
            if staff or Role.SUPERVISOR in visit.roles
            else 0
        ),
        **found,
    )


def sheet(visit: Visit) -> Response:
    poll = queries.poll(visit.session, visit.council_id, visit.params["poll_id"])
    address = f"{visit.site.settings.base_url}{visit.url(f'/polls/{poll.id}')}"
    return visit.render("ballot/sheet.html", qr_svg=qr.svg(address), address=address, **facts(visit, poll))


def withdraw(visit: Visit) -> Response:
    reason = visit.form.text("reason", most=300, least=4)
    visit.form.check()
    actions.withdraw(visit.tx, visit.params["poll_id"], reason=reason)
    return visit.to(visit.url(f"/polls/{visit.params['poll_id']}"), said="poll_withdrawn")


_C = "/c/{council}"
routes: list[Route] = [
    page(f"{_C}/polls", poll_list, needs=MEMBER),
    page(f"{_C}/polls/{{poll_id:int}}", poll_page, needs=MEMBER),
    page(f"{_C}/polls/{{poll_id:int}}/sheet", sheet, needs=ANYONE, shared=True),
    act(
        f"{_C}/polls/{{poll_id:int}}/withdrawal",
        withdraw,
        needs=seat("moderator"),
        page=f"{_C}/polls/{{poll_id:int}}",
    ),
    *announce_pages.routes,
    *booth_pages.routes,
    *printed_pages.routes,
    *paper_pages.routes,
    *dispute_pages.routes,
    *proxy_pages.routes,
]
