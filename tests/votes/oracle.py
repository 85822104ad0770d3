"""A second count, written apart from the first and as plainly as the law reads: fractions, no shared code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Flat:
    owner: str
    area: int
    delivered: bool = True
    parking: bool = False


@dataclass(frozen=True)
class Outcome:
    valid: bool
    passed: bool
    roll: tuple[int, int]
    taking_part: tuple[int, int]
    in_favour: tuple[int, int]


def expected(flats: list[Flat], choices: Mapping[str, str], major: bool, invalid_part: bool, parking: bool) -> Outcome:
    """`choices`: owner -> for, against, abstain or invalid. The owner of undelivered flats is the developer."""
    flats = [flat for flat in flats if parking or not flat.parking]
    owners: dict[str, int] = {}
    for flat in flats:
        owners[flat.owner] = owners.get(flat.owner, 0) + flat.area
    present = {"for", "against", "abstain"} | ({"invalid"} if invalid_part else set())
    part = [owner for owner in owners if choices.get(owner) in present]
    ayes = [owner for owner in owners if choices.get(owner) == "for"]
    everyone = (len(owners), sum(owners.values()))
    there = (len(part), sum(owners[o] for o in part))
    agreed = (len(ayes), sum(owners[o] for o in ayes))
    valid = all(Fraction(a, b) >= Fraction(2, 3) for a, b in zip(there, everyone, strict=True))
    if major:
        enough = valid and all(Fraction(a, b) >= Fraction(3, 4) for a, b in zip(agreed, there, strict=True))
    else:
        enough = valid and all(Fraction(a, b) > Fraction(1, 2) for a, b in zip(agreed, there, strict=True))
    return Outcome(valid, enough, everyone, there, agreed)
