"""When a poll may open, what state it is in, who may cast, and what is shown meanwhile; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from deliberation import typed
from deliberation.i18n.dates import LOCAL
from votes.refusal import Refused
from votes.roll import Head
from votes.rules import RuleSet, matter, rule_for_matter
from votes.table import key

NOTICE_DAYS = 15
LEAST_WINDOW, MOST_WINDOW = timedelta(days=1), timedelta(days=60)
DEFAULT_WINDOW = timedelta(days=15)
SHORT_WINDOW = timedelta(days=7)
"""With fewer days people who are away have no chance: allowed, but only knowingly."""
TURNOUT_STEP = timedelta(minutes=10)


class PollState(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    OFFICIAL = "official"
    CONSULTATION = "consultation"
    AID = "aid"


def binds(standing: str) -> bool:
    """Whether what passes is the owners' joint decision; a consultation only tells what they think."""
    return standing != Standing.CONSULTATION


def takes_online(standing: str) -> bool:
    """Where the signed papers decide, a ballot without a paper behind it could not be counted."""
    return standing != Standing.AID


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    INVALID = "invalid"


CASTABLE = (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)


class Times(Protocol):
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


def state(poll: Times, now: datetime) -> PollState:
    """A recorded close closes at once; without one the announced times hold, so a stopped server changes nothing."""
    if poll.withdrawn_at is not None:
        return PollState.WITHDRAWN
    if poll.closed_at is not None or now >= poll.closes_at:
        return PollState.CLOSED
    if poll.opened_at is not None or now >= poll.opens_at:
        return PollState.OPEN
    return PollState.ANNOUNCED


def earliest_opening(notice_at: datetime) -> datetime:
    """09:00 on the first day on which a poll announced now may open: the day of notice is not counted."""
    day = notice_at.astimezone(LOCAL).date() + timedelta(days=NOTICE_DAYS)
    return datetime.combine(day, time(9), LOCAL).astimezone(UTC)


def default_close(opens_at: datetime) -> datetime:
    day = (opens_at + DEFAULT_WINDOW).astimezone(LOCAL).date()
    return datetime.combine(day, time(18), LOCAL).astimezone(UTC)


MOST_AHEAD = timedelta(days=366)


def check_times(notice_at: datetime, opens_at: datetime, closes_at: datetime) -> None:
    days = (opens_at.astimezone(LOCAL).date() - notice_at.astimezone(LOCAL).date()).days
    if days < NOTICE_DAYS:
        raise Refused("notice_too_short", field="opens_at", days=max(0, days), least=NOTICE_DAYS)
    if opens_at - notice_at > MOST_AHEAD:
        raise Refused("opens_too_far", field="opens_at", most=MOST_AHEAD)
    if not LEAST_WINDOW <= closes_at - opens_at <= MOST_WINDOW:
        raise Refused("window_out_of_range", field="closes_at", least=LEAST_WINDOW.days, most=MOST_WINDOW.days)


def rule_for(law_item: int, *, invalid_takes_part: bool, count_parking: bool, proxy_limit: int = 3) -> RuleSet:
    """The law's rule for this item with what the compound may set itself."""
    rule = rule_for_matter(law_item)
    return replace(rule, invalid_takes_part=invalid_takes_part, count_parking=count_parking, proxy_limit=proxy_limit)


def is_major(law_item: int) -> bool:
    return matter(law_item).kind == "major"


def locked_text(text: str, *, option: str, cost: str, income_share: str) -> str:
    """What is put to the owners, whole: nothing that decides may stand outside the locked text."""
    parts = [text.strip()]
    parts += [
        f"{label}：{value.strip()}"
        for label, value in (("选定方案", option), ("费用", cost), ("收益分配", income_share))
        if value.strip()
    ]
    return "\n\n".join(parts)


def text_hash(title: str, text: str) -> str:
    """SHA-256 of title, blank line, text, in UTF-8: anybody can compute it from the printed notice."""
    return hashlib.sha256(f"{title}\n\n{text}".encode()).hexdigest()


def check_open(poll: Times, now: datetime) -> None:
    found = state(poll, now)
    if found is not PollState.OPEN:
        raise Refused(f"poll_{found}")


def named_instead(head: Head, name: str) -> str | None:
    """Who is to vote by the roll instead of this one: where the co-owners named one of them, `votes` counts no other."""
    named = head.designated
    if named and head.ownership != "sole" and key(name) not in {key(named), *map(key, head.owner_ids)}:
        return named
    return None


def check_pen(head: Head, name: str) -> None:
    if named := named_instead(head, name):
        raise Refused("not_designated", field="cast_by", name=named)


def check_online(standing: str) -> None:
    if not takes_online(standing):
        raise Refused("signed_papers_only")


def check_known(by_two: bool) -> None:
    """Paper is keyed in by two, so a ballot that comes in online needs two of the staff behind who casts it: in every poll, also
    one that only asks, whose result is published in the owners' names all the same. The frozen roll lists heads; who acts for
    one, and when that was confirmed, is no change of it."""
    if not by_two:
        raise Refused("known_by_one")


def new_receipt() -> str:
    """16 letters and digits that are not taken for one another: 80 bits."""
    return typed.new_letters(RECEIPT_LENGTH)


RECEIPT_LENGTH = 16


def last_step(now: datetime) -> datetime:
    """Turnout is shown as of the last full step, so that two looks do not show one neighbor's moment."""
    seconds = int(TURNOUT_STEP.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


FEWEST_SHOWN = 5
"""A smaller number of people is not published by itself (RULES 4.5)."""


def levels_shown(counts: Mapping[int, int]) -> list[tuple[tuple[int, ...], int | None]]:
    """How many ballots at each level of checking. Few are told only together with the next fewest, so that no subtraction shows
    them; None where even all together are few."""
    cells = sorted((count, level) for level, count in counts.items() if count)
    few: list[int] = []
    together = 0
    for count, level in cells:
        if count < FEWEST_SHOWN or 0 < together < FEWEST_SHOWN:
            few.append(level)
            together += count
    told: list[tuple[tuple[int, ...], int | None]] = [((level,), count) for count, level in cells if level not in few]
    if few:
        told.append((tuple(sorted(few)), together if together >= FEWEST_SHOWN else None))
    return sorted(told, key=lambda cell: cell[0])
