"""A hash that only this server can make: keyed with its secret, and for one purpose, so that none serves as another."""

from __future__ import annotations

import hashlib
import hmac


def digest(secret: bytes, purpose: str, *parts: object) -> bytes:
    """No part may hold a line break: the lines tell them apart."""
    said = "\n".join([purpose, *map(str, parts)])
    return hmac.new(secret, said.encode(), hashlib.sha256).digest()


DIGITS = 6


def number(secret: bytes, purpose: str, *parts: object) -> str:
    """What one person's phone shows and another types who sees it there: so few digits that nobody minds, for whom guessing brings
    nothing, because whoever types them means to find out."""
    return f"{int.from_bytes(digest(secret, purpose, *parts)[:8]) % 10**DIGITS:0{DIGITS}d}"


def same(one: str, other: str) -> bool:
    """Compared in a time that does not tell how much of it is right."""
    return hmac.compare_digest(one.encode(), other.encode())
