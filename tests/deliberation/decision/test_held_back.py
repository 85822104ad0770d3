"""A closed poll whose roll, text or ballots were changed is not counted; members are told, and it is tried again each day."""

import pytest
from sqlalchemy import text

from deliberation.ballot.tables import Poll
from deliberation.decision import queries
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.council.build import verbs
from tests.deliberation.decision import build

CHANGES = {
    "roll": "UPDATE roll_unit SET area = area + 1 WHERE line = (SELECT min(line) FROM roll_unit)",
    "text": "UPDATE poll SET text = text || '。'",
    "ballots": "UPDATE ballot SET choice = 'for' WHERE choice = 'against'",
}


def changed(town: Town, statement: str) -> None:
    """By somebody with the database file, past the program."""
    with town.write() as tx:
        tx.session.execute(text(statement))


def held_back(town: Town) -> int:
    return verbs(town).count("decision.held_back")


@pytest.mark.parametrize("what", CHANGES)
def test_what_does_not_fit_is_not_counted_and_told_once_a_day(town: Town, what: str) -> None:
    poll_id = ballot.opened(town)
    ballot.cast(town, poll_id, build.PASSING)
    changed(town, CHANGES[what])
    ballot.close(town)
    for _ in range(3):
        town.travel(seconds=5)
    assert held_back(town) == 1
    assert "对不上" in ballot.signed_in(town, "tenant").get(f"{ballot.PATH}/{poll_id}/decision").text
    town.travel(days=1)
    assert held_back(town) == 2
    with town.db.read() as session:
        assert queries.of_poll(session, town.cast.council_id, poll_id) is None


def test_once_it_fits_again_it_is_counted(town: Town) -> None:
    poll_id = ballot.opened(town)
    ballot.cast(town, poll_id, build.PASSING)
    with town.db.read() as session:
        before = session.get_one(Poll, poll_id).text
    changed(town, CHANGES["text"])
    ballot.close(town)
    with town.write() as tx:
        tx.session.get_one(Poll, poll_id).text = before
    town.travel(days=1, minutes=1)
    with town.db.read() as session:
        found = queries.of_poll(session, town.cast.council_id, poll_id)
    assert found is not None
    assert found.passed
