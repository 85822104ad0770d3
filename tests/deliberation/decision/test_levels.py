"""How well voters were known is published as totals, and never so few that they point at somebody."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from deliberation.ballot.rules import levels_shown
from deliberation.ballot.tables import Ballot
from deliberation.db.tables import Event
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.decision import build


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, []),
        ({1: 0, 2: 5}, [((2,), 5)]),
        ({1: 5, 2: 9}, [((1,), 5), ((2,), 9)]),
        ({1: 4, 2: 9}, [((1, 2), 13)]),
        ({1: 4, 2: 9, 3: 20}, [((1, 2), 13), ((3,), 20)]),
        ({1: 2, 2: 2, 3: 20}, [((1, 2, 3), 24)]),
        ({1: 3, 2: 4, 3: 20}, [((1, 2), 7), ((3,), 20)]),
        ({1: 1, 2: 2}, [((1, 2), None)]),
    ],
)
def test_few_are_told_only_together_with_enough_others(
    counts: dict[int, int], shown: list[tuple[tuple[int, ...], int | None]]
) -> None:
    assert levels_shown(counts) == shown


def test_the_level_is_stamped_on_the_ballot_and_its_totals_stand_beside_the_result(town: Town) -> None:
    ballot.sample_roll(town)
    poll_id = ballot.opened(town)
    choices = build.e1_choices()
    seen = dict(list(choices.items())[:100])
    ballot.cast(town, poll_id, seen, level=2)
    ballot.cast(town, poll_id, {head: choice for head, choice in choices.items() if head not in seen}, level=1)
    ballot.close(town)
    with town.db.read() as session:
        stamped = list(session.exec(select(Ballot.level).where(Ballot.poll_id == poll_id)))
        closed = json.loads(session.exec(select(Event.facts).where(Event.verb == "poll.closed")).one())
    assert (stamped.count(2), stamped.count(1)) == (100, 34)
    assert closed["levels"] == [[[1], 34], [[2], 100]]
    from deliberation.decision.tables import Decision

    with town.db.read() as session:
        decision = session.exec(select(Decision)).one()
    for path in (build.path(decision), f"{build.path(decision)}/sheet"):
        page = town.as_(None).get(path).text
        assert "线上投票人怎样核对" in page
        assert "两位工作人员当面核对过证件：100 张" in page
        assert "一位工作人员与名册核对：34 张" in page
    record = json.loads(town.as_(None).get(f"{build.path(decision)}/record.json").html)
    assert record["decision"]["online_levels"] == [{"levels": [1], "ballots": 34}, {"levels": [2], "ballots": 100}]


def test_a_handful_is_not_told(town: Town) -> None:
    decision = build.decided(town, build.PASSING)
    with town.write() as tx:
        few = tx.session.exec(select(Ballot).where(Ballot.poll_id == decision.poll_id)).first()
        assert few is not None
        few.level = 1
    page = town.as_(None).get(build.path(decision)).text
    assert "其中有的太少，合计：7 张" in page
    assert "：6 张" not in page
