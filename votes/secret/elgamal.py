"""Exponential ElGamal (SPEC S3): a ciphertext hides a small number, products of ciphertexts hide sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from secrets import randbelow

from votes.secret.group import Element, Group, Power


@dataclass(frozen=True, slots=True)
class Ciphertext:
    alpha: Element
    beta: Element


@lru_cache(maxsize=4)
def _table(group: Group, y: Element) -> Power:
    """Kept, as both archives of a dual count have the same key; one takes 4 MB."""
    return group.table(y)


@dataclass(frozen=True)
class Key:
    """An election's public key; its table of powers is made when it is first needed."""

    group: Group
    y: Element

    @cached_property
    def power(self) -> Power:
        return _table(self.group, self.y)


def random_scalar(group: Group) -> int:
    return randbelow(group.order)


def encrypt(key: Key, number: int, randomness: int) -> Ciphertext:
    group = key.group
    beta = group.multiply(key.power(randomness), group.base_power(number))
    return Ciphertext(group.base_power(randomness), beta)


def product(group: Group, ciphertexts: list[Ciphertext]) -> Ciphertext:
    return Ciphertext(
        group.product(each.alpha for each in ciphertexts), group.product(each.beta for each in ciphertexts)
    )


def to_json(group: Group, ciphertext: Ciphertext) -> dict[str, str]:
    return {"alpha": group.encode(ciphertext.alpha), "beta": group.encode(ciphertext.beta)}
