"""What two of the staff read on one paper, when the two readings are one ballot, and why a paper does not count; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from votes.refusal import Refused
from votes.table import key


class PaperWhy(StrEnum):
    """Why a paper does not count: settled so by two equal readings, or left so at the close."""

    ALREADY_CAST = "already_cast"
    UNKNOWN_ROOM = "unknown_room"
    NOT_DESIGNATED = "not_designated"
    NO_VALID_PROXY = "no_valid_proxy"
    READ_ONCE = "read_once"
    READ_DIFFERENTLY = "read_differently"
    WITHDRAWN = "withdrawn"


LEFT_AT_CLOSE = {
    "waiting": PaperWhy.READ_ONCE,
    "conflict": PaperWhy.READ_DIFFERENTLY,
    "withdrawn": PaperWhy.WITHDRAWN,
}


def slip_number(text: str) -> str:
    """One paper, one number, however it is typed: 200, 0200 and ２００ are the same."""
    number = key(text).upper()
    return number.lstrip("0").rjust(4, "0") if number.isdecimal() else number


@dataclass(frozen=True)
class Keyed:
    """What one of the staff read on a paper slip: the head behind the room, or the room itself where the roll has none."""

    head_key: str
    room: str
    choice: str
    cast_by: str

    def same(self) -> tuple[str, str, str]:
        """What has to be equal in two readings."""
        return self.head_key or f"?{key(self.room)}", self.choice, "" if self.choice == "invalid" else key(self.cast_by)

    def differs(self, other: Keyed) -> list[str]:
        """The fields that were read differently."""
        fields = zip(("room", "choice", "cast_by"), self.same(), other.same(), strict=True)
        return [name for name, one, two in fields if one != two]


def check_correction(state: str, *, by: int, first_by: int, second_by: int | None) -> None:
    """Until two readings settle a paper, who keyed it in may put their keying right or take it back."""
    if state not in {"waiting", "conflict"}:
        raise Refused("paper_settled")
    if by != first_by and by != second_by:
        raise Refused("not_your_keying")


def paper_outcome(first: Keyed, first_by: int, second: Keyed, second_by: int) -> str:
    """ "matched" or "conflict"; the same person cannot key in both."""
    if first_by == second_by:
        raise Refused("same_person_twice")
    return "conflict" if first.differs(second) else "matched"
