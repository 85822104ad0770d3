"""Compares an archive with an earlier copy of it (SPEC S12.4): a ledger only grows, and what vanished is named."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from votes.asked import system_words
from votes.refusal import Refused
from votes.secret.archive import Reader, opened
from votes.secret.board import Chain, Event, events
from votes.secret.wire import sha_b64

CHUNK = 1 << 20
NAMED = 10


def compare(earlier: Path, later: BinaryIO) -> None:
    """Refused: "earlier.unreadable", or "earlier.differs" with the trackers of vanished ballots and the first change."""
    later.seek(0)
    try:
        with opened(earlier) as file:
            if _starts_with(later, file):
                _read(file)
                return
            before = _read(file)
    except OSError as error:
        raise Refused("earlier.unreadable", reason=" / ".join(system_words(error))) from None
    except Refused:
        raise Refused("earlier.unreadable", reason="不是完整的投票存档 / not a whole archive") from None
    try:
        after = _read(later)
    except Refused:
        after = []
    kept = {event for event in after if event[0] == "Ballot"}
    vanished = [event[1] for event in before if event[0] == "Ballot" and event not in kept]
    paired = zip(before, [*after, *([None] * len(before))], strict=False)
    change = next((height for height, (old, new) in enumerate(paired) if old != new), len(before))
    raise Refused("earlier.differs", height=change, vanished=len(vanished), trackers=vanished[:NAMED])


def _starts_with(later: BinaryIO, earlier: BinaryIO) -> bool:
    while chunk := earlier.read(CHUNK):
        if later.read(len(chunk)) != chunk:
            return False
    return True


def _read(file: BinaryIO) -> list[tuple[str, str]]:
    """Each event's kind with its ballot's tracker, or its payload's hash for other kinds."""
    file.seek(0)
    return [_mark(event) for event in events(Reader(file), Chain())]


def _mark(event: Event) -> tuple[str, str]:
    if event.type == "Ballot":
        return event.type, sha_b64(event.data[0].body)
    return event.type, event.data[-1].hash if event.data else ""
