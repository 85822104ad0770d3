"""When a matter may be raised, seconded, triaged, worded and checked; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from votes.refusal import Refused

TRIAGE_WITHIN = timedelta(hours=48)
MOST_PHOTOS = 6
MOST_OPTIONS = 6
INCOME_ITEM = 8
"""Civil Code 278 item 8: common parts earn money, so the motion says whose it is (articles 282 and 283)."""


class State(StrEnum):
    RAISED = "raised"
    ACCEPTED = "accepted"
    MERGED = "merged"
    ANSWERED = "answered"
    DECLINED = "declined"
    CLOSED = "closed"
    """Taken up, and its whole way is behind it."""


OPEN = (State.RAISED, State.ACCEPTED)


class Category(StrEnum):
    FIRE = "fire"
    PARKING = "parking"
    HYGIENE = "hygiene"
    REPAIR = "repair"
    INCOME = "income"
    ELDERS = "elders"
    ORDER = "order"
    DISPUTE = "dispute"
    OTHER = "other"


class Kind(StrEnum):
    """How the council's yearly figures are kept: every accepted matter has exactly one."""

    PUBLIC = "public"
    LIVELIHOOD = "livelihood"
    DISPUTE = "dispute"


class Channel(StrEnum):
    ONLINE = "online"
    DESK = "desk"
    BOX = "box"
    HOTLINE = "hotline"


class Check(StrEnum):
    COMPETENCE = "competence"
    LEGALITY = "legality"
    SAFETY = "safety"


class Outcome(StrEnum):
    HOLDS = "holds"
    NEEDS_CHANGE = "needs_change"
    DOES_NOT_HOLD = "does_not_hold"


@dataclass(frozen=True)
class Checked:
    """The newest check of a kind: what it found, and the version of the text it was made for."""

    outcome: str
    motion_version: int


def triage_due(raised_at: datetime) -> datetime:
    return raised_at + TRIAGE_WITHIN


def may_second(*, state: str, own: bool, already: bool) -> None:
    if state != State.RAISED:
        raise Refused("seconding_over")
    if own:
        raise Refused("own_proposal")
    if already:
        raise Refused("seconded_already")


def may_withdraw_second(*, state: str, seconded: bool) -> None:
    if state != State.RAISED:
        raise Refused("seconding_over")
    if not seconded:
        raise Refused("not_seconded")


def may_triage(state: str) -> None:
    """Somebody else may have decided while this form was open."""
    if state != State.RAISED:
        raise Refused("already_decided")


def may_merge(proposal_id: int, into_id: int, into_state: str | None) -> None:
    """`into_state`: None when there is no such matter in this council."""
    if into_state not in OPEN or proposal_id == into_id:
        raise Refused("not_a_merge_target", field="into_id")


def may_work_on(state: str) -> None:
    """What has gone its whole way is neither worded anew nor checked again."""
    if state == State.CLOSED:
        raise Refused("matter_closed")


def may_edit(*, locked: bool, version: int, seen_version: int) -> None:
    if locked:
        raise Refused("motion_locked")
    if version != seen_version:
        raise Refused("stale")


def motion_faults(*, law_item: int, law_reason: str, income_share: str) -> Mapping[str, str]:
    """Field -> code of what the chosen law item still asks for."""
    faults = {}
    if law_item and not law_reason:
        faults["law_reason"] = "law_reason_needed"
    if law_item == INCOME_ITEM and not income_share:
        faults["income_share"] = "income_share_needed"
    return faults


def may_check(*, locked: bool, version: int, seen_version: int) -> None:
    if locked:
        raise Refused("motion_locked")
    if version != seen_version:
        raise Refused("text_changed_meanwhile")


def missing_checks(version: int, newest: Mapping[str, Checked]) -> list[Check]:
    """The checks that do not hold for the text as it stands now, in their order."""
    return [
        kind
        for kind in Check
        if (found := newest.get(kind)) is None or found.motion_version != version or found.outcome != Outcome.HOLDS
    ]


_CHARGING = re.compile("充电|飞线|电动车|电动自行车|电瓶车|架空层|停车|e-bike|charging|parking", re.IGNORECASE)


def about_charging(category: str, *texts: str) -> bool:
    """Whether the fire rule on parking and charging e-bikes has to be looked at in the safety check."""
    return category == Category.PARKING or any(_CHARGING.search(text) for text in texts)


def before_poll(*, locked: bool, law_item: int, missing: Iterable[Check]) -> str | None:
    """Why no poll may be announced on this motion yet, as a code; None when nothing is in the way."""
    if locked:
        return "motion_locked"
    if not law_item:
        return "law_item_missing"
    if list(missing):
        return "checks_missing"
    return None


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighboring letters or characters, without spaces and signs: how titles are compared."""
    letters = [one for one in unicodedata.normalize("NFKC", text).lower() if one.isalnum()]
    return frozenset(first + second for first, second in pairwise(letters))


ALIKE_FROM = 34
"""In a hundred: titles that share this much are shown as alike; 停车 alone is not enough."""
COVERED_FROM = 50
"""In a hundred: a title half of whose pairs stand in another matter's title or first lines is shown beside it."""
TEXT_COMPARED = 200
"""How many letters of a matter's text are looked at."""


def alike(one: frozenset[str], other: frozenset[str]) -> int:
    """How much two titles share, 0 to 100."""
    both = len(one) + len(other)
    return 200 * len(one & other) // both if both else 0


def covered(title: frozenset[str], other: frozenset[str]) -> int:
    """How much of a title stands in another text, 0 to 100."""
    return 100 * len(title & other) // len(title) if title else 0


def likeness(wanted: frozenset[str], title: str, text: str) -> int:
    """How near another matter comes to a title; 0 when it is not near enough to be shown."""
    other = bigrams(title)
    near, inside = alike(wanted, other), covered(wanted, other | bigrams(text[:TEXT_COMPARED]))
    return max(near, inside) if near >= ALIKE_FROM or inside >= COVERED_FROM else 0
