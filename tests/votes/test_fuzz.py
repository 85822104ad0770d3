"""SPEC 8.3: any file as input; never a traceback, never an exit other than 0 or 2. VOTES_FUZZ=20000 looks longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.votes.make import E1, MAJOR, SAMPLE
from votes.__main__ import main

EXAMPLES = int(os.environ.get("VOTES_FUZZ", "60"))
HARD = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
TOML = b'name = "ours"\nbased_on = "civil-code-278-major"\nversion = "1"\n[settings]\nconflict = "last"\n'
ROLL = b"\n".join(SAMPLE.split(b"\n")[:12])
BALLOTS = b"\n".join(E1.split(b"\n")[:12])
PROXIES = b"principal,holder,scope,signed_at,until,revoked_at\nY0001,Lin,m8,2026-11-01,2026-12-01,\nY0002,Lin,,,,\n"

NASTY = [
    *[
        text.encode()
        for text in (
            "89,37",
            '"',
            "\n",
            "\0",
            "﻿",
            "\u202e",
            "\u200b",
            "９９",
            "㎡",
            "—",
            "𠮷",
            "=1+1",
            ",,,",
            "\r",
            "\t",
        )
    ],
    *[
        text.encode()
        for text in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1e309", "nan", "-0", "9" * 5000)
    ],
    *(
        b"\xff",
        b"\xfe\xff",
        b"\x81\x30\x81\x30",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"a" * 200_000,
        b"[" * 3000,
        b"owner_id",
    ),
]


@st.composite
def spoiled(draw: st.DrawFn, seed: bytes) -> bytes:
    """A good file with cuts, repeats, swaps and nasty insertions, perhaps in another encoding."""
    data = seed
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(len(data), at + 60)))
        piece = draw(st.one_of(st.sampled_from(NASTY), st.binary(max_size=12), st.just(data[at:to] * 2), st.just(b"")))
        data = data[:at] + piece + data[to:]
    if draw(st.booleans()):
        encoding = draw(st.sampled_from(["utf-16", "gb18030", "utf-16-be", "utf-8-sig"]))
        data = data.decode("utf-8", "replace").encode(encoding, "replace")
    return data


def _runs(
    folder: Path, capsys: pytest.CaptureFixture[str], roll: bytes, ballots: bytes, *more: tuple[str, bytes]
) -> None:
    files = {"--roll": roll, "--ballots": ballots, **dict(more)}
    arguments = ["count"] if "--rule" in files else ["count", "--rule", MAJOR]
    for option, data in files.items():
        path = folder / f"{option[2:]}{'.toml' if option == '--rule' else '.csv'}"
        path.write_bytes(data)
        arguments += [option, str(path)]
    code = main([*arguments, "--explain"])
    captured = capsys.readouterr()
    assert code in (0, 2)
    assert bool(captured.err) == (code == 2)
    assert bool(captured.out) == (code == 0)


@HARD
@given(spoiled(ROLL))
def test_any_roll(tmp_path: Path, capsys: pytest.CaptureFixture[str], roll: bytes) -> None:
    _runs(tmp_path, capsys, roll, BALLOTS)
    assert main(["roll", str(tmp_path / "roll.csv")]) in (0, 2)
    capsys.readouterr()


@HARD
@given(spoiled(BALLOTS), spoiled(PROXIES))
def test_any_ballots_and_proxies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ballots: bytes, proxies: bytes
) -> None:
    _runs(tmp_path, capsys, ROLL, ballots, ("--proxies", proxies))


@HARD
@given(spoiled(TOML), spoiled(b"owner_id\nY0001\nY0002\n"))
def test_any_rule_file_and_delivery_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rule: bytes, delivered: bytes
) -> None:
    _runs(tmp_path, capsys, ROLL, BALLOTS, ("--rule", rule), ("--silence-follows-majority", delivered))


@HARD
@given(st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    _runs(tmp_path, capsys, data, data, ("--proxies", data))
