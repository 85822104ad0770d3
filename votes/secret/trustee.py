"""Trustees (SPEC S8): who must act together before the sums, and only the sums, are decrypted.

An archive's `trustees` record is a list of items; each item is one Single key or a Pedersen group t-of-n. The election's
key is the product of all items, so every Single and at least t of each group must take part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.elgamal import random_scalar
from votes.secret.group import Element, Group
from votes.secret.proof import Proof

LIMIT = 1 << 22
MOST_MEMBERS = 64
MOST_COMBINING = 3
"""Shares that make up a result. With more, all of them together could forge one (SPEC S8.2)."""


@dataclass(frozen=True)
class Secret:
    """A trustee's private exponent and its public key; the exponent never shows in a repr."""

    exponent: int = field(repr=False)
    public: Element


@dataclass(frozen=True)
class Owner:
    """Who may hand in a partial decryption. `number` counts through all items from 1, `place` inside the item."""

    number: int
    item: int
    place: int
    public: Element
    name: str = ""


@dataclass(frozen=True)
class Item:
    kind: str
    public: Element
    members: tuple[Owner, ...]
    threshold: int


@dataclass(frozen=True)
class Trustees:
    items: tuple[Item, ...]
    public: Element

    @property
    def owners(self) -> dict[int, Owner]:
        return {owner.number: owner for item in self.items for owner in item.members}

    @property
    def combining(self) -> int:
        """How many shares make up a result."""
        return sum(item.threshold for item in self.items)

    def missing(self, present: Sequence[int]) -> list[tuple[Item, int]]:
        """Items that still lack members, with how many; empty when the result can be computed."""
        found = []
        for item in self.items:
            lacking = item.threshold - sum(owner.number in present for owner in item.members)
            if lacking > 0:
                found.append((item, lacking))
        return found

    def require_enough(self, present: Sequence[int]) -> None:
        """Refused: "share.missing" naming who is still awaited."""
        for item, lacking in self.missing(present):
            raise Refused("share.missing", item=item.kind, lacking=lacking, of=[m.number for m in item.members])


def require_few(combining: int) -> None:
    """Refused("trustees.many") where all of them together could forge a result."""
    if combining > MOST_COMBINING:
        raise Refused("trustees.many", combining=combining, most=MOST_COMBINING)


def new_secret(group: Group) -> Secret:
    exponent = random_scalar(group)
    return Secret(exponent, group.base_power(exponent))


def public_json(group: Group, secret: Secret, name: str = "") -> dict[str, Any]:
    """The public key with the proof that its owner knows the secret half."""
    public = group.encode(secret.public)
    pok = zk.prove_power(group, secret.exponent, f"pok|{group.name}|{public}|")
    found: dict[str, Any] = {"pok": zk.to_json(pok), "public_key": public}
    return found | ({"name": name} if name else {})


def read_public(group: Group, value: object) -> tuple[Element, str]:
    found = wire.fields(value, "trustees", "pok", "public_key", "name", optional=("name",))
    public = group.decode(found["public_key"])
    pok = zk.read_proof(group, found["pok"], "trustees")
    zk.require(group.is_member(public), "trustees.member")
    held = zk.check_power(group, public, f"pok|{group.name}|{group.encode(public)}|", pok)
    zk.require(held, "trustees.proof_of_knowledge")
    return public, wire.text(found.get("name", ""), "trustees")


def trustees_bytes(items: Sequence[tuple[str, Mapping[str, Any]]]) -> bytes:
    return wire.dumps([[kind, body] for kind, body in items])


def read_trustees(group: Group, data: bytes) -> Trustees:
    """Every proof, signature and membership of the record. Refused with a code that starts with "trustees."."""
    items: list[Item] = []
    number = 1
    for pair in wire.items(wire.canonical(data, "trustees", LIMIT), "trustees", most=MOST_MEMBERS):
        kind, body = wire.items(pair, "trustees", 2)
        if kind == "Single":
            public, name = read_public(group, body)
            item = Item("Single", public, (Owner(number, len(items), 1, public, name),), 1)
        elif kind == "Pedersen":
            item = _read_pedersen(group, body, len(items), number)
        else:
            raise Refused("trustees.kind")
        items.append(item)
        number += len(item.members)
    if not items or number - 1 > MOST_MEMBERS:
        raise Refused("trustees.length")
    # Members of one 1-of-n group all hold the same key; between items no key may return.
    distinct = [{owner.public for owner in item.members} for item in items]
    zk.require(len(set().union(*distinct)) == sum(map(len, distinct)), "trustees.duplicate")
    return Trustees(tuple(items), group.product(item.public for item in items))


def _read_pedersen(group: Group, value: object, index: int, number: int) -> Item:
    found = wire.fields(value, "trustees", "threshold", "certs", "coefexps", "verification_keys")
    certs = wire.items(found["certs"], "trustees", most=MOST_MEMBERS)
    threshold = wire.natural(found["threshold"], "trustees", len(certs))
    zk.require(threshold >= 1, "trustees.threshold")
    signers = [read_certificate(group, each) for each in certs]
    signed = wire.items(found["coefexps"], "trustees", len(certs))
    rows = [read_coefficients(group, s, each, threshold) for s, each in zip(signers, signed, strict=True)]
    keys = [read_public(group, each) for each in wire.items(found["verification_keys"], "trustees", len(certs))]
    summed = [group.product(column) for column in zip(*rows, strict=True)]
    for place, (public, _) in enumerate(keys, 1):
        zk.require(public == _key_of_place(group, summed, place), "trustees.verification_key", place=place)
    members = tuple(
        Owner(number + place - 1, index, place, public, name) for place, (public, name) in enumerate(keys, 1)
    )
    return Item("Pedersen", summed[0], members, threshold)


def _key_of_place(group: Group, summed: Sequence[Element], place: int) -> Element:
    """g to the sum of everybody's polynomial at `place`, from the products of the published coefficients."""
    return group.product(
        group.power(element, pow(place, power, int(group.order))) for power, element in enumerate(summed)
    )


def read_signed(group: Group, value: object, signer: Element | None) -> tuple[Any, Proof, str]:
    found = wire.fields(value, "trustees", "message", "signature")
    message = wire.text(found["message"], "trustees")
    content = wire.canonical(message.encode("utf-8", "surrogatepass"), "trustees", LIMIT)
    signature = zk.read_proof(group, found["signature"], "trustees")
    if signer is not None:
        held = zk.check_power(group, signer, f"sigmsg|{message}|", signature)
        zk.require(held, "trustees.signature")
    return content, signature, message


def read_certificate(group: Group, value: object) -> Element:
    """A member's verification key, the signature and both keys checked."""
    content, signature, message = read_signed(group, value, None)
    keys = wire.fields(content, "trustees", "verification", "encryption")
    verification, encryption = group.decode(keys["verification"]), group.decode(keys["encryption"])
    zk.require(group.is_member(verification) and group.is_member(encryption), "trustees.member")
    zk.require(zk.check_power(group, verification, f"sigmsg|{message}|", signature), "trustees.signature")
    return verification


def read_coefficients(group: Group, signer: Element, value: object, threshold: int) -> list[Element]:
    content, _, _ = read_signed(group, value, signer)
    texts = wire.items(wire.fields(content, "trustees", "coefexps")["coefexps"], "trustees", threshold)
    row = [group.decode(each) for each in texts]
    zk.require(all(group.is_member(each) for each in row), "trustees.member")
    return row


def weights_of(order: int, places: Sequence[int], at: int = 0) -> list[int]:
    """The Lagrange coefficients for members at these places: at zero for the secret, at a place for its member's part."""
    found = []
    for own in places:
        top = bottom = 1
        for other in places:
            if other != own:
                top = top * (other - at) % order
                bottom = bottom * (other - own) % order
        found.append(int(top * pow(int(bottom), -1, int(order)) % order))
    return found
