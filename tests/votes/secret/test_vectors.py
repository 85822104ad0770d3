"""Everything belenios-tool made is read, checked and written again byte for byte (SPEC S10, S12)."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.votes.secret.paths import OPEN, REFUSED, RESULTS, VECTORS, bel, text
from votes import audit
from votes.secret.archive import Reader
from votes.secret.ballot import check_ballot
from votes.secret.board import Board, Chain, events
from votes.secret.credential import derive, normalise, read_list
from votes.secret.election import read_election
from votes.secret.group import belenios_2048
from votes.secret.proof import interval_prefix
from votes.secret.tally import Counter, Search, combine, opened, result_bytes, tally_bytes
from votes.secret.trustee import read_trustees
from votes.secret.verify import verify_file


@pytest.mark.parametrize("case", RESULTS)
def test_a_finished_archive_of_the_tool_holds_with_the_result_it_states(case: str) -> None:
    report = verify_file(bel(case), finished=True)
    assert [finding for finding in report.findings if not finding.ok] == []
    assert report.totals == RESULTS[case]
    assert {"archive", "chain", "trustees", "ballots", "tally", "shares", "result"} <= {
        f.check for f in report.findings
    }


@pytest.mark.parametrize("case", OPEN)
def test_an_archive_holds_while_ballots_are_still_cast(case: str) -> None:
    report = verify_file(bel(case))
    assert report.ok
    assert report.stage in ("Setup", "Ballot")
    assert not verify_file(bel(case), finished=True).ok


@pytest.mark.parametrize(("case", "code"), REFUSED.items())
def test_what_the_tool_lets_pass_or_we_cannot_check_is_refused_by_name(case: str, code: str) -> None:
    report = verify_file(bel(case))
    assert [finding.code for finding in report.findings if not finding.ok] == [code]


@pytest.mark.parametrize("case", [*RESULTS, *OPEN])
def test_the_second_verifier_agrees_on_good_archives(case: str) -> None:
    found = audit.Audit(io.BytesIO(bel(case).read_bytes()))
    found.run()
    assert found.result == RESULTS.get(case, [])
    assert found.head == verify_file(bel(case)).head


@pytest.mark.parametrize("case", REFUSED)
def test_the_second_verifier_agrees_on_bad_archives(case: str) -> None:
    with pytest.raises(audit.Wrong):
        audit.Audit(io.BytesIO(bel(case).read_bytes())).run()


@pytest.mark.parametrize("case", [*RESULTS, *OPEN])
def test_an_archive_written_again_event_by_event_has_the_same_bytes(case: str) -> None:
    data = bel(case).read_bytes()
    reader = Reader(io.BytesIO(data))
    board = Board(reader.timestamp)
    for event in events(reader, Chain()):
        board.append(event.type, *(record.body for record in event.data))
    assert board.data == data


def test_known_answers_from_credential_to_tracker() -> None:
    known = json.loads((VECTORS / "kat_a_plain3.json").read_text())
    election = read_election(text("a_plain3", "election.json"))
    assert (election.hash, election.uuid) == (known["election_hash"], known["uuid"])
    credential = derive(election.group, election.uuid, normalise(known["private_credential"]))
    assert str(credential.secret) == known["secret_mod_q"]
    assert election.group.encode(credential.public) == known["public_credential"]
    ballot = check_ballot(election, text("a_plain3", "ballot_1.json"), {credential.public})
    assert (ballot.signature_hash, ballot.tracker) == (known["signature_hash"], known["tracker"])
    context = f"{election.hash}|{known['public_credential']}"
    prefix = interval_prefix(election.group, context, ballot.answers[0].choices[0])
    assert known["q1_choice1_individual_proof"]["hash_input"].startswith(prefix)


def test_counting_the_tool_s_ballots_gives_the_tool_s_bytes() -> None:
    """Product, combination and discrete logarithm, from ballots and partial decryption to result.json."""
    group = belenios_2048()
    election = read_election(text("b_weighted3", "election.json"))
    record = next(events(Reader(io.BytesIO(bel("b_weighted3").read_bytes())), Chain())).data[2]
    weights = read_list(group, record.body)
    counter = Counter(election)
    for number in (1, 2, 3):
        ballot = check_ballot(election, text("b_weighted3", f"ballot_{number}.json"), weights)
        counter.add([answer.choices for answer in ballot.answers], weights[ballot.credential])
    tally = counter.value()
    assert tally_bytes(group, tally) == text("b_weighted3", "encrypted_tally.2lines").split(b"\n")[0]
    trustees = read_trustees(group, text("b_weighted3", "trustees.json"))
    share = json.loads(text("b_weighted3", "pd_1.2lines").split(b"\n")[0])
    factors = [[group.decode(each) for each in row] for row in share["decryption_factors"]]
    open_cells = opened(group, tally, combine(group, trustees, {1: factors}))
    search = Search(group, sum(weights.values()))
    totals = [[search.find(each) for each in row] for row in open_cells]
    assert result_bytes(totals) == text("b_weighted3", "result.json")


def test_the_second_verifier_needs_nothing_but_python(tmp_path: Path) -> None:
    """A copy of the one file, run apart from the project with the standard library alone."""
    alone = tmp_path / "audit.py"
    shutil.copy(audit.__file__, alone)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(alone), "--finished", str(bel("a_plain3"))], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert str(RESULTS["a_plain3"]).encode() in done.stdout
    assert len(alone.read_text().splitlines()) <= 500


def test_without_gmpy2_the_answers_are_the_same() -> None:
    code = (
        "import sys; sys.modules['gmpy2'] = None; from pathlib import Path; from votes.secret import group, verify;"
        "assert group.gmpy2 is None; report = verify.verify_file(Path(sys.argv[1])); print(report.ok, report.totals)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(bel("x_loose_answer_json"))], capture_output=True, check=True
    )
    assert done.stdout == b"False None\n"
    done = subprocess.run([sys.executable, "-c", code, str(bel("b_weighted3"))], capture_output=True, check=True)
    assert done.stdout.decode() == f"True {RESULTS['b_weighted3']}\n"
