"""How often one person (or, signed out, one address) may do one thing.

Our own few lines: the library for it started a thread with every second try and kept each name that was ever typed.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from votes.refusal import Refused

_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
FEW = 1000
"""Names that are kept without asking whether some are over."""


class TooOften(Refused):
    pass


@cache
def parse(rate: str) -> tuple[int, int]:
    """ "10/minute" -> (10, 60), "8/10minute" -> (8, 600): how many in how many seconds."""
    found = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)?(minute|hour|day)", rate)
    if found is None:
        raise ValueError(f"not a rate: {rate!r}")
    return int(found[1]), int(found[2] or 1) * _SECONDS[found[3]]


@dataclass
class _Window:
    """The moments of what was done in the last `seconds`, the oldest first."""

    seconds: int
    moments: deque[float] = field(default_factory=deque)

    def forget(self, now: float) -> None:
        while self.moments and self.moments[0] <= now - self.seconds:
            self.moments.popleft()


class Limiter:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._turn = now, threading.Lock()
        self._windows: dict[tuple[str, ...], _Window] = {}
        self._most_kept = FEW

    def hit(self, rate: str, *who: str) -> float:
        """Returns the moment it is counted under."""
        most, seconds = parse(rate)
        with self._turn:
            now = self._now()
            window = self._windows.get((rate, *who)) or _Window(seconds)
            self._has_room(window, now, most)
            window.moments.append(now)
            self._windows[rate, *who] = window
            if len(self._windows) > self._most_kept:
                self._tidy(now)
            return now

    @contextmanager
    def wrong_ones(self, rates: Sequence[str], *who: str) -> Iterator[None]:
        """For what is only counted when it is refused. It takes its place before it is judged, so that many at once are no more
        than one after the other, and gives it back when it was right."""
        taken: list[tuple[tuple[str, ...], float]] = []
        refused = False
        try:
            for rate in rates:
                taken.append(((rate, *who), self.hit(rate, *who)))
            try:
                yield
            except Refused:
                refused = True
                raise
        finally:
            if not refused:
                self._give_back(taken)

    def _give_back(self, taken: Sequence[tuple[tuple[str, ...], float]]) -> None:
        with self._turn:
            for name, moment in taken:
                window = self._windows.get(name)
                if window is not None and moment in window.moments:
                    window.moments.remove(moment)

    def room(self, rate: str, *who: str) -> None:
        """Like `hit`, for what is only counted when it goes wrong: ask before, hit after."""
        most, _ = parse(rate)
        with self._turn:
            window = self._windows.get((rate, *who))
            if window is not None:
                self._has_room(window, self._now(), most)

    def __len__(self) -> int:
        """How many names it remembers."""
        return len(self._windows)

    def _has_room(self, window: _Window, now: float, most: int) -> None:
        window.forget(now)
        if len(window.moments) >= most:
            raise TooOften("too_often", seconds=window.seconds)

    def _tidy(self, now: float) -> None:
        """What is over is dropped each time that as many names came as stayed the last time, so a try costs the same with many."""
        for window in self._windows.values():
            window.forget(now)
        self._windows = {who: window for who, window in self._windows.items() if window.moments}
        self._most_kept = max(FEW, 2 * len(self._windows))
