"""A number outside the group in every place of an archive where one may stand, under proofs that hold (SPEC S1, S7.3, S8.1).

Each forgery passes a verifier that looks away from membership, so nothing but that one check is in its way. A number is
put outside by its sign: the sign vanishes wherever it is raised to something even, so an attacker tries until it does.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.votes.secret.make import GROUP, ONE_ANSWER, TIME, town
from tests.votes.secret.mutants import without_tables
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.board import Board, setup_bytes
from votes.secret.credential import Entry, list_bytes, new_uuid
from votes.secret.election import make_election
from votes.secret.elgamal import random_scalar
from votes.secret.group import Element, Subgroup
from votes.secret.poll import Poll
from votes.secret.tally import decrypt_share, owned_bytes
from votes.secret.trustee import Secret, new_secret, public_json, trustees_bytes
from votes.secret.verify import Verification

Item = tuple[str, dict[str, Any]]
ORDER = int(GROUP.order)


def outside(element: Element) -> Element:
    return GROUP.decode(str(int(GROUP.modulus) - int(element)))


def proved(public: Element, exponent: int, prefix: str) -> dict[str, str]:
    """A proof of knowledge that holds for a key outside the group as well."""
    while True:
        proof = zk.prove_power(GROUP, exponent, prefix)
        if zk.check_power(GROUP, public, prefix, proof):
            return zk.to_json(proof)


def single(secret: Secret, public: Element) -> Item:
    pok = proved(public, secret.exponent, f"pok|{GROUP.name}|{GROUP.encode(public)}|")
    return "Single", {"pok": pok, "public_key": GROUP.encode(public)}


def opened(items: list[Item], key: Element, voters: list[Element]) -> bytes:
    """The setup of a poll that commits to nothing."""
    asked: dict[str, Any] = {
        "uuid": new_uuid(),
        "name": "",
        "description": "",
        "questions": [ONE_ANSWER],
        "group": GROUP,
    }
    election = make_election(key=GROUP.generator, **asked)
    election = election.replace(f'"{GROUP.generator}"'.encode(), f'"{key}"'.encode())
    trustees, listed = trustees_bytes(items), list_bytes(GROUP, map(Entry, voters), weighted=False)
    board = Board(TIME)
    board.append("Setup", election, trustees, listed, setup_bytes(election, trustees, listed))
    return board.data


def a_credential() -> bytes:
    secret = new_secret(GROUP)
    inside = [new_secret(GROUP).public for _ in range(2)]
    return opened([single(secret, secret.public)], secret.public, [*inside, outside(new_secret(GROUP).public)])


def a_trustee_s_key() -> bytes:
    """Two of them, so that their product is inside."""
    pair = [new_secret(GROUP), new_secret(GROUP)]
    key = GROUP.product(secret.public for secret in pair)
    return opened([single(secret, outside(secret.public)) for secret in pair], key, [])


def the_public_key() -> bytes:
    secret = new_secret(GROUP)
    return opened([single(secret, outside(secret.public))], outside(secret.public), [])


def threshold(*, signing: bool = False, encryption: bool = False, coefficient: int | None = None) -> bytes:
    """A group of 2 of 2. The sign of a coefficient vanishes in the product, as both members turn the same."""
    columns = [[random_scalar(GROUP) for _ in range(2)] for _ in range(2)]
    certificates: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for polynomial in columns:
        signer, decrypting = new_secret(GROUP), new_secret(GROUP)
        verification = outside(signer.public) if signing else signer.public
        second = outside(decrypting.public) if encryption else decrypting.public
        row = [GROUP.base_power(each) for each in polynomial]
        if coefficient is not None:
            row[coefficient] = outside(row[coefficient])
        for found, value in (
            (certificates, {"verification": str(verification), "encryption": str(second)}),
            (rows, {"coefexps": [str(each) for each in row]}),
        ):
            message = wire.dumps(value).decode()
            signature = proved(verification, signer.exponent, f"sigmsg|{message}|")
            found.append({"message": message, "signature": signature})
    exponents = [sum(a + b * place for a, b in columns) % ORDER for place in (1, 2)]
    keys = [public_json(GROUP, Secret(each, GROUP.base_power(each))) for each in exponents]
    item = {"threshold": 2, "certs": certificates, "coefexps": rows, "verification_keys": keys}
    key = GROUP.base_power(sum(a for a, _ in columns) % ORDER)
    return opened([("Pedersen", item)], key, [])


def a_ballot_s(half: str) -> bytes:
    place = town([1], [ONE_ANSWER])
    poll = Poll.start(place.setup, "heads")
    poll.board.append("Ballot", place.outsider(0, [[1]], half))
    return poll.board.data


def a_share_s_factor() -> bytes:
    place = town([1], [ONE_ANSWER])
    poll = Poll.start(place.setup, "heads")
    poll.cast(place.ballot(0, [[1]]))
    tally = poll.close()
    secret, alpha = place.secrets[1], tally[0][0].alpha
    factor = outside(GROUP.power(alpha, secret.exponent))
    while True:
        proof = zk.prove_decryption(GROUP, place.election.hash, secret.exponent, secret.public, alpha)
        if zk.check_decryption(GROUP, place.election.hash, secret.public, alpha, factor, proof):
            break
    share = {"decryption_factors": [[GROUP.encode(factor)]], "decryption_proofs": [[zk.to_json(proof)]]}
    body = wire.dumps(share)
    assert body != decrypt_share(place.election, secret, tally)
    poll.board.append("PartialDecryption", body, owned_bytes(1, wire.sha_hex(body)))
    return poll.board.data


FORGERIES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "credential": (a_credential, "credentials.member", "a credential is not in the group"),
    "trustee's key": (a_trustee_s_key, "trustees.member", "did not prove to hold the key"),
    "public key": (the_public_key, "election.public_key", "the public key is wrong"),
    "verification key": (lambda: threshold(signing=True), "trustees.member", "key is not in the group"),
    "encryption key": (lambda: threshold(encryption=True), "trustees.member", "key is not in the group"),
    "constant coefficient": (lambda: threshold(coefficient=0), "trustees.member", "a coefficient is not in the group"),
    "other coefficient": (lambda: threshold(coefficient=1), "trustees.member", "a coefficient is not in the group"),
    "alpha": (lambda: a_ballot_s("alpha"), "ballot.member", "a number outside the group"),
    "beta": (lambda: a_ballot_s("beta"), "ballot.member", "a number outside the group"),
    "factor": (a_share_s_factor, "share.member", "is not proved"),
}


def verify_says(data: bytes) -> list[str]:
    report = Verification(io.BytesIO(data), len(data)).run(None, None, False)
    return [finding.code for finding in report.findings if not finding.ok]


def audit_says(data: bytes) -> str:
    try:
        audit.Audit(io.BytesIO(data)).run()
    except audit.Wrong as wrong:
        return str(wrong)
    return ""


@pytest.mark.parametrize("where", FORGERIES)
def test_an_outsider_is_refused_by_both_and_by_nothing_but_its_membership(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_tables(monkeypatch)
    make, code, sentence = FORGERIES[where]
    data = make()
    assert verify_says(data) == [code]
    assert sentence in audit_says(data)
    monkeypatch.setattr(Subgroup, "is_member", lambda _, element: True)
    monkeypatch.setattr(audit, "in_group", lambda element: True)
    assert verify_says(data) == []
    assert audit_says(data) == ""


def test_the_identity_is_no_member_anywhere() -> None:
    """It lies in the subgroup, and anybody knows its logarithm."""
    nobody = Secret(0, GROUP.one)
    honest = new_secret(GROUP)
    for data in (
        opened([single(honest, honest.public)], honest.public, [GROUP.one]),
        opened([single(honest, honest.public), single(nobody, GROUP.one)], honest.public, []),
        opened([single(nobody, GROUP.one)], GROUP.one, []),
    ):
        assert verify_says(data)
        assert audit_says(data)
    editor = Editor(opened([single(honest, honest.public)], honest.public, []))
    assert verify_says(editor.data()) == []
    assert audit_says(editor.data()) == ""


def test_zero_and_what_reaches_the_modulus_are_no_numbers_here() -> None:
    """They would be second ways to write something."""
    for number in ("0", str(audit.P), str(audit.P + 1)):
        with pytest.raises(Refused, match="element"):
            GROUP.decode(number)
        with pytest.raises(audit.Wrong):
            audit.element(number)
