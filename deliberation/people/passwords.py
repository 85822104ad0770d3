"""Password hashes: argon2id, at most two at a time, so that a storm of sign-ins leaves the server a core. And which passwords
others would guess."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

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


FAVORITES = ("woaini", "5201314", "1314520", "520", "1314", "888", "666", "zhongguo", "china", "mima", "yihui")
"""What is often chosen here and stands on no English list."""
LEAST_SCORE = 2
LOOKED_AT = 72


def guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether fewer than a million tries would find it: common passwords, rows of keys, dates, or what is known of the person."""
    known = [one for one in about if one]
    return int(zxcvbn(password[:LOOKED_AT], user_inputs=[*FAVORITES, *known])["score"]) < LEAST_SCORE
