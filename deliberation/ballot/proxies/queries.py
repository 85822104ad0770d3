"""Written proxies: as they are judged, as the two people see them, and as the list that is published by room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select, true

from deliberation.ballot import queries
from deliberation.ballot.proxies import rules as proxy_rules
from deliberation.ballot.proxies.rules import Paper, Scope, State, Subject
from deliberation.ballot.tables import Ballot, Poll, Proxy
from deliberation.council.residents import queries as resident_queries
from deliberation.council.tables import Membership
from deliberation.people.tables import Account
from deliberation.web.viewer import NotHere


def subject_of(proxy: Proxy) -> Subject:
    scope = Scope(proxy.scope)
    return Subject(scope, proxy.poll_id if scope is Scope.POLL else proxy.meeting_id)


def paper_of(proxy: Proxy) -> Paper:
    return Paper(
        proxy.id or 0,
        proxy.head_key,
        proxy_rules.pen_of(proxy.holder_id, proxy.holder_name),
        subject_of(proxy),
        proxy.signed_at,
        proxy.until,
        proxy.revoked_at,
        proxy.holder_name,
    )


def proxy(session: Session, council_id: int, proxy_id: int) -> Proxy:
    found = session.get(Proxy, proxy_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def held_by(session: Session, council_id: int, proxy_id: int, account_id: int) -> Proxy:
    """A proxy is nobody's business but its holder's when it comes to using it."""
    found = proxy(session, council_id, proxy_id)
    if found.holder_id != account_id or found.state not in {State.VALID, State.REVOKED}:
        raise NotHere
    return found


def live(session: Session, council_id: int, now: datetime, *, holder_id: int | None = None) -> list[Proxy]:
    """Not over: waiting or in force, its time not run out, its poll not closed; all of them, or those one person holds."""
    closed = select(Poll.id).where(
        or_(col(Poll.closed_at).is_not(None), col(Poll.withdrawn_at).is_not(None), col(Poll.closes_at) <= now)
    )
    return list(
        session.exec(
            select(Proxy)
            .where(
                Proxy.council_id == council_id,
                col(Proxy.state).in_([State.WAITING, State.VALID]),
                or_(col(Proxy.until).is_(None), col(Proxy.until) > now),
                or_(col(Proxy.poll_id).is_(None), col(Proxy.poll_id).not_in(closed)),
                true() if holder_id is None else col(Proxy.holder_id) == holder_id,
            )
            .order_by(col(Proxy.id))
        )
    )


def objection(session: Session, poll: Poll, used: Proxy, now: datetime) -> str:
    """Why the holder may not use this proxy in this poll now, or "". Owners who voted themselves take no room in the limit."""
    own = set(session.exec(select(Ballot.head_key).where(Ballot.poll_id == poll.id, col(Ballot.proxy_id).is_(None))))
    papers = [
        paper_of(one)
        for one in live(session, poll.council_id, now)
        if one.state == State.VALID and one.head_key not in own
    ]
    mine = paper_of(used)
    return proxy_rules.objection(
        proxy_rules.in_hand_of(mine, papers),
        mine,
        Subject(Scope.POLL, poll.id),
        limit=poll.proxy_limit,
        at=now,
    )


def on_paper(session: Session, poll: Poll, head_key: str, name: str, now: datetime) -> tuple[Proxy | None, str]:
    """The proxy by which somebody of this name may sign this head's paper, or why the one there is does not let them."""
    found = session.exec(
        select(Proxy)
        .where(
            Proxy.council_id == poll.council_id,
            Proxy.head_key == head_key,
            col(Proxy.state).in_([State.VALID, State.REVOKED]),
        )
        .order_by(col(Proxy.id).desc())
    ).all()
    fault = ""
    for one in found:
        if proxy_rules.same_name(one.holder_name, name):
            fault = objection(session, poll, one, now) or principal_objection(session, one)
            if not fault:
                return one, ""
    return None, fault


def principal_objection(session: Session, proxy: Proxy) -> str:
    """Why what somebody gave on their own account is not theirs to give, or "": they belong to that head no more, or one clerk
    alone stands behind that they do. What was given on paper stands as written; two have read it."""
    if proxy.given_by is None:
        return ""
    tied = session.exec(
        select(Membership.id).where(
            Membership.council_id == proxy.council_id,
            Membership.account_id == proxy.given_by,
            Membership.head_key == proxy.head_key,
            Membership.state == "verified",
            Membership.tie == "owner",
        )
    ).first()
    if tied is None:
        return "proxy_principal_gone"
    by_two = resident_queries.by_two(session, proxy.council_id, proxy.given_by)
    return "" if by_two else "principal_known_by_one"


def in_place_of(session: Session, proxy: Proxy) -> Proxy | None:
    """The record of the same paper, with its holder's account, that waits to take the place of this one."""
    waits = select(Proxy).where(Proxy.second_of == proxy.id, Proxy.state == State.WAITING)
    return session.exec(waits).first()


def replaced_by(session: Session, proxy: Proxy) -> Proxy | None:
    """The record in force of the same paper, by name alone, whose place this one takes or is to take."""
    first = session.get(Proxy, proxy.second_of) if proxy.second_of else None
    return first if first and first.state == State.VALID else None


def ballot_of(session: Session, poll_id: int, head_key: str) -> Ballot | None:
    return session.exec(select(Ballot).where(Ballot.poll_id == poll_id, Ballot.head_key == head_key)).first()


def used_in(session: Session, proxy_id: int) -> list[int]:
    """Polls in which a ballot was cast by it."""
    return list(session.exec(select(Ballot.poll_id).where(Ballot.proxy_id == proxy_id)))


def serves_now(session: Session, proxy: Proxy, now: datetime) -> bool:
    """Whether a poll that it is good for is between its notice and its close."""
    mine = subject_of(proxy)
    ahead = queries.polls_ahead(session, proxy.council_id, now)
    return any(mine.covers(Subject(Scope.POLL, one.id)) for one in ahead)


def concerned(session: Session, proxy: Proxy) -> list[int]:
    """The accounts of its owners, and of whoever may use it."""
    owners = session.exec(
        select(Membership.account_id).where(
            Membership.council_id == proxy.council_id,
            Membership.head_key == proxy.head_key,
            Membership.state == "verified",
            Membership.tie == "owner",
        )
    ).all()
    return list(dict.fromkeys(one for one in (proxy.given_by, *owners, proxy.holder_id) if one is not None))


def holding(session: Session, council_id: int, account_id: int, now: datetime) -> list[Proxy]:
    return [one for one in live(session, council_id, now, holder_id=account_id) if one.state == State.VALID]


def standing_of(session: Session, account_id: int) -> list[Proxy]:
    """Neither refused nor taken back, in any council, with this person on either side."""
    return list(
        session.exec(
            select(Proxy)
            .where(
                col(Proxy.state).in_([State.WAITING, State.VALID]),
                or_(Proxy.given_by == account_id, Proxy.holder_id == account_id),
            )
            .order_by(col(Proxy.id))
        )
    )


def for_poll(session: Session, poll: Poll, account_id: int, now: datetime) -> list[Proxy]:
    """What this person may cast with in this poll, each head on its own."""
    subject = Subject(Scope.POLL, poll.id)
    return [one for one in holding(session, poll.council_id, account_id, now) if subject_of(one).covers(subject)]


@dataclass(frozen=True)
class Holder:
    """The account a written name and number belong to, if it is a member here."""

    account_id: int
    head_key: str | None
    home: str
    level: int


def member(session: Session, council_id: int, account_id: int) -> Holder | None:
    found = session.exec(
        select(Membership).where(
            Membership.council_id == council_id,
            Membership.account_id == account_id,
            Membership.state == "verified",
        )
    ).first()
    return Holder(account_id, found.head_key, found.home, found.level) if found else None


def residents_by_name(session: Session, council_id: int) -> dict[str, list[Holder]]:
    """Confirmed residents by their names, however these are written (`rules.named`)."""
    rows = session.exec(
        select(Membership, Account.name)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(Membership.council_id == council_id, Membership.state == "verified")
        .order_by(col(Membership.id))
    )
    found: dict[str, list[Holder]] = {}
    for one, name in rows:
        found.setdefault(proxy_rules.named(name), []).append(Holder(one.account_id, one.head_key, one.home, one.level))
    return found


def residents_named(session: Session, council_id: int, name: str) -> list[Holder]:
    return residents_by_name(session, council_id).get(proxy_rules.named(name), []) if name else []
