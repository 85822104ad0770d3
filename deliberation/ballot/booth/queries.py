"""Whether one owner, or who holds their proxy, can vote in a poll on their own device now, and if not, why: asked alike wherever
voting is offered."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from deliberation.ballot import queries, rolls, rules
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies.rules import Scope, Subject
from deliberation.ballot.tables import Poll, Proxy
from deliberation.council.residents import queries as resident_queries
from votes.refusal import Refused

PAPER_HELPS = frozenset({"signed_papers_only", "known_by_one", "cast_for_another_home", "home_changed_hands"})
"""What keeps an owner from voting here but not from voting on paper."""


def obstacle(
    session: Session, poll: Poll, *, head_key: str | None, account_id: int, name: str, now: datetime
) -> Refused | None:
    try:
        rules.check_open(poll, now)
        _check_owner(session, poll, head_key=head_key, account_id=account_id, name=name)
    except Refused as found:
        return found
    return None


def by_one(session: Session, poll: Poll, *, head_key: str | None, account_id: int, name: str, now: datetime) -> bool:
    """Whether nothing but a second one of the staff is wanting for this owner to vote online: told from the notice on, while there
    is time for it."""
    if rules.state(poll, now) not in {rules.PollState.ANNOUNCED, rules.PollState.OPEN}:
        return False
    try:
        _check_owner(session, poll, head_key=head_key, account_id=account_id, name=name)
    except Refused as found:
        return found.code == "known_by_one"
    return False


def _check_owner(session: Session, poll: Poll, *, head_key: str | None, account_id: int, name: str) -> None:
    """What must hold of the owner, whatever the day."""
    head = rolls.head_of(session, poll, head_key)
    if head is None:
        raise Refused("not_on_frozen_roll")
    rules.check_pen(head, name)
    if queries.slip_of_head(session, poll.id, head.key):
        raise Refused("already_cast")
    rules.check_online(poll.standing)
    rules.check_known(resident_queries.by_two(session, poll.council_id, account_id))
    if rolls.changed_hands(
        session, poll, head, name=name, tied_at=queries.tied_at(session, poll.council_id, account_id)
    ):
        raise Refused("home_changed_hands")
    if queries.other_head_of(session, poll.id, account_id, head.key):
        raise Refused("cast_for_another_home")


def to_prove_for(
    session: Session, council_id: int, *, head_key: str | None, account_id: int, name: str, now: datetime
) -> Poll | None:
    """The first poll to close in which that would keep this owner from voting online."""
    return next(
        (
            poll
            for poll in queries.polls_ahead(session, council_id, now)
            if by_one(session, poll, head_key=head_key, account_id=account_id, name=name, now=now)
        ),
        None,
    )


def proxies_to_use(session: Session, council_id: int, account_id: int, now: datetime) -> list[tuple[Poll, int]]:
    """The open polls in which this person may still cast for others, and for how many."""
    held = proxy_queries.holding(session, council_id, account_id, now)
    if not held:
        return []
    found = []
    for poll in queries.polls_ahead(session, council_id, now):
        subject = Subject(Scope.POLL, poll.id)
        mine = [one for one in held if proxy_queries.subject_of(one).covers(subject)]
        if count := sum(proxy_obstacle(session, poll, one, now=now) is None for one in mine):
            found.append((poll, count))
    return found


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
        if code := proxy_queries.principal_objection(session, proxy):
            raise Refused(code)
        if not resident_queries.by_two(session, poll.council_id, proxy.holder_id or 0):
            raise Refused("holder_known_by_one")
    except Refused as found:
        return found
    return None
