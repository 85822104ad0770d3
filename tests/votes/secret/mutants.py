"""Changes a finished archive in every way a forger could, and asks both verifiers about it."""

from __future__ import annotations

import io
import json
import os
import random
from collections import Counter
from typing import Any

import pytest

from tests.votes.secret.make import GROUP, Town
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.group import Subgroup
from votes.secret.verify import Verification

MANY = int(os.environ.get("MUTANTS", "10000"))


def without_tables(patch: pytest.MonkeyPatch) -> None:
    """Nearly all powers are the same from mutant to mutant, and conftest remembers those that no table gives."""
    patch.setattr(Subgroup, "base_power", lambda group, exponent: group.power(group.generator, exponent))
    patch.setattr(Subgroup, "table", lambda group, base: lambda exponent: group.power(base, exponent))


def of_bytes(_: Town, data: bytes, chance: random.Random) -> bytes:
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


def of_events(_: Town, data: bytes, chance: random.Random) -> bytes:
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


def verify_says(data: bytes, head: str) -> set[str]:
    """The codes of what does not hold, for a reader who knows the last entry's fingerprint."""
    try:
        report = Verification(io.BytesIO(data), len(data)).run(None, head, True)
    except Refused as refused:
        return {refused.code}
    return {finding.code for finding in report.findings if not finding.ok}


def audit_says(data: bytes, head: str) -> set[str]:
    second = audit.Audit(io.BytesIO(data))
    try:
        second.run()
    except (audit.Wrong, audit.NotAnArchive) as wrong:
        return {repr(wrong)}
    return ({"no result"} if second.last != "Result" else set()) | ({"head.differs"} if second.head != head else set())


def hunt(town: Town, data: bytes, number: int, seed: int) -> Counter[str]:
    """Every mutant is refused by both verifiers, or is the archive itself, byte for byte.

    Who knows no head cannot tell a ledger that honest hands could have written from the one that they did write: what only the
    head gives away must be the same poll, with the same setup, counted choices and result.
    """
    head = Editor(data).last_hash()
    assert verify_says(data, head) == audit_says(data, head) == set()
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    for turn in range(number):
        change = chance.choice((of_bytes, of_events, of_fields, of_fields, of_fields))
        mutant = change(town, data, chance)
        if mutant == data:
            found["the same bytes"] += 1
            continue
        first, second = verify_says(mutant, head), audit_says(mutant, head)
        where = f"seed {seed}, turn {turn}: {first}, {second}"
        assert first, where
        assert second, where
        assert (first == {"head.differs"}) == (second == {"head.differs"}), where
        if first == {"head.differs"}:
            assert poll_of(mutant) == poll_of(data), where
            found["refused by the head alone"] += 1
        else:
            found["refused"] += 1
    assert found["refused"] > 0.8 * number
    return found
