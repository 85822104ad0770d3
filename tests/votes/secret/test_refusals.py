"""One thing at a time is wrong, with every hash made to fit: the finding names it, and the second verifier refuses as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.votes.secret.make import GROUP, ONE_ANSWER, Town, town, write
from tests.votes.secret.mutate import Editor
from tests.votes.secret.paths import bel
from votes import audit
from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import verify, wire
from votes.secret.archive import ENTRY_LIMIT
from votes.secret.ceremony import Member, read_contribution, rehearse, threshold_item
from votes.secret.credential import read_list
from votes.secret.election import read_election
from votes.secret.group import Element
from votes.secret.poll import Poll
from votes.secret.tally import decrypt_share, owned_bytes, second_proof, with_second
from votes.secret.trustee import Secret, public_json, read_trustees, trustees_bytes
from votes.secret.verify import verify_file

CLOSE, TALLY, SHARE = 3, 4, 5
"""Where these events stand."""


@pytest.fixture(scope="module")
def place() -> Town:
    return town([70, 20], [ONE_ANSWER], singles=2)


@pytest.fixture(scope="module")
def finished(place: Town) -> bytes:
    poll = Poll.start(place.setup, "area")
    for voter in range(2):
        poll.cast(place.ballot(voter, [[1]]))
    assert place.finish(poll) == [[90]]
    return poll.board.data


def codes(folder: Path, place: Town, data: bytes) -> list[str]:
    path = write(folder, place, data)
    found = [finding.code for finding in verify_file(path).findings if not finding.ok]
    assert audit.main([str(path)]) == bool(found)
    return found


def renamed(record: bytes, **changes: Any) -> bytes:
    return wire.dumps(json.loads(record) | changes)


def trustees_exchanged(editor: Editor) -> None:
    """Their product is the same."""
    editor.events[0].records[1] = wire.dumps(json.loads(editor.events[0].records[1])[::-1])
    editor.renew_setup()


def other_time(editor: Editor) -> None:
    editor.timestamp += 1


def other_setup(editor: Editor) -> None:
    editor.events[0].records[3] = renamed(editor.events[0].records[3], trustees="0" * 64)


def too_many_counted(editor: Editor) -> None:
    editor.events[TALLY].records[1] = renamed(editor.events[TALLY].records[1], num_tallied=3)


def too_much_weight(editor: Editor) -> None:
    editor.events[TALLY].records[1] = renamed(editor.events[TALLY].records[1], total_weight=91)


def wrapper_of_another_share(editor: Editor) -> None:
    editor.events[SHARE].records[1] = renamed(editor.events[SHARE].records[1], payload="0" * 64)


def wrapper_of_nobody(editor: Editor) -> None:
    editor.events[SHARE].records[1] = renamed(editor.events[SHARE].records[1], owner=3)


def share_twice(editor: Editor) -> None:
    editor.events.insert(SHARE, editor.events[SHARE])


def share_missing(editor: Editor) -> None:
    del editor.events[SHARE]


CHANGES: list[tuple[Callable[[Editor], None], str]] = [
    (trustees_exchanged, "bindings.trustees"),
    (other_time, "bindings.created"),
    (other_setup, "setup.hashes"),
    (too_many_counted, "tally.size"),
    (too_much_weight, "tally.size"),
    (wrapper_of_another_share, "share.payload"),
    (wrapper_of_nobody, "share.owner"),
    (share_twice, "share.duplicate"),
    (share_missing, "share.missing"),
]


@pytest.mark.parametrize(("change", "code"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_one_change_is_one_finding(
    change: Callable[[Editor], None], code: str, place: Town, finished: bytes, tmp_path: Path
) -> None:
    editor = Editor(finished)
    change(editor)
    assert codes(tmp_path, place, editor.data()) == [code]


def test_heights_and_parents_are_looked_at(place: Town, finished: bytes, tmp_path: Path) -> None:
    for field, value, code in (("height", 9, "chain.height"), ("parent", "0" * 64, "chain.parent")):
        editor = Editor(finished)
        editor.events[-1].fields[field] = value
        assert codes(tmp_path, place, editor.data(rechain=False)) == [code]


@pytest.mark.parametrize(("event", "field"), [(0, "parent"), (CLOSE, "payload")])
def test_what_an_event_does_not_have_is_left_out_and_not_null(
    event: int, field: str, place: Town, finished: bytes, tmp_path: Path
) -> None:
    editor = Editor(finished)
    del editor.events[event + 1 :]
    given = editor.events[event].fields | {field: None}
    editor.events[event].fields = {
        name: given[name] for name in ("parent", "height", "type", "payload") if name in given
    }
    assert codes(tmp_path, place, editor.data(rechain=False)) == [f"chain.{field}"]


def test_other_trustees_are_refused_before_they_decrypt(place: Town, finished: bytes, tmp_path: Path) -> None:
    editor = Editor(finished)
    del editor.events[CLOSE:]
    trustees_exchanged(editor)
    assert codes(tmp_path, place, editor.data()) == ["bindings.trustees"]


def test_a_question_that_nobody_may_answer_is_none(place: Town) -> None:
    data = place.setup.election.replace(b'"max":1,', b'"max":0,')
    assert data != place.setup.election
    for read in (read_election, audit.read_election):
        with pytest.raises((Refused, audit.Wrong)):
            read(data)


def test_one_ciphertext_twice_is_refused_under_proofs_that_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = town([5])
    poll = Poll.start(made.setup, "area")
    monkeypatch.setattr("votes.secret.ballot.random_scalar", lambda group: 7)
    poll.board.append("Ballot", made.ballot(0, [[0, 1, 0]]))
    assert codes(tmp_path, made, poll.board.data) == ["ballot.reused_ciphertext"]


def test_coefficients_outside_the_group_are_refused_though_their_signs_cancel() -> None:
    members = [Member(GROUP, place, 2, 2) for place in (1, 2)]
    parts = [member.contribution() for member in members]
    for member in members:
        member.learn(parts)
        for sender in members:
            member.receive(sender.place, sender.share_for(member.place))
    kind, item = threshold_item(GROUP, 2, parts, [public_json(GROUP, member.secret()) for member in members])
    read_trustees(GROUP, trustees_bytes([(kind, item)]))
    for place, member in enumerate(members):
        row = json.loads(item["coefexps"][place]["message"])["coefexps"]
        row[1] = str(int(GROUP.modulus) - int(row[1]))
        item["coefexps"][place] = member._signed(wire.dumps({"coefexps": row}))
    data = trustees_bytes([(kind, item)])
    with pytest.raises(Refused, match=r"trustees\.member"):
        read_trustees(GROUP, data)
    with pytest.raises(audit.Wrong, match="coefficient is not in the group"):
        audit.read_trustees(data)


def test_the_padding_is_looked_at(place: Town, finished: bytes, tmp_path: Path) -> None:
    assert finished[-1] == 0
    assert codes(tmp_path, place, finished[:-1] + b"x") == ["archive.padding"]


def test_an_entry_may_not_claim_to_be_enormous(place: Town, finished: bytes, tmp_path: Path) -> None:
    """Before as many bytes are asked for."""
    assert codes(tmp_path, place, finished[:1148] + b"%011o" % (ENTRY_LIMIT + 1) + finished[1159:]) == ["archive.size"]


def test_a_public_key_that_is_not_the_trustees(place: Town, tmp_path: Path) -> None:
    editor = Editor(bel("d_dual/setup").read_bytes())
    editor.events[0].records[0] = renamed(editor.events[0].records[0], public_key=GROUP.encode(GROUP.base_power(5)))
    editor.renew_setup()
    assert codes(tmp_path, place, editor.data()) == ["trustees.public_key"]


def test_a_factor_outside_the_group_under_a_proof_that_holds(place: Town, finished: bytes, tmp_path: Path) -> None:
    """The sign vanishes where the challenge is even."""
    poll = Poll.start(place.setup, "area")
    poll.cast(place.ballot(0, [[1]]))
    tally = poll.close()
    share = json.loads(decrypt_share(place.election, place.secrets[1], tally))
    factor = GROUP.decode(str(int(GROUP.modulus) - int(share["decryption_factors"][0][0])))
    secret, alpha = place.secrets[1], tally[0][0].alpha
    while True:
        proof = zk.prove_decryption(GROUP, place.election.hash, secret.exponent, secret.public, alpha)
        if zk.check_decryption(GROUP, place.election.hash, secret.public, alpha, factor, proof):
            break
    share |= {"decryption_factors": [[GROUP.encode(factor)]], "decryption_proofs": [[zk.to_json(proof)]]}
    second = second_proof(place.election, secret, tally)
    with pytest.raises(Refused, match=r"share\.member"):
        poll.accept_share(1, wire.dumps(share), second)
    written = with_second(wire.dumps(share), second)
    poll.board.append("PartialDecryption", written, owned_bytes(1, wire.sha_hex(written)))
    assert codes(tmp_path, place, poll.board.data) == ["share.member"]


def outside(element: Element) -> Element:
    return GROUP.decode(str(int(GROUP.modulus) - int(element)))


def test_every_element_of_a_threshold_group_is_a_member() -> None:
    """What belenios-tool 2.0 does not check."""
    member = Member(GROUP, 1, 2, 2)
    honest = json.loads(member.contribution())
    read_contribution(GROUP, wire.dumps(honest), 2)
    row = json.loads(honest["coefficients"]["message"])["coefexps"]
    row[1] = str(int(GROUP.modulus) - int(row[1]))
    coefficients = member._signed(wire.dumps({"coefexps": row}))
    with pytest.raises(Refused, match=r"trustees\.member"):
        read_contribution(GROUP, wire.dumps(honest | {"coefficients": coefficients}), 2)
    member._decrypting = Secret(1, outside(member._decrypting.public))
    with pytest.raises(Refused, match=r"trustees\.member"):
        read_contribution(GROUP, member.contribution(), 2)
    nobody = Member(GROUP, 1, 2, 2)
    nobody._signing = Secret(0, GROUP.one)  # anybody could sign for the identity
    with pytest.raises(Refused, match=r"trustees\.member"):
        read_contribution(GROUP, nobody.contribution(), 2)


@pytest.mark.parametrize("part", ["certs", "coefexps"])
def test_every_message_of_a_threshold_group_is_signed(part: str) -> None:
    (kind, item), _ = rehearse(GROUP, 2, 3)
    read_trustees(GROUP, trustees_bytes([(kind, item)]))
    one, other, *rest = item[part]
    exchanged = [one | {"signature": other["signature"]}, other, *rest]
    for read in (lambda data: read_trustees(GROUP, data), audit.read_trustees):
        with pytest.raises((Refused, audit.Wrong), match="signature"):
            read(trustees_bytes([(kind, item | {part: exchanged})]))


def test_a_member_s_key_is_that_of_the_published_coefficients() -> None:
    (kind, item), _ = rehearse(GROUP, 2, 3)
    one, other, *rest = item["verification_keys"]
    for read in (lambda data: read_trustees(GROUP, data), audit.read_trustees):
        with pytest.raises((Refused, audit.Wrong), match=r"verification.key"):
            read(trustees_bytes([(kind, item | {"verification_keys": [other, one, *rest]})]))


def test_a_list_of_credentials_is_ascending_without_any_twice_and_bounded() -> None:
    one, other = sorted(GROUP.base_power(exponent) for exponent in (2, 3))
    assert read_list(GROUP, wire.dumps([f"{one},5", str(other)])) == {one: 5, other: 1}
    for entries in ([one, one], [other, one]):
        for read in (lambda data: read_list(GROUP, data), audit.read_credentials):
            with pytest.raises((Refused, audit.Wrong), match="order"):
                read(wire.dumps([str(each) for each in entries]))
    heavy = [f"{GROUP.base_power(exponent)},{10**15 - 1}" for exponent in range(2, 1160)]
    heavy.sort(key=lambda line: int(line.partition(",")[0]))
    with pytest.raises(Refused, match=r"credentials\.total"):
        read_list(GROUP, wire.dumps(heavy))
    with pytest.raises(Refused, match=r"credentials\.weight"):
        read_list(GROUP, wire.dumps([f"{one},{10**15}"]))


def test_a_key_twice_in_the_election_is_refused(place: Town) -> None:
    doubled = place.setup.election.replace(b'{"version":1,', b'{"version":1,"version":1,')
    for read in (read_election, audit.read_election):
        with pytest.raises((Refused, audit.Wrong)):
            read(doubled)


def test_many_faults_are_enough(place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_FAULTS", 2)
    poll = Poll.start(place.setup, "area")
    for number in range(4):
        poll.board.append("Ballot", b'{"number":%d}' % number)
    found = codes(tmp_path, place, poll.board.data)
    assert found == ["ballot.keys", "ballot.keys", "ballot.too_many_faults"]
    monkeypatch.setattr(verify, "LARGE", 0)
    forged = Poll.start(place.setup, "area")
    for number in range(3):
        forged.board.append("Ballot", place.outsider(number % 2, [[1]]))
    assert codes(tmp_path, place, forged.board.data) == ["ballot.member", "ballot.member"]


def test_an_earlier_copy_must_be_whole(place: Town, finished: bytes, tmp_path: Path) -> None:
    late = write(tmp_path, place, finished)
    (tmp_path / "cut").write_bytes(finished[:1500])
    report = verify_file(late, earlier=tmp_path / "cut")
    assert [finding.code for finding in report.findings if not finding.ok] == ["earlier.unreadable"]
