"""Finished archives changed in every way a forger could: no change passes unseen.

Without a posted head hash, what both verifiers let pass must be the same poll: same setup, same counted ballots, same result
(such as two voters' ballots in another order). With the head hash nothing at all passes but the very same bytes.
"""

from __future__ import annotations

import functools
import json
import os
import random
from pathlib import Path
from typing import Any

import gmpy2
import pytest

from tests.votes.secret.make import GROUP, ONE_ANSWER, WITH_BLANK, Town, town, write
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.refusal import Refused
from votes.secret import group as group_module
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.poll import Poll
from votes.secret.verify import verify_file

EVERY_DAY = 200
LONG = int(os.environ.get("MUTANTS", "10000"))
Archive = tuple[Town, bytes]


@pytest.fixture(scope="module")
def archives() -> list[Archive]:
    """One small and quick, one with everything in it."""
    plain = town([3, 5, 7], [ONE_ANSWER])
    small = Poll.start(plain.setup, "area")
    for voter, choice in ((0, 1), (1, 0), (0, 0), (2, 1)):
        small.cast(plain.ballot(voter, [[choice]]))
    plain.finish(small)
    rich = town([1, 2], [WITH_BLANK], singles=1, threshold=(2, 3))
    full = Poll.start(rich.setup, "area")
    full.cast(rich.ballot(0, [[0, 1, 1, 0]]))
    full.cast(rich.ballot(1, [[1, 0, 0, 0]]))
    rich.finish(full)
    return [(plain, small.board.data)] * 4 + [(rich, full.board.data)]


@pytest.fixture(autouse=True)
def remembered_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most powers are the same from mutant to mutant."""
    powmod = functools.lru_cache(100_000)(gmpy2.powmod)
    monkeypatch.setattr(group_module, "_powmod", powmod)
    monkeypatch.setattr(audit, "power", lambda base, exponent: int(powmod(base, exponent, audit.P)))


def of_bytes(data: bytes, chance: random.Random) -> bytes:
    """Changes that know nothing of the format."""
    one, other = sorted(chance.randrange(len(data)) for _ in range(2))
    length = chance.choice((1, 10, 512, 1024))
    kind = chance.randrange(7)
    if kind == 0:
        return data[:one] + bytes((data[one] ^ 1 << chance.randrange(8),)) + data[one + 1 :]
    if kind == 1:
        return data[:one] + data[one + length :]
    if kind == 2:
        return data[:one] + data[one : one + length] + data[one:]
    if kind == 3:
        return data[:one] + data[other : other + length] + data[one + length :]
    if kind == 4:
        return data[:one]
    if kind == 5:
        return data + chance.choice((data, data[one:other], bytes(512), b"\n"))
    block = one // 512 * 512
    return data[:block] + data[block + 512 : block + 1024] + data[block : block + 512] + data[block + 1024 :]


def of_events(town: Town, data: bytes, chance: random.Random) -> bytes:
    """Whole events dropped, doubled, swapped or exchanged, the chain made to fit again."""
    editor = Editor(data)
    one, other = (chance.randrange(len(editor.events)) for _ in range(2))
    kind = chance.randrange(4)
    if kind == 0:
        del editor.events[one]
    elif kind == 1:
        editor.events.insert(other, editor.events[one])
    elif kind == 2:
        editor.swap(one, other)
    else:
        editor.timestamp += chance.choice((-1, 1, 1000))
    return editor.data(rechain=chance.random() < 0.8)


def of_fields(town: Town, data: bytes, chance: random.Random) -> bytes:
    """One value inside a record, with ballots signed again by their voters and every hash made to fit."""
    editor = Editor(data)
    part = chance.choice([part for part in editor.events if part.records])
    place = chance.randrange(len(part.records))
    value = json.loads(part.records[place])
    change_leaf(value, chance)
    part.records[place] = wire.dumps(value)
    if part.fields["type"] == "Ballot" and chance.random() < 0.7:
        part.records[place] = sign_again(town, value)
    if chance.random() < 0.9:
        editor.renew_setup()
        editor.renew_wrappers()
    return editor.data(rechain=chance.random() < 0.9)


def change_leaf(value: Any, chance: random.Random) -> None:
    """Walk down at random and change what is found there."""
    while True:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = chance.choice(keys)
        if isinstance(value[key], dict | list) and value[key] and chance.random() < 0.9:
            value = value[key]
            continue
        break
    kind = chance.randrange(5)
    if kind == 0:
        del value[key]
    elif kind == 1 and isinstance(value, list):
        value.insert(chance.randrange(len(value) + 1), value[key])
    elif kind == 2 and len(keys) > 1:
        other = chance.choice([each for each in keys if each != key])
        value[key], value[other] = value[other], value[key]
    else:
        value[key] = another(value[key], chance)


def another(leaf: Any, chance: random.Random) -> Any:
    if isinstance(leaf, str) and leaf.isdecimal():
        number = int(leaf)
        order = int(GROUP.order)
        element = GROUP.base_power(chance.randrange(1, order))
        return str(
            chance.choice(
                (
                    number + 1,
                    number + order,
                    (number * 2) % audit.P,
                    audit.P - number,
                    0,
                    1,
                    element,
                    number * element % audit.P,
                )
            )
        )
    if isinstance(leaf, str) and leaf:
        place = chance.randrange(len(leaf))
        return chance.choice(
            (leaf[:place] + leaf[place + 1 :], leaf + " ", leaf[::-1], leaf[:place] + "1" + leaf[place:])
        )
    if type(leaf) is int:
        return chance.choice((leaf + 1, leaf - 1, str(leaf), float(leaf), None))
    return chance.choice((None, [], {}, "", 0, True))


def sign_again(town: Town, value: dict[str, Any]) -> bytes:
    voter = next((v for v in town.voters if GROUP.encode(v.public) == value.get("credential")), town.voters[0])
    unsigned = {key: each for key, each in value.items() if key != "signature"}
    digest = wire.sha_b64(wire.dumps(unsigned))
    proof = zk.to_json(zk.prove_power(GROUP, voter.secret, f"sig|{digest}|"))
    return wire.dumps(unsigned | {"signature": {"hash": digest, "proof": proof}})


def poll_of(data: bytes) -> object:
    """What a poll amounts to: its setup, the encrypted choices that count, its result (a voter may sign them twice)."""
    editor = Editor(data)
    ballots = [json.loads(ballot) for ballot in editor.ballots()]
    counted = {ballot["credential"]: [answer["choices"] for answer in ballot["answers"]] for ballot in ballots}
    return editor.events[0].records, counted, editor.events[-1].records


def both_refuse(path: Path, head: str | None) -> tuple[bool, bool]:
    try:
        first = not verify_file(path, finished=True, head=head).ok
    except Refused:
        first = True
    arguments = ["--finished", str(path)] + (["--head", head] if head else [])
    return first, audit.main(arguments) != 0


def hunt(archives: list[Archive], number: int, folder: Path, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    found = {"refused": 0, "same bytes": 0, "same poll": 0}
    for turn in range(number):
        made, data = chance.choice(archives)
        kind = chance.randrange(10)
        if kind < 2:
            mutant = of_bytes(data, chance)
        elif kind < 4:
            mutant = of_events(made, data, chance)
        else:
            mutant = of_fields(made, data, chance)
        if mutant == data:
            found["same bytes"] += 1
            continue
        path = write(folder, made, mutant)
        first, second = both_refuse(path, None)
        assert first == second, f"seed {seed}, turn {turn}: verify refuses {first}, audit {second}"
        if not first:
            assert poll_of(mutant) == poll_of(data), f"seed {seed}, turn {turn}"
            head = Editor(data).last_hash()
            assert both_refuse(path, head) == (True, True)
        found["refused" if first else "same poll"] += 1
    return found


def test_no_mutant_passes(archives: list[Archive], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = hunt(archives, EVERY_DAY, tmp_path, 278)
    assert found["refused"] > 0.8 * EVERY_DAY


@pytest.mark.long
def test_no_mutant_of_many_passes(archives: list[Archive], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """MUTANTS=… chooses how many."""
    found = hunt(archives, LONG, tmp_path, random.SystemRandom().randrange(2**32))
    with capsys.disabled():
        print(f" {LONG} mutants: {found}")
    assert found["refused"] > 0.8 * LONG
