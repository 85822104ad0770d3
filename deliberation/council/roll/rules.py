"""Who may make a new version of the roll, and when it takes two people or a written reason; pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from votes.refusal import Refused
from votes.roll import Head
from votes.table import key


class Origin(StrEnum):
    """How a version of the roll came to be; the last three by hand, on the version before."""

    IMPORT = "import"
    SETTINGS = "settings"
    CORRECT = "correct"
    MERGE = "merge"
    SPLIT = "split"


STAYS = "stays"
"""The kind of answer to a dispute that leaves the roll as it is."""
LEFT = "left"
"""How a dispute ends that nobody answered before its account was closed."""


class Amendment(StrEnum):
    """Of a change by hand: it waits for a second person, who has confirmed it, or it was refused or taken back."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


def names_of(head: Head) -> set[str]:
    """Everybody a head goes by, as `votes.table.key`: its owners, and whom any of its parts names to vote 行使表决权人.

    Where the parts disagree nobody is designated, and the count asks for one in writing, but each of them is on the roll."""
    return {key(one) for one in (*head.names, *(unit.voting_owner for unit in head.own)) if one}


def is_named(name: str, head: Head) -> bool:
    return key(name) in names_of(head)


def fits_register(heads: int, area: int, *, register_heads: int | None, register_area: int | None) -> bool | None:
    """Whether a roll has the totals that were typed in from the register; None when none were."""
    if register_heads is None and register_area is None:
        return None
    return register_heads in {None, heads} and register_area in {None, area}


def roll_needs_two(*, first: bool, fits: bool | None) -> bool:
    """A first roll that does not contradict the register may be confirmed by whoever brought it: a council has to begin."""
    return not first or fits is False


def roll_needs_reason(*, first: bool, fits: bool | None) -> bool:
    return fits is False or (not first and fits is None)


def check_new_roll(*, first: bool, fits: bool | None, by: int, brought_by: int, reason: str) -> None:
    if roll_needs_two(first=first, fits=fits) and by == brought_by:
        raise Refused("another_confirms_roll")
    if roll_needs_reason(first=first, fits=fits) and not reason:
        raise Refused("say_why_roll", field="reason")


def check_second_pair(*, by: int, put_by: int, disputed_by: int | None, own_heads: Collection[str]) -> None:
    """Who decides on a change of the roll by hand neither put it, nor asked for it, nor owns what it changes."""
    if by == put_by:
        raise Refused("another_confirms_roll")
    check_not_own(by=by, disputed_by=disputed_by, own_heads=own_heads)


def check_not_own(*, by: int, disputed_by: int | None, own_heads: Collection[str]) -> None:
    """`own_heads`: those of the heads concerned that are tied to the one who acts."""
    if by == disputed_by or own_heads:
        raise Refused("not_your_own_home")
