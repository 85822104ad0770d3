"""Closed polls with known outcomes."""

from __future__ import annotations

from deliberation.decision import queries
from deliberation.decision.tables import Decision
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from votes.ballots import read_ballots

E1 = ballot.SAMPLE.parent / "e1_ballots.csv"
DEVELOPER = "K0001"


def e1_choices() -> dict[str, str]:
    """RULES 5.1 E1: 101 for, 26 against, 7 abstain, the developer among them."""
    return {one.owner_id: one.choice for one in read_ballots(E1.read_bytes())}


def decided(town: Town, choices: dict[str, str], *, law_item: int = 8, sample: bool = False) -> Decision:
    """A poll announced, voted in as told, closed and counted by the clock."""
    if sample:
        ballot.sample_roll(town)
    poll_id = ballot.opened(town, law_item=law_item)
    ballot.cast(town, poll_id, choices)
    ballot.close(town)
    with town.db.read() as session:
        found = queries.of_poll(session, town.cast.council_id, poll_id)
    assert found is not None
    return found


def path(decision: Decision) -> str:
    return f"/c/jinxiu/decisions/{decision.id}"


PASSING = {"Y01": "for", "Y02": "for", "Y03": "for", "Y04": "for", "Y05": "for", "Y06": "for", "Y07": "against"}
"""7 of 9 heads, 780.50 of 930.50 m2 take part; 6 heads and 690.50 m2 are for it."""
