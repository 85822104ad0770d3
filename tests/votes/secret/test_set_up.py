"""What must be refused before a poll begins, and input that no command can use (SPEC S8, S9, S13)."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from argon2.exceptions import HashingError

from tests.votes.secret.hostile import setup as setup_archive
from tests.votes.secret.make import GROUP, TIME, YES_NO, town, write
from votes import audit
from votes.__main__ import main
from votes.refusal import Refused
from votes.secret import credential, keyfile, wire
from votes.secret import trustee as trusting
from votes.secret.credential import Entry, check_members, list_bytes
from votes.secret.election import Bindings
from votes.secret.finding import Report
from votes.secret.group import Element
from votes.secret.poll import Poll, Setup, prepare
from votes.secret.report import lines
from votes.secret.tally import MOST_OPENED, Search
from votes.secret.verify import verify_file

PASSPHRASE = "十五个字的口令 long enough"


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    monkeypatch.setattr(keyfile, "TIME", 1)
    (tmp_path / "phrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--passphrase-file", str(tmp_path / "phrase")]


def set_up(areas: dict[Element, int], timestamp: int = TIME) -> Setup:
    return prepare(
        GROUP,
        uuid=credential.new_uuid(),
        name="电梯",
        description="",
        questions=[YES_NO],
        trustees=trusting.trustees_bytes([("Single", trusting.public_json(GROUP, trusting.new_secret(GROUP)))]),
        areas=areas,
        timestamp=timestamp,
    )


def two_voters(one: int, other: int) -> dict[Element, int]:
    return {GROUP.base_power(2): one, GROUP.base_power(3): other}


def test_weights_that_nobody_could_open_are_refused_at_set_up() -> None:
    whole = set_up(two_voters(MOST_OPENED - 1, 1))
    assert Poll.start(whole, "area").weights == two_voters(MOST_OPENED - 1, 1)
    with pytest.raises(Refused) as caught:
        set_up(two_voters(MOST_OPENED, 1))
    assert (caught.value.code, caught.value.facts) == (
        "credentials.heavy",
        {"total": MOST_OPENED + 1, "most": MOST_OPENED},
    )
    heavy = list_bytes(GROUP, [Entry(*each) for each in two_voters(MOST_OPENED, 1).items()], weighted=True)
    with pytest.raises(Refused, match=r"credentials\.heavy"):
        Poll.start(replace(whole, lists=whole.lists | {"area": heavy}), "area")
    with pytest.raises(Refused, match=r"credentials\."):
        set_up(two_voters(-1, 5))


def test_a_poll_starts_with_nothing_but_what_its_election_commits_to() -> None:
    """Otherwise all shares would be true and open nothing, or the archive would fail, when all have voted."""
    setup = set_up(two_voters(5, 6))
    unbound = setup.election.partition(b',"x_')[0] + b',"x_second_proof":true}'
    other = set_up(two_voters(5, 6))
    changed = {"area": setup.lists["area"].replace(b',5"', b',4"'), "heads": setup.lists["area"]}
    for wrong, counts, code in (
        (replace(setup, election=unbound, trustees=other.trustees), "area", "trustees.public_key"),
        (replace(setup, election=unbound, lists=changed), "heads", "bindings.heads"),
        (replace(setup, election=unbound, timestamp=8**11), "area", "archive.time"),
        (replace(setup, election=unbound, timestamp=-1), "area", "archive.time"),
        (replace(setup, lists=changed), "area", "bindings.credentials"),
        (replace(setup, timestamp=TIME + 1), "area", "bindings.created"),
        (replace(setup, trustees=setup.trustees.replace(b'"}]]', b'","name":"a"}]]')), "area", "bindings.trustees"),
    ):
        with pytest.raises(Refused, match=code.replace(".", r"\.")):
            Poll.start(wrong, counts)
    for time in (8**11, 99_999_999_999):
        with pytest.raises(Refused, match=r"election\.bindings"):
            set_up(two_voters(5, 6), time)


def test_a_list_that_is_called_by_heads_weighs_nobody_more(tmp_path: Path) -> None:
    """Both verifiers, and the report would say: counted by heads."""
    made = town([5, 1])
    for weights, fine in ((b",5", False), (b",1", True), (b",0", False)):
        credentials = made.setup.lists["area"].replace(b",5", weights)
        bindings = Bindings(credentials={"area": "0" * 64, "heads": wire.sha_hex(credentials)})
        election = made.setup.election.partition(b',"x_')[0] + b"," + wire.dumps(bindings.as_json())[1:]
        path = write(tmp_path, made, setup_archive(election, made.setup.trustees, credentials).data)
        assert [each.code for each in verify_file(path).findings if not each.ok] == [*(["bindings.heads"] * (not fine))]
        assert audit.main([str(path)]) == (0 if fine else 1)


def test_the_largest_weights_that_are_let_in_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a smaller scale; the two limits are one."""
    monkeypatch.setattr("votes.secret.tally.TABLE_MOST", 16)
    monkeypatch.setattr("votes.secret.tally.MOST_OPENED", 16 * 32)
    search = Search(GROUP, 512)
    assert [search.find(GROUP.base_power(each)) for each in (0, 511, 512)] == [0, 511, 512]
    with pytest.raises(Refused, match=r"result\.bound"):
        Search(GROUP, 513)


def test_issuing_credentials_refuses_such_weights_too(
    tmp_path: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "voters").write_text(f"1-101,{MOST_OPENED}\n1-102,1\n", encoding="utf-8")
    files = ["--codes", str(tmp_path / "codes"), "--public", str(tmp_path / "list")]
    assert main(["credentials", "issue", "--voters", str(tmp_path / "voters"), *files, *spoken]) == 1
    assert "权重合计 2199023255553" in capsys.readouterr().err
    assert not (tmp_path / "codes").exists()


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("1-102；12034", "第 2 行应写成“名称”或“名称,权重”"),
        ("1-102，12034", "第 2 行应写成"),
        ("1-102;12034", "第 2 行应写成"),
        ("1-102\t12034", "第 2 行应写成"),
        ("1-102", "第 2 行应写成"),
        ("1-102,", "第 2 行应写成"),
        ("1-101,7", "第 2 行的名称前面已经有了"),
    ],
)
def test_a_weight_is_never_lost_in_a_label(
    second: str, said: str, tmp_path: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Such a line counted as one instead of 12034."""
    (tmp_path / "voters").write_text(f"1-101,8957\n{second}\n", encoding="utf-8")
    files = ["--codes", str(tmp_path / "codes"), "--public", str(tmp_path / "list")]
    assert main(["credentials", "issue", "--voters", str(tmp_path / "voters"), *files, *spoken]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "codes").exists()


def test_no_receipt_is_given_for_a_credential_that_cannot_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = town([5])
    archive = str(write(tmp_path, made, Poll.start(made.setup, "area").board.data))
    (tmp_path / "code").write_text(credential.new_code())
    given = ["--code-file", str(tmp_path / "code"), "--out", str(tmp_path / "out")]
    assert main(["ballot", "make", archive, "--choices", "[[1,0,0]]", *given]) == 1
    said = capsys.readouterr()
    assert "这个凭证不在这次表决的名单上" in said.err
    assert (said.out, (tmp_path / "out").exists()) == ("", False)


@pytest.mark.parametrize("number", [1073741824, 10**18 - 1, 10**18, 2**60])
def test_both_verifiers_read_sums_to_the_same_limit(number: int) -> None:
    assert wire.read_weight(str(number), "result") == audit.total(str(number)) == number


@pytest.mark.parametrize("text", [str(2**60 + 1), str(2**61), "9" * 20, "1073741823", "01073741824", "1e10"])
def test_both_verifiers_refuse_the_same_sums(text: str) -> None:
    with pytest.raises(Refused):
        wire.read_weight(text, "result")
    with pytest.raises(audit.Wrong):
        audit.total(text)


def test_a_poll_starts_and_a_ballot_is_checked_only_with_proper_credentials(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = town([5, 6])
    outsider = GROUP.decode(str(int(GROUP.modulus) - 5))
    both = [Entry(made.voters[0].public, 5), Entry(outsider, 6)]
    with pytest.raises(Refused, match=r"credentials\.member"):
        Poll.start(replace(made.setup, lists={"area": list_bytes(GROUP, both, weighted=True)}), "area")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("votes.secret.poll.check_members", lambda *_: None)
        patch.setattr("votes.secret.poll.require", lambda *_: None)
        false = Poll.start(replace(made.setup, lists={"area": list_bytes(GROUP, both, weighted=True)}), "area")
    (tmp_path / "ballot").write_bytes(made.ballot(0, [[1, 0, 0]]))
    true = Poll.start(made.setup, "area")
    for poll, expected in ((true, 0), (false, 1)):
        path = write(tmp_path / str(expected), made, poll.board.data)
        assert main(["ballot", "check", str(path), str(tmp_path / "ballot")]) == expected
    assert "不是合规的数" in capsys.readouterr().err


def test_a_prompt_without_anybody_and_a_key_that_needs_too_much_memory_end_in_a_sentence(
    tmp_path: Path, spoken: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    def greedy(*_: object, **__: object) -> bytes:
        raise HashingError("Memory allocation error")

    files = ["--key", str(tmp_path / "key"), "--public", str(tmp_path / "public")]
    monkeypatch.setattr(getpass, "getpass", nobody)
    assert main(["trustee", "keygen", *files]) == 2
    assert "nothing was typed" in capsys.readouterr().err
    monkeypatch.setattr(keyfile, "hash_secret_raw", greedy)
    assert main(["trustee", "keygen", *files, *spoken]) == 2
    assert "out of memory" in capsys.readouterr().err
    assert not (tmp_path / "key").exists()


def test_codes_that_nobody_could_open_or_use_are_not_issued(
    tmp_path: Path, spoken: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "voters").write_text("一\n二\n三\n", encoding="utf-8")
    files = [f"--{name}={tmp_path / name}" for name in ("voters", "codes", "public")]
    for limit, code in (("credential.MOST_VOTERS", "credentials.length"), ("keyfile.LIMIT", "key.long")):
        with monkeypatch.context() as patch:
            patch.setattr(f"votes.secret.{limit}", 2)
            assert main(["credentials", "issue", *files, *spoken]) == 1
        assert code in capsys.readouterr().err
        assert not (tmp_path / "codes").exists()
    assert main(["credentials", "issue", *files, *spoken]) == 0


def test_no_command_waits_for_a_pipe_in_the_place_of_an_archive(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for command in (
        ["trustee", "decrypt", str(pipe), "--key", "key", "--head", "0", "--out", "out"],
        ["ballot", "make", str(pipe), "--choices", "[[1]]", "--out", "out"],
        ["ballot", "check", str(pipe), "ballot"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "votes", *command], stderr=subprocess.PIPE, check=False, timeout=300
        )
        assert (done.returncode, b"not an archive" in done.stderr) == (2, True)


def test_a_long_list_is_settled_together_and_its_outsider_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credential, "FEW", 3)
    members = [GROUP.base_power(each) for each in range(2, 8)]
    check_members(GROUP, members)
    outsider = GROUP.decode(str(int(GROUP.modulus) - 5))
    for wrong in (outsider, GROUP.one):
        with pytest.raises(Refused, match=r"credentials\.member") as caught:
            check_members(GROUP, [*members, wrong])
        assert str(wrong).startswith(str(caught.value.facts["credential"]))


def test_where_one_file_cannot_be_written_no_key_stays(
    tmp_path: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "voters").write_text("1-101\n", encoding="utf-8")
    (tmp_path / "taken").write_text("mine")
    keygen = ["trustee", "keygen", "--key", str(tmp_path / "secret")]
    issue = ["credentials", "issue", "--voters", str(tmp_path / "voters"), "--codes", str(tmp_path / "secret")]
    for command in (keygen, issue):
        for public, code in (("taken", 1), ("nowhere/public", 2), ("secret", 1)):
            assert main([*command, "--public", str(tmp_path / public), *spoken]) == code
            assert len(capsys.readouterr().err.strip().splitlines()) == 1
            assert not (tmp_path / "secret").exists()
    assert (tmp_path / "taken").read_text() == "mine"


def test_half_a_key_file_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keyfile.write_new(tmp_path / "key", b"secret")
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("uuid", ["x y", "", "short", "0" * 20, "AbcdefghijkmnX\n"])
def test_a_uuid_that_no_election_may_have_is_refused(
    uuid: str, tmp_path: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "voters").write_text("1-101\n", encoding="utf-8")
    files = ["--codes", str(tmp_path / "codes"), "--public", str(tmp_path / "list")]
    assert main(["credentials", "issue", "--uuid", uuid, "--voters", str(tmp_path / "voters"), *files, *spoken]) == 1
    assert "uuid must be" in capsys.readouterr().err
    assert not (tmp_path / "codes").exists()


def test_files_that_are_no_text_end_with_two_and_one_sentence(
    tmp_path: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    made = town([5])
    archive = str(write(tmp_path, made, Poll.start(made.setup, "area").board.data))
    latin = str(tmp_path / "latin")
    (tmp_path / "latin").write_bytes("Müller,5\n".encode("latin-1"))
    (tmp_path / "voters").write_text("1-101\n", encoding="utf-8")
    new = ["--codes", str(tmp_path / "codes"), "--public", str(tmp_path / "list")]
    key = ["--key", str(tmp_path / "key"), "--public", str(tmp_path / "public")]
    for command in (
        ["credentials", "issue", "--voters", latin, *new, *spoken],
        ["credentials", "issue", "--voters", str(tmp_path / "voters"), *new, "--passphrase-file", latin],
        ["credentials", "show", "--codes", latin, *spoken],
        ["credentials", "show", "--codes", str(tmp_path / "voters"), *spoken],
        ["trustee", "keygen", *key, "--passphrase-file", latin],
        ["trustee", "keygen", *key, "--name", "M\udcfcller", *spoken],
        ["ballot", "make", archive, "--choices", "[[1,0,0]]", "--code-file", latin, "--out", str(tmp_path / "out")],
    ):
        assert main(command) == 2, command
        said = capsys.readouterr().err.strip()
        assert len(said.splitlines()) == 1, said
        assert "UTF-8" in said or "no file of a key" in said
        assert not (tmp_path / "codes").exists()
        assert not (tmp_path / "key").exists()


def test_a_passphrase_that_the_terminal_garbled_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _: "\udcff" * 10)
    assert main(["trustee", "keygen", "--key", str(tmp_path / "key"), "--public", str(tmp_path / "public")]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_the_report_says_what_a_ballot_weighs(tmp_path: Path) -> None:
    made = town([5])
    for counts, zh, en in (
        ("heads", "计票方式：按人数", "Counted by heads"),
        ("area", "计票方式：按面积", "Counted by area"),
    ):
        report = verify_file(write(tmp_path / counts, made, Poll.start(made.setup, counts).board.data))
        assert zh in lines(report, "zh")
        assert en in lines(report, "en")
    strange = Report([], counts="x\n全部成立")
    assert "计票方式：按名单“x?全部成立”" in lines(strange, "zh")
    assert not any("计票方式" in line for line in lines(Report([]), "zh"))
