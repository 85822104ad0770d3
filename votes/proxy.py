"""Written proxies 委托书 (SPEC 5.5): who may hold the pen for whom, on what, until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from votes.moment import moment
from votes.table import key


@dataclass(frozen=True, slots=True)
class Proxy:
    """`principal` is an owner_id, `holder` a name as written in cast_by. An empty `scope` covers every matter."""

    principal: str
    holder: str
    scope: tuple[str, ...] = ()
    signed_at: datetime | None = None
    until: datetime | None = None
    revoked_at: datetime | None = None
    line: int = 0


class Proxies:
    """The proxies of one count. One holder may act for at most `limit` principals, those who signed first; 0 is no limit."""

    def __init__(self, proxies: Iterable[Proxy], limit: int, matter: str = "") -> None:
        self._matter = key(matter)
        self._papers: dict[str, list[Proxy]] = {}
        self._within: set[tuple[str, str]] = set()
        acting: dict[str, set[str]] = {}
        papers = sorted(proxies, key=lambda proxy: proxy.line)
        dated = [
            (moment(proxy.signed_at), proxy.line, n) for n, proxy in enumerate(papers) if proxy.signed_at is not None
        ]
        in_order = [papers[n] for _, _, n in sorted(dated)] + [proxy for proxy in papers if proxy.signed_at is None]
        for proxy in in_order:
            principal, holder = key(proxy.principal), key(proxy.holder)
            self._papers.setdefault(principal, []).append(proxy)
            principals = acting.setdefault(holder, set())
            if limit == 0 or principal in principals or len(principals) < limit:
                principals.add(principal)
                self._within.add((principal, holder))

    def objection(self, principals: Iterable[str], names: Iterable[str], pen: str, at: datetime | None) -> str:
        """Why `pen` may not vote for the head with these owner_ids and names; "" when a proxy allows it."""
        ids = [key(principal) for principal in principals]
        if key(pen) in {key(name) for name in names}:
            return ""
        papers = [
            proxy for principal in ids for proxy in self._papers.get(principal, []) if key(proxy.holder) == key(pen)
        ]
        found = [self._fault(proxy, at) for proxy in papers]
        if found:
            return "" if "" in found else found[-1]
        named = {key(proxy.holder) for principal in ids for proxy in self._papers.get(principal, [])}
        passed_on = any(key(proxy.holder) == key(pen) for name in named for proxy in self._papers.get(name, []))
        return "proxy_chain" if passed_on else "no_proxy"

    def _fault(self, proxy: Proxy, at: datetime | None) -> str:
        principal, holder = key(proxy.principal), key(proxy.holder)
        if (principal, holder) not in self._within:
            return "proxy_limit"
        if proxy.scope and self._matter not in {key(part) for part in proxy.scope}:
            return "proxy_scope"
        return _out_of_time(proxy, at)


def _out_of_time(proxy: Proxy, at: datetime | None) -> str:
    """A ballot without a time is judged as cast at the end: it cannot claim to be earlier than a revocation."""
    if proxy.revoked_at is not None and (at is None or moment(at) >= moment(proxy.revoked_at)):
        return "proxy_revoked"
    if proxy.until is not None and (at is None or moment(at) > moment(proxy.until)):
        return "proxy_expired"
    if proxy.signed_at is not None and at is not None and moment(at) < moment(proxy.signed_at):
        return "proxy_not_yet_signed"
    return ""
