"""What later steps have left in the journal: this step may not import them, but it may read what was done."""

from __future__ import annotations

import json

from sqlmodel import Session, col, or_, select

from deliberation.db.tables import Event


def polls_ahead(session: Session, council_id: int) -> list[str]:
    """Titles of the polls whose notice is out and whose ballots are not counted yet: each keeps the roll of its notice."""
    titles: dict[int, str] = {}
    for verb, facts in session.exec(
        select(Event.verb, Event.facts)
        .where(
            Event.council_id == council_id,
            col(Event.verb).in_(["poll.announced", "poll.withdrawn", "poll.closed"]),
        )
        .order_by(col(Event.seq))
    ):
        told = json.loads(facts)
        if verb == "poll.announced":
            titles[told["poll_id"]] = told["title"]
        else:
            titles.pop(told["poll_id"], None)
    return list(titles.values())


def binding_polls(session: Session, council_id: int) -> list[str]:
    """Titles of the polls that bind, from their notice until the result is final. Of a notice from before its standing was
    written down we take it that it binds."""
    titles: dict[int, str] = {}
    polls: dict[int, int] = {}
    rows = session.exec(
        select(Event.verb, Event.facts)
        .where(
            Event.council_id == council_id,
            or_(col(Event.verb).in_(["poll.announced", "poll.withdrawn"]), col(Event.verb).startswith("decision.")),
        )
        .order_by(col(Event.seq))
    )
    for verb, facts in rows:
        told = json.loads(facts)
        poll = told.get("poll_id") or polls.get(told.get("decision_id"), 0)
        if verb == "poll.announced" and told.get("binds", True):
            titles[told["poll_id"]] = told["title"]
        elif verb in {"poll.withdrawn", "decision.final"}:
            titles.pop(poll, None)
        elif "poll_id" in told and "decision_id" in told:
            polls[told["decision_id"]] = told["poll_id"]
    return list(titles.values())
