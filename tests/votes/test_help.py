"""SPEC 8.3: what somebody at a Chinese terminal is told who does it wrong, or asks how."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.votes.make import ORDINARY
from tests.votes.test_cli import SMALL, Runner
from votes.__main__ import main


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(tmp_path, capsys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["count", "--roll", "r"], "还缺 --rule, --ballots；用法见 --help / the following arguments are required"),
        (["roll", "r", "--colour"], "不认识 --colour；"),
        (["roll"], "还缺 ROLL.csv；"),
        (["roll", "r", "--lang", "fr"], "--lang 不能写 'fr'，只能写 'zh', 'en'；"),
        (["roll", "r", "--lang"], "--lang 后面还要写内容；"),
        (["verify", "x.bel", "--jobs", "two"], "--jobs 要写整数，不能写 'two'；"),
        (["trustee", "sign"], "不能写 'sign'，只能写 'keygen', 'decrypt'；"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line_in_both_languages(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    shown = capsys.readouterr()
    assert said in shown.err
    assert (shown.out, len(shown.err.splitlines())) == ("", 1)


HELPS = (
    *(["count"], ["roll"], ["verify"], ["trustee"], ["trustee", "keygen"], ["trustee", "decrypt"]),
    *(["credentials"], ["credentials", "issue"], ["credentials", "show"]),
    *(["ballot"], ["ballot", "make"], ["ballot", "check"]),
)


@pytest.mark.parametrize("command", HELPS, ids=" ".join)
def test_every_option_is_explained_in_chinese(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "800")
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    shown = re.sub(r"\n {20,}", " ", capsys.readouterr().out)  # a long name stands alone on its line
    options = re.findall(r"^ {2}(?:-h, )?(-\S.*|[A-Z]\S+\.\S+.*)$", shown, re.MULTILINE)
    assert options
    assert [option for option in options if not re.search(r"[\u4e00-\u9fff].* / ", option)] == []


def test_what_was_read_is_told_and_whether_lateness_was_looked_at(run: Runner) -> None:
    ballots = b"owner_id,choice,cast_at\nA0,for,2026-11-20T09:00\nA0,for,2026-11-20T09:01\n"
    said = run.count(SMALL, ballots).out.splitlines()[-1]
    assert said == "表决票清单里有 2 张；没有写 --closes 截止时间，没有查哪些票晚了"
    closed = run.count(SMALL, ballots, ORDINARY, "--closes", "2026-11-21T09:00").out.splitlines()[-1]
    assert closed == "表决票清单里有 2 张"
    assert (
        run.count(SMALL, ballots, ORDINARY, "--lang", "en").out.splitlines()[-1].startswith("2 ballots were read; as")
    )
    assert run.count(SMALL, b"owner_id,choice\nA0,for\n").out.splitlines()[-1] == "表决票清单里有 1 张"


def test_a_workbook_is_told_from_a_table(run: Runner) -> None:
    for begin in (b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"):
        ran = run("roll", run.file("roll.csv", begin + bytes(50)))
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert "这是 Excel 工作簿，请在 Excel 里另存为“CSV UTF-8" in ran.err


def test_a_column_in_the_wrong_place_is_named_at_the_end(run: Runner) -> None:
    rows = "".join(f"A{n},住宅,100,delivered\n" for n in range(150))
    ran = run("roll", run.file("roll.csv", f"owner_id,area,use,delivery\n{rows}".encode()))
    said = ran.err.splitlines()
    assert (ran.code, len(said)) == (2, 203)
    assert "area”列有 100 处同样的错误，看看是不是整列放错了" in said[200]
    assert "use”列有 100 处同样的错误" in said[201]
    assert "只列出前 200 处，改好后再运行一次" in said[202]
    few = "".join(f"A{n},住宅,dwelling,delivered\n" for n in range(19))
    assert len(run("roll", run.file("few.csv", f"owner_id,area,use,delivery\n{few}".encode())).err.splitlines()) == 19


def test_a_python_without_the_packages_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name="argon2")

    monkeypatch.setattr("votes.__main__.importlib.import_module", missing)
    assert main(["trustee", "keygen"]) == 2
    said = "这个 Python 没有装 argon2，请用 make demo 装好的 .venv/bin/python / argon2 is missing: use .venv/bin/python"
    assert capsys.readouterr().err == f"python -m votes: {said}\n"


def test_an_old_terminal_without_chinese_can_still_ask_for_help() -> None:
    for arguments in ([], ["recount"], ["count", "--help"], ["count"]):
        done = subprocess.run(
            [sys.executable, "-m", "votes", *arguments],
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert "--help" in done.stdout + done.stderr
