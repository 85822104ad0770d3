"""A whole poll with files alone: keys, credentials, ballots, decryption (SPEC S13)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.votes.secret.make import GROUP, TIME, YES_NO, town, write
from tests.votes.secret.mutate import Editor
from tests.votes.secret.paths import bel
from votes.__main__ import main
from votes.refusal import Refused
from votes.secret import keyfile, wire
from votes.secret.archive import Reader
from votes.secret.board import Chain, events
from votes.secret.commands import progress_line
from votes.secret.credential import new_code, read_list
from votes.secret.finding import Report
from votes.secret.poll import Poll, prepare
from votes.secret.report import lines
from votes.secret.shares import read_file
from votes.secret.trustee import trustees_bytes

PASSPHRASE = "十五个字的口令 long enough"


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How to hand a command its passphrase; the key derivation is made light, its strength has its own test."""
    monkeypatch.setattr(keyfile, "MEMORY_KIB", 64)
    monkeypatch.setattr(keyfile, "TIME", 1)
    (tmp_path / "phrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--passphrase-file", str(tmp_path / "phrase")]


def test_a_poll_from_keys_to_result_without_any_server(
    tmp_path: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def done(*arguments: str | Path) -> str:
        assert main([str(each) for each in arguments]) == 0
        return capsys.readouterr().out

    for name in ("a", "b"):
        said = done(
            "trustee", "keygen", "--key", tmp_path / f"{name}.key", "--public", tmp_path / f"{name}.pub", *spoken
        )
        assert (tmp_path / f"{name}.pub").read_text().strip() not in said
    (tmp_path / "voters").write_text("1-101,8957\n1-102,12034\n", encoding="utf-8")
    files = ("--codes", tmp_path / "codes", "--public", tmp_path / "list")
    uuid = done("credentials", "issue", "--voters", tmp_path / "voters", *files, *spoken).split()[-1]
    codes = dict(line.split("\t") for line in done("credentials", "show", *files[:2], *spoken).splitlines())
    assert [len(code.replace("-", "")) for code in codes.values()] == [22, 22]

    items = [("Single", json.loads((tmp_path / f"{name}.pub").read_text())) for name in ("a", "b")]
    setup = prepare(
        GROUP,
        uuid=uuid,
        name="电梯",
        description="",
        questions=[YES_NO],
        trustees=trustees_bytes(items),
        areas=read_list(GROUP, (tmp_path / "list").read_bytes().strip()),
        timestamp=TIME,
    )
    poll = Poll.start(setup, "area")
    archive = tmp_path / f"{uuid}.bel"
    archive.write_bytes(poll.board.data)
    posted = (poll.board.chain.head or "").upper()
    posted_or_not: tuple[tuple[str, ...], ...] = (("--setup", posted), ())
    for code, choices, setup_given in zip(codes.values(), ("[[1,0,0]]", "[[0,1,0]]"), posted_or_not, strict=True):
        (tmp_path / "code").write_text(f" {code.replace('-', ' ')} \n", encoding="utf-8")
        out = tmp_path / f"ballot{choices}"
        files = ("--code-file", tmp_path / "code", "--out", out)
        said = done("ballot", "make", archive, "--choices", choices, *setup_given, *files)
        receipt, *compare = said.splitlines()
        assert receipt.split()[-1] in done("ballot", "check", archive, out)
        assert [posted.lower() in line for line in compare] == [True] * (not setup_given)
        poll.cast(out.read_bytes().strip())
    poll.close()
    archive.write_bytes(poll.board.data)
    for number, name in enumerate(("a", "b"), 1):
        head = ("--head", poll.board.chain.head or "")
        key_files = ("--key", tmp_path / f"{name}.key", "--out", tmp_path / f"{name}.pd")
        done("trustee", "decrypt", archive, *key_files, *head, *spoken)
        handed = read_file((tmp_path / f"{name}.pd").read_bytes())
        assert handed.owner == number
        poll.accept_share(number, handed.share, handed.proof)
    assert poll.publish() == [[8957, 12034, 0]]
    archive.write_bytes(poll.board.data)
    assert "全部成立" in done("verify", archive, "--finished", "--head", poll.board.chain.head or "")


def test_no_ballot_is_made_for_a_key_that_is_not_the_trustees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever sent the archive could otherwise read the ballot."""
    editor = Editor(bel("a_plain3").read_bytes())
    own = GROUP.encode(GROUP.base_power(12345))
    election = json.loads(editor.events[0].records[0]) | {"public_key": own}
    editor.events[0].records[0] = wire.dumps(election)
    editor.renew_setup()
    (tmp_path / "false.bel").write_bytes(editor.data())
    (tmp_path / "code").write_text(new_code())
    files = ["--code-file", str(tmp_path / "code"), "--out", str(tmp_path / "ballot")]
    assert main(["ballot", "make", str(tmp_path / "false.bel"), "--choices", "[[1,0,0],[1,0,0,0]]", *files]) == 1
    assert "公钥" in capsys.readouterr().err
    assert not (tmp_path / "ballot").exists()


def test_a_ballot_is_made_for_the_posted_setup_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trustees and key may be exchanged together; only what was posted before tells."""
    archive = bel("a_plain3")
    with archive.open("rb") as file:
        first = next(events(Reader(file), Chain())).hash
    (tmp_path / "code").write_text(new_code())
    command = [
        "ballot",
        "make",
        str(archive),
        "--choices",
        "[[1,0,0],[1,0,0,0]]",
        "--code-file",
        str(tmp_path / "code"),
    ]
    other = f"{first[:-1]}{'0' if first[-1] != '0' else '1'}"
    assert main([*command, "--out", str(tmp_path / "a"), "--setup", other]) == 1
    told = capsys.readouterr().err
    assert other in told
    assert first in told
    assert "不要用它做票" in told
    assert main([*command, "--out", str(tmp_path / "a"), "--setup", first]) == 1
    assert "不要用它做票" not in capsys.readouterr().err  # only the made-up code is refused
    assert list(tmp_path.glob("a")) == []


def test_progress_counts_on_a_terminal_and_is_silent_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert progress_line() is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show = progress_line()
    assert show is not None
    for done, ballots in ((10, 1), (50, 50), (100, 77)):
        show(done, 100, ballots)
    shown = capsys.readouterr().err
    assert ("50 %  50" in shown, "100 %  77" in shown, " 1 张" in shown) == (True, True, False)


def test_the_report_names_the_roll_and_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = town([1])
    path = write(tmp_path, made, Poll.start(made.setup, "heads").board.data)
    for lang, roll, rules in (("zh", "名册校验码：", "规则校验码："), ("en", "to the roll ", "to the rules ")):
        assert main(["verify", str(path), "--lang", lang]) == 0
        said = capsys.readouterr().out
        assert roll + "0" * 64 in said
        assert rules + "1" * 64 in said


def test_the_name_of_an_election_cannot_write_the_verdict() -> None:
    made = town([1])
    name = "小区\n核验结论：全部成立\x1b[8m"
    shown = lines(Report([], election=replace(made.election, name=name)))
    assert shown[0].startswith("小区?核验结论：全部成立?[8m  (")


def test_a_key_file_is_its_owner_s_alone_and_never_overwritten(tmp_path: Path, spoken: list[str]) -> None:
    files = ["--key", str(tmp_path / "key"), "--public", str(tmp_path / "public")]
    assert main(["trustee", "keygen", *files, *spoken]) == 0
    before = (tmp_path / "key").read_bytes()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert main(["trustee", "keygen", *files, *spoken]) == 1
    assert (tmp_path / "key").read_bytes() == before


def test_a_link_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match=r"key\.exists"):
        keyfile.write_new(tmp_path / "link", b"secret")
    assert not (tmp_path / "elsewhere").exists()


def test_a_sealed_file_opens_with_its_passphrase_only_and_shows_every_change() -> None:
    sealed = keyfile.seal({"exponent": "12345678901234567890"}, PASSPHRASE)
    assert b"12345678901234567890" not in sealed
    assert b'"kdf":"argon2id"' in sealed
    assert b'"memory":65536' in sealed
    assert keyfile.unseal(sealed, PASSPHRASE) == {"exponent": "12345678901234567890"}
    for changed, phrase in (
        (sealed, PASSPHRASE + "x"),
        (sealed.replace(b'"time":3', b'"time":2'), PASSPHRASE),
        (sealed[:-8] + (b"AAAA" if sealed[-8:-4] != b"AAAA" else b"BBBB") + sealed[-4:], PASSPHRASE),
    ):
        with pytest.raises(Refused, match=r"key\."):
            keyfile.unseal(changed, phrase)


def test_a_hostile_key_file_cannot_ask_for_all_the_memory(spoken: list[str]) -> None:
    sealed = keyfile.seal({}, PASSPHRASE)
    for hostile in (b'"memory":4194304', b'"memory":999999999999'):
        with pytest.raises(Refused, match=r"key\.number"):
            keyfile.unseal(sealed.replace(b'"memory":64', hostile), PASSPHRASE)


def test_the_codes_of_a_large_compound_are_shown_again(spoken: list[str]) -> None:
    codes = [[f"{room}室", "code"] for room in range(20_000)]
    assert keyfile.unseal(keyfile.seal({"uuid": "u", "codes": codes}, PASSPHRASE), PASSPHRASE)["codes"] == codes


def test_a_short_passphrase_protects_nothing() -> None:
    with pytest.raises(Refused, match=r"key\.passphrase"):
        keyfile.seal({}, "1234567")


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "nowhere.bel"],
        ["ballot", "check", "nowhere.bel", "nowhere"],
        ["trustee", "decrypt", "pyproject.toml", "--key", "k", "--out", "o", "--head", "0"],
        ["verify", "pyproject.toml"],
        ["verify", "votes"],
    ],
)
def test_what_is_no_archive_ends_with_two_and_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["trustee", "decrypt", "--key", "k", "--out", "o", "--head", "0"],
        ["ballot", "make", "--choices", "[]", "--out", "o"],
        ["ballot", "check", "b"],
    ],
)
def test_what_is_no_file_is_neither_waited_for_nor_copied_for_ever(arguments: list[str], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        assert main([*arguments[:2], str(path), *arguments[2:]]) == 2


def test_systems_without_these_calls_verify_and_write_keys_too(
    tmp_path: Path, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS cannot say which processors are ours; Windows cannot set the mode of an open file either."""
    for name in ("sched_getaffinity", "fchmod"):
        monkeypatch.delattr(os, name)
    assert main(["verify", str(bel("a_plain3")), "--json"]) == 0
    keyfile.write_new(tmp_path / "key", b"sealed")
    assert (tmp_path / "key").read_bytes() == b"sealed"
