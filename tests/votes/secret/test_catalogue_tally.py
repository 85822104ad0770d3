"""The tally entries of the catalogue of attacks (40 to 56): each test names its number."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.votes.secret.make import GROUP, YES_NO, Town, town, write
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.refusal import Refused
from votes.secret import wire
from votes.secret.archive import entry_bytes
from votes.secret.ceremony import Member, Rounds, commitment, read_contribution, single_contribution, single_items
from votes.secret.finding import Report
from votes.secret.poll import Poll
from votes.secret.tally import Search, decrypt_share, second_proof
from votes.secret.trustee import new_secret, public_json, read_trustees, trustees_bytes
from votes.secret.verify import verify_file
from votes.threshold import Bar

YES, NO = [[1, 0, 0]], [[0, 1, 0]]


@pytest.fixture(scope="module")
def place() -> Town:
    return town([70, 20, 10], singles=0, threshold=(2, 3))


@pytest.fixture(scope="module")
def ballots(place: Town) -> list[bytes]:
    return [place.ballot(0, YES), place.ballot(1, NO), place.ballot(2, YES)]


@pytest.fixture
def closed(place: Town, ballots: list[bytes]) -> Poll:
    poll = Poll.start(place.setup, "area")
    for ballot in ballots:
        poll.cast(ballot)
    poll.close()
    return poll


@pytest.fixture(scope="module")
def finished(place: Town, ballots: list[bytes]) -> Poll:
    poll = Poll.start(place.setup, "area")
    for ballot in ballots:
        poll.cast(ballot)
    assert place.finish(poll) == [[80, 20, 0]]
    return poll


def share(place: Town, poll: Poll, owner: int) -> bytes:
    return decrypt_share(poll.election, place.secrets[owner], poll.counter.value())


def hand_in(place: Town, poll: Poll, owner: int, data: bytes) -> None:
    """With the owner's second proof, so that nothing but what is tested can be the fault."""
    poll.accept_share(owner, data, second_proof(poll.election, place.secrets[owner], poll.counter.value()))


def faults(tmp_path: Path, place: Town, data: bytes) -> list[str]:
    """What `verify` says; the second verifier must refuse as well."""
    path = write(tmp_path, place, data)
    try:
        report = verify_file(path, finished=True)
    except Refused as refused:
        report = Report([])
        codes = [refused.code]
    else:
        codes = [finding.code for finding in report.findings if not finding.ok]
    second = audit.main(["--finished", str(path)])
    assert (second != 0) == bool(codes)
    return codes


def test_40_a_partial_decryption_with_the_wrong_key(place: Town, closed: Poll) -> None:
    before = closed.board.data
    with pytest.raises(Refused, match=r"share\.proof"):
        hand_in(place, closed, 1, share(place, closed, 2))
    with pytest.raises(Refused, match=r"share\.proof"):
        hand_in(place, closed, 1, decrypt_share(closed.election, new_secret(GROUP), closed.counter.value()))
    assert closed.board.data == before


def test_41_a_valid_proof_for_another_election_or_other_ciphertexts(
    place: Town, closed: Poll, ballots: list[bytes]
) -> None:
    heads = Poll.start(place.setup, "heads")
    heads.cast(ballots[0])
    heads.close()
    with pytest.raises(Refused, match=r"share\.proof"):
        hand_in(place, closed, 1, share(place, heads, 1))
    other = town([1, 1, 1], singles=0, threshold=(2, 3))
    with pytest.raises(Refused, match=r"share\.proof"):
        hand_in(place, closed, 1, decrypt_share(other.election, place.secrets[1], closed.counter.value()))


def test_42_a_share_handed_in_twice(place: Town, closed: Poll) -> None:
    assert closed.shares is not None
    first = share(place, closed, 1)
    hand_in(place, closed, 1, first)
    with pytest.raises(Refused, match=r"share\.duplicate"):
        hand_in(place, closed, 1, share(place, closed, 1))
    assert {number: held.data for number, held in closed.shares.held.items()} == {1: first}


def test_43_below_the_threshold_there_is_no_result_and_it_says_who_is_awaited(place: Town, closed: Poll) -> None:
    hand_in(place, closed, 2, share(place, closed, 2))
    with pytest.raises(Refused) as caught:
        closed.publish()
    assert caught.value.code == "share.missing"
    assert caught.value.facts == {"item": "Pedersen", "lacking": 1, "of": [1, 2, 3]}


@pytest.mark.parametrize("owners", [[1, 2], [3, 1], [2, 3], [3, 2, 1]])
def test_44_any_two_of_the_three_give_the_same_result_as_all(
    place: Town, ballots: list[bytes], owners: list[int], tmp_path: Path
) -> None:
    poll = Poll.start(place.setup, "area")
    for ballot in ballots:
        poll.cast(ballot)
    assert place.finish(poll, owners) == [[80, 20, 0]]
    assert faults(tmp_path, place, poll.board.data) == []


def test_45_a_bad_share_then_a_good_one_from_the_same_trustee(place: Town, closed: Poll) -> None:
    good = share(place, closed, 1)
    with pytest.raises(Refused, match=r"share\."):
        hand_in(place, closed, 1, good.replace(b'"response":"', b'"response":"1', 1))
    hand_in(place, closed, 1, good)
    hand_in(place, closed, 2, share(place, closed, 2))
    assert closed.publish() == [[80, 20, 0]]


def test_46_nobody_sees_a_contribution_before_everybody_committed() -> None:
    rounds = Rounds(2)
    honest = single_contribution(GROUP, new_secret(GROUP))
    rounds.commit(1, commitment(honest))
    with pytest.raises(Refused, match=r"ceremony\.early"):
        rounds.reveal(1, honest)
    rushing = single_contribution(GROUP, new_secret(GROUP))
    rounds.commit(2, commitment(rushing))
    rounds.reveal(1, honest)
    with pytest.raises(Refused, match=r"ceremony\.commitment"):
        rounds.reveal(2, single_contribution(GROUP, new_secret(GROUP)))
    rounds.reveal(2, rushing)
    assert len(single_items(GROUP, rounds)) == 2
    with pytest.raises(Refused, match=r"ceremony\.place"):
        Rounds(2, {1: commitment(honest)}).commit(2, commitment(honest))


def test_46_a_rogue_key_without_its_secret() -> None:
    victim = new_secret(GROUP)
    own = new_secret(GROUP)
    rogue = public_json(GROUP, own) | {
        "public_key": GROUP.encode(GROUP.multiply(own.public, GROUP.inverse(victim.public)))
    }
    with pytest.raises(Refused, match=r"trustees\.proof_of_knowledge"):
        read_trustees(GROUP, trustees_bytes([("Single", public_json(GROUP, victim)), ("Single", rogue)]))
    with pytest.raises(Refused, match=r"trustees\.duplicate"):
        read_trustees(GROUP, trustees_bytes([("Single", public_json(GROUP, victim))] * 2))


def test_46_a_threshold_member_who_does_not_know_the_constant_term_or_sends_a_false_share() -> None:
    members = [Member(GROUP, place, 2, 3) for place in (1, 2, 3)]
    parts = [member.contribution() for member in members]
    value = json.loads(parts[0])
    value["constant"] = json.loads(parts[1])["constant"]
    with pytest.raises(Refused, match=r"ceremony\.constant"):
        read_contribution(GROUP, wire.dumps(value), 2)
    with pytest.raises(Refused, match=r"ceremony\.size"):
        members[0].learn(parts[:2])
    members[0].learn(parts)
    for nobody in (0, 4):
        with pytest.raises(Refused, match=r"ceremony\.place"):
            members[0].receive(nobody, members[2].share_for(1))
    with pytest.raises(Refused, match=r"ceremony\.share"):
        members[0].receive(2, members[1].share_for(1) + 1)
    with pytest.raises(Refused, match=r"ceremony\.early"):
        members[0].secret()


def test_48_no_tally_and_no_share_before_the_close(place: Town, ballots: list[bytes]) -> None:
    poll = Poll.start(place.setup, "area")
    poll.cast(ballots[0])
    with pytest.raises(Refused, match=r"chain\.order"):
        poll.board.append("EncryptedTally", b"[]", b"{}")
    with pytest.raises(Refused):
        hand_in(place, poll, 1, decrypt_share(poll.election, place.secrets[1], poll.counter.value()))


def omitted(editor: Editor, _: Town) -> None:
    editor.drop_ballot(1)


def added(editor: Editor, place: Town) -> None:
    editor.insert_ballot(4, place.ballot(2, NO))


def doubled(editor: Editor, _: Town) -> None:
    editor.insert_ballot(2, editor.ballots()[0])


@pytest.mark.parametrize("change", [omitted, added, doubled])
def test_49_a_tally_that_leaves_out_adds_or_doubles_a_ballot(
    change: Callable[[Editor, Town], None], place: Town, finished: Poll, tmp_path: Path
) -> None:
    editor = Editor(finished.board.data)
    change(editor, place)
    assert faults(tmp_path, place, editor.data()) in (["tally.product"], ["ballot.replayed"])


def test_50_an_archive_broken_in_any_common_way(place: Town, finished: Poll, tmp_path: Path) -> None:
    data = finished.board.data
    time_ = place.setup.timestamp
    editor = Editor(data)
    fork = Editor(data)
    fork.events[2].fields["parent"] = editor.events[0].hash()
    swapped = Editor(data)
    swapped.swap(1, 2)
    broken: dict[str, bytes] = {
        "truncated in a block": data[:-100],
        "truncated between blocks": data[:-512],
        "truncated to the first entry": data[:1024],
        "reordered records": swapped.data(rechain=False),
        "dropped event": Editor(data).without(2, rechain=False),
        "forked": fork.data(rechain=False),
        "two heads": data + data[1024:],
        "renamed member": data.replace(b".data.json", b".Data.json", 1),
        "climbing member": data + entry_bytes("../../etc/passwd", b"x", time_),
        "end mark": data + bytes(1024),
        "something appended": data + b"x",
        "ustar": data[:257] + b"ustar" + data[262:],
        "symlink": data[:156] + b"2" + data[157:],
        "gzip": gzip.compress(data),
        "bomb": gzip.compress(bytes(10_000_000)),
        "empty": b"",
        "zeros": bytes(5120),
        "huge size": data[:1148] + b"77777777777" + data[1159:],
        "negative size": data[:1148] + b"-0000000001" + data[1159:],
    }
    for name, each in broken.items():
        started = time.process_time()
        assert faults(tmp_path, place, each), name
        assert time.process_time() - started < 30, name


def test_51_a_roll_changed_after_the_freeze(place: Town, finished: Poll, tmp_path: Path) -> None:
    """The weights of those who did not vote are bound as well, as every ballot commits to the whole list."""
    for old, new in ((b",70", b",71"), (b'"]', b',5"]')):
        editor = Editor(finished.board.data)
        credentials = editor.events[0].records[2]
        editor.events[0].records[2] = credentials.replace(old, new, 1)
        if new == b',5"]':
            editor.events[0].records[2] = credentials[:-1] + b',"' + str(int(GROUP._p) - 5).encode() + b',5"]'
        editor.renew_setup()
        assert faults(tmp_path, place, editor.data()) in (["bindings.credentials"], ["credentials.member"])


def test_52_a_result_edited_afterwards(place: Town, finished: Poll, tmp_path: Path) -> None:
    for result in (
        b'{"result":[[20,80,0]]}',
        b'{"result":[[80,20]]}',
        b'{"result":[["80",20,0]]}',
        b'{"result":[[80,20,101]]}',
    ):
        editor = Editor(finished.board.data)
        editor.events[-1].records[-1] = result
        assert faults(tmp_path, place, editor.data())[0].startswith("result.")


def test_53_the_search_for_a_total_is_bounded() -> None:
    started = time.process_time()
    search = Search(GROUP, 1_000_000)
    with pytest.raises(Refused, match=r"result\.bound"):
        search.find(GROUP.base_power(1_000_001))
    with pytest.raises(Refused, match=r"result\.bound"):
        Search(GROUP, 2**60)
    assert time.process_time() - started < 30
    assert [search.find(each) for each in (GROUP.base_power(1_000_000), GROUP.one)] == [1_000_000, 0]


def test_54_a_tie_stays_a_tie_to_the_hundredth_of_a_square_metre(tmp_path: Path) -> None:
    """What the ciphertexts open to is the exact sum, at two thirds, a half and three quarters, and 0.01 m² off."""
    for bar, for_, against in ((">= 2/3", 2_000_002, 1_000_001), ("> 1/2", 500_001, 500_001), (">= 3/4", 300, 100)):
        for off in (-1, 0, 1):
            one = town([for_ + off, against - off])
            poll = Poll.start(one.setup, "area")
            for voter, choice in enumerate(([1, 0, 0], [0, 1, 0])):
                poll.cast(one.ballot(voter, [choice]))
            ((yes, no, _),) = one.finish(poll)
            assert (yes, no) == (for_ + off, against - off)
            assert Bar.parse(bar).test("area", yes, yes + no).met == (off > 0 or (off == 0 and ">=" in bar))
            assert faults(tmp_path, one, poll.board.data) == []


def test_55_nobody_everybody_abstaining_and_one_owner_of_more_than_half(tmp_path: Path) -> None:
    one = town([51, 49])
    for plain in ([], [[0, 0, 1], [0, 0, 1]], [[1, 0, 0], [0, 1, 0]]):
        poll = Poll.start(one.setup, "area")
        for voter, choice in enumerate(plain):
            poll.cast(one.ballot(voter, [choice]))
        expected = [sum(w * c[i] for w, c in zip([51, 49], plain, strict=False)) for i in range(3)]
        assert one.finish(poll) == [expected]
        assert faults(tmp_path, one, poll.board.data) == []


def test_56_two_readers_with_different_archives_find_out_by_the_posted_head(
    place: Town, finished: Poll, ballots: list[bytes], tmp_path: Path
) -> None:
    fork = Poll.start(place.setup, "area")
    for ballot in reversed(ballots):
        fork.cast(ballot)
    place.finish(fork)
    path = write(tmp_path / "fork", place, fork.board.data)
    assert verify_file(path, finished=True).ok
    posted = finished.board.chain.head
    report = verify_file(path, finished=True, head=posted)
    assert [finding.code for finding in report.findings if not finding.ok] == ["head.differs"]
    assert audit.main(["--head", str(posted), str(path)]) == 1


def test_56_what_vanished_since_an_earlier_copy_is_named(
    place: Town, finished: Poll, ballots: list[bytes], tmp_path: Path
) -> None:
    early = Poll.start(place.setup, "area")
    early.cast(ballots[0])
    early.cast(ballots[1])
    earlier = write(tmp_path / "early", place, early.board.data)
    late = write(tmp_path / "late", place, finished.board.data)
    assert verify_file(late, earlier=earlier).ok
    short = Poll.start(place.setup, "area")
    short.cast(ballots[0])
    short.cast(ballots[2])
    place.finish(short)
    report = verify_file(write(tmp_path / "short", place, short.board.data), earlier=earlier)
    (finding,) = [finding for finding in report.findings if not finding.ok]
    assert finding.code == "earlier.differs"
    assert finding.facts == {"height": 2, "vanished": 1, "trackers": [wire.sha_b64(ballots[1])]}
    assert not verify_file(late, earlier=tmp_path / "nowhere").ok


def test_a_single_trustee_s_archive_cannot_pass_for_another_threshold(
    place: Town, finished: Poll, tmp_path: Path
) -> None:
    editor = Editor(finished.board.data)
    editor.events[0].records[1] = editor.events[0].records[1].replace(b'"threshold":2', b'"threshold":1')
    editor.renew_setup()
    assert faults(tmp_path, place, editor.data())


def test_the_question_s_words_are_bound_into_every_ballot(place: Town, finished: Poll, tmp_path: Path) -> None:
    editor = Editor(finished.board.data)
    words = YES_NO.answers[1].encode()
    editor.events[0].records[0] = editor.events[0].records[0].replace(words, "赞成".encode())
    editor.renew_setup()
    assert "ballot.election" in faults(tmp_path, place, editor.data())
