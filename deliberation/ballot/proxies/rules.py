"""Written proxies: who may give one to whom, for what, and whether one may be used now; pure. The limits are those of `votes`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from deliberation.i18n.dates import LOCAL
from votes.proxy import Proxies
from votes.proxy import Proxy as Written
from votes.refusal import Refused
from votes.roll import Head
from votes.table import key

MOST_DAYS = 366
"""A proxy is given for a time that one can oversee; after it another has to be written."""


class Scope(StrEnum):
    POLL = "poll"
    MEETING = "meeting"
    GENERAL = "general"


class State(StrEnum):
    """Recorded at the desk and not confirmed yet, in force, not confirmed, or taken back by who gave it."""

    WAITING = "waiting"
    VALID = "valid"
    REFUSED = "refused"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Subject:
    """What a proxy is for; `number` is the poll's or the meeting's."""

    scope: Scope
    number: int | None = None

    @property
    def label(self) -> tuple[str, ...]:
        """As `votes` writes the scope: nothing says everything."""
        return () if self.scope is Scope.GENERAL else (f"{self.scope}:{self.number}",)

    def covers(self, other: Subject) -> bool:
        return self.scope is Scope.GENERAL or self == other


@dataclass(frozen=True)
class Paper:
    """A proxy as it is judged. `pen`: who may use it, told apart also from somebody of the same name."""

    id: int
    head_key: str
    pen: str
    subject: Subject
    signed_at: datetime
    until: datetime | None
    revoked_at: datetime | None
    holder_name: str = ""

    def written(self) -> Written:
        return Written(
            self.head_key, self.pen, self.subject.label, self.signed_at, self.until, self.revoked_at, self.id
        )


def pen_of(holder_id: int | None, holder_name: str) -> str:
    return holder_name if holder_id is None else f"account {holder_id}"


def in_hand_of(paper: Paper, others: Collection[Paper]) -> list[Paper]:
    """Those of the same holder, under the same pen: a paper that gives no number may name anybody of that name, so it takes room
    with each of them. Two accounts of one name are two people."""
    by_name = paper.pen == paper.holder_name
    return [
        replace(one, pen=paper.pen)
        for one in others
        if one.pen == paper.pen
        or ((by_name or one.pen == one.holder_name) and same_name(one.holder_name, paper.holder_name))
    ]


def end_of(day: date) -> datetime:
    """The last instant of a day here."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL) - timedelta(seconds=1)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def check_given(
    paper: Paper,
    head: Head,
    *,
    holder_name: str,
    holder_head: str | None,
    now: datetime,
    others: Sequence[Paper],
    limit: int,
) -> None:
    """May it be written? `others`: those that it has to get along with, of the same holder and of the same head."""
    if paper.signed_at > now:
        raise Refused("proxy_signed_later", field="signed_on")
    if paper.subject.scope is Scope.GENERAL and paper.until is None:
        raise Refused("proxy_needs_end", field="until")
    if paper.until is not None and not now < paper.until <= now + timedelta(days=MOST_DAYS):
        raise Refused("proxy_end_out_of_range", field="until", most=timedelta(days=MOST_DAYS))
    if holder_head == head.key or key(holder_name) in set(map(key, (*head.names, *head.owner_ids))):
        raise Refused("proxy_self", field="holder_name")
    check_room(paper, others, limit=limit, now=now)


def check_room(paper: Paper, others: Sequence[Paper], *, limit: int, now: datetime) -> None:
    """One for each head and subject, and no more in one hand than the limit."""
    if any(
        one.head_key == paper.head_key and (one.subject.covers(paper.subject) or paper.subject.covers(one.subject))
        for one in others
    ):
        raise Refused("proxy_given_already")
    mine = in_hand_of(paper, others)
    for subject in {paper.subject, *(one.subject for one in mine if paper.subject.covers(one.subject))}:
        # One that was signed earlier would take the room of another that is in force: whoever it is, it is one too many.
        carried = [*(one for one in mine if one.subject.covers(subject)), paper]
        if any(objection(carried, one, subject, limit=limit, at=now) == "proxy_limit" for one in carried):
            raise Refused("proxy_limit", field="holder_name", limit=limit)


def check_revoke(
    *, by: int, own: bool, own_head: bool, by_two: bool, ending_by: int | None, holder_id: int | None
) -> bool:
    """Whether it ends now; False: the first of two says so. `own`: by one of its owners, behind whom two of the staff stand, or by
    whoever gave it. `own_head`: tied to that home, if only by one clerk, who might act through such an account. `by_two`: a poll
    for which it serves is between its notice and its close."""
    if own or (not own_head and not by_two):
        return True
    check_keep(by=by, own=own, own_head=own_head, holder_id=holder_id)
    if by == ending_by:
        raise Refused("proxy_end_second_person")
    return ending_by is not None


def check_keep(*, by: int, own: bool, own_head: bool, holder_id: int | None) -> None:
    """Whoever may have a say in taking it back may leave it as it was: neither its holder, who would keep it against its owners,
    nor an account tied to their home by one clerk."""
    if own:
        return
    if own_head:
        raise Refused("proxy_end_known_by_one")
    if by == holder_id:
        raise Refused("proxy_not_for_yourself")


def objection(papers: Collection[Paper], used: Paper, subject: Subject, *, limit: int, at: datetime) -> str:
    """Why this proxy does not let its holder vote on this subject at this moment; "" when it does. Asked of `votes`, which is
    shown the holder's other papers for the same subject, for its limit."""
    shown = {one.id: one for one in papers if one.subject.covers(subject)} | {used.id: used}
    label = "" if subject.scope is Scope.GENERAL else subject.label[0]
    written = [one.written() for one in shown.values()]
    return Proxies(written, limit, label).objection([used.head_key], (), used.pen, at)


def named(name: str) -> str:
    """The same for all ways to write a name."""
    return key(name)


def same_name(one: str, other: str) -> bool:
    return bool(one) and named(one) == named(other)
