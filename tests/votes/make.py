"""The smallest valid rolls and ballots, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from votes.ballots import Ballot
from votes.roll import Roll, from_table
from votes.threshold import area_text

DATA = Path(__file__).parent / "data"
SAMPLE = (DATA / "roll_sample.csv").read_bytes()
E1 = (DATA / "e1_ballots.csv").read_bytes()

Side = tuple[int, int]
ORDINARY, MAJOR = "civil-code-278-ordinary", "civil-code-278-major"


def metres(area: int) -> str:
    return area_text(area).replace(",", "")


def row(owner_id: str, area: int, use: str = "dwelling", delivery: str = "delivered") -> list[str]:
    return [owner_id, metres(area), use, delivery]


def roll_rows(rows: Iterable[Sequence[str]], heading: str = "owner_id,area,use,delivery") -> list[list[str]]:
    return [heading.split(","), *map(list, rows)]


def roll_of(*rows: Sequence[str], heading: str = "owner_id,area,use,delivery") -> Roll:
    return from_table(roll_rows(rows, heading))


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(",".join(cells) + "\n" for cells in rows).encode()


def spread(prefix: str, heads: int, area: int) -> list[tuple[str, int]]:
    """`heads` owners whose areas add up to exactly `area`, the rest of the division on the last."""
    each = area // heads if heads else 0
    return [(f"{prefix}{n}", each + (area - each * heads if n == heads - 1 else 0)) for n in range(heads)]


def poll(sides: Mapping[str, Side], total: Side) -> tuple[list[list[str]], list[Ballot]]:
    """Rows and ballots for given heads and area (0.01 m2) per choice; whoever is left of `total` stays away."""
    rows: list[list[str]] = []
    ballots: list[Ballot] = []
    left_heads, left_area = total
    for choice, (heads, area) in sides.items():
        left_heads, left_area = left_heads - heads, left_area - area
        for owner_id, size in spread(choice[:2], heads, area):
            rows.append(row(owner_id, size))
            ballots.append(Ballot(owner_id, choice, line=len(ballots) + 2))
    rows += [row(owner_id, size) for owner_id, size in spread("away", left_heads, left_area)]
    return roll_rows(rows), ballots


def ballot_csv(ballots: Iterable[Ballot]) -> bytes:
    lines = ["owner_id,choice,channel,cast_at,cast_by"]
    for b in ballots:
        lines.append(f"{b.owner_id},{b.choice},{b.channel},{b.cast_at.isoformat() if b.cast_at else ''},{b.cast_by}")
    return "\n".join(lines).encode()
