"""Password hashes: argon2id, one on each core and behind everything else, so that a storm of sign-ins slows no page. And which
passwords others would guess."""

from __future__ import annotations

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from deliberation.people.rules import MOST_PASSWORD
from deliberation.web.lanes import BEHIND

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Each one that runs takes 19 MiB."""
_nobody = _hasher.hash("nobody has this password")


def make(password: str) -> str:
    return BEHIND.submit(_hasher.hash, password).result()


def fits(known: str | None, password: str) -> bool:
    """Takes as long for an unknown account as for a known one."""
    return BEHIND.submit(verify, known, password).result()


def verify(known: str | None, password: str) -> bool:
    """The same, in this thread. What is too long to be a password is not even hashed."""
    if len(password) > MOST_PASSWORD:
        return False
    try:
        _hasher.verify(known or _nobody, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return known is not None


FAVORITES = ("woaini", "5201314", "1314520", "520", "1314", "888", "666", "zhongguo", "china", "mima", "yihui")
"""What is often chosen here and stands on no English list."""
LEAST_SCORE = 2
LOOKED_AT = 72


def guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether fewer than a million tries would find it: common passwords, rows of keys, dates, or what is known of the person."""
    known = [one for one in about if one]
    return int(zxcvbn(password[:LOOKED_AT], user_inputs=[*FAVORITES, *known])["score"]) < LEAST_SCORE
