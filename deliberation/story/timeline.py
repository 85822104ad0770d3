"""The journal in words: each act as one sentence, for the dossier and for the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from deliberation.council.queries import seats
from deliberation.council.rules import STAFF
from deliberation.db.tables import Event
from deliberation.i18n import dates
from deliberation.i18n.catalog import Lang, word, words
from deliberation.meeting.tables import Item, Meeting
from deliberation.people.queries import names
from deliberation.people.rules import masked
from deliberation.web.viewer import Viewer


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
    # From before a reason was asked for.
    spoken["reason"] = spoken.get("reason") or word("actor", "no_reason", lang)
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


OWN_AFFAIRS = frozenset({"resident.asked", "slip.used", "account.recovered", "account.recovery_stopped"})
"""Acts that are nobody's business but the person's and the staff's: not even the desk's own lines about them say who it was."""


def actors(session: Session, viewer: Viewer, events: Sequence[Event], lang: Lang) -> dict[int, str]:
    """Act number -> who did it, as members read it on the dossier and in the log: those with a seat by role and name,
    who acts in the council by the full name. In their own affairs they are masked, except for the staff and for themselves."""
    full = names(session, [event.actor_id for event in events])
    roles: dict[int, str] = {}
    for seat in seats(session, viewer.council.id if viewer.council else 0):
        roles.setdefault(seat.account_id, word("role", seat.role, lang))
    me = viewer.person.account_id if viewer.person else 0
    shown: dict[int, str] = {}
    for event in events:
        actor = event.actor_id
        if actor is None:
            continue
        name = full[actor]
        if actor in roles:
            shown[event.seq] = f"{roles[actor]} {name}" if lang == "en" else f"{roles[actor]}{name}"
        elif event.verb in OWN_AFFAIRS and actor != me and not viewer.roles & set(STAFF):
            shown[event.seq] = masked(name)
        else:
            shown[event.seq] = name
    return shown


def of_matter(session: Session, viewer: Viewer, council_id: int, matter_id: int, lang: Lang) -> list[Entry]:
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
    people = actors(session, viewer, events, lang)
    return [Entry(event.at, sentence(event.verb, event.facts, people.get(event.seq), lang)) for event in events]
