"""Giving, recording, confirming and taking back written proxies. The journal tells of each by its number, never of a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deliberation.ballot import queries, rolls, rules
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies import rules as proxy_rules
from deliberation.ballot.proxies.rules import Scope, State, Subject
from deliberation.ballot.tables import Proxy
from deliberation.council.queries import settings_of
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.people.devices import actions as device_actions
from deliberation.people.queries import by_identifier
from votes.refusal import Refused
from votes.roll import Head
from votes.table import key


@dataclass(frozen=True)
class Terms:
    """What is written on it."""

    holder_name: str
    holder_phone: str
    subject: Subject
    signed_at: datetime
    until: datetime | None
    holder_id: int | None = None
    """Chosen among the residents of that name, in place of a number."""


def give(tx: Tx, head: Head, *, name: str, terms: Terms) -> Proxy:
    """By one of the head's owners, on their own account: in force at once."""
    if not resident_queries.by_two(tx.session, tx.council, tx.actor):
        raise Refused("proxy_known_by_one")
    return _write(tx, head, name=name, terms=terms, given_by=tx.actor, state=State.VALID, verb="proxy.given")


def record_paper(tx: Tx, head: Head, *, name: str, terms: Terms) -> Proxy:
    """A signed paper handed in at the desk; in force when another of the staff has confirmed it."""
    return _write(tx, head, name=name, terms=terms, given_by=None, state=State.WAITING, verb="proxy.recorded")


def _write(tx: Tx, head: Head, *, name: str, terms: Terms, given_by: int | None, state: State, verb: str) -> Proxy:
    if named := rules.named_instead(head, name):
        raise Refused("not_designated", name=named)
    if terms.subject.scope is Scope.POLL and queries.slip_of_head(tx.session, terms.subject.number or 0, head.key):
        raise Refused("already_cast") if given_by else Refused("proxy_head_cast", field="room")
    holder = _holder(tx, terms, on_paper=given_by is None)
    if holder is not None and holder.account_id == given_by:
        raise Refused("proxy_self", field="holder_name")
    made = Proxy(
        council_id=tx.council,
        head_key=head.key,
        place=_places(head),
        given_name=name[:40],
        given_by=given_by,
        holder_id=holder.account_id if holder else None,
        holder_name=terms.holder_name,
        holder_place=holder.home if holder else "",
        scope=terms.subject.scope,
        poll_id=terms.subject.number if terms.subject.scope is Scope.POLL else None,
        meeting_id=terms.subject.number if terms.subject.scope is Scope.MEETING else None,
        signed_at=terms.signed_at,
        until=terms.until,
        state=state,
        recorded_by=None if given_by else tx.actor,
        recorded_at=tx.now,
    )
    proxy_rules.check_given(
        proxy_queries.paper_of(made),
        head,
        holder_name=terms.holder_name,
        holder_head=holder.head_key if holder else None,
        now=tx.now,
        others=_others(tx, in_force=given_by is not None),
        limit=settings_of(tx.session, tx.council).proxy_limit,
    )
    tx.session.add(made)
    tx.session.flush()
    record(tx, verb, proxy_id=made.id)
    return made


def record_again(tx: Tx, made: Proxy, *, but: Proxy, holder_head: str | None) -> Proxy:
    """The same paper as `but`, which it is to take the place of."""
    head = roll_queries.head(tx.session, tx.council, made.head_key)
    if head is None:
        raise Refused("not_on_newest_roll")
    proxy_rules.check_given(
        proxy_queries.paper_of(made),
        head,
        holder_name=made.holder_name,
        holder_head=holder_head,
        now=tx.now,
        others=_others(tx, in_force=False, but=but.id),
        limit=settings_of(tx.session, tx.council).proxy_limit,
    )
    tx.session.add(made)
    tx.session.flush()
    record(tx, "proxy.recorded", proxy_id=made.id)
    return made


def _others(tx: Tx, *, in_force: bool, but: int | None = None) -> list[proxy_rules.Paper]:
    """`in_force`: without those that one clerk has recorded and no other confirmed. They stand in no owner's way."""
    live = proxy_queries.live(tx.session, tx.council, tx.now)
    return [proxy_queries.paper_of(one) for one in live if one.id != but and (one.state == State.VALID or not in_force)]


def _holder(tx: Tx, terms: Terms, *, on_paper: bool) -> proxy_queries.Holder | None:
    """The member behind name and number; without a number it is a person known by name, who signs on paper."""
    if terms.holder_id:
        named = proxy_queries.residents_named(tx.session, tx.council, terms.holder_name)
        chosen = next((one for one in named if one.account_id == terms.holder_id), None)
        if chosen is None:
            # They stood on the page, and have moved away or are called otherwise since.
            raise Refused("proxy_holder_gone", field="holder")
        return chosen
    if not terms.holder_phone:
        return None
    account = by_identifier(tx.session, terms.holder_phone)
    found = proxy_queries.member(tx.session, tx.council, account.id) if account else None
    if account is None or found is None or key(account.name) != key(terms.holder_name):
        raise Refused("proxy_holder_unknown_on_paper" if on_paper else "proxy_holder_unknown", field="holder_phone")
    return found


def _places(head: Head) -> str:
    return "、".join(rolls.place(unit) or unit.owner_id for unit in head.units)[:200]


def confirm(tx: Tx, proxy: Proxy) -> None:
    """The second pair of eyes on a paper: nobody alone puts an owner's ballot into another's hand."""
    _check_second(tx, proxy)
    limit = settings_of(tx.session, tx.council).proxy_limit
    earlier = proxy_queries.replaced_by(tx.session, proxy)
    if earlier and earlier.poll_id is not None and proxy_queries.used_in(tx.session, earlier.id):
        raise Refused("proxy_used")
    others = [one for one in _others(tx, in_force=True, but=proxy.id) if earlier is None or one.id != earlier.id]
    proxy_rules.check_room(proxy_queries.paper_of(proxy), others, limit=limit, now=tx.now)
    proxy.state, proxy.confirmed_by = State.VALID, tx.actor
    tx.session.add(proxy)
    record(tx, "proxy.confirmed", proxy_id=proxy.id)
    if earlier:
        # That the owner takes it back has been said of the paper, not of one of its records.
        proxy.ending_by = earlier.ending_by
        earlier.state, earlier.revoked_at, earlier.revoked_by = State.REVOKED, tx.now, tx.actor
        tx.session.add(earlier)
        record(tx, "proxy.replaced", proxy_id=earlier.id, by=proxy.id)


def refuse(tx: Tx, proxy: Proxy, *, note: str) -> None:
    if proxy.state != State.WAITING:
        raise Refused("proxy_decided")
    proxy.state, proxy.confirmed_by, proxy.note = State.REFUSED, tx.actor, note
    tx.session.add(proxy)
    record(tx, "proxy.refused", proxy_id=proxy.id)


def _check_second(tx: Tx, proxy: Proxy) -> None:
    if proxy.state != State.WAITING:
        raise Refused("proxy_decided")
    if tx.actor == proxy.recorded_by:
        raise Refused("proxy_second_person")
    if tx.actor == proxy.holder_id:
        raise Refused("proxy_not_for_yourself")


def revoke(tx: Tx, proxy: Proxy, *, own_head: bool) -> bool:
    """By the owner, or at the desk for them: from now on it lets nobody vote. A ballot that was cast by it stands. False while it
    takes a second one of the staff. All whom it concerns are told. `own_head`: the one who acts is tied to the owner's home."""
    if proxy.state not in {State.WAITING, State.VALID}:
        raise Refused("proxy_decided")
    # The same paper may wait once more, with its holder's account: whichever record is named, the paper is meant.
    proxy = proxy_queries.replaced_by(tx.session, proxy) or proxy
    if proxy.scope == Scope.POLL and proxy_queries.used_in(tx.session, proxy.id):
        raise Refused("proxy_used")
    own = _own(tx, proxy, own_head)
    by_two = proxy.state == State.VALID and proxy_queries.serves_now(tx.session, proxy, tx.now)
    holder_id = proxy_queries.whose(tx.session, proxy)
    if not proxy_rules.check_revoke(
        by=tx.actor, own=own, own_head=own_head, by_two=by_two, ending_by=proxy.ending_by, holder_id=holder_id
    ):
        proxy.ending_by = tx.actor
        tx.session.add(proxy)
        _tell(tx, proxy, "proxy_end_asked")
        record(tx, "proxy.end_asked", proxy_id=proxy.id)
        return False
    for one in filter(None, (proxy, proxy_queries.in_place_of(tx.session, proxy))):
        one.state, one.revoked_at, one.revoked_by = State.REVOKED, tx.now, tx.actor
        tx.session.add(one)
        record(tx, "proxy.revoked", proxy_id=one.id)
    _tell(tx, proxy, "proxy_ended")
    return True


def _own(tx: Tx, proxy: Proxy, own_head: bool) -> bool:
    return proxy.given_by == tx.actor or (own_head and resident_queries.by_two(tx.session, tx.council, tx.actor))


def keep(tx: Tx, proxy: Proxy, *, own_head: bool) -> None:
    """The owner has not taken it back after all, or one of the staff finds so; `own_head` as in `revoke`."""
    if proxy.state != State.VALID or proxy.ending_by is None:
        raise Refused("proxy_decided")
    holder_id = proxy_queries.whose(tx.session, proxy)
    proxy_rules.check_keep(by=tx.actor, own=_own(tx, proxy, own_head), own_head=own_head, holder_id=holder_id)
    proxy.ending_by = None
    tx.session.add(proxy)
    _tell(tx, proxy, "proxy_kept")
    record(tx, "proxy.kept", proxy_id=proxy.id)


def _tell(tx: Tx, proxy: Proxy, code: str) -> None:
    for account_id in proxy_queries.concerned(tx.session, proxy):
        if account_id != tx.actor:
            device_actions.tell(tx, account_id, code)


def end_with(tx: Tx, account_id: int) -> None:
    """With a closed account ends, in every council, what it gave and what it held; a ballot that was cast by it stands."""
    for proxy in proxy_queries.standing_of(tx.session, account_id):
        tx.council_id = proxy.council_id
        proxy.state, proxy.revoked_at, proxy.revoked_by = State.REVOKED, tx.now, account_id
        tx.session.add(proxy)
        record(tx, "proxy.revoked", proxy_id=proxy.id)
