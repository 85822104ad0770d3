"""One form of each message for both verifiers, without any latitude: what one refuses, the other refuses (SPEC S2, S6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.votes.secret.make import GROUP, ONE_ANSWER, TIME, Town, town, write
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.refusal import Refused
from votes.secret import verify, wire
from votes.secret.credential import check_members, read_list
from votes.secret.election import read_election
from votes.secret.poll import Poll
from votes.secret.verify import verify_file


@pytest.fixture(scope="module")
def place() -> Town:
    return town([7, 8], [ONE_ANSWER])


def both_read(first: Callable[[bytes], object], second: Callable[[bytes], object], data: bytes) -> bool:
    """Whether the readers accept; they must be of one mind."""
    found = []
    for read, refusal in ((first, Refused), (second, audit.Wrong)):
        try:
            read(data)
            found.append(True)
        except refusal:
            found.append(False)
    assert found[0] == found[1], (found, data[:300])
    return found[0]


HASH = b'"' + b"a" * 64 + b'"'
LONG_NAMES = b'{"' + b"n" * 20 + b'1":' + HASH + b',"' + b"n" * 20 + b'2":"' + b"b" * 64 + b'"}'
BINDINGS = [
    (b'"x_roll_sha256":' + HASH, True),
    (b'"x_rules_sha256":' + HASH, True),
    (b'"x_credentials_sha256":{"heads":' + HASH + b"}", True),
    (b'"x_credentials_sha256":' + LONG_NAMES, True),
    (b'"x_created":"0"', True),
    (b'"administrator":"a","x_roll_sha256":' + HASH + b',"x_created":"1"', True),
    (b'"x_created":"1","x_roll_sha256":' + HASH, False),
    (b'"x_credentials_sha256":{}', False),
    (b'"x_credentials_sha256":null', False),
    (b'"x_credentials_sha256":[' + HASH + b"]", False),
    (b'"x_credentials_sha256":{"heads":null}', False),
    (b'"x_credentials_sha256":{"heads":{}}', False),
    (b'"x_credentials_sha256":{' + b",".join(b'"%d":' % n + HASH for n in range(9)) + b"}", False),
    *((b'"%s":%s' % (key, value), False)
      for key in (b"x_roll_sha256", b"x_rules_sha256", b"x_trustees_sha256")
      for value in (b"null", b"{}", b"0", b'""', b'"' + b"A" * 64 + b'"', HASH[:-1] + b'\\n"', HASH[:-2] + b'"')),
    *((b'"x_created":%s' % value, False) for value in (b"null", b"0", b"[]")),
    *((b'"x_note":%s' % value, False) for value in (b'"a"', b"1", b"1.5", b"NaN", b"-1", b"[" * 900 + b"]" * 900)),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "fine"), BINDINGS, ids=range(len(BINDINGS)))
def test_what_an_election_commits_to(extra: bytes, fine: bool, place: Town) -> None:
    plain = place.setup.election.partition(b',"x_')[0]
    assert both_read(read_election, audit.read_election, plain + b"," + extra + b"}") == fine


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"version":1', b'{ "version":1'),
        (b'"version":1', b'"version":1.0'),
        (b'"version":1', b'"version":true'),
        (b'"version":1', b'"version":"1"'),
        (b'"name":"', rb'"name":"\ud800'),
        (b'"name":"', rb'"name":"\u4e00'),
        (b'"name":"', b'"name":"\\/'),
        (b'"min":0', b'"min":false'),
        (b'"min":0', b'"min":-0'),
        (b'"max":1', b'"max":1e0'),
        (b'"min":0', b'"blank":null,"min":0'),
        (b'"min":0', b'"blank":0,"min":0'),
        (b'"min":0', b'"x_note":"a","min":0'),
        (b'"answers":["', b'"answers":[["'),
        (b'"group":', b'"group":"BELENIOS-2048","group":'),
    ],
)
def test_an_election_in_other_words(old: bytes, new: bytes, place: Town) -> None:
    assert old in place.setup.election
    assert both_read(read_election, audit.read_election, place.setup.election)
    assert not both_read(read_election, audit.read_election, place.setup.election.replace(old, new, 1))


def lines() -> tuple[str, str]:
    one, other = sorted(GROUP.base_power(exponent) for exponent in (2, 3))
    return GROUP.encode(one), GROUP.encode(other)


ONE, OTHER = lines()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "null",
            "false",
            "0",
            '""',
            "{}",
            "[null]",
            "[[]]",
            "[{}]",
            "[0]",
            '[""]',
            '[","]',
            "[",
            "]",
            "[]]",
            " []",
            "[]\n",
        ),
        *(f'["{ONE}",]', f'["{ONE}" ]', f'[ "{ONE}"]', f'["{ONE}"', f'"{ONE}"', f'["{ONE}"]]', f'["{ONE}""{OTHER}"]'),
        *(
            f'["{ONE}",,"{OTHER}"]',
            f'["{ONE}","{ONE}"]',
            f'["{OTHER}","{ONE}"]',
            f'["0{ONE}"]',
            f'["+{ONE}"]',
            '["0"]',
        ),
        *(f'["{ONE},"]', f'["{ONE},01"]', f'["{ONE},-1"]', f'["{ONE},1.0"]', f'["{ONE},1,name"]', f'["{ONE}, 1"]'),
        *(f'["{ONE},{10**15}"]', '["1"]', f'["{audit.P}"]', f'["{audit.P + int(ONE)}"]', f'["{"9" * 700}"]', '["１"]'),
    ],
)
def test_a_list_of_credentials_in_another_form(text: str) -> None:
    assert not both_read(checked_list, audit.read_credentials, text.encode())


def checked_list(data: bytes) -> None:
    check_members(GROUP, read_list(GROUP, data))


@pytest.mark.parametrize("text", ["[]", f'["{ONE}"]', f'["{ONE},0","{OTHER}"]', f'["{ONE},{10**15 - 1}","{OTHER},1"]'])
def test_a_list_of_credentials_in_its_form(text: str) -> None:
    assert both_read(checked_list, audit.read_credentials, text.encode())


SUMS: list[object] = [
    *(0, 1, -1, 1073741823, 1073741824, True, None, 1.0, [], "", "0", "1", "01", "-1", "1073741823", "1073741824"),
    *("01073741824", "1073741824\n", "１073741824", str(10**18), str(2**60), "9" * 20),
]


@pytest.mark.parametrize("value", SUMS, ids=repr)
def test_a_sum_in_any_form(value: object) -> None:
    """The largest total weight has nineteen digits."""
    fine = value in (0, 1, 1073741823, "1073741824", str(10**18), str(2**60)) and type(value) in (int, str)
    assert both_read(lambda _: wire.read_weight(value, "result"), lambda _: audit.total(value), b"") == fine


def test_a_binding_that_is_empty_binds_nothing_and_is_refused_in_a_whole_archive(place: Town, tmp_path: Path) -> None:
    poll = Poll.start(place.setup, "area")
    times = [b'"x_created":"%s"' % text for text in (b"", b"01", b"-1", b"%d\\n" % TIME, b"0%d" % TIME, b"1")]
    for binding in (b'"x_credentials_sha256":{}', b'"x_trustees_sha256":null', *times):
        editor = Editor(poll.board.data)
        plain = editor.events[0].records[0].partition(b',"x_')[0]
        editor.events[0].records[0] = plain + b"," + binding + b"}"
        editor.renew_setup()
        path = write(tmp_path, place, editor.data())
        assert not verify_file(path).ok
        assert audit.main([str(path)]) == 1


@pytest.fixture
def growing(place: Town, tmp_path: Path) -> Path:
    """A closed poll with a revote, in which the first ballot is taken out again or read again."""
    poll = Poll.start(place.setup, "area")
    for voter, choice in ((0, 1), (1, 1), (0, 0)):
        poll.cast(place.ballot(voter, [[choice]]))
    poll.close()
    return write(tmp_path, place, poll.board.data)


def meddling(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something to the file when the last ballot has just been checked by either."""
    for module, name in ((audit, "check_ballot"), (verify, "read_ballot")):
        original = getattr(module, name)
        calls: list[int] = []

        def watched(*given: object, original: Callable[..., object] = original, calls: list[int] = calls) -> object:
            calls.append(1)
            found = original(*given)
            if len(calls) == 3:
                act()
            return found

        monkeypatch.setattr(module, name, watched)


def test_a_file_that_gets_shorter_while_it_is_read(growing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapped file would end the program with a signal."""
    data = growing.read_bytes()
    meddling(monkeypatch, lambda: growing.write_bytes(data[:3000]))
    assert not verify_file(growing).ok
    growing.write_bytes(data)
    with growing.open("rb") as file, pytest.raises(audit.Wrong):
        audit.Audit(file).run()


def test_a_ballot_put_in_another_s_place_while_it_is_read(
    place: Town, growing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may write to the file could otherwise have another ballot counted than the one that was checked."""
    data = growing.read_bytes()
    editor = Editor(data)
    for number in (1, 2, 3):
        editor.events[number].records[0] = other_choice(editor.events[number].records[0])
    changed = editor.data(rechain=False)
    assert len(changed) == len(data)
    meddling(monkeypatch, lambda: growing.write_bytes(changed))
    codes = [found.code for found in verify_file(growing).findings if not found.ok]
    assert codes == ["archive.hash"]
    growing.write_bytes(data)
    with growing.open("rb") as file, pytest.raises(audit.Wrong, match="changed while"):
        audit.Audit(file).run()


def other_choice(ballot: bytes) -> bytes:
    """Another ciphertext, of the same length, in a ballot that nobody looks at again."""
    place = ballot.index(b'"alpha":"') + 20
    return ballot[:place] + (b"1" if ballot[place : place + 1] != b"1" else b"2") + ballot[place + 1 :]
