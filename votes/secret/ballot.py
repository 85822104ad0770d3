"""Ballots (SPEC S7): made on the voter's device, checked by everybody. The server never needs the choice."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, TypeVar

from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.credential import Credential
from votes.secret.election import Election, Question
from votes.secret.elgamal import Ciphertext, encrypt, product, random_scalar, to_json
from votes.secret.group import Element, Group
from votes.secret.proof import Branch, Proof

T = TypeVar("T")

LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    choices: list[Ciphertext]
    individual: list[list[Proof]]
    overall: list[Proof]
    blank: list[Proof] | None


@dataclass(frozen=True, slots=True)
class Ballot:
    credential: Element
    answers: list[Answer]
    signature_hash: str
    signature: Proof
    tracker: str

    def elements(self) -> list[Element]:
        """Every alpha and beta."""
        return [each for answer in self.answers for pair in answer.choices for each in (pair.alpha, pair.beta)]


def make_ballot(election: Election, credential: Credential, plain: list[list[int]]) -> bytes:
    """A ballot for plain choices, one list of 0 and 1 for each question (blank slot first). Refused: "ballot.choice"."""
    if len(plain) != len(election.questions) or not all(
        question.accepts(chosen) for question, chosen in zip(election.questions, plain, strict=False)
    ):
        raise Refused("ballot.choice")
    group = election.group
    public = group.encode(credential.public)
    context = f"{election.hash}|{public}"
    unsigned: dict[str, Any] = {
        "election_uuid": election.uuid,
        "election_hash": election.hash,
        "credential": public,
        "answers": [
            _make_answer(election, context, question, chosen)
            for question, chosen in zip(election.questions, plain, strict=True)
        ],
    }
    digest = wire.sha_b64(wire.dumps(unsigned))
    signature = zk.prove_power(group, credential.secret, f"sig|{digest}|")
    return wire.dumps(unsigned | {"signature": {"hash": digest, "proof": zk.to_json(signature)}})


def _make_answer(election: Election, context: str, question: Question, chosen: list[int]) -> dict[str, Any]:
    key, group = election.key, election.group
    secrets = [random_scalar(group) for _ in chosen]
    choices = [encrypt(key, number, secret) for number, secret in zip(chosen, secrets, strict=True)]
    individual = [
        zk.prove_branches(key, zk.interval_prefix(group, context, each), zk.interval(each, 0, 1), number, secret)
        for each, number, secret in zip(choices, chosen, secrets, strict=True)
    ]
    statement = _statement(group, context, choices)
    first = int(question.blank)
    total = product(group, choices[first:])
    total_secret = sum(secrets[first:])
    found: dict[str, Any] = {
        "choices": [to_json(group, each) for each in choices],
        "individual_proofs": [[zk.to_json(each) for each in pair] for pair in individual],
    }
    if question.blank:
        blank = chosen[0]
        zero = zk.prove_branches(
            key,
            f"bproof0|{statement}|",
            [Branch(choices[0], 0), Branch(total, 0)],
            1 if blank else 0,
            total_secret if blank else secrets[0],
        )
        branches = _blank_or_interval(question, choices[0], total)
        true = 0 if blank else 1 + sum(chosen[1:]) - question.low
        overall = zk.prove_branches(key, f"bproof1|{statement}|", branches, true, secrets[0] if blank else total_secret)
        found["overall_proof"] = [zk.to_json(each) for each in overall]
        found["blank_proof"] = [zk.to_json(each) for each in zero]
    else:
        prefix = zk.interval_prefix(group, statement, total)
        branches = zk.interval(total, question.low, question.high)
        overall = zk.prove_branches(key, prefix, branches, sum(chosen) - question.low, total_secret)
        found["overall_proof"] = [zk.to_json(each) for each in overall]
    return found


def _statement(group: Group, context: str, choices: list[Ciphertext]) -> str:
    pairs = ",".join(f"{group.encode(each.alpha)},{group.encode(each.beta)}" for each in choices)
    return f"{context}|{pairs}"


def _blank_or_interval(question: Question, blank: Ciphertext, total: Ciphertext) -> list[Branch]:
    return [Branch(blank, 1), *zk.interval(total, question.low, question.high)]


def read_ballot(election: Election, data: bytes) -> Ballot:
    """The form of a ballot: exact keys in exact order, canonical numbers, this election. No proof is checked yet."""
    value = wire.canonical(data, "ballot", LIMIT)
    wire.fields(value, "ballot", "election_uuid", "election_hash", "credential", "answers", "signature")
    if value["election_uuid"] != election.uuid or value["election_hash"] != election.hash:
        raise Refused("ballot.election")
    group = election.group
    answers = wire.items(value["answers"], "ballot", len(election.questions))
    signature = wire.fields(value["signature"], "ballot", "hash", "proof")
    unsigned = data[: data.rindex(b',"signature":')] + b"}"
    if signature["hash"] != wire.sha_b64(unsigned):
        raise Refused("ballot.signature_hash")
    return Ballot(
        credential=group.decode(value["credential"]),
        answers=[
            _read_answer(group, question, each) for question, each in zip(election.questions, answers, strict=True)
        ],
        signature_hash=signature["hash"],
        signature=zk.read_proof(group, signature["proof"], "ballot"),
        tracker=wire.sha_b64(data),
    )


def _read_answer(group: Group, question: Question, value: object) -> Answer:
    names = ["choices", "individual_proofs", "overall_proof"] + (["blank_proof"] if question.blank else [])
    found = wire.fields(value, "ballot", *names)
    slots = question.slots
    pairs = [wire.fields(each, "ballot", "alpha", "beta") for each in wire.items(found["choices"], "ballot", slots)]

    def proofs(each: object, count: int) -> list[Proof]:
        return [zk.read_proof(group, one, "ballot") for one in wire.items(each, "ballot", count)]

    return Answer(
        choices=[Ciphertext(group.decode(pair["alpha"]), group.decode(pair["beta"])) for pair in pairs],
        individual=[proofs(each, 2) for each in wire.items(found["individual_proofs"], "ballot", slots)],
        overall=proofs(found["overall_proof"], question.high - question.low + 1 + question.blank),
        blank=proofs(found["blank_proof"], 2) if question.blank else None,
    )


def check_ballot(election: Election, data: bytes, credentials: Container[Element] | None = None) -> Ballot:
    """Everything about one ballot (SPEC S7.3). `credentials` is the checked list; without it that step is the caller's.

    Refused with a code that starts with "ballot." and the tracker among the facts.
    """

    def check() -> Ballot:
        ballot = read_ballot(election, data)
        zk.require(credentials is None or ballot.credential in credentials, "ballot.credential")
        check_elements(election.group, ballot)
        check_proofs(election, ballot)
        return ballot

    return named(data, check)


def named(data: bytes, check: Callable[[], T]) -> T:
    """Run a check of this ballot; a refusal says which ballot it is about."""
    try:
        return check()
    except Refused as refused:
        code = refused.code if refused.code.startswith("ballot.") else f"ballot.{refused.code}"
        raise Refused(code, **{"tracker": wire.sha_b64(data)} | refused.facts) from None


def check_elements(group: Group, ballot: Ballot) -> None:
    zk.require(all(group.is_member(each) for each in ballot.elements()), "ballot.member")


def check_proofs(election: Election, ballot: Ballot) -> None:
    """Signature and proofs; they show nothing unless every alpha and beta is a member."""
    group = election.group
    elements = ballot.elements()
    zk.require(len(set(elements)) == len(elements), "ballot.reused_ciphertext")
    public = group.encode(ballot.credential)
    signed = zk.check_power(group, ballot.credential, f"sig|{ballot.signature_hash}|", ballot.signature)
    zk.require(signed, "ballot.signature")
    context = f"{election.hash}|{public}"
    for number, (question, answer) in enumerate(zip(election.questions, ballot.answers, strict=True), 1):
        _check_answer(election, context, question, answer, number)


def _check_answer(election: Election, context: str, question: Question, answer: Answer, number: int) -> None:
    key, group = election.key, election.group
    for each, proofs in zip(answer.choices, answer.individual, strict=True):
        held = zk.check_branches(key, zk.interval_prefix(group, context, each), zk.interval(each, 0, 1), proofs)
        zk.require(held, "ballot.individual_proof", question=number)
    statement = _statement(group, context, answer.choices)
    total = product(group, answer.choices[int(question.blank) :])
    if answer.blank is None:
        prefix, branches = zk.interval_prefix(group, statement, total), zk.interval(total, question.low, question.high)
    else:
        zeros = [Branch(answer.choices[0], 0), Branch(total, 0)]
        zk.require(
            zk.check_branches(key, f"bproof0|{statement}|", zeros, answer.blank), "ballot.blank_proof", question=number
        )
        prefix, branches = f"bproof1|{statement}|", _blank_or_interval(question, answer.choices[0], total)
    zk.require(zk.check_branches(key, prefix, branches, answer.overall), "ballot.overall_proof", question=number)
