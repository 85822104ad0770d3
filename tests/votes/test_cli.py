"""SPEC 8: the command line."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.votes.make import DATA, MAJOR, ORDINARY, Side, ballot_csv, csv_bytes, poll, roll_rows, row
from votes.__main__ import main
from votes.rulefile import SAMPLE

ROLL, BALLOTS = str(DATA / "roll_sample.csv"), str(DATA / "e1_ballots.csv")


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        loaded = json.loads(self.out)
        assert isinstance(loaded, dict)
        return loaded


class Runner:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def file(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def __call__(self, *arguments: str) -> Ran:
        code = main(arguments)
        captured = self.capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    def count(self, roll: bytes, ballots: bytes, rule: str = ORDINARY, *options: str) -> Ran:
        files = ("--roll", self.file("roll.csv", roll), "--ballots", self.file("ballots.csv", ballots))
        return self("count", "--rule", rule, *files, *options)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(tmp_path, capsys)


CASES = {
    "C01": (MAJOR, (150, 15000_00), (40, 4000_00), (10, 1000_00), True, True, set()),
    "C02": (MAJOR, (160, 16100_00), (30, 3000_00), (9, 900_00), False, False, {"participation.heads"}),
    "C03": (MAJOR, (170, 16999_99), (20, 2000_00), (10, 1000_00), False, False, {"participation.area"}),
    "C04": (ORDINARY, (110, 12000_00), (100, 9000_00), (10, 1000_00), True, False, {"consent.heads"}),
    "C05": (ORDINARY, (120, 11000_00), (90, 10000_00), (10, 1000_00), True, False, {"consent.area"}),
    "C06": (ORDINARY, (111, 11000_01), (99, 9999_99), (10, 1000_00), True, True, set()),
    "C07": (MAJOR, (180, 16400_00), (30, 4600_00), (10, 1000_00), True, False, {"consent.area"}),
    "C08": (MAJOR, (160, 18000_00), (50, 3500_00), (10, 500_00), True, False, {"consent.heads"}),
    "T5": (ORDINARY, (110, 11000_00), (90, 9000_00), (0, 0), True, True, set()),
}


@pytest.mark.parametrize(("rule", "ayes", "noes", "abstain", "valid", "passed", "missed"), CASES.values(), ids=CASES)
def test_printed_cases(
    run: Runner, rule: str, ayes: Side, noes: Side, abstain: Side, valid: bool, passed: bool, missed: set[str]
) -> None:
    rows, ballots = poll({"for": ayes, "against": noes, "abstain": abstain}, (300, 30_000_00))
    ran = run.count(csv_bytes(rows), ballot_csv(ballots), rule, "--json")
    assert ran.code == 0
    assert (ran.json["rule"], ran.json["valid"], ran.json["passed"]) == (rule, valid, passed)
    tests = ran.json["tests"]
    assert isinstance(tests, list)
    assert {test["name"] for test in tests if not test["met"]} == missed


@pytest.mark.parametrize(
    ("case", "rule", "passed"), [("E1", MAJOR, False), ("E2", MAJOR, True), ("E3", ORDINARY, True), ("E4", MAJOR, True)]
)
def test_the_realistic_vote(run: Runner, case: str, rule: str, passed: bool) -> None:
    lines = (DATA / "e1_ballots.csv").read_text().splitlines()
    if case == "E2":
        lines = [line.replace("abstain", "for") if line.startswith("K0001") else line for line in lines]
    if case == "E4":
        lines = [line for line in lines if not line.startswith("K0001")]
    ran = run(
        "count", "--rule", rule, "--roll", ROLL, "--ballots", run.file("b.csv", "\n".join(lines).encode()), "--json"
    )
    assert (ran.code, ran.json["valid"], ran.json["passed"]) == (0, True, passed)


def test_t1_several_flats_of_one_owner(run: Runner) -> None:
    rows = [row("six", 100_00)] * 6 + [row(f"s{n}", 100_00) for n in range(24)]
    ballots = b"owner_id,choice\nsix,for\n" + b"".join(b"s%d,for\n" % n for n in range(14))
    ran = run.count(csv_bytes(roll_rows(rows)), ballots, ORDINARY, "--json").json
    assert (ran["valid"], ran["passed"]) == (False, False)
    tests = ran["tests"]
    assert isinstance(tests, list)
    assert [(test["have"], test["of"], test["met"], test["short_by"]) for test in tests[:2]] == [
        (15, 25, False, 2),
        (2000_00, 3000_00, True, 0),
    ]


def test_t3_parking_option(run: Runner) -> None:
    rows = [row(f"F{n}", 90_00) for n in range(200)] + [row("DEV", 13_00, "parking", "unsold")] * 150
    ballots = b"owner_id,choice\n" + b"".join(b"F%d,for\n" % n for n in range(134))
    assert run.count(csv_bytes(roll_rows(rows)), ballots, ORDINARY, "--json").json["passed"] is True
    counted = run.count(csv_bytes(roll_rows(rows)), ballots, ORDINARY, "--json", "--count-parking").json
    assert (counted["valid"], counted["passed"]) == (False, False)


def test_t7_and_t8_are_held_and_refused(run: Runner) -> None:
    roll = csv_bytes(
        roll_rows([row("H", 90_00), row("D", 9_00, delivery="unsold"), row("B", 9_00, delivery="sold_undelivered")])
    )
    ballots = b"owner_id,choice,channel,cast_at,cast_by\nH,for,paper,,husband\nB,for,paper,,\nH,against,online,,wife\n"
    ran = run.count(roll, ballots, ORDINARY, "--json")
    assert ran.json["held"] == [{"owner_id": "H", "code": "co_owners_disagree", "lines": [2, 4], "area": 90_00}]
    assert ran.json["refused"] == [{"owner_id": "B", "code": "undelivered", "line": 3}]
    shown = run.count(roll, ballots, ORDINARY, "--explain").out
    assert "第 3 行 B：房屋已售未交付，表决权仍在建设单位" in shown
    assert "暂不计票：H" in shown
    assert "--explain" not in shown
    assert "未计入 2 项，加 --explain 看原因" in run.count(roll, ballots).out


SMALL = csv_bytes(roll_rows(row(f"A{n}", 10_00) for n in range(3)))


def test_options_change_the_count(run: Runner) -> None:
    lines = ("A0,for,online,2026-11-20T09:00", "A0,against,paper,2026-11-20T10:00", "A1,invalid,hall,")
    ballots = "\n".join(["owner_id,choice,channel,cast_at", *lines]).encode()
    assert run.count(SMALL, ballots, ORDINARY, "--json").json["valid"] is False
    assert run.count(SMALL, ballots, ORDINARY, "--json", "--invalid-takes-part").json["valid"] is True
    for conflict, side in (("first", "for"), ("last", "against"), ("paper", "against")):
        totals = run.count(SMALL, ballots, ORDINARY, "--json", "--conflict", conflict).json["totals"]
        assert isinstance(totals, dict)
        assert totals[side]["heads"] == 1
    late = run.count(
        SMALL, ballots, ORDINARY, "--json", "--opens", "2026-11-20 08:00", "--closes", "2026-11-20T10:00"
    ).json
    assert late["refused"] == [{"owner_id": "A0", "code": "too_late", "line": 3}]


def test_silence_and_proxy_files_are_read(run: Runner) -> None:
    ballots = b"owner_id,choice,cast_by\nA0,for,Lin\n"
    delivered = run.file("d.csv", b"owner_id\nA1\n")
    ran = run.count(SMALL, ballots, ORDINARY, "--json", "--silence-follows-majority", delivered).json
    assert (ran["passed"], ran["silence"]) == (True, {"with_choice": "for", "heads": 1, "area": 10_00, "unknown": []})
    shown = run.count(SMALL, ballots, ORDINARY, "--silence-follows-majority", delivered, "--lang", "en").out
    assert "Without the silence clause: Too few took part" in shown
    assert "silent, deemed" in shown
    proxies = run.file("p.csv", b"principal,holder,scope\nA0,Lin,m6\n")
    refused = run.count(SMALL, ballots, ORDINARY, "--json", "--proxies", proxies, "--matter", "m8").json["refused"]
    assert refused == [{"owner_id": "A0", "code": "proxy_scope", "line": 2}]


def test_bodies_that_count_heads_need_only_ids(run: Runner) -> None:
    ran = run.count(b"owner_id\nA\nB\n", b"owner_id,choice\nA,for\nB,for\n", "residents-assembly", "--json").json
    assert ran["passed"] is True
    assert run.count(b"owner_id\nA\nB\n", b"owner_id,choice\nA,for\n").code == 2


def test_the_table_is_for_reading(run: Runner) -> None:
    out = run("count", "--rule", MAJOR, "--roll", ROLL, "--ballots", BALLOTS).out.splitlines()
    assert out[0] == "本次表决未通过：面积差 209.34 ㎡"
    assert out[1] == "业主共同决定（重大事项，四分之三以上同意） · 《中华人民共和国民法典》第二百七十八条"
    assert out[3:6] == ["          人数    面积 ㎡", "名册       175  20,459.42", "参加表决   134  15,682.38"]
    assert "同意面积  11,552.45  11,761.79（至少 3/4）  15,682.38  73.67%  差 209.34" in out
    english = run("count", "--rule", MAJOR, "--roll", ROLL, "--ballots", BALLOTS, "--lang", "en").out
    assert "area in favour     11,552.45  >=3/4 = 11,761.79  15,682.38  73.67%  short 209.34" in english
    assert (
        english.splitlines()[1]
        == "Owners' joint decision (matters 6, 7 and 8, three quarters) · Civil Code, article 278"
    )


def test_a_roll_is_checked(run: Runner) -> None:
    assert run("roll", ROLL).out.splitlines()[:2] == [
        "194 处房屋，175 个表决权人，20,459.42 ㎡",
        "三分之二是 117 人、13,639.62 ㎡",
    ]
    assert run("roll", ROLL, "--lang", "en").out.splitlines()[0] == "194 units, 175 heads, 20,459.42 m²"
    facts = run("roll", ROLL, "--json").json
    assert (facts["units"], facts["heads"], facts["area"]) == (194, 175, 2045942)
    assert (facts["owners_with_several_units"], facts["developer_units"]) == (11, 8)
    assert facts["two_thirds"] == {"heads": 117, "area": 1363962}
    odd = run.file("odd.csv", csv_bytes(roll_rows([row("y1", 100), row("Y1", 100), row("P", 5, "parking")])))
    assert "请看第 2、3 行（y1 / Y1）：同一业主编号有两种写法，已合并为一个表决权人" in run("roll", odd).out
    assert run("roll", odd, "--json", "--count-parking").json["heads"] == 2
    counted = ("--roll", odd, "--ballots", run.file("none.csv", b"owner_id,choice\n"), "--rule", ORDINARY)
    assert "请看第 2、3 行（y1 / Y1）：同一业主编号有两种写法，已合并为一个表决权人" in run("count", *counted).out
    assert "See lines 2, 3 (y1 / Y1): one owner id" in run("count", *counted, "--lang", "en").out
    people = run.file("people.csv", b"owner_id\nA\nB\n")
    assert run("roll", people, "--heads-only").out.splitlines()[0] == "2 处房屋，2 个表决权人"


@pytest.mark.parametrize(
    ("roll", "ballots", "said"),
    [
        (
            'owner_id,"专有部分面积\n（㎡）",use,delivery\nA,"89,37",dwelling,delivered\nB,1,x,delivered\n'.encode(),
            b"owner_id,choice\n",
            [
                (
                    "roll.csv:3:专有部分面积 （㎡）: 第 3 行“专有部分面积 （㎡）”列：“89,37”里有逗号，请用小数点，写成 89.37，"
                    "千位不加逗号。 / Line 3, column 专有部分面积 （㎡）: “89,37” has a comma; use a point as in 89.37, and no "
                    "thousands separator."
                ),
                (
                    "roll.csv:4:use: 第 4 行“use”列：“x”不是可识别的用途，请写 住宅、商业 或 车位。 / "
                    "Line 4, column use: “x” is not a known use; write dwelling, shop or parking."
                ),
            ],
        ),
        (SMALL, b"owner_id,choice\nA0,maybe\n", ["ballots.csv:2:choice: 第 2 行“choice”列"]),
        (SMALL, b"owner_id\nA0\n", ["ballots.csv:1:choice: 第 1 行“choice”列：表头里缺少这一列"]),
        (SMALL, b'owner_id,choice\nA0,"for\nA1,for\n', ["ballots.csv:2:choice: 第 2 行“choice”列：这一格的引号"]),
        (b"\xff\xff\xff", b"owner_id,choice\n", ["roll.csv:1:-: 第 1 行：看不懂文件的编码"]),
        (
            b"owner_id,area,use,delivery\nP,13,parking,unsold\n",
            b"owner_id,choice\n",
            ["roll.csv:1:-: 第 1 行：名册里没有可以计票的房屋。 / Line 1: no unit on the roll carries a vote."],
        ),
    ],
)
def test_unusable_input_leaves_with_2_naming_file_line_and_column(
    run: Runner, roll: bytes, ballots: bytes, said: list[str]
) -> None:
    ran = run.count(roll, ballots, ORDINARY, "--json")
    assert (ran.code, ran.out) == (2, "")
    lines = [line.removeprefix(f"{run.folder}/") for line in ran.err.splitlines()]
    assert len(lines) == len(said)
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True)), lines


def test_a_rule_file_is_used_and_a_wrong_one_named(run: Runner) -> None:
    text = 'name = "ours"\nbased_on = "civil-code-278-ordinary"\nversion = "1"\n[settings]\ninvalid_takes_part = true\n'
    ballots = b"owner_id,choice\nA0,for\nA1,invalid\n"
    own = run.file("own.toml", text.encode())
    ran = run.count(SMALL, ballots, own, "--json").json
    assert (ran["rule"], ran["valid"]) == ("ours", True)
    assert run.count(SMALL, ballots, run.file("rules of ours", text.encode()), "--json").json["valid"] is True
    wrong = run.file("wrong.toml", text.replace("true", "maybe").encode())
    bad = run.count(SMALL, ballots, wrong)
    assert bad.code == 2
    assert bad.err.startswith(f"{wrong}:5:22: 第 5 行“22”列：看不懂，不是 TOML 文件的写法；文字要放在英文引号里")
    assert " / Line 5, column 22: " in bad.err
    clash = run.count(SMALL, ballots, run.file("clash.toml", text.replace("ours", ORDINARY).encode()))
    assert (clash.code, clash.err.removeprefix(f"{run.folder}/")) == (
        2,
        (
            f"clash.toml:1:name: 第 1 行“name”列：“{ORDINARY}”是法定规则的名称，请另起一个。 / "
            f"Line 1, column name: “{ORDINARY}” is a preset's name; choose another.\n"
        ),
    )
    unknown = run.count(SMALL, ballots, "half-of-all")
    assert unknown.code == 2
    assert unknown.err.startswith(
        "--rule: 没有“half-of-all”这套规则，可用：civil-code-278-ordinary (业主共同决定（一般事项"
    )
    assert "/ no rule-set is called half-of-all; there are: civil-code-278-ordinary" in unknown.err


def test_missing_files_are_named(run: Runner) -> None:
    ran = run("count", "--rule", MAJOR, "--roll", "nowhere.csv", "--ballots", BALLOTS)
    assert (ran.code, ran.err) == (
        2,
        "nowhere.csv: 打不开：没有这个文件或文件夹，请核对名称和所在的文件夹 / cannot be opened: No such file or directory\n",
    )
    assert run("roll", "\0").err == "\0: 打不开：文件名不对 / cannot be opened: embedded null byte\n"


@pytest.mark.parametrize("option", ["opens", "closes"])
@pytest.mark.parametrize("time", ["soon", ""])
def test_a_window_that_cannot_be_read_is_no_open_window(run: Runner, option: str, time: str) -> None:
    ran = run("count", "--rule", MAJOR, "--roll", ROLL, "--ballots", BALLOTS, f"--{option}", time)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"--{option}: “{time}”不是可识别的时间")
    assert ran.err.endswith(f"“{time}” is not a time; write it like 2026-11-23T19:30\n")


def test_the_help_shows_a_rule_file(run: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("count", "--help")
    shown = capsys.readouterr().out
    assert SAMPLE in shown
    assert "villagers-group" in shown


@pytest.mark.parametrize("option", ["--roll", "--ballots", "--rule", "--proxies", "--silence-follows-majority"])
def test_only_a_regular_file_is_read(run: Runner, option: str) -> None:
    """A pipe would be waited for, a device never ends."""
    pipe = run.folder / "pipe.toml"
    os.mkfifo(pipe)
    for path in (str(pipe), "/dev/zero", str(DATA)):
        given = {"--rule": MAJOR, "--roll": ROLL, "--ballots": BALLOTS, option: path}
        if (option, path) in (("--rule", "/dev/zero"), ("--rule", str(DATA))):
            assert run("count", *itertools.chain(*given.items())).code == 2
            continue
        ran = run("count", *itertools.chain(*given.items()))
        assert (ran.code, ran.err) == (2, f"{path}: 不是普通文件 / not a regular file\n")


def test_no_more_is_read_of_a_file_than_may_be(run: Runner) -> None:
    """Eight gigabytes, in a process that may have half a gigabyte."""
    endless = run.folder / "endless.csv"
    with endless.open("wb") as file:
        file.truncate(8 << 30)
    code = f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29)); \
from votes.__main__ import main; sys.exit(main(['roll', {str(endless)!r}]))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, f"{endless}:1:-: 第 1 行：文件太大。 / Line 1: the file is too large.\n")


@pytest.mark.parametrize("command", ["count", "roll"])
def test_output_that_cannot_be_written_is_said_in_one_sentence(command: str) -> None:
    given = [ROLL] if command == "roll" else ["--rule", MAJOR, "--roll", ROLL, "--ballots", BALLOTS]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-m", "votes", command, *given],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (
        2,
        "python -m votes: 没有做完：磁盘满了 / stopped: No space left on device\n",
    )


def test_too_little_memory_is_said_in_one_sentence(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def eat(path: str) -> bytes:
        raise MemoryError

    monkeypatch.setattr("votes.cli.read_file", eat)
    monkeypatch.setattr("votes.__main__._drop_the_rest", lambda: None)
    ran = run("roll", ROLL)
    assert (ran.code, ran.err) == (2, "python -m votes: 没有做完：内存不够 / stopped: out of memory\n")


def test_help_lists_the_commands_and_a_wrong_one_is_named(run: Runner) -> None:
    for arguments in ((), ("--help",), ("-h",)):
        assert "count" in run(*arguments).out
    ran = run("recount")
    assert (ran.code, ran.err) == (
        2,
        "python -m votes: 没有 'recount' 这个命令，见 --help / there is no command 'recount'; see --help\n",
    )


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "votes", "count", "--rule", MAJOR, "--roll", ROLL, "--ballots", BALLOTS, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert json.loads(done.stdout)["passed"] is False
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["count", "roll"])
def test_what_is_for_machines_is_json_on_every_stream(run: Runner, command: str) -> None:
    """É and the emoji have no escape of their own in JSON; how a stream shows what it lacks is not JSON's."""
    roll = run.file("roll.csv", "owner_id,owner_name\nÉ😀,a\né😀,b\n".encode())
    ballots = run.file("ballots.csv", "owner_id,choice\nè😀,for\n".encode())
    given = [roll, "--heads-only"] if command == "roll" else ["--rule", "residents-assembly", "--roll", roll]
    given += ["--ballots", ballots] if command == "count" else []
    for stream in ("ascii", "latin-1", "gbk", "utf-8"):
        done = subprocess.run(
            [sys.executable, "-m", "votes", command, *given, "--json"],
            env=os.environ | {"PYTHONIOENCODING": stream},
            capture_output=True,
            check=True,
        )
        assert json.loads(done.stdout.decode(stream))["notices"][0]["value"] == "É😀 / é😀"


def test_who_interrupts_a_command_sees_no_traceback(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(path: str) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("votes.cli.read_file", stop)
    ran = run("roll", ROLL)
    assert (ran.code, ran.out, ran.err) == (130, "", "")


def test_a_reader_that_stops_reading_is_no_fault(run: Runner) -> None:
    lines = "".join(f"Z{n},for\n" for n in range(9000))
    ballots = run.file("many.csv", b"owner_id,choice\n" + lines.encode())
    command = [
        sys.executable,
        "-m",
        "votes",
        "count",
        "--rule",
        MAJOR,
        "--roll",
        ROLL,
        "--ballots",
        ballots,
        "--explain",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as counting:
        assert counting.stdout is not None
        assert counting.stderr is not None
        assert counting.stdout.read(10)
        counting.stdout.close()
        said = counting.stderr.read()
    assert (counting.returncode, said) == (0, b"")
