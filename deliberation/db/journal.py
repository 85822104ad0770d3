"""The journal: every act of a council, appended in one chain that anybody can check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from sqlmodel import Session, col, select

from deliberation.db.engine import Tx
from deliberation.db.tables import Event

GENESIS = "0" * 64


def record(tx: Tx, verb: str, *, matter_id: int | None = None, meeting_id: int | None = None, **facts: object) -> Event:
    """Append one act in this transaction. `facts` must be JSON values and free of secrets and choices."""
    last = tx.session.exec(
        select(Event).where(Event.council_id == tx.council).order_by(col(Event.seq).desc()).limit(1)
    ).first()
    event = Event(
        council_id=tx.council,
        seq=last.seq + 1 if last else 1,
        at=tx.now,
        actor_id=tx.actor_id,
        verb=verb,
        matter_id=matter_id,
        meeting_id=meeting_id,
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        prev=last.hash if last else GENESIS,
        hash="",
    )
    event.hash = digest(event)
    tx.session.add(event)
    tx.session.flush()
    return event


def happened(session: Session, council_id: int, matter_id: int, verb: str) -> bool:
    """Whether the journal tells of such an act in this matter; so a step learns of a later one it may not import."""
    found = select(Event.id).where(Event.council_id == council_id, Event.matter_id == matter_id, Event.verb == verb)
    return session.exec(found.limit(1)).first() is not None


def digest(event: Event) -> str:
    body = [
        event.council_id,
        event.seq,
        event.at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.verb,
        event.matter_id,
        event.meeting_id,
        event.facts,
        event.prev,
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def broken_at(events: Iterable[Event], *, after: int = 0, prev: str = GENESIS) -> int | None:
    """The number of the first event that does not fit its chain, or None. `events` in order of seq.

    A chain known up to number `after`, whose hash is `prev`, is gone on with from there.
    """
    for seq, event in enumerate(events, start=after + 1):
        if event.seq != seq or event.prev != prev or event.hash != digest(event):
            return seq
        prev = event.hash
    return None
