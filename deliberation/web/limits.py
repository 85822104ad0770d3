"""How often one person (or, signed out, one address) may do one thing."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from votes.refusal import Refused


class TooOften(Refused):
    pass


class Limiter:
    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, rate: str, *who: str) -> None:
        limit = parse(rate)
        if not self._window.hit(limit, *who):
            raise TooOften("too_often", seconds=limit.get_expiry())

    def room(self, rate: str, *who: str) -> None:
        """Like `hit`, for what is only counted when it goes wrong: ask before, hit after."""
        limit = parse(rate)
        if not self._window.test(limit, *who):
            raise TooOften("too_often", seconds=limit.get_expiry())
