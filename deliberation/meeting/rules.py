"""What may be done at a meeting, and when; plain values in, no session and no clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from votes.refusal import Refused

LEAD = timedelta(days=7)
"""How long before it a meeting is usually announced: shown as a hint, never enforced."""
DOOR_OPENS_BEFORE = timedelta(minutes=60)
LAPSES_AFTER = timedelta(hours=6)
"""An announced meeting that nobody has opened so long after its start was not held: it asks nobody any more."""
TICK = timedelta(microseconds=1)
DOOR_CODE_DIGITS = 6
GUESSES = "8/10minute"
"""Wrong codes that one person may try at one door: typing errors yes, trying them all no."""
NOT_COUNTED = frozenset({"guest", "sitting_in", "community"})
"""A council is quorate by its own people: seats of the council and the residents, in the room or online. A guest whom
the desk wrote down by name, and who only sits in, may speak, but makes no meeting quorate."""
SPEAKING_SECONDS = 180
EXTRA_SECONDS = 60
MOST_SECONDS = 1800
LEAST_OPTIONS, MOST_OPTIONS = 2, 6


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called_off"
    NOT_HELD = "not_held"


OVER = frozenset({State.CLOSED, State.CALLED_OFF, State.NOT_HELD})
"""Nobody need come any more."""


class Conclusion(StrEnum):
    AGREED = "agreed"
    PARTLY = "partly"
    NONE = "none"
    PASSED_ON = "passed_on"


class Mode(StrEnum):
    ROOM = "room"
    ONLINE = "online"


class Times(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def called_off_at(self) -> datetime | None: ...
    @property
    def notice_at(self) -> datetime | None: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def state(meeting: Times, moment: datetime) -> State:
    if meeting.called_off_at is not None:
        return State.CALLED_OFF
    if meeting.closed_at is not None:
        return State.CLOSED
    if meeting.opened_at is not None:
        return State.OPEN
    if meeting.notice_at is None:
        return State.DRAFT
    return State.ANNOUNCED if moment < meeting.starts_at + LAPSES_AFTER else State.NOT_HELD


def need_open(now: State) -> None:
    """Everything that is done in a meeting is done while it is open."""
    if now is State.CLOSED:
        raise Refused("meeting_closed")
    if now is State.CALLED_OFF:
        raise Refused("meeting_called_off")
    if now is not State.OPEN:
        raise Refused("meeting_not_open")


def need_not_open(now: State) -> None:
    """Its plan may be changed, and it may be called off, until it opens."""
    if now is State.CALLED_OFF:
        raise Refused("meeting_called_off")
    if now in (State.OPEN, State.CLOSED):
        raise Refused("meeting_begun")


def may_announce(now: State, items: int) -> None:
    need_not_open(now)
    if now is not State.DRAFT:
        raise Refused("notice_given")
    if items == 0:
        raise Refused("agenda_empty")


def counts(role: str) -> bool:
    """Is somebody of this capacity counted for the least number of people?"""
    return role not in NOT_COUNTED


def may_open(now: State, *, starts_at: datetime, moment: datetime, counted: int, quorum: int, anyway: bool) -> None:
    """Not before the door opens; with too few people only when the moderator says so (`anyway`)."""
    need_not_open(now)
    if now is State.DRAFT:
        raise Refused("notice_first")
    if now is State.NOT_HELD:
        raise Refused("meeting_not_held")
    if moment < door_opens(starts_at):
        raise Refused("open_too_early", earliest=door_opens(starts_at))
    if counted < quorum and not anyway:
        raise Refused("too_few_people", field="anyway", count=counted, quorum=quorum)


def may_conclude(conclusion: Conclusion, *, present: int, waiting: int, let_go: bool) -> None:
    """An empty room agrees on nothing; who waits to speak is not sent away unseen (`let_go`)."""
    if conclusion is Conclusion.AGREED and not present:
        raise Refused("nobody_agreed", field="conclusion")
    if waiting and not let_go:
        raise Refused("people_wait", field="let_go", count=waiting)


def may_close(*, left: int, sure: bool) -> None:
    if left and not sure:
        raise Refused("items_left", field="sure", count=left)


def attended(left_at: datetime | None, opened_at: datetime | None) -> bool:
    """Nobody signs in after the close, so who stayed beyond the opening was there while it was open."""
    return left_at is None or opened_at is None or left_at > opened_at


def may_undo_sign_in(*, by_desk: bool, took_part: bool) -> None:
    """A slip of the desk is taken back; what somebody did themselves, or has said since, is not."""
    if not by_desk:
        raise Refused("signed_in_themselves")
    if took_part:
        raise Refused("took_part")


def door_opens(starts_at: datetime) -> datetime:
    return starts_at - DOOR_OPENS_BEFORE


def may_sign_in(now: State, starts_at: datetime, moment: datetime) -> None:
    """From an hour before the start until the meeting is closed."""
    if now is State.CLOSED:
        raise Refused("meeting_closed")
    if now is State.CALLED_OFF:
        raise Refused("meeting_called_off")
    if now is State.NOT_HELD:
        raise Refused("meeting_not_held")
    if now is State.DRAFT or (now is State.ANNOUNCED and moment < door_opens(starts_at)):
        raise Refused("sign_in_too_early")


def signing_in(now: State, starts_at: datetime, moment: datetime) -> bool:
    try:
        may_sign_in(now, starts_at, moment)
    except Refused:
        return False
    return True


def typed_code(text: str) -> str:
    """A door code as it was typed, in any width and with any gaps -> as it is kept."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if not letter.isspace() and letter != "-")


def online_link(text: str) -> str:
    """A https address, or nothing. Raises Refused."""
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or any(letter.isspace() for letter in text):
        raise Refused("not_https", field="online_link")
    return text


def options(text: str) -> list[str]:
    """One option on each line -> the options, each once. Raises Refused."""
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not LEAST_OPTIONS <= len(found) <= MOST_OPTIONS:
        raise Refused("options_count", field="options", least=LEAST_OPTIONS, most=MOST_OPTIONS)
    if any(len(option) > 30 for option in found):
        raise Refused("option_too_long", field="options", most=30)
    return found


class Waiting(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def put_first_at(self) -> datetime | None: ...


W = TypeVar("W", bound=Waiting)


def in_order(waiting: Iterable[W]) -> list[W]:
    """Who was put first last speaks first; all others as they asked."""
    waiting = list(waiting)
    first = [turn for turn in waiting if turn.put_first_at is not None]
    first.sort(key=lambda turn: (turn.put_first_at, turn.id), reverse=True)
    return first + sorted(
        (turn for turn in waiting if turn.put_first_at is None), key=lambda turn: (turn.asked_at, turn.id)
    )


def fairer_first(order: Sequence[tuple[int, int]]) -> int | None:
    """(turn, times spoken on this item) in order -> the turn of the first who has not spoken yet, when somebody who has
    stands before them. Only a hint: the moderator decides."""
    newcomer = next((place for place, (_, spoken) in enumerate(order) if spoken == 0), None)
    return order[newcomer][0] if newcomer else None


def seconds_spoken(started_at: datetime | None, ended_at: datetime | None) -> int:
    if started_at is None or ended_at is None:
        return 0
    return max(0, int((ended_at - started_at).total_seconds()))
