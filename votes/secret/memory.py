"""What a trustee's key has decrypted (SPEC S13.2), kept beside the key file.

The sums of two tallies of one election differ by the ballots that only one of them counts: whoever has both opened reads those
ballots, with every trustee acting in good faith. Only the other count of the very same ballots is no second tally.
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from votes.refusal import Refused
from votes.secret import wire

if sys.platform != "win32":
    import fcntl

LIMIT = 1 << 20
COUNTS = {"heads", "area"}


@dataclass(frozen=True)
class Decrypted:
    """The election's hash, the list that weighs, the hash of the ballots counted, and that of the encrypted tally."""

    election: str
    counts: str
    ballots: str
    tally: str


def beside(key: Path) -> Path:
    real = key.resolve()
    return real.with_name(real.name + ".decrypted")


def harmless(before: list[Decrypted], asked: Decrypted) -> bool:
    """Whether opening this one, beside those before, gives away nothing but its own sums."""
    same = [each for each in before if each.election == asked.election]
    return any(each.tally == asked.tally for each in same) or all(_dual(each, asked) for each in same)


def _dual(one: Decrypted, other: Decrypted) -> bool:
    return one.ballots == other.ballots and {one.counts, other.counts} == COUNTS


def remember(path: Path, asked: Decrypted, *, second: bool) -> None:
    """On the disk before any share is. Refused: "decrypt.second" unless the trustee wants a second, "decrypt.record"."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "r+b") as file:
        if sys.platform != "win32":
            os.fchmod(file.fileno(), 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)  # two at once must see each other
        before = _read(path, file.read(LIMIT + 1))
        if not second and not harmless(before, asked):
            raise Refused("decrypt.second", path=str(path))
        if asked not in before:
            file.write(wire.dumps(asdict(asked)) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _read(path: Path, data: bytes) -> list[Decrypted]:
    """A record that cannot be read must not pass for an empty one."""
    *lines, rest = data.split(b"\n")
    try:
        if rest or len(data) > LIMIT:
            raise Refused("record.length")
        names = ("election", "counts", "ballots", "tally")
        found = [wire.fields(wire.canonical(line, "record", 2000), "record", *names) for line in lines]
        return [Decrypted(**{name: wire.text(each[name], "record") for name in names}) for each in found]
    except Refused:
        raise Refused("decrypt.record", path=str(path)) from None
