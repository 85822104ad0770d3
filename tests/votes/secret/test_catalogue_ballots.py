"""The ballot entries of the catalogue of attacks: each test names its number; each refusal leaves no trace."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.votes.secret.make import GROUP, WITH_BLANK, YES_NO, Town, town, write
from tests.votes.secret.mutate import Editor
from tests.votes.secret.paths import bel
from votes import audit
from votes.refusal import Refused
from votes.secret import credential as credentials
from votes.secret import keyfile, wire
from votes.secret import proof as zk
from votes.secret.ballot import check_ballot, make_ballot
from votes.secret.board import Board
from votes.secret.ceremony import Member
from votes.secret.credential import Credential
from votes.secret.election import read_election
from votes.secret.elgamal import Ciphertext, encrypt, random_scalar, to_json
from votes.secret.group import Element
from votes.secret.offline import read_key
from votes.secret.poll import Poll, prepare
from votes.secret.trustee import new_secret, public_json, trustees_bytes
from votes.secret.verify import verify_file

YES, NO = [[1, 0, 0], [0, 1, 0, 0]], [[0, 1, 0], [1, 0, 0, 0]]
P = int(GROUP._p)


@pytest.fixture(scope="module")
def place() -> Town:
    return town([1, 1, 1], [YES_NO, WITH_BLANK])


@pytest.fixture(scope="module")
def good(place: Town) -> bytes:
    return place.ballot(0, YES)


@pytest.fixture
def poll(place: Town) -> Poll:
    return Poll.start(place.setup, "heads")


def refused(poll: Poll, data: bytes) -> str:
    """The code of the refusal; the board is as it was."""
    before = poll.board.data
    with pytest.raises(Refused) as caught:
        poll.cast(data)
    assert poll.board.data == before
    assert caught.value.facts["tracker"] == wire.sha_b64(data)
    return caught.value.code


def signed(value: dict[str, Any], voter: Credential) -> bytes:
    """Sign whatever stands there: an attacker may put any content under a valid signature."""
    unsigned = {key: each for key, each in value.items() if key != "signature"}
    digest = wire.sha_b64(wire.dumps(unsigned))
    proof = zk.prove_power(GROUP, voter.secret, f"sig|{digest}|")
    return wire.dumps(unsigned | {"signature": {"hash": digest, "proof": zk.to_json(proof)}})


def forged_choice(place: Town, voter: Credential, number: int, value: dict[str, Any]) -> bytes:
    """A choice that hides any number, with the best proofs an attacker can make: simulated branches only."""
    key = place.election.key
    randomness = random_scalar(GROUP)
    cipher = encrypt(key, number, randomness)
    context = f"{place.election.hash}|{GROUP.encode(voter.public)}"
    pair = zk.prove_branches(key, zk.interval_prefix(GROUP, context, cipher), zk.interval(cipher, 0, 1), 1, randomness)
    value["answers"][0]["choices"][0] = to_json(GROUP, cipher)
    value["answers"][0]["individual_proofs"][0] = [zk.to_json(each) for each in pair]
    return signed(value, voter)


def test_the_honest_ballot_passes(place: Town, good: bytes, poll: Poll) -> None:
    assert poll.cast(good).credential == place.voters[0].public


@pytest.mark.parametrize("plain", [[[1, 1, 0], [0, 1, 0, 0]], [[1, 0, 0], [0, 1, 1, 1]], [[1, 0, 0], [1, 1, 0, 0]]])
def test_1_overvote(place: Town, poll: Poll, plain: list[list[int]]) -> None:
    with pytest.raises(Refused, match=r"ballot\.choice"):
        place.ballot(0, plain)
    value = json.loads(place.ballot(0, YES))
    donor = json.loads(place.ballot(0, [[0, 1, 0], [0, 0, 1, 0]]))
    row, slot = next((r, s) for r in (0, 1) for s in range(len(plain[r])) if plain[r][s] and not YES[r][s])
    if row == 1 and slot == 0:
        donor = json.loads(place.ballot(0, NO))
    for part in ("choices", "individual_proofs"):
        value["answers"][row][part][slot] = donor["answers"][row][part][slot]
    assert refused(poll, signed(value, place.voters[0])) in ("ballot.overall_proof", "ballot.blank_proof")


def test_2_nothing_chosen_where_one_is_the_minimum(place: Town, poll: Poll) -> None:
    with pytest.raises(Refused, match=r"ballot\.choice"):
        place.ballot(0, [[0, 0, 0], [0, 1, 0, 0]])
    value = json.loads(place.ballot(0, YES))
    donor = json.loads(place.ballot(0, NO))
    for part in ("choices", "individual_proofs"):
        value["answers"][0][part][0] = donor["answers"][0][part][0]
    assert refused(poll, signed(value, place.voters[0])) == "ballot.overall_proof"


@pytest.mark.parametrize("number", [-1, 2, 1000])
def test_3_a_choice_that_is_not_zero_or_one(place: Town, good: bytes, poll: Poll, number: int) -> None:
    data = forged_choice(place, place.voters[0], number, json.loads(good))
    assert refused(poll, data) == "ballot.individual_proof"


def test_4_a_ballot_of_another_election(place: Town, good: bytes) -> None:
    other = Poll.start(town([1, 1, 1], [YES_NO, WITH_BLANK]).setup, "heads")
    assert refused(other, good) == "ballot.election"
    value = json.loads(good)
    value["election_uuid"], value["election_hash"] = other.election.uuid, other.election.hash
    assert refused(other, signed(value, place.voters[0])) == "ballot.credential"
    with pytest.raises(Refused, match=r"ballot\.individual_proof"):
        check_ballot(other.election, signed(value, place.voters[0]))


def test_5_ciphertexts_and_proofs_of_another_question(place: Town, good: bytes, poll: Poll) -> None:
    value = json.loads(good)
    for part in ("choices", "individual_proofs"):
        value["answers"][0][part][0] = value["answers"][1][part].pop()
        value["answers"][1][part].append(json.loads(good)["answers"][0][part][0])
    assert refused(poll, signed(value, place.voters[0])) == "ballot.overall_proof"


def test_6_answers_in_another_order(place: Town, good: bytes, poll: Poll) -> None:
    value = json.loads(good)
    value["answers"].reverse()
    assert refused(poll, signed(value, place.voters[0])) == "ballot.keys"
    value = json.loads(good)
    value["answers"][0]["choices"].reverse()
    value["answers"][0]["individual_proofs"].reverse()
    assert refused(poll, signed(value, place.voters[0])) == "ballot.overall_proof"


def test_7_the_same_bytes_again_make_no_second_event(good: bytes, poll: Poll) -> None:
    poll.cast(good)
    assert refused(poll, good) == "ballot.replayed"


def test_8_39_a_ballot_copied_or_forwarded_to_another_credential(place: Town, good: bytes, poll: Poll) -> None:
    value = json.loads(good)
    value["credential"] = GROUP.encode(place.voters[1].public)
    assert refused(poll, wire.dumps(value)) == "ballot.signature_hash"
    assert refused(poll, signed(value, place.voters[1])) == "ballot.individual_proof"


def test_10_a_rerandomised_copy(place: Town, good: bytes, poll: Poll) -> None:
    value = json.loads(good)
    value["credential"] = GROUP.encode(place.voters[1].public)
    key = place.election.key
    for answer in value["answers"]:
        for pair in answer["choices"]:
            zero = encrypt(key, 0, random_scalar(GROUP))
            shown = Ciphertext(GROUP.decode(pair["alpha"]), GROUP.decode(pair["beta"]))
            pair |= to_json(
                GROUP, Ciphertext(GROUP.multiply(shown.alpha, zero.alpha), GROUP.multiply(shown.beta, zero.beta))
            )
    assert refused(poll, signed(value, place.voters[1])) == "ballot.individual_proof"


def test_11_one_ciphertext_inside_two_questions(place: Town, good: bytes, poll: Poll) -> None:
    value = json.loads(good)
    for part in ("choices", "individual_proofs"):
        value["answers"][1][part][1] = value["answers"][0][part][0]
    assert refused(poll, signed(value, place.voters[0])) == "ballot.reused_ciphertext"


@pytest.mark.parametrize("left_out", ["statement", "credential", "election"])
def test_12_a_challenge_that_leaves_something_out(
    place: Town, good: bytes, poll: Poll, left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, voter, value = place.election.key, place.voters[0], json.loads(good)
    randomness = random_scalar(GROUP)
    cipher = encrypt(key, 1, randomness)
    public = GROUP.encode(voter.public)
    context = {"credential": place.election.hash, "election": public}.get(left_out, f"{place.election.hash}|{public}")
    prefix = f"prove|{context}|" if left_out == "statement" else zk.interval_prefix(GROUP, context, cipher)
    pair = zk.prove_branches(key, prefix, zk.interval(cipher, 0, 1), 1, randomness)
    value["answers"][0]["choices"][0] = to_json(GROUP, cipher)
    value["answers"][0]["individual_proofs"][0] = [zk.to_json(each) for each in pair]
    assert refused(poll, signed(value, voter)) == "ballot.individual_proof"


def test_13_challenges_that_are_all_zero(place: Town, good: bytes, poll: Poll) -> None:
    zero = {"challenge": "0", "response": "0"}
    value = json.loads(good)
    value["answers"][0]["individual_proofs"][0] = [zero, zero]
    assert refused(poll, signed(value, place.voters[0])) == "ballot.individual_proof"
    value = json.loads(good)
    value["signature"]["proof"] = zero
    assert refused(poll, wire.dumps(value)) == "ballot.signature"


# 14, 15 and 16: our group has no curve points; the counterparts lie outside the subgroup of order q.
OUTSIDE = {"identity": 1, "p-1": P - 1, "cofactor": pow(5, int(GROUP.order), P), "small": 2}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("part", ["alpha", "beta"])
def test_14_15_16_an_element_outside_the_subgroup(place: Town, good: bytes, poll: Poll, name: str, part: str) -> None:
    value = json.loads(good)
    pair = value["answers"][0]["choices"][0]
    for element in (OUTSIDE[name], OUTSIDE[name] * int(pair[part]) % P if name != "identity" else 1):
        pair[part] = str(element)
        assert refused(poll, signed(value, place.voters[0])) == "ballot.member"


def test_16_an_element_outside_the_subgroup_under_proofs_that_hold(place: Town, poll: Poll) -> None:
    assert refused(poll, place.outsider(0, YES)) == "ballot.member"


@pytest.mark.parametrize("public", [1, P - 1])
def test_14_a_key_or_credential_outside_the_subgroup(place: Town, public: int, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"credentials\.member"):
        prepare_with(GROUP.decode(str(public)))
    editor = Editor(bel("a_plain3/snap_open").read_bytes())
    listed = [*json.loads(editor.events[0].records[2]), str(public)]
    editor.events[0].records[2] = wire.dumps(sorted(listed, key=int))
    editor.renew_setup()
    (tmp_path / "changed.bel").write_bytes(editor.data())
    report = verify_file(tmp_path / "changed.bel")
    assert [found.code for found in report.findings if not found.ok] == ["credentials.member"]
    assert audit.main([str(tmp_path / "changed.bel")]) == 1
    with pytest.raises(Refused, match=r"election\.public_key"):
        read_election(place.setup.election.replace(GROUP.encode(place.election.key.y).encode(), str(public).encode()))


def prepare_with(public: Element) -> None:
    """An election with this credential on its list."""
    key = trustees_bytes([("Single", public_json(GROUP, new_secret(GROUP)))])
    asked = {"uuid": credentials.new_uuid(), "name": "", "description": "", "questions": [YES_NO], "timestamp": 1}
    prepare(GROUP, trustees=key, areas={public: 1}, **asked)  # type: ignore[arg-type]


Q = int(GROUP.order)
NUMBERS = [
    *(str(Q), str(Q + 1), "-1", "-0", "+1", "01", "00", "1e3", "1.0", "NaN", "Infinity", "0x1", " 1", "1 ", "1\n", ""),
    *("１", "٣", "1_0", "1" * 78, "9" * 617, "true"),
]


@pytest.mark.parametrize("number", NUMBERS, ids=range(len(NUMBERS)))
def test_18_19_22_a_number_that_is_not_plain(place: Town, good: bytes, poll: Poll, number: str) -> None:
    value = json.loads(good)
    value["answers"][0]["individual_proofs"][0][0]["challenge"] = number
    assert refused(poll, signed(value, place.voters[0])) == "ballot.scalar"


@pytest.mark.parametrize("number", [0, 1, True, None, 1.0, [], {}, "0", str(P), str(P + 4), "9" * 618])
def test_18_19_an_element_that_is_not_plain(place: Town, good: bytes, poll: Poll, number: object) -> None:
    value = json.loads(good)
    value["answers"][0]["choices"][0]["alpha"] = number
    assert refused(poll, signed(value, place.voters[0])) in ("ballot.element", "ballot.json")


def test_21_other_ways_to_write_the_same_base64(place: Town, good: bytes, poll: Poll) -> None:
    digest = json.loads(good)["signature"]["hash"].encode()
    last = digest[-1:]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = alphabet[alphabet.index(last) + 1 : alphabet.index(last) + 2]  # the last character carries four bits only
    urlsafe = digest.replace(b"+", b"-").replace(b"/", b"_")
    for other in {digest + b"=", digest[:-1] + spare, urlsafe, digest + b"\\n"} - {digest}:
        assert refused(poll, good.replace(digest, other)) in ("ballot.signature_hash", "ballot.canonical")


@pytest.mark.parametrize(
    "typed", ["ｏｗＴ－ｂＭｎ－ＦＭｔ－Ｙｗｐ－ＦＨｒ", " owTbMnFMtYwpFHr ", "owT‐bMn\u200b-FMt\u202e-Ywp—FHr"]
)
def test_22_what_is_typed_is_normalised_in_the_entry_field_only(typed: str) -> None:
    assert credentials.normalise(typed) == "owT-bMn-FMt-Ywp-FHr"


@pytest.mark.parametrize("typed", ["", "owT-bMn-FMt-Ywp-FHs", "0" * 22, "l" * 22, "é" * 22, "1" * 23, "1" * 10_000_000])
def test_22_a_mistyped_credential_is_told_at_once(typed: str) -> None:
    with pytest.raises(Refused, match=r"credential\."):
        credentials.normalise(typed)


HUGE = {
    "100 MB": b'{"election_uuid":"' + b"A" * 100_000_000 + b'"}',
    "deep": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 200_000,
    "digits": b'{"a":' + b"9" * 100_000 + b"}",
    "quoted digits": b'{"a":"' + b"9" * 1_000_000 + b'"}',
    "not utf-8": b'{"a":"\xff\xfe"}',
    "surrogate": b'{"a":"\\ud800"}',
    "empty": b"",
    "null": b"null",
    "twice": b'{"a":1,"a":1}',
}


@pytest.mark.parametrize("name", HUGE)
def test_23_an_enormous_or_broken_body_is_refused_at_once(place: Town, poll: Poll, name: str) -> None:
    started = time.process_time()
    with pytest.raises(Refused, match=r"ballot\."):
        check_ballot(place.election, HUGE[name])
    assert time.process_time() - started < 5  # 0.1 s on a quiet machine, most of it the tracker of 100 MB


def test_24_a_signature_by_an_unknown_credential(place: Town, good: bytes, poll: Poll, tmp_path: Path) -> None:
    stranger = credentials.derive(GROUP, place.election.uuid, credentials.new_code())
    unknown = make_ballot(place.election, stranger, YES)
    assert refused(poll, unknown) == "ballot.credential"
    assert refused(poll, signed(json.loads(good), stranger)) == "ballot.signature"
    poll.board.append("Ballot", unknown)
    path = write(tmp_path, place, poll.board.data)
    assert [found.code for found in verify_file(path).findings if not found.ok] == ["ballot.credential"]
    assert audit.main([str(path)]) == 1


def test_25_a_code_means_another_credential_in_another_council(place: Town) -> None:
    code = place.voters[0].code
    assert credentials.derive(GROUP, credentials.new_uuid(), code).public != place.voters[0].public


def test_26_a_weight_claimed_by_the_client_is_no_key_of_a_ballot(place: Town, good: bytes, poll: Poll) -> None:
    value = json.loads(good)
    assert refused(poll, signed(value | {"weight": 1000}, place.voters[0])) == "ballot.keys"


def test_27_before_the_opening(place: Town, good: bytes) -> None:
    board = Board(place.setup.timestamp)
    before = board.data
    with pytest.raises(Refused, match=r"chain\.order"):
        board.append("Ballot", good)
    assert board.data == before


def test_29_at_the_closing_instant_the_ledger_decides(place: Town, good: bytes, poll: Poll) -> None:
    """What stands before `EndBallots` counts; a ballot made in time and handed in after it does not."""
    late = place.ballot(1, NO)
    poll.cast(good)
    assert place.finish(poll) == YES
    with pytest.raises(Refused, match=r"chain\.order"):
        poll.cast(late)


def test_30_31_no_clock_is_read_and_a_ballot_has_no_time(place: Town, good: bytes, poll: Poll) -> None:
    """So a wrong clock, the voter's or the server's, changes neither the order nor what is counted."""
    for path in Path(credentials.__file__).parent.glob("*.py"):
        assert not re.search(r"^\s*(import|from) (time|datetime)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert refused(poll, signed(json.loads(good) | {"time": "2026-03-01"}, place.voters[0])) == "ballot.keys"
    poll.cast(good)
    times = {poll.board.data[at + 136 : at + 147] for at in headers(poll.board.data)}
    assert times == {b"%011o" % place.setup.timestamp}


def headers(data: bytes) -> list[int]:
    """Where each entry of an archive starts."""
    found = [0]
    while found[-1] < len(data):
        found.append(found[-1] + 512 + -(-int(data[found[-1] + 124 : found[-1] + 135], 8) // 512) * 512)
    return found[:-1]


@pytest.mark.parametrize("last", [YES, NO])
def test_32_33_two_devices_of_one_voter_such_as_the_one_in_the_hall(
    place: Town, last: list[list[int]], poll: Poll, tmp_path: Path
) -> None:
    """Each gets its receipt, both stand on the ledger, the later one counts."""
    one, other = place.ballot(0, NO if last == YES else YES), place.ballot(0, last)
    receipts = [poll.cast(one).tracker, poll.cast(other).tracker]
    assert receipts == [wire.sha_b64(one), wire.sha_b64(other)]
    assert place.finish(poll) == last
    report = verify_file(write(tmp_path, place, poll.board.data), finished=True)
    assert (report.ok, report.ballots, report.counted) == (True, 2, 1)


def test_36_37_a_retry_has_the_same_receipt_and_another_body_another(place: Town, good: bytes, poll: Poll) -> None:
    """The receipt is the hash of the bytes: whoever asks again gets the same, and no key can stand for two bodies."""
    receipt = poll.cast(good).tracker
    with pytest.raises(Refused) as caught:
        poll.cast(good)
    assert caught.value.facts["tracker"] == receipt
    assert poll.cast(place.ballot(0, YES)).tracker != receipt


def test_28_after_the_close(place: Town, good: bytes, poll: Poll) -> None:
    poll.close()
    before = poll.board.data
    with pytest.raises(Refused, match=r"chain\.order"):
        poll.cast(good)
    assert poll.board.data == before


def test_34_an_old_ballot_replayed_after_a_revote(place: Town, good: bytes, poll: Poll) -> None:
    poll.cast(good)
    poll.cast(place.ballot(0, NO))
    assert refused(poll, good) == "ballot.replayed"
    assert place.finish(poll) == NO


def test_a_secret_shows_in_no_repr_and_no_refusal(place: Town, poll: Poll) -> None:
    voter, trustee, member = place.voters[0], place.secrets[1], Member(GROUP, 1, 1, 1)
    shown = repr(voter) + repr(trustee) + repr(poll) + repr(member)
    for refusing in (
        lambda: credentials.normalise(voter.code + "!"),
        lambda: read_key(GROUP, b'"0%d"' % trustee.exponent, None),
        lambda: read_key(GROUP, keyfile.seal({"exponent": str(trustee.exponent)}, "a passphrase"), "a passphrase"),
    ):
        with pytest.raises(Refused) as caught:
            refusing()
        shown += repr(caught.value) + str(caught.value)
    for secret in (voter.code, str(voter.secret)[:20], str(trustee.exponent)[:20], str(member.share_for(1))[:20]):
        assert secret not in shown


def test_every_entry_of_the_catalogue_names_its_test() -> None:
    named = {
        int(number)
        for path in Path(__file__).parent.glob("test_catalogue_*.py")
        for name in re.findall(r"^def (test_[0-9_]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        for number in re.findall(r"[0-9]+", name)
    }
    assert named == {
        *range(1, 9),
        *range(10, 17),
        18,
        19,
        *range(21, 35),
        36,
        37,
        39,
        *range(40, 47),
        *range(48, 57),
    } - {47}


def test_credentials_carry_at_least_128_bits() -> None:
    assert len(credentials.ALPHABET) ** credentials.LENGTH >= 2**128
    assert len({credentials.new_code() for _ in range(200)}) == 200


def test_randomness_comes_from_secrets_alone() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(credentials.__file__).parent.glob("*.py")]
    assert not [source for source in sources if re.search(r"\bimport random\b|\bfrom random\b|random_state", source)]
    assert sum("from secrets import" in source or "import secrets" in source for source in sources) >= 3
