"""Which seats take two people to give or to end, and who the second may be; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from deliberation.council.rules import SECOND_STEP, Role
from votes.refusal import Refused


class Kind(StrEnum):
    """Of a change of the seats."""

    APPOINTING = "appointing"
    ENDING = "ending"


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Over without anybody's word: the seat ended meanwhile, or the person's account was closed."""
    OVER = "over"
    """Nobody decided it in time."""


WAITS_FOR = timedelta(days=30)
MOST_WAITING = 30
MOST_BY_ONE = 12
"""Changes that wait, in one council and from one person: more than a whole new staff, and a list that can be read."""
ALWAYS_ROOM = 4
"""As many each may put forward however many wait from others: three who fill the list keep nobody from having their seats ended."""


def check_room(*, waiting: int, own: int) -> None:
    if own >= MOST_BY_ONE:
        raise Refused("many_seats_wait", most=MOST_BY_ONE)
    if waiting >= MOST_WAITING and own >= ALWAYS_ROOM:
        raise Refused("many_seats_wait", most=MOST_WAITING)


TOLD_FOR = timedelta(days=7)
"""How long whoever put a change forward reads what became of it."""

BY_TWO = (*SECOND_STEP, Role.BUILDING)
"""Who works for the council or watches it, and who carries the slips of a building: nobody gives such a seat alone."""

AGREES = (Role.SUPERVISOR, Role.COMMUNITY)
"""Who may be the second, besides the platform's admin."""


NOBODY_HERE_FOR = timedelta(days=30)
"""A council whose moderators have all been away so long has nobody who could put anything forward."""


def platform_seats(role: str, *, held_before: bool, works: bool, moderated: bool) -> bool:
    """Whether the platform's admin gives it alone: the first of its kind, at a council's birth, and a moderator where none has
    been there for long. `held_before`: by anybody but the admin themself, who else would moderate alone and go on seating others
    alone. `works`: they work for the council."""
    return not held_before or (role == Role.MODERATOR and not works and not moderated)


def ends_by_two(role: str, *, own: bool) -> bool:
    """Whoever keeps an eye on the moderator is not sent away by the moderator alone, nor one moderator by another."""
    return role == Role.SUPERVISOR or (role == Role.MODERATOR and not own)


@dataclass(frozen=True)
class Asked:
    """A change for which a second person is asked. `behind`: the moderators on whom alone the seat of whoever put it rests."""

    kind: str
    account_id: int
    put_by: int
    behind: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Second:
    """Somebody who watches the council; `role` names by what. `sits`: who appointed and who confirmed each of their seats of that
    role. `opened_by`: who handed out the link that opened their account."""

    account_id: int
    name: str
    role: str
    sits: tuple[tuple[int | None, int | None], ...]
    opened_by: int | None = None


def check_agree(asked: Asked, by_what: Sequence[Second]) -> None:
    """`by_what`: all by which the person who acts may be the second; one of it is enough."""
    reasons = [why_not(asked, one) for one in by_what]
    if all(reasons):
        raise Refused(reasons[0])


def why_not(asked: Asked, one: Second) -> str:
    """Why they are no second person, or nothing. A seat that rests on whoever now asks, and on nobody else, makes no second
    person, nor does one that rests on the moderator on whom alone the seat of whoever asks rests; such seats come from before
    seats took two, or from an admin who works there too. Nor is anybody one to whoever handed out the link that opened their
    account: they may have used it themselves."""
    if one.account_id == asked.put_by:
        return "another_agrees"
    if one.account_id == asked.account_id and asked.kind == Kind.APPOINTING:
        return "not_yourself"
    asks = {asked.put_by, *asked.behind}
    rests = all(appointed_by in asks and confirmed_by is None for appointed_by, confirmed_by in one.sits)
    if one.account_id in asks or rests:
        return "seat_rests_on_them"
    return "key_from_them" if one.opened_by in asks else ""


def check_refuse(*, by: int, put_by: int, account_id: int, kind: str, second: bool) -> None:
    """`second`: could be the second person. Whose seat is to end does not keep it by saying no."""
    if by == put_by:
        return
    if not second:
        raise Refused("not_yours_to_refuse")
    if by == account_id and kind == Kind.ENDING:
        raise Refused("own_ending")


def known(*, works: bool, by_two: bool) -> bool:
    """Whether others than who appoints have shown whose account it is: by an office that took two, or because two of the staff
    stand behind the person's tie. A phone that a code has proved may be a second one of whoever appoints."""
    return works or by_two


def new_key(*, has_password: bool, opened_by: int | None, put_by: int, known: bool, elsewhere: bool) -> bool:
    """Whether the second person hands out a new link: whoever appoints may know the password of an account that they opened, or
    made up. Nobody here gives a key to an account with an office elsewhere."""
    return not elsewhere and (not has_password or opened_by == put_by or not known)
