"""Counting under encryption (SPEC S9): weighted products, partial decryptions, and the small numbers they hide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import isqrt
from typing import Any

from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.election import Election
from votes.secret.elgamal import Ciphertext, to_json
from votes.secret.group import Element, Group
from votes.secret.trustee import Owner, Secret, Trustees, weights_of

LIMIT = 1 << 23
PROOF_LIMIT = 1 << 10
TABLE_MOST = 1 << 19
STEPS_MOST = 1 << 22
MOST_OPENED = TABLE_MOST * STEPS_MOST
"""The largest total that the search for it reaches."""

Matrix = list[list[Ciphertext]]
Factors = list[list[Element]]


class Bucket:
    """The product of elements, each to its own weight, without raising any: one product for each digit of the weight.

    Memory does not grow with the number of elements; a weight of 30 bits costs eight multiplications. With digits of
    8 bits the products of the largest ballots and weights would take 300 MB.
    """

    BITS = 4

    def __init__(self, group: Group) -> None:
        self._group = group
        self._rows: list[dict[int, Element]] = []

    def add(self, element: Element, weight: int) -> None:
        row = 0
        while weight:
            if row == len(self._rows):
                self._rows.append({})
            digit = weight & ((1 << self.BITS) - 1)
            if digit:
                held = self._rows[row].get(digit)
                self._rows[row][digit] = element if held is None else self._group.multiply(held, element)
            weight >>= self.BITS
            row += 1

    def value(self) -> Element:
        group = self._group
        total = group.one
        for row in reversed(self._rows):
            total = group.power(total, 1 << self.BITS)
            running = part = group.one
            for digit in range(max(row, default=0), 0, -1):
                if digit in row:
                    running = group.multiply(running, row[digit])
                part = group.multiply(part, running)
            total = group.multiply(total, part)
        return total


class Counter:
    """The encrypted tally while ballots arrive; a revote takes the earlier ballot out again."""

    def __init__(self, election: Election) -> None:
        self._group = election.group
        self._cells = [
            [(Bucket(self._group), Bucket(self._group)) for _ in range(question.slots)]
            for question in election.questions
        ]

    def add(self, answers: Sequence[Sequence[Ciphertext]], weight: int) -> None:
        for row, choices in zip(self._cells, answers, strict=True):
            for (alpha, beta), each in zip(row, choices, strict=True):
                alpha.add(each.alpha, weight)
                beta.add(each.beta, weight)

    def take_out(self, answers: Sequence[Sequence[Ciphertext]], weight: int) -> None:
        inverse = self._group.inverse
        self.add([[Ciphertext(inverse(c.alpha), inverse(c.beta)) for c in choices] for choices in answers], weight)

    def value(self) -> Matrix:
        return [[Ciphertext(alpha.value(), beta.value()) for alpha, beta in row] for row in self._cells]


def tally_bytes(group: Group, tally: Matrix) -> bytes:
    return wire.dumps([[to_json(group, each) for each in row] for row in tally])


def sized_bytes(ballots: int, weight: int, tally_hash: str) -> bytes:
    return wire.dumps({"num_tallied": ballots, "total_weight": wire.weight_json(weight), "encrypted_tally": tally_hash})


def decrypt_share(election: Election, secret: Secret, tally: Matrix) -> bytes:
    """A trustee's partial decryption of the whole tally, each factor with its proof."""
    group = election.group
    factors = [[group.power(each.alpha, secret.exponent) for each in row] for row in tally]
    proofs = [
        [zk.prove_decryption(group, election.hash, secret.exponent, secret.public, each.alpha) for each in row]
        for row in tally
    ]
    return wire.dumps(
        {
            "decryption_factors": [[group.encode(each) for each in row] for row in factors],
            "decryption_proofs": [[zk.to_json(each) for each in row] for row in proofs],
        }
    )


def second_proof(election: Election, secret: Secret, tally: Matrix) -> bytes:
    """That every factor is its alpha to the trustee's secret; unlike the protocol's proofs it names them all (SPEC S4)."""
    group = election.group
    bases = _bases(election, tally)
    powers = [secret.public, *(group.power(alpha, secret.exponent) for alpha in bases[1:])]
    return wire.dumps(zk.to_json(zk.prove_powers(group, election.hash, secret.exponent, bases, powers)))


def with_second(share: bytes, proof: bytes) -> bytes:
    return share[:-1] + b',"x_second_proof":' + proof + b"}"


def check_second(election: Election, owner: Owner, tally: Matrix, factors: Factors, proof: bytes) -> None:
    """Refused: "share.second_proof", which leaves open whether the factors are true."""
    group = election.group
    try:
        read = zk.read_proof(group, wire.canonical(proof, "share", PROOF_LIMIT), "share")
    except Refused:
        raise Refused("share.second_proof", owner=owner.number) from None
    powers = [owner.public, *chain.from_iterable(factors)]
    held = zk.check_powers(group, election.hash, _bases(election, tally), powers, read)
    zk.require(held, "share.second_proof", owner=owner.number)


def _bases(election: Election, tally: Matrix) -> list[Element]:
    return [election.group.generator, *(each.alpha for row in tally for each in row)]


def check_share(election: Election, owner: Owner, tally: Matrix, data: bytes, *, second: bool = False) -> Factors:
    """The factors of a partial decryption, every proof checked before any is used; `second` demands that proof inside.

    Refused: "share.…".
    """
    try:
        return _check_share(election, owner, tally, data, second)
    except Refused as refused:
        code = refused.code if refused.code.startswith("share.") else f"share.{refused.code}"
        raise Refused(code, **{"owner": owner.number} | refused.facts) from None


def _check_share(election: Election, owner: Owner, tally: Matrix, data: bytes, second: bool) -> Factors:
    group = election.group
    names = ("decryption_factors", "decryption_proofs", *(("x_second_proof",) if second else ()))
    found = wire.fields(wire.canonical(data, "share", LIMIT), "share", *names)
    rows = wire.items(found["decryption_factors"], "share", len(tally))
    proof_rows = wire.items(found["decryption_proofs"], "share", len(tally))
    factors: Factors = []
    for row, texts, proofs in zip(tally, rows, proof_rows, strict=True):
        line = [group.decode(each) for each in wire.items(texts, "share", len(row))]
        for each, factor, value in zip(row, line, wire.items(proofs, "share", len(row)), strict=True):
            proof = zk.read_proof(group, value, "share")
            zk.require(factor == group.one or group.is_member(factor), "share.member")
            held = zk.check_decryption(group, election.hash, owner.public, each.alpha, factor, proof)
            zk.require(held, "share.proof")
        factors.append(line)
    if second:
        check_second(election, owner, tally, factors, wire.dumps(found["x_second_proof"]))
    return factors


def owned_bytes(owner: int, payload_hash: str) -> bytes:
    return wire.dumps({"owner": owner, "payload": payload_hash})


def combine(group: Group, trustees: Trustees, shares: Mapping[int, Factors]) -> Factors:
    """The factor that opens each cell. Refused: "share.missing" naming who is still awaited."""
    trustees.require_enough(list(shares))
    parts: list[tuple[Factors, int]] = []
    for item in trustees.items:
        chosen = [member for member in item.members if member.number in shares][: item.threshold]
        if item.kind == "Single":
            parts.append((shares[chosen[0].number], 1))
            continue
        coefficients = weights_of(group.order, [member.place for member in chosen])
        parts.extend((shares[m.number], c) for m, c in zip(chosen, coefficients, strict=True))
    shape = parts[0][0]
    return [
        [
            group.product(factors[i][j] if c == 1 else group.power(factors[i][j], c) for factors, c in parts)
            for j in range(len(row))
        ]
        for i, row in enumerate(shape)
    ]


def opened(group: Group, tally: Matrix, factors: Factors) -> list[list[Element]]:
    """g to each total."""
    return [
        [group.multiply(each.beta, group.inverse(factor)) for each, factor in zip(row, line, strict=True)]
        for row, line in zip(tally, factors, strict=True)
    ]


def require_openable(total: int) -> None:
    """Refused("credentials.heavy") for weights whose sum no search would find: asked at set-up, as later is too late."""
    if total > MOST_OPENED:
        raise Refused("credentials.heavy", total=total, most=MOST_OPENED)


class Search:
    """Finds numbers between 0 and `most` by small and great steps, bounded. Refused: "result.bound"."""

    def __init__(self, group: Group, most: int) -> None:
        if most > MOST_OPENED:
            raise Refused("result.bound", most=most)
        self._group, self._most = group, most
        self._width = max(1, min(isqrt(most) + 1, TABLE_MOST))
        self.steps = most // self._width + 1
        self._small: dict[Element, int] = {}
        step = group.one
        for number in range(self._width):
            self._small.setdefault(step, number)
            step = group.multiply(step, group.generator)
        self._great = group.inverse(step)

    def find(self, element: Element) -> int:
        for count in range(self.steps):
            if element in self._small:
                number = self._small[element] + count * self._width
                if number <= self._most:
                    return number
            element = self._group.multiply(element, self._great)
        raise Refused("result.bound", most=self._most)


def result_bytes(totals: list[list[int]]) -> bytes:
    return wire.dumps({"result": [[wire.weight_json(each) for each in row] for row in totals]})


def read_result(election: Election, data: bytes, most: int) -> list[list[int]]:
    found = wire.fields(wire.canonical(data, "result", LIMIT), "result", "result")
    rows = wire.items(found["result"], "result", len(election.questions))
    totals = [
        [wire.read_weight(each, "result") for each in wire.items(row, "result", question.slots)]
        for row, question in zip(rows, election.questions, strict=True)
    ]
    zk.require(all(number <= most for row in totals for number in row), "result.bound", most=most)
    return totals


def check_result(group: Group, elements: list[list[Element]], totals: list[list[int]]) -> None:
    for number, (row, line) in enumerate(zip(elements, totals, strict=True), 1):
        for element, total in zip(row, line, strict=True):
            zk.require(group.base_power(total) == element, "result.value", question=number)


def summary(election: Election, totals: list[list[int]], blank: str) -> list[dict[str, Any]]:
    """Totals with the words they belong to, for people."""
    found = []
    for question, row in zip(election.questions, totals, strict=True):
        names = [blank, *question.answers] if question.blank else list(question.answers)
        found.append({"question": question.text, "totals": list(zip(names, row, strict=True))})
    return found
