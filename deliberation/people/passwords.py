"""Password hashes: argon2id, at most two at a time, so that a storm of sign-ins leaves the server a core."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = threading.BoundedSemaphore(2)
_nobody = _hasher.hash("nobody has this password")


def make(password: str) -> str:
    with _places:
        return _hasher.hash(password)


def fits(known: str | None, password: str) -> bool:
    """Takes as long for an unknown account as for a known one."""
    with _places:
        try:
            _hasher.verify(known or _nobody, password)
            return known is not None
        except (VerifyMismatchError, InvalidHashError):
            return False
