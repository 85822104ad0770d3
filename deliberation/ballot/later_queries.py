"""What later steps have left in the journal about a matter: this step may not import them, but it may read what was done."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlmodel import Session, col, select

from deliberation.db.journal import happened
from deliberation.db.tables import Event

_OUTCOMES = tuple(
    f"decision.{one}"
    for one in ("carried", "not_carried", "not_valid", "opinion_for", "opinion_not_for", "opinion_not_valid")
)


def discussed(session: Session, council_id: int, matter_id: int) -> bool:
    return happened(session, council_id, matter_id, "item.concluded")


def meeting_ahead(session: Session, council_id: int, matter_id: int) -> str | None:
    """The title of an announced meeting that has this matter on its agenda and is not over, if any."""
    on_agenda: dict[int, bool] = {}
    for meeting_id, verb in session.exec(
        select(Event.meeting_id, Event.verb)
        .where(
            Event.council_id == council_id,
            Event.matter_id == matter_id,
            col(Event.verb).in_(["item.added", "item.removed", "matter.placed"]),
        )
        .order_by(col(Event.seq))
    ):
        if meeting_id is not None:
            on_agenda[meeting_id] = verb != "item.removed"
    acts: dict[int, dict[str, str]] = {}
    for meeting_id, verb, facts in session.exec(
        select(Event.meeting_id, Event.verb, Event.facts).where(
            Event.council_id == council_id,
            col(Event.meeting_id).in_([one for one, stands in on_agenda.items() if stands]),
            col(Event.verb).in_(["meeting.announced", "meeting.closed", "meeting.called_off"]),
        )
    ):
        acts.setdefault(meeting_id or 0, {})[verb] = facts
    titles = [
        str(json.loads(done["meeting.announced"])["title"])
        for done in acts.values()
        if "meeting.announced" in done and not done.keys() & {"meeting.closed", "meeting.called_off"}
    ]
    return next(iter(titles), None)


def outcomes(session: Session, council_id: int, matter_ids: Collection[int]) -> dict[int, str]:
    """How the counted polls of these matters came out, by poll: carried, not_carried, not_valid, or the same of an opinion."""
    rows = session.exec(
        select(Event.verb, Event.facts).where(
            Event.council_id == council_id, col(Event.matter_id).in_(matter_ids), col(Event.verb).in_(_OUTCOMES)
        )
    )
    return {json.loads(facts)["poll_id"]: verb.removeprefix("decision.") for verb, facts in rows}


def meetings_ahead(session: Session, council_id: int) -> list[tuple[int, str]]:
    """Announced meetings that are not over, by number and title."""
    titles: dict[int, str] = {}
    for meeting_id, verb, facts in session.exec(
        select(Event.meeting_id, Event.verb, Event.facts)
        .where(
            Event.council_id == council_id,
            col(Event.verb).in_(["meeting.announced", "meeting.closed", "meeting.called_off"]),
        )
        .order_by(col(Event.seq))
    ):
        if verb == "meeting.announced":
            titles[meeting_id or 0] = str(json.loads(facts)["title"])
        else:
            titles.pop(meeting_id or 0, None)
    return list(titles.items())
