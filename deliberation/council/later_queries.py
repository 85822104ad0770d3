"""What later steps have left in the journal: this step may not import them, but it may read what was done."""

from __future__ import annotations

import json

from sqlmodel import Session, col, select

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
