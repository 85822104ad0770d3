"""The journal in words: each act as one sentence, for the dossier and for the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from deliberation.db.tables import Event
from deliberation.i18n import dates
from deliberation.i18n.catalog import Lang, word, words
from deliberation.meeting.tables import Item, Meeting
from deliberation.people.queries import names


@dataclass(frozen=True)
class Entry:
    """One line of a timeline; `actor` stays empty because the sentence names them."""

    date: datetime
    text: str
    actor: str = ""


def sentence(verb: str, facts: str, actor: str | None, lang: Lang) -> str:
    """An act in words. `facts` as kept in the journal; without an actor the system did it."""
    known: Mapping[str, object] = json.loads(facts)
    who = actor or word("actor", "system", lang)
    spoken = {name: _spoken(name, value, lang) for name, value in known.items()}
    try:
        return word("verb", verb, lang, **{**spoken, "actor": who})
    except (KeyError, IndexError):
        # A journal outlives the program that wrote it: an act without words still shows that it happened.
        return word("actor", "did", lang, actor=who, verb=verb)


def _spoken(name: str, value: object, lang: Lang) -> object:
    """A fact that is a code is said by its words; a moment is said as people write it."""
    if not isinstance(value, str):
        return value
    if value in words().get(name, {}):
        return word(name, value, lang)
    if name.endswith(("_at", "_until")):
        try:
            return dates.moment(datetime.fromisoformat(value), lang)
        except ValueError:
            return value
    return value


def of_matter(session: Session, council_id: int, matter_id: int, lang: Lang) -> list[Entry]:
    """Every act on the matter and on the meetings and minutes about it, the first one first."""
    # A meeting in preparation is nobody's to read of before it is announced.
    meetings = (
        select(Item.meeting_id)
        .join(Meeting, col(Meeting.id) == col(Item.meeting_id))
        .where(Item.council_id == council_id, Item.matter_id == matter_id, col(Meeting.notice_at).is_not(None))
    )
    of_meeting = and_(
        col(Event.meeting_id).in_(meetings),
        col(Event.matter_id).is_(None),
        or_(*(col(Event.verb).startswith(kind) for kind in ("meeting.", "minutes."))),
    )
    events = session.exec(
        select(Event)
        .where(Event.council_id == council_id, or_(col(Event.matter_id) == matter_id, of_meeting))
        .order_by(col(Event.seq))
    ).all()
    people = names(session, [event.actor_id for event in events])
    return [
        Entry(event.at, sentence(event.verb, event.facts, people.get(event.actor_id) if event.actor_id else None, lang))
        for event in events
    ]
