"""Strict JSON and the three hashes (SPEC S2). One value has one text; every other text for it is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from votes.refusal import Refused

HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
WEIGHT = re.compile(r"(?:0|[1-9][0-9]{0,14})", re.ASCII)
MOST_PARTS = 20_000
"""Brackets and commas in one message, so that what is parsed takes little more memory than its bytes."""
SMALL_INT = 1073741823
"""Belenios writes a larger number as a decimal string."""


def dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def loads(data: bytes, what: str, limit: int) -> Any:
    """Parse JSON of at most `limit` bytes; no duplicate key, no fraction, no NaN, no number over 18 digits."""
    if len(data) > limit:
        raise Refused(f"{what}.size", size=len(data), limit=limit)
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_duplicate,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            parse_int=_plain_int,
        )
    except (ValueError, RecursionError) as error:
        raise Refused(f"{what}.json", reason=type(error).__name__) from None


def canonical(data: bytes, what: str, limit: int) -> Any:
    """As `loads`, and the bytes must be exactly how we would write the value."""
    if sum(map(data.count, b"[{,")) > MOST_PARTS:
        raise Refused(f"{what}.parts", most=MOST_PARTS)
    value = loads(data, what, limit)
    try:
        same = dumps(value) == data
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise Refused(f"{what}.canonical")
    return value


def fields(value: object, what: str, *names: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object with exactly these keys in this order; optional ones, where present, stand in order at their place."""
    if not isinstance(value, dict):
        raise Refused(f"{what}.shape")
    expected = tuple(name for name in names if name in value or name not in optional)
    if tuple(value) != expected:
        raise Refused(f"{what}.keys", found=",".join(str(key)[:20] for key in list(value)[:12]))
    return value


def items(value: object, what: str, count: int | None = None, most: int = 10_000) -> list[Any]:
    if not isinstance(value, list) or len(value) > most or (count is not None and len(value) != count):
        raise Refused(f"{what}.length")
    return value


def text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise Refused(f"{what}.text")
    return value


def natural(value: object, what: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise Refused(f"{what}.number")
    return value


def hex_of(value: object, what: str) -> str:
    if not isinstance(value, str) or not HEX.fullmatch(value):
        raise Refused(f"{what}.hash")
    return value


def weight_json(value: int) -> int | str:
    return value if value <= SMALL_INT else str(value)


def read_weight(value: object, what: str) -> int:
    """A number as Belenios writes sums: a JSON number up to SMALL_INT, a decimal string above."""
    number = -1
    if type(value) is int:
        number = value
    elif isinstance(value, str) and len(value) <= 19 and re.fullmatch(r"[1-9][0-9]*", value, re.ASCII):
        number = int(value)
    if number < 0 or weight_json(number) != value:
        raise Refused(f"{what}.number")
    return number


def sha_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha_b64(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def challenge(order: int, message: str) -> int:
    """The Fiat-Shamir hash: SHA-256 as a big-endian integer, modulo the order."""
    return int.from_bytes(hashlib.sha256(message.encode()).digest(), "big") % order


def _no_duplicate(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_fraction(_: str) -> Any:
    raise ValueError("not an integer")


def _plain_int(digits: str) -> int:
    if len(digits) > 18 or digits.startswith("-"):
        raise ValueError("not a small natural number")
    return int(digits)
