"""How many have voted is counted once for the same ballots on the same roll, and anew for any others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.ballot import queries, rolls
from deliberation.ballot.tables import Poll
from tests.conftest import Town
from tests.deliberation.ballot.build import cast, opened
from votes.roll import Roll
from votes.tally import count


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many ballots each count was of."""
    done: list[int] = []

    def noted(rule: object, roll: object, ballots: object) -> object:
        done.append(len(list(ballots)))  # type: ignore[call-overload]
        return count(rule, roll, ballots)  # type: ignore[arg-type]

    rolls._known.clear()
    monkeypatch.setattr(rolls, "count", noted)
    return done


def come_in(town: Town, poll_id: int) -> tuple[int, int]:
    with town.db.read() as session:
        found = rolls.turnout(session, session.get_one(Poll, poll_id), queries.heads_in(session, poll_id))
        return found.heads.have, found.area.have


def test_the_same_ballots_are_counted_once(town: Town, counted: list[int]) -> None:
    poll_id = opened(town)
    counted.clear()
    cast(town, poll_id, {"Y01": "for", "Y02": "against"})
    assert come_in(town, poll_id) == come_in(town, poll_id) == (2, 30_000)
    assert counted == [2]


def test_one_more_ballot_is_counted(town: Town, counted: list[int]) -> None:
    poll_id = opened(town)
    counted.clear()
    cast(town, poll_id, {"Y01": "for"})
    assert come_in(town, poll_id) == (1, 20_000)
    cast(town, poll_id, {"Y03": "for"})
    assert come_in(town, poll_id) == (2, 28_050)
    assert counted == [1, 2]


def test_another_rule_or_roll_is_counted_by_itself(town: Town, counted: list[int]) -> None:
    poll_id = opened(town)
    counted.clear()
    with town.db.read() as session:
        poll = session.get_one(Poll, poll_id)
        roll, rule = rolls.roll_of(session, poll), rolls.rule_of(poll)
    with_parking, smaller = replace(rule, count_parking=True), Roll(roll.units[:-1])
    assert rolls.thresholds(roll, rule).heads.of == 9
    assert rolls.thresholds(smaller, rule).heads.of == 8
    assert rolls.thresholds(roll, with_parking).heads.of == 9
    assert rolls.thresholds(roll, rule).heads.of == 9
    # The roll and rule of the poll itself were counted when its notice was given.
    assert counted == [0, 0]


def test_only_the_last_few_stay_in_memory(town: Town, counted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolls, "_KEPT", 2)
    poll_id = opened(town)
    counted.clear()
    with town.db.read() as session:
        poll = session.get_one(Poll, poll_id)
        for key in ("Y01", "Y02", "Y03", "Y03", "Y01"):
            rolls.turnout(session, poll, [key])
    assert counted == [1, 1, 1, 1]
    assert len(rolls._known) == 2
