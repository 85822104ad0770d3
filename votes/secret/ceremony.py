"""Making a group of trustees (SPEC S8.3): first everybody commits, only then does anybody reveal.

Belenios 2.0 lets the last trustee choose its part after seeing the others'. Here a contribution counts only if its hash was
handed in before the first one was opened, and each constant term comes with a proof that its owner knows it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from secrets import choice, token_hex
from typing import Any

from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.credential import ALPHABET
from votes.secret.elgamal import random_scalar
from votes.secret.group import Element, Group
from votes.secret.trustee import (
    MOST_MEMBERS,
    Secret,
    public_json,
    read_certificate,
    read_coefficients,
    read_public,
)

LIMIT = 1 << 20


@dataclass(frozen=True)
class Contribution:
    """What a member of a threshold group publishes in the second round."""

    certificate: dict[str, Any]
    coefficients: dict[str, Any]
    row: list[Element]


def commitment(contribution: bytes) -> str:
    """Handed in before any contribution is shown; a contribution holds 128 random bits, so its hash hides it."""
    return wire.sha_hex(contribution)


@dataclass
class Rounds:
    """Collects one commitment from each place, then the contributions. Refused: "ceremony.…"."""

    places: int
    commitments: dict[int, str] = field(default_factory=dict)
    contributions: dict[int, bytes] = field(default_factory=dict)

    def commit(self, place: int, digest: str) -> None:
        if not 1 <= place <= self.places or place in self.commitments or digest in self.commitments.values():
            raise Refused("ceremony.place", place=place)
        self.commitments[place] = wire.hex_of(digest, "ceremony")

    def reveal(self, place: int, contribution: bytes) -> None:
        if len(self.commitments) < self.places:
            raise Refused("ceremony.early", missing=self.places - len(self.commitments))
        if self.commitments.get(place) != commitment(contribution):
            raise Refused("ceremony.commitment", place=place)
        self.contributions[place] = contribution

    def complete(self) -> list[bytes]:
        """All contributions in order of place."""
        if len(self.contributions) < self.places:
            raise Refused("ceremony.early", missing=self.places - len(self.contributions))
        return [self.contributions[place] for place in range(1, self.places + 1)]


def single_contribution(group: Group, secret: Secret, name: str = "") -> bytes:
    """A Single trustee's public half, for `Rounds`. Its proof of knowledge is random, so its hash hides it."""
    return wire.dumps(public_json(group, secret, name))


def single_items(group: Group, rounds: Rounds) -> list[tuple[str, dict[str, Any]]]:
    """The `trustees` record's items for n-of-n. Refused when any proof does not hold."""
    bodies = [wire.canonical(each, "trustees", LIMIT) for each in rounds.complete()]
    for body in bodies:
        read_public(group, body)
    return [("Single", body) for body in bodies]


class Member:
    """One member of a t-of-n group. The seed is all that must be kept until the shares have been exchanged."""

    def __init__(self, group: Group, place: int, threshold: int, count: int, seed: str | None = None) -> None:
        if not 1 <= threshold <= count <= MOST_MEMBERS or not 1 <= place <= count:
            raise Refused("ceremony.size", threshold=threshold, count=count)
        self.group, self.place, self.threshold, self.count = group, place, threshold, count
        seed = seed or "".join(choice(ALPHABET) for _ in range(22))
        self._signing = _seeded(group, "sk|", seed)
        self._decrypting = _seeded(group, "dk|", seed)
        self._polynomial = [random_scalar(group) for _ in range(threshold)]
        self._rows: list[list[Element]] = []
        self._received: dict[int, int] = {}

    def __repr__(self) -> str:
        return f"Member(place={self.place}, threshold={self.threshold}, count={self.count})"

    def contribution(self) -> bytes:
        group = self.group
        certificate = wire.dumps(
            {
                "verification": group.encode(self._signing.public),
                "encryption": group.encode(self._decrypting.public),
            }
        )
        row = [group.base_power(each) for each in self._polynomial]
        coefficients = wire.dumps({"coefexps": [group.encode(each) for each in row]})
        return wire.dumps(
            {
                "certificate": self._signed(certificate),
                "coefficients": self._signed(coefficients),
                "constant": public_json(group, Secret(self._polynomial[0], row[0])),
                "nonce": token_hex(32),
            }
        )

    def _signed(self, message: bytes) -> dict[str, Any]:
        text = message.decode()
        return {
            "message": text,
            "signature": zk.to_json(zk.prove_power(self.group, self._signing.exponent, f"sigmsg|{text}|")),
        }

    def share_for(self, place: int) -> int:
        """Secret: for that member only. The polynomial's value there."""
        value = 0
        for coefficient in reversed(self._polynomial):
            value = (value * place + coefficient) % self.group.order
        return value

    def learn(self, contributions: list[bytes]) -> None:
        """Everybody's published parts, each checked here again."""
        if len(contributions) != self.count:
            raise Refused("ceremony.size", threshold=self.threshold, count=len(contributions))
        self._rows = [read_contribution(self.group, each, self.threshold).row for each in contributions]

    def receive(self, sender: int, share: int) -> None:
        """Refused: "ceremony.place" for a sender who published nothing, "ceremony.share" when it does not fit what was."""
        if not 1 <= sender <= len(self._rows):
            raise Refused("ceremony.place", place=sender)
        group = self.group
        row = self._rows[sender - 1]
        expected = group.product(
            group.power(element, pow(self.place, power, int(group.order))) for power, element in enumerate(row)
        )
        zk.require(group.base_power(share) == expected, "ceremony.share", sender=sender)
        self._received[sender] = share

    def secret(self) -> Secret:
        """This member's part of the decryption key, once every share has come."""
        if len(self._received) < self.count:
            raise Refused("ceremony.early", missing=self.count - len(self._received))
        exponent = sum(self._received.values()) % self.group.order
        return Secret(exponent, self.group.base_power(exponent))


def _seeded(group: Group, prefix: str, seed: str) -> Secret:
    exponent = int.from_bytes(hashlib.sha256((prefix + seed).encode()).digest(), "big") % group.order
    return Secret(exponent, group.base_power(exponent))


def read_contribution(group: Group, data: bytes, threshold: int) -> Contribution:
    value = wire.canonical(data, "ceremony", LIMIT)
    found = wire.fields(value, "ceremony", "certificate", "coefficients", "constant", "nonce")
    signer = read_certificate(group, found["certificate"])
    row = read_coefficients(group, signer, found["coefficients"], threshold)
    constant, _ = read_public(group, found["constant"])
    zk.require(constant == row[0], "ceremony.constant")
    return Contribution(found["certificate"], found["coefficients"], row)


def threshold_item(
    group: Group, threshold: int, contributions: list[bytes], keys: list[dict[str, Any]]
) -> tuple[str, dict[str, Any]]:
    """The `trustees` record's item for a t-of-n group; `keys` are the members' public keys with proofs, by place."""
    parts = [read_contribution(group, each, threshold) for each in contributions]
    return "Pedersen", {
        "threshold": threshold,
        "certs": [part.certificate for part in parts],
        "coefexps": [part.coefficients for part in parts],
        "verification_keys": keys,
    }


def rehearse(group: Group, threshold: int, count: int) -> tuple[tuple[str, dict[str, Any]], list[Secret]]:
    """The whole ceremony in one place, for tests and demonstrations: whoever runs it knows every secret."""
    members = [Member(group, place, threshold, count) for place in range(1, count + 1)]
    rounds = Rounds(count)
    parts = {member.place: member.contribution() for member in members}
    for place, part in parts.items():
        rounds.commit(place, commitment(part))
    for place, part in parts.items():
        rounds.reveal(place, part)
    for receiver in members:
        receiver.learn(rounds.complete())
        for sender in members:
            receiver.receive(sender.place, sender.share_for(receiver.place))
    secrets = [member.secret() for member in members]
    item = threshold_item(group, threshold, rounds.complete(), [public_json(group, each) for each in secrets])
    return item, secrets
