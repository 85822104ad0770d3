"""What stands in an archive, and what the terminal cannot show, change no verdict: both verifiers as they are run (SPEC S13.1)."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.votes.secret.hostile import ROOT, event_of
from tests.votes.secret.make import town, write
from tests.votes.secret.mutate import Editor
from tests.votes.secret.paths import bel
from votes.secret.commands import verify_command
from votes.secret.election import Question
from votes.secret.poll import Poll
from votes.secret.report import lines
from votes.secret.verify import verify_file

COMMANDS = {
    "audit": ["votes/audit.py"],
    "verify": ["-m", "votes", "verify"],
    "verify in English": ["-m", "votes", "verify", "--lang", "en"],
    "verify for machines": ["-m", "votes", "verify", "--json"],
}
TERMINALS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ascii": ([], {"PYTHONIOENCODING": "ascii"}),
    "none": (["-X", "utf8=0"], {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}),
}
COMMAND = pytest.mark.parametrize("command", COMMANDS)
TERMINAL = pytest.mark.parametrize("terminal", TERMINALS)


def run(command: str, terminal: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    options, environment = TERMINALS[terminal]
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL")}
    done = subprocess.run(
        [sys.executable, *options, *COMMANDS[command], *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        encoding="latin-1",
        check=False,
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def shown(text: str) -> str:
    """How a terminal without these letters shows them."""
    return text.encode("latin-1", "backslashreplace").decode("latin-1")


@COMMAND
@TERMINAL
def test_what_holds(command: str, terminal: str) -> None:
    done = run(command, terminal, bel("a_plain3"))
    assert done.returncode == 0, done
    if command == "verify for machines":
        assert "存档" in "".join(each["detail"] for each in json.loads(done.stdout))
    elif command != "verify in English":
        assert shown("核验") in done.stdout


@COMMAND
@TERMINAL
def test_what_does_not_hold(command: str, terminal: str) -> None:
    done = run(command, terminal, "--head", "0" * 64, bel("a_plain3"))
    assert done.returncode == 1, done


@COMMAND
@TERMINAL
def test_what_is_no_archive_under_a_name_that_is_no_text(command: str, terminal: str, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("票".encode() + b"\xff.bel")
    path.write_bytes(b"nothing")
    done = run(command, terminal, path)
    assert done.returncode == 2, done
    assert "archive" in done.stderr


HALVES = b"\\ud800", b"\\u001b[2J"


@COMMAND
@pytest.mark.parametrize("half", HALVES)
def test_letters_that_no_terminal_can_show(command: str, half: bytes, tmp_path: Path) -> None:
    """Half a character as an entry's type, in the poll's name and in an answer."""
    name = json.dumps(json.loads(b'"' + half + b'"')).encode()
    election = Editor(bel("a_plain3/snap_open").read_bytes())
    original = election.events[0].records[0]
    election.events[0].records[0] = original.replace(b'"name":"', b'"name":"' + name[1:-1], 1)
    election.renew_setup()
    answer = Editor(bel("a_plain3/snap_open").read_bytes())
    answer.events[0].records[0] = original.replace(b'"answers":["', b'"answers":["' + name[1:-1], 1)
    answer.renew_setup()
    for number, data in enumerate((event_of(b'{"height":0,"type":%s}' % name), election.data(), answer.data())):
        path = tmp_path / f"{number}.bel"
        path.write_bytes(data)
        done = run(command, "ascii", path)
        assert done.returncode == 1, done
        assert "\x1b" not in done.stdout


@COMMAND
def test_a_posted_head_as_people_copy_it(command: str) -> None:
    head = Editor(bel("a_plain3").read_bytes()).last_hash()
    for right in (head.upper(), f" {head} ", f"\t{head[:32]} {head[32:]}\n"):
        assert run(command, "ascii", "--head", right, bel("a_plain3")).returncode == 0
    assert run(command, "ascii", "--head", f" {head[::-1].upper()} ", bel("a_plain3")).returncode == 1


def test_a_system_that_does_not_tell_which_processors_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    assert verify_command([str(bel("a_plain3"))]) == 0


def test_two_answers_of_the_same_words_are_both_shown(tmp_path: Path) -> None:
    """Else the figures of the first would not be seen."""
    place = town([3, 4], [Question("同意吗？", ("同意", "同意"), 1, 1)])
    poll = Poll.start(place.setup, "area")
    for voter, choice in enumerate(([1, 0], [0, 1])):
        poll.cast(place.ballot(voter, [choice]))
    place.finish(poll)
    assert "同意吗？  同意 3，同意 4" in lines(verify_file(write(tmp_path, place, poll.board.data)))


@COMMAND
def test_what_is_no_file_neither_waits_nor_ends_in_a_crash(command: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero"), tmp_path / "nowhere"):
        assert run(command, "ascii", path).returncode == 2
    if command != "audit":
        assert run(command, "ascii", "--earlier", pipe, bel("a_plain3")).returncode == 1


def test_a_reader_that_stops_reading_does_not_make_a_false_archive_hold(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bel"
    broken.write_bytes(bel("a_plain3").read_bytes()[:-1] + b"x")
    command = [sys.executable, "-m", "votes", "verify", str(broken)]
    for each in (command, [*command, "--json"]):
        with subprocess.Popen(each, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as verifying:
            assert verifying.stdout is not None
            assert verifying.stderr is not None
            verifying.stdout.close()
            assert verifying.stderr.read() == b""
        assert verifying.returncode == 1


def test_what_was_not_asked_is_told_and_what_was_is_not(tmp_path: Path) -> None:
    """A poll that is not at its end, a copied head, a download that broke off: each says what to do."""
    path = bel("a_plain3")
    head = Editor(path.read_bytes()).last_hash()
    warned = "没有核对张贴的校验码（--head）"
    assert warned in "".join(lines(verify_file(path)))
    assert warned not in "".join(lines(verify_file(path, head=head)))
    wrong = "".join(lines(verify_file(path, head=head[::-1])))
    assert "请逐字核对，再重新下载一次；仍然不同，就请向居务监督提出" in wrong
    assert wrong.endswith("核验结论：不成立，原因见打 ✗ 的各行")
    open_ = lines(verify_file(bel("a_plain3/snap_open"), finished=True))
    assert "  ✗ 表决还没有走完：正在投票，还没有结果" in open_
    (tmp_path / "short.bel").write_bytes(path.read_bytes()[:30000])
    short = lines(verify_file(tmp_path / "short.bel"))
    assert any("多半没有下载完整，请重新下载再核验" in line for line in short)
    assert any(line.startswith("只读到出错的地方，那里的状态：") for line in short)
    swapped = lines(verify_file(bel("a_plain3/snap_open"), earlier=path))
    assert any("没有丢票；请看是不是两个文件写反了" in line for line in swapped)
    nowhere = lines(verify_file(path, earlier=tmp_path / "nowhere"))
    assert any("较早的副本读不出来：没有这个文件或文件夹" in line for line in nowhere)
    blank = lines(verify_file(bel("b_weighted3")))
    assert any("  空白 12034，张三" in line for line in blank)
    assert any("  blank 12034, 张三" in line for line in lines(verify_file(bel("b_weighted3")), "en"))


@pytest.mark.parametrize("command", ["audit", "verify", "verify for machines"])
@pytest.mark.parametrize(
    ("listener", "unbuffered"),
    [("| true", ""), ("| true", "1"), (">&-", ""), ("2>&- | true", "1"), ("2>/dev/full", "")],
)
@pytest.mark.parametrize(("arguments", "code"), [("", 0), (f"--head {'0' * 64}", 1), ("nowhere", 2)])
def test_who_stops_listening_changes_no_verdict(
    command: str, unbuffered: str, listener: str, arguments: str, code: int
) -> None:
    """A failing archive was reported as fine when the next program had seen enough."""
    words = [sys.executable, *COMMANDS[command], str(arguments if code == 2 else bel("a_plain3"))]
    given = f"{shlex.join(words)} {'' if code == 2 else arguments} {listener}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", given],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done
