"""Zero-knowledge proofs (SPEC S4). Convention: commitment A = g^w, response = w - secret * challenge modulo q.

A proof over values M_0..M_k of a ciphertext (a, b) has one (challenge, response) for each value; only the branch of the
true value is computed with the secret, the others are simulated, and the challenges must add up to the hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from votes.refusal import Refused
from votes.secret.elgamal import Ciphertext, Key, random_scalar
from votes.secret.group import Element, Group
from votes.secret.wire import challenge as hashed
from votes.secret.wire import fields


@dataclass(frozen=True, slots=True)
class Proof:
    challenge: int
    response: int


@dataclass(frozen=True, slots=True)
class Branch:
    """One possibility: the ciphertext hides `value`."""

    ciphertext: Ciphertext
    value: int


def read_proof(group: Group, value: object, what: str) -> Proof:
    found = fields(value, what, "challenge", "response")
    return Proof(group.scalar(found["challenge"]), group.scalar(found["response"]))


def to_json(proof: Proof) -> dict[str, str]:
    return {"challenge": str(proof.challenge), "response": str(proof.response)}


@lru_cache(maxsize=64)
def _taken_off(group: Group, value: int) -> Element:
    """1 / g^value."""
    return group.power(group.inverse(group.generator), value)


def _commitments(key: Key, branch: Branch, proof: Proof) -> tuple[Element, Element]:
    """A = g^z a^c and B = y^z (b / g^M)^c."""
    group = key.group
    c, z = proof.challenge, proof.response
    beta = branch.ciphertext.beta
    if branch.value:
        beta = group.multiply(beta, _taken_off(group, branch.value))
    left = group.multiply(group.base_power(z), group.power(branch.ciphertext.alpha, c))
    return left, group.multiply(key.power(z), group.power(beta, c))


def _joined(group: Group, elements: Iterable[Element]) -> str:
    return ",".join(group.encode(each) for each in elements)


def check_branches(key: Key, prefix: str, branches: Sequence[Branch], proofs: Sequence[Proof]) -> bool:
    """Whether one of the branches is true; `prefix` is everything hashed before the commitments."""
    group = key.group
    commitments: list[Element] = []
    for branch, proof in zip(branches, proofs, strict=True):
        commitments.extend(_commitments(key, branch, proof))
    total = sum(proof.challenge for proof in proofs) % group.order
    return total == hashed(group.order, prefix + _joined(group, commitments))


def prove_branches(key: Key, prefix: str, branches: Sequence[Branch], true: int, randomness: int) -> list[Proof]:
    """Prove that branch `true` holds, whose ciphertext was made with `randomness`."""
    group, q = key.group, key.group.order
    proofs = [Proof(random_scalar(group), random_scalar(group)) for _ in branches]
    nonce = random_scalar(group)
    commitments: list[Element] = []
    for index, (branch, proof) in enumerate(zip(branches, proofs, strict=True)):
        if index == true:
            commitments.extend((group.base_power(nonce), key.power(nonce)))
        else:
            commitments.extend(_commitments(key, branch, proof))
    others = sum(proof.challenge for index, proof in enumerate(proofs) if index != true)
    c = (hashed(q, prefix + _joined(group, commitments)) - others) % q
    proofs[true] = Proof(c, (nonce - randomness * c) % q)
    return proofs


def interval_prefix(group: Group, context: str, ciphertext: Ciphertext) -> str:
    return f"prove|{context}|{group.encode(ciphertext.alpha)},{group.encode(ciphertext.beta)}|"


def interval(ciphertext: Ciphertext, low: int, high: int) -> list[Branch]:
    return [Branch(ciphertext, value) for value in range(low, high + 1)]


def check_power(group: Group, public: Element, prefix: str, proof: Proof) -> bool:
    """Whether the prover knows log_g(public): H(prefix + A) = c with A = g^z * public^c."""
    commitment = group.multiply(group.base_power(proof.response), group.power(public, proof.challenge))
    return hashed(group.order, prefix + group.encode(commitment)) == proof.challenge


def prove_power(group: Group, secret: int, prefix: str) -> Proof:
    nonce = random_scalar(group)
    c = hashed(group.order, prefix + group.encode(group.base_power(nonce)))
    return Proof(c, (nonce - secret * c) % group.order)


def _decrypt_prefix(group: Group, election_hash: str, public: Element) -> str:
    return f"decrypt|{election_hash}|{group.encode(public)}|"


def check_decryption(
    group: Group, election_hash: str, public: Element, alpha: Element, factor: Element, proof: Proof
) -> bool:
    """Whether factor = alpha^x for the x of public = g^x."""
    c, z = proof.challenge, proof.response
    left = group.multiply(group.base_power(z), group.power(public, c))
    right = group.multiply(group.power(alpha, z), group.power(factor, c))
    prefix = _decrypt_prefix(group, election_hash, public)
    return hashed(group.order, prefix + _joined(group, (left, right))) == c


def prove_decryption(group: Group, election_hash: str, secret: int, public: Element, alpha: Element) -> Proof:
    nonce = random_scalar(group)
    pair = (group.base_power(nonce), group.power(alpha, nonce))
    c = hashed(group.order, _decrypt_prefix(group, election_hash, public) + _joined(group, pair))
    return Proof(c, (nonce - secret * c) % group.order)


def require(holds: bool, code: str, **facts: object) -> None:
    if not holds:
        raise Refused(code, **facts)
