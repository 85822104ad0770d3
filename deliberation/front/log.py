"""The journal for members: every act in words, newest first, and whether the chain holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from deliberation.council.queries import seats
from deliberation.council.rules import STAFF
from deliberation.db.journal import broken_at
from deliberation.db.tables import Event
from deliberation.i18n.catalog import Lang, word
from deliberation.people.queries import names
from deliberation.people.rules import masked
from deliberation.story.timeline import sentence
from deliberation.web.viewer import Viewer

SIZE = 40


@dataclass(frozen=True)
class Act:
    seq: int
    at: datetime
    text: str
    hash: str
    matter_id: int | None
    meeting_id: int | None


@dataclass(frozen=True)
class Chain:
    """`broken`: the number of the first act that does not fit, or None; `last`: the hash that stands for all before it."""

    count: int
    broken: int | None
    last: str


def chain(session: Session, council_id: int) -> Chain:
    count = session.exec(select(func.count()).select_from(Event).where(Event.council_id == council_id)).one()
    last = session.exec(
        select(Event.hash).where(Event.council_id == council_id).order_by(col(Event.seq).desc()).limit(1)
    ).first()
    return Chain(count, broken_at(_events(session, council_id)), last or "")


def _events(session: Session, council_id: int) -> Iterator[Event]:
    return iter(
        session.exec(
            select(Event)
            .where(Event.council_id == council_id)
            .order_by(col(Event.seq))
            .execution_options(yield_per=500)
        )
    )


def acts(session: Session, viewer: Viewer, lang: Lang, page: int) -> list[Act]:
    if viewer.council is None:
        return []
    rows = session.exec(
        select(Event)
        .where(Event.council_id == viewer.council.id)
        .order_by(col(Event.seq).desc())
        .offset((page - 1) * SIZE)
        .limit(SIZE)
    ).all()
    known = _actors(session, viewer, [row.actor_id for row in rows], lang)
    return [
        Act(
            row.seq,
            row.at,
            sentence(row.verb, row.facts, known.get(row.actor_id) if row.actor_id else None, lang),
            row.hash,
            row.matter_id,
            row.meeting_id,
        )
        for row in rows
    ]


def _actors(session: Session, viewer: Viewer, ids: list[int | None], lang: Lang) -> dict[int, str]:
    """Seat holders by role and name; residents by a masked name, except for the staff and for themselves."""
    full = names(session, ids)
    council_id = viewer.council.id if viewer.council else 0
    roles: dict[int, str] = {}
    for seat in seats(session, council_id):
        roles.setdefault(seat.account_id, word("role", seat.role, lang))
    sees_all = bool(viewer.roles & set(STAFF))
    me = viewer.person.account_id if viewer.person else 0
    shown = {}
    for account_id, name in full.items():
        if account_id in roles:
            shown[account_id] = f"{roles[account_id]} {name} " if lang == "en" else f"{roles[account_id]}{name}"
        else:
            shown[account_id] = name if sees_all or account_id == me else masked(name)
    return {account_id: name.strip() for account_id, name in shown.items()}


def as_file(session: Session, council_id: int) -> Iterator[str]:
    """One act a line, with all that its hash is made of."""
    for event in _events(session, council_id):
        yield (
            json.dumps(
                {
                    "council": event.council_id,
                    "seq": event.seq,
                    "at": event.at.astimezone(UTC).isoformat(),
                    "actor": event.actor_id,
                    "verb": event.verb,
                    "matter": event.matter_id,
                    "meeting": event.meeting_id,
                    "facts": event.facts,
                    "prev": event.prev,
                    "hash": event.hash,
                },
                ensure_ascii=False,
            )
            + "\n"
        )
