"""Whoever was named on a paper by name alone has an account by now: one of the staff says which, another confirms it."""

from __future__ import annotations

from deliberation.ballot.proxies import actions as proxy_actions
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.proxies.rules import State
from deliberation.ballot.tables import Proxy
from deliberation.db.engine import Tx
from votes.refusal import Refused


def name_holder(tx: Tx, proxy: Proxy, account_id: int) -> Proxy:
    """The paper recorded once more, with the account; it takes the place of the first record when another has confirmed it, and
    until then that one goes on: its holder may still sign on paper. Never by the name alone: two people may have the same."""
    if proxy.state != State.VALID or proxy.holder_id is not None:
        raise Refused("proxy_decided")
    if proxy_queries.used_in(tx.session, proxy.id) and proxy.poll_id is not None:
        raise Refused("proxy_used")
    if proxy_queries.in_place_of(tx.session, proxy):
        raise Refused("proxy_given_already")
    known = {one.account_id: one for one in proxy_queries.residents_named(tx.session, tx.council, proxy.holder_name)}
    if account_id not in known:
        raise Refused("proxy_holder_gone", field="holder")
    copied = {"id", "holder_id", "holder_place", "state", "recorded_by", "recorded_at", "confirmed_by", "second_of"}
    return proxy_actions.record_again(
        tx,
        Proxy(
            **proxy.model_dump(exclude=copied),
            holder_id=account_id,
            holder_place=known[account_id].home,
            state=State.WAITING,
            recorded_by=tx.actor,
            recorded_at=tx.now,
            second_of=proxy.id,
        ),
        but=proxy,
        holder_head=known[account_id].head_key,
    )
