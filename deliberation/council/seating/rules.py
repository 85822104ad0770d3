"""Which seats take two people to give or to end, and who the second may be; pure."""

from __future__ import annotations

from collections.abc import Iterable
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


BY_TWO = (*SECOND_STEP, Role.BUILDING)
"""Who works for the council or watches it, and who carries the slips of a building: nobody gives such a seat alone."""

AGREES = (Role.SUPERVISOR, Role.COMMUNITY)
"""Who may be the second, besides the platform's admin."""


def ends_by_two(role: str, *, own: bool) -> bool:
    """Whoever keeps an eye on the moderator is not sent away by the moderator alone, nor one moderator by another."""
    return role == Role.SUPERVISOR or (role == Role.MODERATOR and not own)


def check_agree(
    *, by: int, put_by: int, account_id: int, kind: str, sits: Iterable[tuple[int | None, int | None]]
) -> None:
    why = why_not(by=by, put_by=put_by, account_id=account_id, kind=kind, sits=sits)
    if why:
        raise Refused(why)


def why_not(*, by: int, put_by: int, account_id: int, kind: str, sits: Iterable[tuple[int | None, int | None]]) -> str:
    """Why they are no second person, or nothing. `sits`: of each seat by which they agree, who appointed and who confirmed it. A
    seat that rests on whoever now asks, and on nobody else, makes no second person; such seats come from before seats took two,
    or from an admin who works there too."""
    if by == put_by:
        return "another_agrees"
    if by == account_id and kind == Kind.APPOINTING:
        return "not_yourself"
    if all(appointed_by == put_by and confirmed_by is None for appointed_by, confirmed_by in sits):
        return "seat_rests_on_them"
    return ""


def known(*, admin: bool, works: bool, phone_proved: bool, level: int, by_slip: bool) -> bool:
    """Whether others than who appoints have shown whose account it is: by an office that took two, by a code sent to the phone,
    by a household slip, or because two of the staff saw the papers."""
    return admin or works or phone_proved or level >= 2 or by_slip


def new_key(*, has_password: bool, opened_by: int | None, put_by: int, known: bool, elsewhere: bool) -> bool:
    """Whether the second person hands out a new link: whoever appoints may know the password of an account that they opened, or
    made up. Nobody here gives a key to an account with an office elsewhere."""
    return not elsewhere and (not has_password or opened_by == put_by or not known)
