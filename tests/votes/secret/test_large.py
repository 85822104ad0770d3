"""A large archive is checked by several processes, and the membership of all its elements together (SPEC S12.2).

Here every archive counts as large.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.votes.secret.make import GROUP, ONE_ANSWER, Town, town, write
from tests.votes.secret.mutate import Editor
from tests.votes.secret.paths import OPEN, REFUSED, RESULTS, bel
from votes import audit
from votes.secret import verify, wire
from votes.secret.finding import Report
from votes.secret.group import RandomProducts
from votes.secret.poll import Poll
from votes.secret.verify import verify_file

JOBS = pytest.mark.parametrize("jobs", [1, 2])


@pytest.fixture(autouse=True)
def every_archive_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "LARGE", 0)


def faults(report: Report) -> list[tuple[str, object]]:
    """Each fault, with the ballot where it names one."""
    return [(found.code, found.facts.get("tracker")) for found in report.findings if not found.ok]


@JOBS
@pytest.mark.parametrize("case", [*RESULTS, *OPEN])
def test_the_findings_are_those_of_a_small_archive(case: str, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    large = verify_file(bel(case), jobs=jobs)
    monkeypatch.undo()
    small = verify_file(bel(case))
    assert large.ok
    assert (large.findings, large.totals, large.counted) == (small.findings, small.totals, small.counted)


@JOBS
@pytest.mark.parametrize("case", REFUSED)
def test_what_a_small_archive_may_not_hold_a_large_one_may_not_either(case: str, jobs: int) -> None:
    assert [code for code, _ in faults(verify_file(bel(case), jobs=jobs))] == [REFUSED[case]]


@pytest.fixture(scope="module")
def place() -> Town:
    return town([3, 5, 7, 9], [ONE_ANSWER])


@pytest.fixture(scope="module")
def ballots(place: Town) -> list[bytes]:
    return [place.ballot(voter, [[1]]) for voter in range(4)]


def archive(place: Town, ballots: list[bytes], folder: Path) -> Path:
    """Whatever the ballots are: the server is the forger's."""
    poll = Poll.start(place.setup, "area")
    for each in ballots:
        poll.board.append("Ballot", each)
    poll.board.append("EndBallots")
    return write(folder, place, poll.board.data)


@JOBS
@pytest.mark.parametrize("half", ["alpha", "beta"])
def test_a_ballot_outside_the_group_is_named_though_its_proofs_hold(
    place: Town, ballots: list[bytes], half: str, jobs: int, tmp_path: Path
) -> None:
    forged = [place.outsider(voter, [[0]], half) for voter in (1, 2)]
    path = archive(place, [ballots[0], *forged, ballots[3]], tmp_path)
    assert faults(verify_file(path, jobs=jobs)) == [("ballot.member", wire.sha_b64(each)) for each in forged]
    assert audit.main([str(path)]) == 1


@JOBS
def test_an_archive_that_does_not_hold_together_fails_even_where_each_ballot_seems_right(
    place: Town, ballots: list[bytes], jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the file changed while it was read: nothing is named, and nothing passes."""
    path = archive(place, ballots, tmp_path)
    monkeypatch.setattr(RandomProducts, "holds", lambda batch: False)
    report = verify_file(path, jobs=jobs)
    assert [found.code for found in report.findings if not found.ok] == ["ballot.unnamed"]
    assert not report.ok


@JOBS
def test_a_false_proof_is_found_wherever_it_stands(
    place: Town, ballots: list[bytes], jobs: int, tmp_path: Path
) -> None:
    """Eleven ballots: some are checked by the other process, some by this one, a few are left over at the end."""
    again = [place.ballot(voter, [[choice]]) for voter in range(4) for choice in (0, 1)][:7]
    everything = [*ballots, *again]
    for spoiled in (0, 5, 10):
        data = everything[spoiled]
        response = data.rindex(b'"response":"') + 12
        wrong = data[:response] + (b"1" if data[response : response + 1] != b"1" else b"2") + data[response + 1 :]
        path = archive(place, [*everything[:spoiled], wrong, *everything[spoiled + 1 :]], tmp_path)
        assert faults(verify_file(path, jobs=jobs)) == [("ballot.signature", wire.sha_b64(wrong))]


@JOBS
@pytest.mark.parametrize("case", ["a_plain3", "a_plain3/snap_open"])
def test_a_credential_outside_the_group_is_named(case: str, jobs: int, tmp_path: Path) -> None:
    editor = Editor(bel(case).read_bytes())
    outside = str(int(GROUP._p) - 1)
    editor.events[0].records[2] = editor.events[0].records[2][:-1] + f',"{outside}"]'.encode()
    editor.renew_setup()
    path = tmp_path / "changed.bel"
    path.write_bytes(editor.data())
    report = verify_file(path, jobs=jobs)
    assert [(found.code, found.facts) for found in report.findings if not found.ok] == [
        ("credentials.member", {"credential": outside[:16]})
    ]
    assert "ballots" in report.not_reached


@JOBS
def test_progress_is_told_with_each_entry(jobs: int) -> None:
    seen: list[tuple[int, int, int]] = []
    verify_file(bel("a_plain3"), jobs=jobs, progress=lambda *now: seen.append(now))
    size = bel("a_plain3").stat().st_size
    assert [ballots for _, _, ballots in seen] == [0, 1, 2, 3, 3, 3, 3, 3]
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert {total for _, total, _ in seen} == {size}
    assert seen[-1][0] == size
