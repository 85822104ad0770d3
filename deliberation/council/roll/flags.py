"""Homes whose owner may not act alone, as the roll's notes say it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from deliberation.council.roll.likeness import Owner, by_number, owner
from votes.roll import Roll

_SAYS = {
    "deceased": re.compile(r"已故|去世|死亡|过世|身故|继承|遗产|deceased|estate|inherit", re.IGNORECASE),
    "minor": re.compile(r"未成年|监护|minor|guardian", re.IGNORECASE),
    "court": re.compile(r"查封|冻结|法院|拍卖|破产|court|seized|auction", re.IGNORECASE),
}


class Noted(Protocol):
    @property
    def note(self) -> str: ...


def flags(units: Iterable[Noted]) -> tuple[str, ...]:
    """Why somebody else may have to act for the owner of these units, as the roll's notes say it (words section roll_flag). The
    program draws nothing from it: who acts is for a person to find out and to write down."""
    notes = " ".join(unit.note for unit in units)
    return tuple(flag for flag, says in _SAYS.items() if says.search(notes))


def flagged(roll: Roll) -> list[tuple[Owner, tuple[str, ...]]]:
    """Every owner number with such a note."""
    return [(owner(units), found) for units in by_number(roll.units).values() if (found := flags(units))]
