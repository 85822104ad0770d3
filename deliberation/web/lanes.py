"""Threads of their own for what takes long, so that it never takes those that everybody's pages need."""

from __future__ import annotations

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Lane:
    name: str
    threads: int
    _limiter: RunVar[CapacityLimiter] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_limiter", RunVar(f"lane of {self.name}"))

    @property
    def limiter(self) -> CapacityLimiter:
        """One for each event loop."""
        found = self._limiter.get(None)
        if found is None:
            found = CapacityLimiter(self.threads)
            self._limiter.set(found)
        return found


def _give_way() -> None:
    """Linux keeps a priority for each thread; elsewhere these stay like the others."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


BEHIND = ThreadPoolExecutor(CORES, "behind", initializer=_give_way)
"""What only reckons, such as a hash: one on each core, behind everything else, so that it slows no page."""
HASHING = Lane("hashing", CORES + 2)
"""Acts that hash a password: while every core hashes, two more write what came of it."""
ASKING = Lane("asking others", 8)
"""What asks another server: most of it is refused at once when that one is slow."""
