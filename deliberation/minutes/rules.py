"""In which state minutes are, who may do what to them then, and how paragraphs are put in order; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from votes.refusal import Refused

MOST_LETTERS = 4000


class State(StrEnum):
    """`correcting`: taken back after it was put up; those who were there are asked again."""

    DRAFT = "draft"
    CORRECTING = "correcting"
    PUT_UP = "put_up"
    FROZEN = "frozen"


class Word(StrEnum):
    CONFIRMED = "confirmed"
    OBJECTED = "objected"


class Section(StrEnum):
    HEAD = "head"
    ATTENDANCE = "attendance"
    ITEM = "item"
    TASKS = "tasks"
    CLOSING = "closing"


class Hold(StrEnum):
    """What the record itself demands: a kept paragraph (who was there, an item's heading) may be corrected but stays where
    it is; a sealed one (the journal's hash) is not touched."""

    FREE = ""
    KEPT = "kept"
    SEALED = "sealed"


@dataclass(frozen=True)
class Text:
    """A paragraph before it has a number; its key goes with it."""

    section: str
    item_id: int | None
    text: str
    hold: str = Hold.FREE
    key: int = 0

    @property
    def part(self) -> tuple[str, int | None]:
        return self.section, self.item_id


def state(*, put_up: bool, put_up_before: bool, frozen: bool) -> State:
    if frozen:
        return State.FROZEN
    if put_up:
        return State.PUT_UP
    return State.CORRECTING if put_up_before else State.DRAFT


def may_draft(*, closed: bool, drafted: bool) -> None:
    if drafted:
        raise Refused("minutes_drafted")
    if not closed:
        raise Refused("meeting_still_open")


def may_edit(now: State, *, version: int, seen_version: int) -> None:
    """`seen_version`: the version on the form; another means that somebody else changed the text meanwhile."""
    if now is State.FROZEN:
        raise Refused("minutes_frozen")
    if now is State.PUT_UP:
        raise Refused("minutes_put_up")
    if version != seen_version:
        raise Refused("stale")


def may_put_up(now: State) -> None:
    if now is State.FROZEN:
        raise Refused("minutes_frozen")
    if now is State.PUT_UP:
        raise Refused("minutes_put_up")


def may_take_back(now: State) -> None:
    if now is State.FROZEN:
        raise Refused("minutes_frozen")
    if now is not State.PUT_UP:
        raise Refused("minutes_not_put_up")


def may_attest(now: State, *, version: int, seen_version: int, moment: datetime, until: datetime | None) -> None:
    """Until the time is over; a word may be changed until then."""
    if now is State.FROZEN or (until is not None and moment >= until and now is State.PUT_UP):
        raise Refused("minutes_frozen")
    if now is not State.PUT_UP:
        raise Refused("minutes_not_put_up")
    if version != seen_version:
        raise Refused("minutes_changed")


def may_freeze(now: State, *, moment: datetime, until: datetime | None, missing: int) -> None:
    """When the time for corrections is over, or as soon as everybody who was there has said a word."""
    if now is State.FROZEN:
        raise Refused("minutes_frozen")
    if now is not State.PUT_UP or until is None:
        raise Refused("minutes_not_put_up")
    if missing and moment < until:
        raise Refused("answers_missing", count=missing)


def serial_no(year: int, before: int) -> str:
    """The third minutes of 2026 -> 2026-03. `before`: how many that year has already."""
    return f"{year}-{before + 1:02d}"


def changed(texts: Sequence[Text], at: int, text: str) -> list[Text]:
    """The paragraph number `at` (from 1) says `text` now."""
    place = _place(texts, at)
    if texts[place].hold == Hold.SEALED:
        raise Refused("paragraph_sealed")
    found = list(texts)
    found[place] = replace(found[place], text=text)
    return found


def next_key(keys: Iterable[int]) -> int:
    """For a new paragraph; `keys` of all there are and were, since what was deleted may come back."""
    return max(keys, default=0) + 1


def inserted(texts: Sequence[Text], after: int, text: str, key: int) -> list[Text]:
    """A new paragraph behind number `after`, in the same part of the minutes."""
    place = _place(texts, after)
    before = texts[place]
    if before.hold == Hold.SEALED:
        raise Refused("paragraph_sealed")
    return [*texts[: place + 1], Text(before.section, before.item_id, text, key=key), *texts[place + 1 :]]


def removed(texts: Sequence[Text], at: int) -> list[Text]:
    place = _place(texts, at)
    if texts[place].hold:
        raise Refused("paragraph_held")
    if len(texts) == 1:
        raise Refused("last_paragraph")
    return [*texts[:place], *texts[place + 1 :]]


def restored(texts: Sequence[Text], text: Text, position: int) -> tuple[list[Text], int]:
    """What was taken out of number `position` comes back to its part, as near to there as the part allows; its number."""
    same = [place for place, one in enumerate(texts) if one.part == text.part]
    if same:
        first = same[0] + (1 if texts[same[0]].hold else 0)
        end = same[-1] + (0 if texts[same[-1]].hold == Hold.SEALED else 1)
        place = min(max(position - 1, first), end)
    else:
        order = list(Section)
        behind = order.index(Section(text.section))
        place = next((at for at, one in enumerate(texts) if order.index(Section(one.section)) > behind), len(texts))
    return [*texts[:place], text, *texts[place:]], place + 1


def moved(texts: Sequence[Text], at: int, *, up: bool) -> list[Text]:
    """Behind or before the neighbor, which stays in its part of the minutes; what moves past a heading or into another
    section belongs there now, so that sections stay in one piece and a heading first in its item."""
    place = _place(texts, at)
    other = place - 1 if up else place + 1
    if texts[place].hold or not 0 <= other < len(texts) or texts[other].hold == Hold.SEALED:
        raise Refused("cannot_move")
    here, there = texts[place], texts[other]
    # Up past a heading: into the part that stands before that heading.
    model = texts[other - 1] if up and there.hold and other else there
    if up and there.hold and not other:
        raise Refused("cannot_move")
    found = list(texts)
    found[other] = replace(here, section=model.section, item_id=model.item_id)
    # A free neighbor of another part gives its place away and takes the other's, as both are then at the seam.
    found[place] = there if there.hold else replace(there, section=here.section, item_id=here.item_id)
    return found


def may_move(texts: Sequence[Text], at: int, *, up: bool) -> bool:
    try:
        moved(texts, at, up=up)
    except Refused:
        return False
    return True


def _place(texts: Sequence[Text], at: int) -> int:
    if not 1 <= at <= len(texts):
        raise Refused("no_such_paragraph")
    return at - 1
