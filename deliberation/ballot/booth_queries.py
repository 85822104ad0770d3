"""Whether one owner, or who holds their proxy, can vote in a poll on their own device now, and if not, why: asked alike wherever
voting is offered."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from deliberation.ballot import proxy_queries, queries, rolls, rules
from deliberation.ballot.tables import Poll, Proxy
from votes.refusal import Refused

PAPER_HELPS = frozenset({"signed_papers_only", "confirmed_after_notice", "cast_for_another_home", "home_changed_hands"})
"""What keeps an owner from voting here but not from voting on paper."""


def obstacle(
    session: Session, poll: Poll, *, head_key: str | None, account_id: int, name: str, now: datetime
) -> Refused | None:
    try:
        rules.check_open(poll, now)
        head = rolls.head_of(session, poll, head_key)
        if head is None:
            raise Refused("not_on_frozen_roll")
        rules.check_pen(head, name)
        if queries.slip_of_head(session, poll.id, head.key):
            raise Refused("already_cast")
        rules.check_online(poll.standing)
        rules.check_confirmed_before(poll, queries.confirmed_alone_at(session, poll.council_id, account_id))
        if rolls.changed_hands(
            session, poll, head, name=name, tied_at=queries.tied_at(session, poll.council_id, account_id)
        ):
            raise Refused("home_changed_hands")
        if queries.other_head_of(session, poll.id, account_id, head.key):
            raise Refused("cast_for_another_home")
    except Refused as found:
        return found
    return None


def proxy_obstacle(session: Session, poll: Poll, proxy: Proxy, *, now: datetime) -> Refused | None:
    """The same for the one head of a written proxy, whose holder asks."""
    try:
        rules.check_open(poll, now)
        head = rolls.head_of(session, poll, proxy.head_key)
        if head is None:
            raise Refused("not_on_frozen_roll")
        rules.check_pen(head, proxy.given_name)
        cast = proxy_queries.ballot_of(session, poll.id, head.key)
        if cast is not None:
            raise Refused("already_cast" if cast.proxy_id == proxy.id else "principal_voted")
        rules.check_online(poll.standing)
        if code := proxy_queries.objection(session, poll, proxy, now):
            raise Refused(code, limit=poll.proxy_limit)
        if code := proxy_queries.principal_objection(session, poll, proxy):
            raise Refused(code)
    except Refused as found:
        return found
    return None
