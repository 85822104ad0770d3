"""The two verifiers read every form alike: neither passes what the other refuses (SPEC S12.5)."""

from __future__ import annotations

import random

import pytest

from tests.votes.secret.forms import compare
from tests.votes.secret.make import ONE_ANSWER, WITH_BLANK, Town, town
from tests.votes.secret.mutants import MANY, without_tables
from tests.votes.secret.mutate import Editor
from votes.secret.poll import Poll

EVERY_DAY = 150


@pytest.fixture(autouse=True)
def every_power_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    without_tables(monkeypatch)


@pytest.fixture(scope="module")
def place() -> Town:
    return town([1, 2_000_000_000], [ONE_ANSWER, WITH_BLANK], singles=1, threshold=(1, 2))


@pytest.fixture(scope="module")
def archives(place: Town) -> dict[str, bytes]:
    """Finished, with sums in both forms; and the setup alone, which binds nothing to its words yet."""
    poll = Poll.start(place.setup, "area")
    opened = poll.board.data
    for voter, choice in ((0, [[1], [1, 0, 0, 0]]), (1, [[1], [0, 1, 1, 0]]), (0, [[0], [0, 1, 0, 0]])):
        poll.cast(place.ballot(voter, choice))
    place.finish(poll)
    return {"finished": poll.board.data, "opened": opened, "unbound": unbound(opened)}


def unbound(opened: bytes) -> bytes:
    """The setup of a poll that commits to nothing, so that changed lists and trustees are looked at for their own sake."""
    editor = Editor(opened)
    editor.events[0].records[0] = editor.events[0].records[0].partition(b',"x_')[0] + b"}"
    editor.renew_setup()
    return editor.data()


KINDS = pytest.mark.parametrize("kind", ["finished", "opened", "unbound"])


@KINDS
def test_both_verifiers_agree(place: Town, archives: dict[str, bytes], kind: str) -> None:
    passed, refused, _ = compare(place, archives[kind], EVERY_DAY, 278)
    assert refused > passed > 0


@pytest.mark.long
@KINDS
def test_both_verifiers_agree_about_many(
    place: Town, archives: dict[str, bytes], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = compare(place, archives[kind], MANY // 25, random.SystemRandom().randrange(2**32))
    with capsys.disabled():
        print(f" {kind}: passed, refused, no archive: {ends}")
