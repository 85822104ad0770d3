"""How the ballots of a poll are chained, so that none is changed, left out or slipped in unseen; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

GENESIS = "0" * 64


class Link(Protocol):
    poll_id: int
    seq: int
    head_key: str
    choice: str
    channel: str
    level: int
    cast_by: str
    cast_at: datetime
    receipt: str
    salt: str
    prev: str
    hash: str
    proxy_id: int | None


def ballot_hash(ballot: Link) -> str:
    body: list[object] = [
        ballot.poll_id,
        ballot.seq,
        ballot.head_key,
        ballot.choice,
        ballot.channel,
        ballot.level,
        ballot.cast_by,
        ballot.cast_at.astimezone(UTC).isoformat(),
        ballot.receipt,
        ballot.salt,
        ballot.prev,
    ]
    if ballot.proxy_id is not None:
        body.append({"proxy": ballot.proxy_id})
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def broken_at(ballots: Iterable[Link]) -> int | None:
    """The number of the first ballot that does not fit its chain, or None. In order of seq."""
    prev = GENESIS
    for seq, ballot in enumerate(ballots, start=1):
        if ballot.seq != seq or ballot.prev != prev or ballot.hash != ballot_hash(ballot):
            return seq
        prev = ballot.hash
    return None
