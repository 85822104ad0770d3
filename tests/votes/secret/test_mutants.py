"""Mutants of a small archive with a revote: none passes whoever knows the posted head (SPEC S12.4)."""

from __future__ import annotations

import random

import pytest

from tests.votes.secret.make import ONE_ANSWER, Town, town
from tests.votes.secret.mutants import MANY, hunt, without_tables
from votes.secret.poll import Poll

EVERY_DAY = 200
Archive = tuple[Town, bytes]


@pytest.fixture(scope="module")
def archive() -> Archive:
    made = town([3, 5, 7], [ONE_ANSWER])
    poll = Poll.start(made.setup, "area")
    for voter, choice in ((0, 1), (1, 0), (0, 0), (2, 1)):
        poll.cast(made.ballot(voter, [[choice]]))
    made.finish(poll)
    return made, poll.board.data


@pytest.fixture(autouse=True)
def every_power_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    without_tables(monkeypatch)


def test_no_mutant_passes(archive: Archive) -> None:
    hunt(*archive, EVERY_DAY, 278)


@pytest.mark.long
def test_no_mutant_of_many_passes(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    """MUTANTS=… chooses how many; four of five are made here, the others of a larger archive."""
    found = hunt(*archive, MANY * 4 // 5, random.SystemRandom().randrange(2**32))
    with capsys.disabled():
        print(f" mutants: {dict(found)}")
