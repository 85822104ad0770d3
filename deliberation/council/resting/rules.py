"""Seats that rest: held, but without rights, until others have seen whose hands the account is in; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from deliberation import keyed
from deliberation.council.rules import SECOND_STEP_WITHIN
from votes.refusal import Refused


class Why(StrEnum):
    """Why a seat rests."""

    KEY = "key"
    """Somebody handed out the link for it: who used it first nobody knows."""
    RECOVERY = "recovery"
    """Another council let the person back in: what it saw gives no powers here."""
    SECOND_STEP = "second_step"
    """A second step was set up with the password alone, long after the time for it was over."""


def number(secret: bytes, *, seat_id: int, since: datetime) -> str:
    """What the account shows to whoever holds it, and what another types who sees it there: so it is this account, on this
    person's phone. Another rest of the same seat has another number."""
    return keyed.number(secret, "resting seat", seat_id, since.isoformat())


def check_see(
    *,
    by: int,
    account_id: int,
    why: str,
    seen_by: int | None,
    opened_by: int | None,
    watches: bool,
    first_watches: bool,
) -> bool:
    """Whether the seat begins now; False while it takes one more. Whoever handed out the link (`seen_by`, `opened_by`) may have
    used it, so another sees the person. Where another council let them in nobody here has seen them yet: it takes two, and one
    of these watches the staff, as for a seat that is given."""
    if by == account_id:
        raise Refused("not_yourself")
    if by in {seen_by, opened_by}:
        raise Refused("another_sees")
    if why != Why.RECOVERY:
        return True
    if seen_by is None:
        return False
    if not (watches or first_watches):
        raise Refused("watcher_sees")
    return True


def steps_late(*, since: datetime, seen_at: datetime | None, now: datetime) -> bool:
    """Whether a second step set up now, with the password alone, is too late for the password to speak for its owner. A new time
    begins with `seen_at`, when others last saw whose account it is, or the council began to want it."""
    return max(since, seen_at or since) + SECOND_STEP_WITHIN <= now


def active(seats: Iterable[tuple[str, datetime, datetime | None]]) -> tuple[dict[str, datetime], frozenset[str]]:
    """(role, since when, resting since) -> the roles that count, with since when, and those that rest altogether."""
    held = list(seats)
    counting = {role: since for role, since, rests in held if rests is None}
    return counting, frozenset(role for role, *_ in held) - set(counting)
