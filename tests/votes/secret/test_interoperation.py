"""belenios-tool verifies what we make, and its ballots are cast with us."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.votes.secret import oracle
from tests.votes.secret.make import WITH_BLANK, YES_NO, Town, town, write
from votes import audit
from votes.secret.poll import Poll
from votes.secret.verify import verify_file

WEIGHTS = [8957, 12034, 6620, 1_000_000_000]
PLAIN = [[[1, 0, 0], [0, 1, 1, 0]], [[0, 1, 0], [1, 0, 0, 0]], [[1, 0, 0], [0, 0, 0, 1]], [[0, 0, 1], [0, 0, 0, 1]]]
TOTALS = {
    "heads": [[2, 1, 1], [1, 1, 1, 2]],
    "area": [[15577, 12034, 1_000_000_000], [12034, 8957, 8957, 1_000_006_620]],
}


def make_town(**trustees: object) -> Town:
    return town(WEIGHTS, [YES_NO, WITH_BLANK], **trustees)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "trustees",
    [{"singles": 1}, {"singles": 3}, {"singles": 0, "threshold": (2, 3)}, {"singles": 1, "threshold": (3, 4)}],
    ids=["one", "three", "2-of-3", "one and 3-of-4"],
)
def test_both_archives_of_a_dual_count_pass_the_tool_and_both_verifiers(
    trustees: dict[str, object], tmp_path: Path
) -> None:
    oracle.need_tool()
    made = make_town(**trustees)
    ballots = [made.ballot(voter, plain) for voter, plain in enumerate(PLAIN)]
    again = made.ballot(0, PLAIN[0])
    for counts, totals in TOTALS.items():
        poll = Poll.start(made.setup, counts)
        for ballot in [*ballots, again]:
            poll.cast(ballot)
        assert made.finish(poll) == totals
        path = write(tmp_path / counts, made, poll.board.data)
        assert oracle.verifies(path.parent)
        report = verify_file(path, finished=True)
        assert (report.ok, report.counts, report.totals) == (True, counts, totals)
        found = audit.Audit(io.BytesIO(path.read_bytes()))
        found.run()
        assert found.result == totals


def test_the_last_members_of_a_threshold_group_decrypt_as_well_as_the_first(tmp_path: Path) -> None:
    oracle.need_tool()
    made = town([1, 1], singles=0, threshold=(2, 3))
    poll = Poll.start(made.setup, "heads")
    poll.cast(made.ballot(0, [[1, 0, 0]]))
    made.finish(poll, [3, 2])
    assert oracle.verifies(write(tmp_path, made, poll.board.data).parent)


def test_ballots_of_the_tool_are_cast_with_us(tmp_path: Path) -> None:
    oracle.need_tool()
    made = make_town()
    poll = Poll.start(made.setup, "area")
    folder = write(tmp_path, made, poll.board.data).parent
    for voter, plain in zip(made.voters, PLAIN, strict=True):
        poll.cast(oracle.ballot(folder, voter.code, str(plain)))
    assert made.finish(poll) == TOTALS["area"]
    assert oracle.verifies(write(tmp_path, made, poll.board.data).parent)


def test_nobody_votes_and_the_archive_still_holds(tmp_path: Path) -> None:
    oracle.need_tool()
    made = make_town()
    poll = Poll.start(made.setup, "area")
    assert made.finish(poll) == [[0, 0, 0], [0, 0, 0, 0]]
    path = write(tmp_path, made, poll.board.data)
    assert oracle.verifies(tmp_path)
    assert verify_file(path, finished=True).ok
    audit.Audit(io.BytesIO(path.read_bytes())).run()


def test_the_tool_finds_fault_with_a_changed_result(tmp_path: Path) -> None:
    """The oracle itself is awake."""
    oracle.need_tool()
    made = town([1])
    poll = Poll.start(made.setup, "heads")
    poll.cast(made.ballot(0, [[1, 0, 0]]))
    made.finish(poll)
    data = poll.board.data.replace(b'{"result":[[1,0,0]]}', b'{"result":[[0,1,0]]}')
    assert not oracle.verifies(write(tmp_path, made, data).parent)
