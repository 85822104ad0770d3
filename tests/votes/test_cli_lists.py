"""SPEC 8: the lists a count is given beside roll and ballots, and what is said where one is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.votes.make import ORDINARY, csv_bytes, roll_rows, row
from tests.votes.test_cli import Runner
from votes.rulefile import SAMPLE


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(tmp_path, capsys)


def test_co_owners_name_one_in_writing_after_the_roll_was_frozen(run: Runner) -> None:
    roll = csv_bytes(roll_rows([row("H", 90_00), row("K", 90_00)]))
    ballots = b"owner_id,choice,channel,cast_at,cast_by\nH,for,paper,,husband\nH,against,online,,wife\nK,for,paper,,\n"
    assert run.count(roll, ballots, ORDINARY, "--json").json["held"] != []
    named = run.file("named.csv", "业主编号,姓名\nH,wife\n".encode())
    ran = run.count(roll, ballots, ORDINARY, "--json", "--designated", named)
    assert ran.json["held"] == []
    assert ran.json["refused"] == [{"owner_id": "H", "code": "not_designated", "line": 2}]
    twice = run.file("twice.csv", b"owner_id,name\nH,wife\nH, WIFE\nh,husband\n")
    ran = run.count(roll, ballots, ORDINARY, "--designated", twice)
    assert (ran.code, ran.out) == (2, "")
    assert "twice.csv:4:name: 第 4 行“name”列：“husband”：这位业主编号前面推举的是另一个人。" in ran.err
    assert "twice.csv:3" not in ran.err, "one name, spelt in two ways"


def test_a_duplicate_is_told_with_the_line_that_counts(run: Runner) -> None:
    roll = csv_bytes(roll_rows([row("A", 90_00)]))
    ballots = b"owner_id,choice\nA,for\nA,against\n"
    assert "第 3 行 A" in run.count(roll, ballots, ORDINARY, "--explain").out
    assert "，计入的是第 2 行" in run.count(roll, ballots, ORDINARY, "--explain").out
    assert (
        "; line 3 counts" in run.count(roll, ballots, ORDINARY, "--explain", "--lang", "en", "--conflict", "last").out
    )
    assert run.count(roll, ballots, ORDINARY, "--json").json["refused"] == [
        {"owner_id": "A", "code": "duplicate", "line": 3}
    ]


def test_a_silence_clause_without_deliveries_is_said_not_to_be_applied(run: Runner) -> None:
    roll, ballots = csv_bytes(roll_rows([row("A", 90_00)])), b"owner_id,choice\nA,for\n"
    rule = run.file("own.toml", SAMPLE.encode())
    assert "没有给 --silence-follows-majority 送达清单" in run.count(roll, ballots, rule).out
    delivered = run.file("delivered.csv", b"owner_id\nA\n")
    told = run.count(roll, ballots, rule, "--silence-follows-majority", delivered).out
    assert "没有给 --silence-follows-majority" not in told
    assert "没有给 --silence-follows-majority" not in run.count(roll, ballots, ORDINARY).out
