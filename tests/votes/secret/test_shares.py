"""A trustee who hands in a false share whose proofs, as far as an archive can hold them, are valid (SPEC S4, S9)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.votes.secret import oracle
from tests.votes.secret.make import GROUP, Town, town, write
from votes import audit
from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import shares as handing
from votes.secret import trustee, wire
from votes.secret.poll import Poll
from votes.secret.shares import file_bytes, read_file
from votes.secret.tally import Search, check_second, check_share, decrypt_share, owned_bytes
from votes.secret.verify import verify_file

YES, NO = [[1, 0, 0]], [[0, 1, 0]]


@pytest.fixture(scope="module")
def group_of_three() -> Town:
    return town([70, 20], singles=0, threshold=(2, 3), second_proof=False)


@pytest.fixture(scope="module")
def all_of_two() -> Town:
    return town([70, 20], singles=2, second_proof=False)


def closed(place: Town) -> Poll:
    poll = Poll.start(place.setup, "area")
    poll.cast(place.ballot(0, YES))
    poll.cast(place.ballot(1, NO))
    poll.close()
    return poll


def true_share(place: Town, poll: Poll, number: int) -> bytes:
    assert poll.shares is not None
    return decrypt_share(poll.election, place.secrets[number], poll.shares.tally)


def false_share(place: Town, poll: Poll, number: int) -> bytes:
    """The attack: the commitments come first, then the factor is solved for, as the hash does not name it."""
    assert poll.shares is not None
    q, secret = GROUP.order, place.secrets[number]
    alpha = poll.shares.tally[0][0].alpha
    left, right = GROUP.base_power(5), GROUP.multiply(GROUP.power(alpha, 5), GROUP.base_power(7))
    c = wire.challenge(
        q, f"decrypt|{poll.election.hash}|{GROUP.encode(secret.public)}|{GROUP.encode(left)},{GROUP.encode(right)}"
    )
    z = (5 - secret.exponent * c) % q
    factor = GROUP.power(GROUP.multiply(right, GROUP.inverse(GROUP.power(alpha, z))), pow(c, -1, q))
    assert factor != GROUP.power(alpha, secret.exponent)
    share = json.loads(true_share(place, poll, number))
    share["decryption_factors"][0][0] = GROUP.encode(factor)
    share["decryption_proofs"][0][0] = {"challenge": str(c), "response": str(z)}
    return wire.dumps(share)


def elsewhere(poll: Poll, number: int, data: bytes) -> None:
    poll.accept_share(number, data, other_program=True)


def test_the_published_proof_alone_lets_a_false_factor_pass(all_of_two: Town) -> None:
    """Why there is a second one."""
    poll = closed(all_of_two)
    assert poll.shares is not None
    false = false_share(all_of_two, poll, 1)
    factors = check_share(poll.election, poll.trustees.owners[1], poll.shares.tally, false)
    honest = read_file(file_bytes(poll.election, all_of_two.secrets[1], 1, poll.shares.tally))
    assert honest.proof is not None
    with pytest.raises(Refused, match=r"share\.second_proof"):
        check_second(poll.election, poll.trustees.owners[1], poll.shares.tally, factors, honest.proof)
    before = poll.board.data
    with pytest.raises(Refused, match=r"share\.second_proof"):
        poll.accept_share(1, false, honest.proof)
    with pytest.raises(Refused, match=r"share\.one_proof"):
        poll.accept_share(1, false)
    assert (poll.board.data, poll.shares.held) == (before, {})


def test_the_second_proof_names_the_election_the_key_every_alpha_and_every_factor(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    secret = all_of_two.secrets[1]
    bases = [GROUP.generator, *(GROUP.base_power(each) for each in (2, 3))]
    powers = [GROUP.power(base, secret.exponent) for base in bases]
    proof = zk.prove_powers(GROUP, poll.election.hash, secret.exponent, bases, powers)
    assert zk.check_powers(GROUP, poll.election.hash, bases, powers, proof)
    assert not zk.check_powers(GROUP, "another", bases, powers, proof)
    for place in range(3):
        for changed in (bases, powers):
            other = [*changed]
            other[place] = GROUP.multiply(other[place], GROUP.generator)
            pair = (other, powers) if changed is bases else (bases, other)
            assert not zk.check_powers(GROUP, poll.election.hash, *pair, proof)


def test_45_a_false_share_in_a_group_is_left_out_and_recorded(group_of_three: Town, tmp_path: Path) -> None:
    """All three by another program, so that nothing but the result tells which is false."""
    oracle.need_tool()
    poll = closed(group_of_three)
    assert poll.shares is not None
    false = false_share(group_of_three, poll, 1)
    before = poll.board.data
    elsewhere(poll, 1, false)
    elsewhere(poll, 2, true_share(group_of_three, poll, 2))
    with pytest.raises(Refused, match=r"share\.doubtful"):
        poll.publish()
    elsewhere(poll, 3, true_share(group_of_three, poll, 3))
    assert poll.board.data == before
    assert poll.publish() == [[70, 20, 0]]
    assert poll.shares.false == [handing.FalseShare(1, false)]
    path = write(tmp_path, group_of_three, poll.board.data)
    assert b'"owner":1' not in path.read_bytes()
    assert verify_file(path, finished=True).ok
    assert audit.main(["--finished", str(path)]) == 0
    assert oracle.verifies(path.parent)


def test_45_the_one_share_that_can_be_false_is_named_and_a_true_one_counts(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    assert poll.shares is not None
    all_of_two.hand_in(poll, 2)
    false = false_share(all_of_two, poll, 1)
    elsewhere(poll, 1, false)
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.false", {"owners": [1]})
    assert poll.shares.false == [handing.FalseShare(1, false)]
    elsewhere(poll, 1, true_share(all_of_two, poll, 1))
    assert poll.publish() == [[70, 20, 0]]
    assert len(poll.shares.false) == 1


def test_45_of_two_that_may_be_false_either_may_come_again(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    assert poll.shares is not None
    false = false_share(all_of_two, poll, 1)
    true = true_share(all_of_two, poll, 2)
    elsewhere(poll, 1, false)
    elsewhere(poll, 2, true)
    with pytest.raises(Refused, match=r"share\.duplicate"):
        elsewhere(poll, 1, true_share(all_of_two, poll, 1))
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.doubtful", {"owners": [1, 2]})
    with pytest.raises(Refused, match=r"share\.duplicate"):
        elsewhere(poll, 2, true)
    elsewhere(poll, 1, true_share(all_of_two, poll, 1))
    assert poll.publish() == [[70, 20, 0]]
    assert poll.shares.false == [handing.FalseShare(1, false)]


def test_45_who_proves_fully_leaves_the_blame_to_the_other(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    elsewhere(poll, 1, false_share(all_of_two, poll, 1))
    elsewhere(poll, 2, true_share(all_of_two, poll, 2))
    with pytest.raises(Refused, match=r"share\.doubtful"):
        poll.publish()
    all_of_two.hand_in(poll, 2)
    assert poll.shares is not None
    assert poll.shares.false == []
    with pytest.raises(Refused, match=r"share\.duplicate"):
        all_of_two.hand_in(poll, 2)
    with pytest.raises(Refused, match=r"share\.false"):
        poll.publish()


def test_45_who_exchanges_a_false_share_for_a_proved_one_is_on_record(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    assert poll.shares is not None
    false = false_share(all_of_two, poll, 1)
    elsewhere(poll, 1, false)
    all_of_two.hand_in(poll, 1)
    assert poll.shares.false == [handing.FalseShare(1, false)]
    all_of_two.hand_in(poll, 2)
    assert poll.publish() == [[70, 20, 0]]
    assert len(poll.shares.false) == 1


def test_sets_of_shares_are_not_tried_for_ever(group_of_three: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second proof ends the search at once."""
    monkeypatch.setattr(handing, "MOST_TRIES", 2)
    poll = closed(group_of_three)
    elsewhere(poll, 1, false_share(group_of_three, poll, 1))
    for number in (2, 3):
        elsewhere(poll, number, true_share(group_of_three, poll, number))
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.doubtful", {"owners": [1, 2, 3]})
    group_of_three.hand_in(poll, 2)
    with pytest.raises(Refused, match=r"share\.duplicate"):
        elsewhere(poll, 2, true_share(group_of_three, poll, 2))
    assert poll.publish() == [[70, 20, 0]]
    assert poll.shares is not None
    assert [each.owner for each in poll.shares.false] == [1]


def test_nobody_is_called_false_who_was_not_tried(group_of_three: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = closed(group_of_three)
    assert poll.shares is not None
    elsewhere(poll, 1, false_share(group_of_three, poll, 1))
    elsewhere(poll, 3, true_share(group_of_three, poll, 3))
    group_of_three.hand_in(poll, 2)
    with monkeypatch.context() as patch:
        patch.setattr(handing, "MOST_STEPS", Search(GROUP, 90).steps)
        with pytest.raises(Refused) as caught:
            poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.doubtful", {"owners": [1, 3]})
    assert poll.publish() == [[70, 20, 0]]
    assert [each.owner for each in poll.shares.false] == [1]


def test_one_false_share_of_a_single_and_a_group_hides_behind_nobody(tmp_path: Path) -> None:
    """The group's members prove fully but for one false share; the single one must be asked again all the same."""
    place = town([5], singles=1, threshold=(2, 3), second_proof=False)
    poll = Poll.start(place.setup, "area")
    poll.cast(place.ballot(0, YES))
    poll.close()
    assert poll.shares is not None
    elsewhere(poll, 2, false_share(place, poll, 2))
    place.hand_in(poll, 3)
    place.hand_in(poll, 4)
    elsewhere(poll, 1, false_share(place, poll, 1))
    with pytest.raises(Refused) as caught:
        poll.publish()
    assert (caught.value.code, caught.value.facts) == ("share.false", {"owners": [1]})
    place.hand_in(poll, 1)
    assert poll.publish() == [[5, 0, 0]]
    assert [each.owner for each in poll.shares.false] == [1, 2]
    assert verify_file(write(tmp_path, place, poll.board.data), finished=True).ok


def test_nothing_is_taken_once_the_result_is_there(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    all_of_two.hand_in(poll, 1)
    all_of_two.hand_in(poll, 2)
    share = true_share(all_of_two, poll, 1)
    poll.publish()
    with pytest.raises(Refused, match=r"chain\.order"):
        elsewhere(poll, 1, share)
    with pytest.raises(Refused, match=r"chain\.order"):
        poll.publish()


def test_a_share_file_is_ours_with_three_lines_or_the_tool_s_with_two(all_of_two: Town) -> None:
    poll = closed(all_of_two)
    assert poll.shares is not None
    data = file_bytes(poll.election, all_of_two.secrets[1], 1, poll.shares.tally)
    share, owned, proof = data.splitlines()
    assert read_file(data) == handing.Handed(share, 1, proof)
    assert read_file(share + b"\n" + owned + b"\n") == handing.Handed(share, 1, None)
    assert owned == owned_bytes(1, wire.sha_hex(share))
    other = owned_bytes(1, wire.sha_hex(b"other"))
    for broken in (share, data + b"{}\n", share + b"\n" + other + b"\n" + proof, b"\xff\n\xff\n\xff"):
        with pytest.raises(Refused, match=r"share\."):
            read_file(broken)
    with pytest.raises(Refused, match=r"share\.second_proof"):
        poll.accept_share(1, share, b'{"challenge":"1"}')


@pytest.mark.parametrize("many", [{"singles": 4}, {"singles": 2, "threshold": (2, 2)}], ids=["singles", "mixed"])
def test_more_than_three_who_combine_are_refused_at_set_up_and_fail_by_name(
    many: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made elsewhere, the archive is checked to its end all the same, as the totals show."""
    oracle.need_tool()
    with pytest.raises(Refused, match=r"trustees\.many"):
        town([5], second_proof=False, **many)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trustee, "MOST_COMBINING", 4)
        place = town([5], second_proof=False, **many)  # type: ignore[arg-type]
        poll = Poll.start(place.setup, "area")
    with pytest.raises(Refused, match=r"trustees\.many"):
        Poll.start(place.setup, "area")
    poll.cast(place.ballot(0, YES))
    assert place.finish(poll) == [[5, 0, 0]]
    path = write(tmp_path, place, poll.board.data)
    assert oracle.verifies(path.parent)
    report = verify_file(path, finished=True)
    assert [each.code for each in report.findings if not each.ok] == ["trustees.many"]
    assert report.totals == [[5, 0, 0]]
    assert audit.main([str(path)]) == 1
    assert "all else holds, but over 3 trustees combine and could forge it" in capsys.readouterr().out
