"""Mutants of an archive with everything in it: a blank question, a trustee of its own and a group of 2 of 3 (SPEC S12.4)."""

from __future__ import annotations

import random

import pytest

from tests.votes.secret.make import WITH_BLANK, Town, town
from tests.votes.secret.mutants import MANY, hunt, without_tables
from votes.secret.poll import Poll

EVERY_DAY = 50
Archive = tuple[Town, bytes]


@pytest.fixture(scope="module")
def archive() -> Archive:
    made = town([1, 2], [WITH_BLANK], singles=1, threshold=(2, 3))
    poll = Poll.start(made.setup, "area")
    poll.cast(made.ballot(0, [[0, 1, 1, 0]]))
    poll.cast(made.ballot(1, [[1, 0, 0, 0]]))
    made.finish(poll)
    return made, poll.board.data


@pytest.fixture(autouse=True)
def every_power_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    without_tables(monkeypatch)


def test_no_mutant_passes(archive: Archive) -> None:
    hunt(*archive, EVERY_DAY, 278)


@pytest.mark.long
def test_no_mutant_of_many_passes(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    found = hunt(*archive, MANY // 5, random.SystemRandom().randrange(2**32))
    with capsys.disabled():
        print(f" mutants: {dict(found)}")
