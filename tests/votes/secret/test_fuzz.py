"""Whatever bytes come in, the readers refuse by name, in little time and memory; they never raise anything else.

VOTES_FUZZ=20000 looks longer."""

from __future__ import annotations

import io
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.votes.secret.paths import bel, text
from votes import audit
from votes.refusal import Refused
from votes.secret import wire
from votes.secret.archive import Reader
from votes.secret.ballot import read_ballot
from votes.secret.board import Chain, events
from votes.secret.credential import read_list
from votes.secret.election import read_election
from votes.secret.group import belenios_2048
from votes.secret.keyfile import unseal
from votes.secret.shares import read_file
from votes.secret.trustee import read_trustees
from votes.secret.verify import verify_file

GROUP = belenios_2048()
ELECTION = read_election(text("a_plain3", "election.json"))
BALLOT = text("a_plain3", "ballot_1.json")
ARCHIVE = bel("x_loose_answer_json").read_bytes()
SLOWEST = 20.0
OURS = settings(
    max_examples=int(os.environ.get("VOTES_FUZZ", "150")), deadline=None, suppress_health_check=list(HealthCheck)
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("1" * 700)
anything = st.recursive(
    scalars, lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=12), each, max_size=4)
)


def quiet(read: Any, data: bytes) -> None:
    """Read; a refusal is fine, anything else is not, nor is slowness."""
    started = time.process_time()
    with suppress(Refused, audit.Wrong, audit.NotAnArchive):
        read(data)
    assert time.process_time() - started < SLOWEST


def readers() -> list[Any]:
    return [
        lambda data: read_ballot(ELECTION, data),
        lambda data: list(events(Reader(io.BytesIO(data)), Chain())),
        read_election,
        lambda data: read_trustees(GROUP, data),
        lambda data: read_list(GROUP, data),
        lambda data: unseal(data, "a long passphrase"),
        lambda data: read_file(b"{}\n" + data),
        lambda data: audit.Audit(io.BytesIO(data)).run(),
        audit.read_election,
        audit.read_trustees,
        audit.read_credentials,
    ]


@OURS
@given(st.binary(max_size=3000))
def test_bytes_without_any_sense(data: bytes) -> None:
    for read in readers():
        quiet(read, data)


@OURS
@given(anything)
def test_json_of_any_shape(value: object) -> None:
    data = json.dumps(value, separators=(",", ":")).encode()
    for read in readers():
        quiet(read, data)


def spoiled(value: Any, path: list[int], leaf: Any) -> Any:
    """A copy in which the value at the end of a path is another one."""
    if not path or not isinstance(value, dict | list) or not value:
        return leaf
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = spoiled(value[key], path[1:], leaf)
    return copy


@OURS
@given(st.lists(st.integers(0, 20), min_size=1, max_size=7), anything)
def test_a_ballot_spoiled_anywhere_is_refused(path: list[int], leaf: Any) -> None:
    data = json.dumps(spoiled(json.loads(BALLOT), path, leaf), separators=(",", ":"), ensure_ascii=False)
    quiet(lambda each: read_ballot(ELECTION, each), data.encode("utf-8", "surrogatepass"))


@OURS
@given(st.lists(st.integers(0, 20), min_size=1, max_size=7), anything)
def test_trustees_and_elections_spoiled_anywhere_are_refused(path: list[int], leaf: Any) -> None:
    for name, read in (
        ("trustees.json", lambda data: read_trustees(GROUP, data)),
        ("trustees.json", audit.read_trustees),
        ("election.json", read_election),
        ("election.json", audit.read_election),
    ):
        value = spoiled(json.loads(text("a_plain3", name)), path, leaf)
        quiet(read, json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))


@OURS
@given(st.integers(0, len(ARCHIVE)), st.binary(max_size=600), st.integers(0, 600))
def test_an_archive_with_bytes_exchanged(tmp_path_factory: Any, place: int, put: bytes, taken: int) -> None:
    data = ARCHIVE[:place] + put + ARCHIVE[place + taken :]
    path: Path = tmp_path_factory.getbasetemp() / "spoiled.bel"
    path.write_bytes(data)
    quiet(lambda _: verify_file(path), data)
    quiet(lambda each: audit.Audit(io.BytesIO(each)).run(), data)


@OURS
@given(anything)
def test_canonical_json_comes_back_as_it_was(value: object) -> None:
    """Strict reading accepts only what we write."""
    data = wire.dumps(value)
    with suppress(Refused):
        assert wire.dumps(wire.canonical(data, "test", 1 << 20)) == data
