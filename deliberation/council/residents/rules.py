"""The number on an owner's phone: two who saw the papers stand for the person, the number for whoever holds the account; pure."""

from __future__ import annotations

from collections.abc import Collection

from deliberation import keyed
from deliberation.council.rules import Tie
from votes.refusal import Refused


def number(secret: bytes, *, member_id: int, password_hash: str | None) -> str:
    """Another password has another one: whoever held the account before does not know it."""
    return keyed.number(secret, "owner's phone", member_id, password_hash or "")


def asks(*, tie: str, by_two: bool, gave_key: Collection[int]) -> bool:
    """Whether the second who sees the papers types it: for an owner, who will vote online by that, whose account somebody of the
    staff has handed out the link of. They may have used it first. Who joined by themselves is asked for none."""
    return tie == Tie.OWNER and not by_two and bool(gave_key)


def check_shown(*, asks: bool, by_two: bool, shown: bool) -> None:
    """`by_two`: would be known by two now."""
    if asks and by_two and not shown:
        raise Refused("number_on_their_phone", field="number")
