"""The code on a household slip: how it is made, how it is read back as people type it, and when it may be used; pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime

from deliberation import keyed, typed
from deliberation.council.roll.rules import is_named
from deliberation.council.rules import Role
from deliberation.jobs import retention
from votes.refusal import Refused
from votes.roll import Head

RANDOM_DIGITS = 15
"""log2(10^15) = 49.8 bits; the sixteenth digit only shows a slip of the pen. Sixteen in fours, as on a bank card. There is no
password before it, so it is longer than a code of a second step (people.second)."""
CODE_LENGTH = RANDOM_DIGITS + 1
TAIL = 4
"""How many last digits of the phone on the roll are asked beside the code."""
VALID_FOR = retention.SLIP.span
MOST_TRIES = 5
"""Tries at one right code before it dies: four digits have ten thousand values."""


def new_code() -> str:
    return typed.new_digits(RANDOM_DIGITS)


def code(text: str) -> str:
    """A code as typed -> 16 digits. Raises Refused; this tells nothing, since anybody can compute the last digit."""
    digits = typed.digits(text)
    if len(digits) != CODE_LENGTH:
        raise Refused("code_has_digits", field="code", length=CODE_LENGTH, have=len(digits))
    if not typed.copied_right(digits):
        raise Refused("code_miscopied", field="code")
    return digits


def tail(text: str) -> str:
    digits = typed.digits(text)
    if len(digits) != TAIL:
        raise Refused("tail_has_digits", field="tail", length=TAIL)
    return digits


def code_hash(secret: bytes, digits: str) -> str:
    """Keyed, since 2^50 plain hashes can be tried by whoever gets hold of a copy of the database alone."""
    return keyed.digest(secret, "home code", digits).hex()


def shown(hashed: str) -> str:
    """The part of a hash by which a slip is named in the journal; it leads back to no code."""
    return hashed[:16]


def batch_digest(hashes: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def tails(phones: Iterable[str]) -> frozenset[str]:
    """The last four digits of every number that stands in these cells of the roll, several in one cell or starred out."""
    return frozenset(number[-TAIL:] for number in numbers(phones))


def numbers(phones: Iterable[str]) -> frozenset[str]:
    """Each number in these cells whose last four digits can be read, without dashes."""
    found = set()
    for phone in phones:
        for number in re.split(r"[/,;，；、\s]+", unicodedata.normalize("NFKC", phone)):
            if re.search(r"[0-9]{4}$", number := number.replace("-", "")):
                found.add(number.removeprefix("+86"))
    return frozenset(found)


def check_whose_number(account_id: int | None, holders: Collection[int]) -> None:
    """Whoever at the desk wrote down a neighbor's number knows its last four digits, and those who print see the code. So where
    the number has an account, its owner shows that too. `holders`: the accounts that the number may belong to."""
    if holders and account_id not in holders:
        raise Refused("sign_in_as_home_number")


def knows_phones(*, roles: Collection[str], imported_a_roll: bool) -> bool:
    return imported_a_roll or bool({Role.MODERATOR, Role.RECORDER} & set(roles))


def check_printer(*, roles: Collection[str], imported_a_roll: bool) -> None:
    """Who prints sees the codes, so it is nobody who knows the phone numbers on the roll: neither half works alone."""
    if knows_phones(roles=roles, imported_a_roll=imported_a_roll):
        raise Refused("printer_knows_phones")


def count_field(batch_id: int) -> str:
    return f"counted_{batch_id}"


def check_confirm_batch(
    *, by: int, printed_by: int, slips: int, counted: int, field: str, done: bool, expires_at: datetime, now: datetime
) -> None:
    """`field`: where this batch's count was typed, since several batches may wait on one page."""
    if done or now >= expires_at:
        raise Refused("slips_decided_already")
    if by == printed_by:
        raise Refused("another_must_release")
    if counted != slips:
        raise Refused("slips_counted_differ", field=field, counted=counted)


def usable(*, confirmed: bool, used: bool, ended: bool, tries: int, expires_at: datetime, now: datetime) -> bool:
    return confirmed and not used and not ended and tries < MOST_TRIES and now < expires_at


def check_name(name: str, head: Head) -> None:
    if not is_named(name, head):
        raise Refused("not_the_name_on_roll", field="name")
