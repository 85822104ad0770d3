"""One trustee and one voter turn a result round, and every proof of the protocol holds (SPEC S4): what the second proof is for.

The trustee fixes its commitments, and so its challenges, before the close; the voter, who casts last, chooses the randomness of a
proper ballot so that the false factors fit. [D. Bernhard, O. Pereira, B. Warinschi, ASIACRYPT 2012, on Helios.]
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.votes.secret import oracle
from tests.votes.secret.make import GROUP, Town, town, write
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.__main__ import main
from votes.refusal import Refused
from votes.secret import ballot as making
from votes.secret import elgamal, shares, wire
from votes.secret.election import read_election
from votes.secret.poll import Poll
from votes.secret.report import lines
from votes.secret.tally import decrypt_share, owned_bytes, second_proof, with_second
from votes.secret.verify import verify_file

NO, ABSTAIN = [[0, 1, 0]], [[0, 0, 1]]
TRUE, FALSE = [[0, 90, 1]], [[90, 0, 1]]
OWN, OTHER = 5, 7
"""The exponents behind the dishonest trustee's commitments."""


@dataclass
class Fraud:
    place: Town
    poll: Poll
    share: bytes


def fraud(place: Town, gains: tuple[int, int, int] = (90, -90, 0)) -> Fraud:
    """Two voters have said no with 90; the third, with a weight of 1, is the dishonest trustee's friend."""
    q, secret = GROUP.order, place.secrets[1]
    poll = Poll.start(place.setup, "area")
    poll.cast(place.ballot(0, NO))
    poll.cast(place.ballot(1, NO))
    challenges, randomness = [], []
    for cell, gain in zip(poll.counter.value()[0], gains, strict=True):
        left = GROUP.base_power(OWN)
        right = GROUP.multiply(GROUP.power(cell.alpha, OWN), GROUP.base_power(OTHER))
        said = f"decrypt|{poll.election.hash}|{secret.public}|{left},{right}"
        challenges.append(wire.challenge(q, said))
        randomness.append((OTHER + gain * challenges[-1]) * pow(OWN, -1, q) % q)
    with pytest.MonkeyPatch.context() as patch:
        drawn = iter(randomness)
        patch.setattr(making, "random_scalar", lambda group: next(drawn, None) or elgamal.random_scalar(group))
        poll.cast(place.ballot(2, ABSTAIN))
    tally = poll.close()
    share = json.loads(decrypt_share(poll.election, secret, tally))
    for column, (cell, gain) in enumerate(zip(tally[0], gains, strict=True)):
        factor = GROUP.multiply(GROUP.power(cell.alpha, secret.exponent), GROUP.base_power(-gain))
        response = (OWN - secret.exponent * challenges[column]) % q
        share["decryption_factors"][0][column] = GROUP.encode(factor)
        share["decryption_proofs"][0][column] = {"challenge": str(challenges[column]), "response": str(response)}
    return Fraud(place, poll, wire.dumps(share))


def fitted(fraud_: Fraud, proof: bytes | None) -> bytes:
    """The archive that a server in the plot would write, with the other trustee's honest share."""
    poll = fraud_.poll
    assert poll.shares is not None
    honest = decrypt_share(poll.election, fraud_.place.secrets[2], poll.shares.tally)
    honest = with_second(honest, second_proof(poll.election, fraud_.place.secrets[2], poll.shares.tally))
    false = fraud_.share if proof is None else with_second(fraud_.share, proof)
    for owner, share in ((1, false), (2, honest)):
        poll.board.append("PartialDecryption", share, owned_bytes(owner, wire.sha_hex(share)))
    poll.board.append("Result", wire.dumps({"result": FALSE}))
    return poll.board.data


def test_without_the_second_proof_every_verifier_is_deceived_and_ours_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    oracle.need_tool()
    made = fraud(town([70, 20, 1], singles=2, second_proof=False))
    made.poll.accept_share(1, made.share, other_program=True)
    made.place.hand_in(made.poll, 2)
    assert made.poll.publish() == FALSE
    path = write(tmp_path, made.place, made.poll.board.data)
    assert oracle.verifies(path.parent)
    report = verify_file(path, finished=True)
    assert (report.ok, "factors" in report.not_reached) == (True, True)
    for lang, warned, outcome in (("zh", "与一位投票人串通", "还要靠受托人诚实"), ("en", "falsify", "honest trustees")):
        said = lines(report, lang)
        assert any(warned in line for line in said)
        assert outcome in said[-1]
    assert audit.main([str(path)]) == 0
    assert "no second proofs" in capsys.readouterr().out
    assert main(["verify", str(path), "--json"]) == 0
    found = {each["check"]: each for each in json.loads(capsys.readouterr().out)}
    assert ("factors" in found, {each["ok"] for each in found.values()}) == (False, {True})
    assert "与一位投票人串通" in found["election"]["detail"]
    assert "falsify" in found["election"]["detail"]


def test_two_sets_that_open_to_different_figures_are_not_chosen_between() -> None:
    """The first of a group that takes other programs' shares; its part counts double beside the second's."""
    made = fraud(town([70, 20, 1], singles=0, threshold=(2, 3), second_proof=False), (45, -45, 0))
    poll = made.poll
    assert poll.shares is not None
    poll.accept_share(1, made.share, other_program=True)
    for owner in (2, 3):
        share = decrypt_share(poll.election, made.place.secrets[owner], poll.shares.tally)
        poll.accept_share(owner, share, other_program=True)
    before = poll.board.data
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.doubtful", {"owners": [1, 2, 3]})
    assert poll.board.data == before
    made.place.hand_in(poll, 2)
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.doubtful", {"owners": [1, 3]})
    made.place.hand_in(poll, 3)
    assert poll.publish() == TRUE
    assert [each.owner for each in poll.shares.false] == [1]


@pytest.mark.parametrize(("figure", "codes", "exits"), [(91, [], 0), (92, ["result.bound"], 1)])
def test_not_even_without_it_can_a_figure_exceed_the_weight(
    figure: int, codes: list[str], exits: int, tmp_path: Path
) -> None:
    made = fraud(town([70, 20, 1], singles=2, second_proof=False), (figure, -90, 0))
    poll = made.poll
    assert poll.shares is not None
    honest = decrypt_share(poll.election, made.place.secrets[2], poll.shares.tally)
    for owner, share in ((1, made.share), (2, honest)):
        poll.board.append("PartialDecryption", share, owned_bytes(owner, wire.sha_hex(share)))
    poll.board.append("Result", wire.dumps({"result": [[figure, 0, 1]]}))
    path = write(tmp_path, made.place, poll.board.data)
    assert [each.code for each in verify_file(path).findings if not each.ok] == codes
    assert audit.main([str(path)]) == exits


def test_a_set_that_fits_and_comes_first_names_nobody_false_while_others_are_untried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a group so large that not every set is tried. The gain is prime, so that no other set with the plotter opens."""
    gain = 83 * pow(3, -1, GROUP.order) % GROUP.order
    made = fraud(town([63, 20, 1], singles=0, threshold=(3, 6), second_proof=False), (gain, -gain, 0))
    monkeypatch.setattr(shares, "MOST_TRIES", 10)  # all that have the first trustee
    poll = made.poll
    assert poll.shares is not None
    poll.accept_share(1, made.share, other_program=True)
    for owner in range(2, 7):
        share = decrypt_share(poll.election, made.place.secrets[owner], poll.shares.tally)
        poll.accept_share(owner, share, other_program=True)
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.doubtful", {"owners": [1, 2, 3, 4, 5, 6]})
    assert poll.shares.false == []
    for owner in (3, 4):
        made.place.hand_in(poll, owner)
    assert poll.publish() == [[0, 83, 1]]
    assert [each.owner for each in poll.shares.false] == [1]


def test_with_it_the_false_share_is_not_taken_and_the_true_result_comes() -> None:
    made = fraud(town([70, 20, 1], singles=2))
    poll = made.poll
    assert poll.shares is not None
    true = second_proof(poll.election, made.place.secrets[1], poll.shares.tally)
    for proof, other_program, code in ((None, False, "one_proof"), (None, True, "one_proof"), (true, True, "second")):
        with pytest.raises(Refused, match=rf"share\.{code}"):
            poll.accept_share(1, made.share, proof, other_program=other_program)
    made.place.hand_in(poll, 1)
    made.place.hand_in(poll, 2)
    assert poll.publish() == TRUE


@pytest.mark.parametrize("proof", ["none", "of the true share", "made up", "of another kind"])
def test_an_archive_that_demands_the_second_proof_cannot_be_falsified(
    proof: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = fraud(town([70, 20, 1], singles=2))
    assert made.poll.shares is not None
    proofs = {
        "none": None,
        "of the true share": second_proof(made.poll.election, made.place.secrets[1], made.poll.shares.tally),
        "made up": b'{"challenge":"1","response":"2"}',
        "of another kind": b"[]",
    }
    path = write(tmp_path, made.place, fitted(made, proofs[proof]))
    report = verify_file(path, finished=True)
    expected = ("shares", "share.keys") if proof == "none" else ("factors", "share.second_proof")
    assert [(each.check, each.code) for each in report.findings if not each.ok] == [expected]
    assert audit.main([str(path)]) == 1
    assert "the decryption by trustee 1" in capsys.readouterr().out


def test_the_demand_is_bound_into_every_ballot_and_honest_archives_pass_everybody(tmp_path: Path) -> None:
    oracle.need_tool()
    made = town([5], singles=5)  # without the demand more than three could not combine
    poll = Poll.start(made.setup, "area")
    poll.cast(made.ballot(0, NO))
    assert made.finish(poll) == [[0, 5, 0]]
    path = write(tmp_path, made, poll.board.data)
    assert oracle.verifies(path.parent)
    report = verify_file(path, finished=True)
    assert (report.ok, report.not_reached) == (True, ["head", "earlier"])
    assert lines(report)[-1] == "核验结论：全部成立"
    assert audit.main([str(path)]) == 0
    editor = Editor(poll.board.data)
    editor.events[0].records[0] = editor.events[0].records[0].replace(b',"x_second_proof":true', b"")
    editor.renew_setup()
    changed = write(tmp_path / "changed", made, editor.data())
    assert "ballot.election" in [each.code for each in verify_file(changed).findings]
    assert audit.main([str(changed)]) == 1


@pytest.mark.parametrize("value", [b"1", b"null", b'"true"', b"[]", b"false"])
def test_the_demand_is_said_properly_or_not_at_all(value: bytes, tmp_path: Path) -> None:
    made = town([5])
    editor = Editor(Poll.start(made.setup, "area").board.data)
    election = editor.events[0].records[0].replace(b'"x_second_proof":true', b'"x_second_proof":' + value)
    with pytest.raises(Refused, match=r"election\.bindings"):
        read_election(election)
    editor.events[0].records[0] = election
    editor.renew_setup()
    assert audit.main([str(write(tmp_path, made, editor.data()))]) == 1
