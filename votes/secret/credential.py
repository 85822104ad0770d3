"""Voting credentials (SPEC S5): a code the voter types, from which the secret exponent is derived.

The election holds only the public halves. Codes are issued as 22 characters (128.8 bits); the 15-character codes of
belenios-tool 2.0 (14 and a check digit, 82 bits) are accepted. The tool derives any code in the same way.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from secrets import choice

from votes.refusal import Refused
from votes.secret import wire
from votes.secret.group import Element, Group

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ROUNDS = 1000
LENGTH = 22
SHORT_LENGTH = 15
MOST_VOTERS = 100_000
FEW = 300
LINE = re.compile(rb'"([1-9][0-9]*)(?:,([0-9]+))?"')
_IGNORED = re.compile(r"[\s\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]+")


@dataclass(frozen=True)
class Credential:
    """A voter's secret half; neither its code nor its exponent shows in a repr."""

    code: str = field(repr=False)
    secret: int = field(repr=False)
    public: Element


@dataclass(frozen=True)
class Entry:
    public: Element
    weight: int = 1


def new_code() -> str:
    return shaped("".join(choice(ALPHABET) for _ in range(LENGTH)))


def new_uuid() -> str:
    return "".join(choice(ALPHABET) for _ in range(14))


def shaped(raw: str) -> str:
    """With the hyphens that belong to it: they are part of the password."""
    if len(raw) == LENGTH:
        return "-".join((raw[:5], raw[5:11], raw[11:16], raw[16:]))
    return "-".join(raw[start : start + 3] for start in range(0, len(raw), 3))


def normalise(typed: str) -> str:
    """What a person typed, as the code it stands for: width, spaces and hyphens do not matter.

    Refused: "credential.form" for a wrong length or character, "credential.check" for a wrong check digit.
    """
    if len(typed) > 200:
        raise Refused("credential.form")
    raw = _IGNORED.sub("", unicodedata.normalize("NFKC", typed))
    if len(raw) not in (LENGTH, SHORT_LENGTH) or any(letter not in ALPHABET for letter in raw):
        raise Refused("credential.form")
    if len(raw) == SHORT_LENGTH and not _check_digit_holds(raw):
        raise Refused("credential.check")
    return shaped(raw)


def _check_digit_holds(raw: str) -> bool:
    number = 0
    for letter in raw[:-1]:
        number = number * 58 + ALPHABET.index(letter)
    return (number + ALPHABET.index(raw[-1])) % 53 == 0


def derive(group: Group, uuid: str, code: str) -> Credential:
    """The credential that a code in its proper shape means in one election."""
    key = hashlib.pbkdf2_hmac("sha256", code.encode(), uuid.encode(), ROUNDS, 32)
    secret = int.from_bytes(key, "big") % group.order
    return Credential(code, secret, group.base_power(secret))


def issue(group: Group, uuid: str, count: int) -> list[Credential]:
    """As many new credentials, all different."""
    found: dict[Element, Credential] = {}
    while len(found) < count:
        credential = derive(group, uuid, new_code())
        found[credential.public] = credential
    return list(found.values())


def list_bytes(group: Group, entries: Iterable[Entry], *, weighted: bool) -> bytes:
    """The archive's record of who may vote, in ascending order, as the tool writes it."""
    ordered = sorted(entries, key=lambda entry: entry.public)
    return wire.dumps([f"{group.encode(e.public)},{e.weight}" if weighted else group.encode(e.public) for e in ordered])


def read_list(group: Group, data: bytes) -> dict[Element, int]:
    """Public credential to weight. Strictly ascending, so no duplicates; membership is checked by `check_members`.

    The longest record of an archive is read line by line: a JSON parser's memory would be the sender's to choose.
    """
    found: dict[Element, int] = {}
    before = total = end = 0
    for line in LINE.finditer(data):
        if data[end : line.start()] != (b"," if found else b"["):
            raise Refused("credentials.canonical")
        if len(found) == MOST_VOTERS:
            raise Refused("credentials.length")
        public_text, weight_text = line[1].decode(), (line[2] or b"1").decode()
        if not wire.WEIGHT.fullmatch(weight_text):
            raise Refused("credentials.weight", text=weight_text[:40])
        public = group.decode(public_text)
        if public <= before:
            raise Refused("credentials.order", credential=public_text[:16])
        before = public
        found[public] = int(weight_text)
        total += found[public]
        end = line.end()
    if data[end:] != (b"]" if found else b"[]"):
        raise Refused("credentials.canonical")
    if total > wire.MOST_SUM:
        raise Refused("credentials.total", total=total)
    return found


def check_members(group: Group, publics: Iterable[Element]) -> None:
    """Refused: "credentials.member" naming the first that is none. A long list is settled together (SPEC S1.2)."""
    listed = list(publics)
    if len(listed) > FEW:
        batch = group.batch()
        batch.put(*listed)
        if batch.holds():
            return
    for public in listed:
        if not group.is_member(public):
            raise Refused("credentials.member", credential=group.encode(public)[:16])
