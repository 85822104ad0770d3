"""What becomes due by the clock: each step's due.py is called every few seconds, by one thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import TypeVar

from deliberation.db.engine import Database
from deliberation.jobs.clock import Clock

log = logging.getLogger(__name__)

Due = Callable[[Database, datetime], None]
One = TypeVar("One")


def each(many: Iterable[One], do: Callable[[One], None]) -> None:
    """Do it for every one; one that fails stops no other, and what failed is raised at the end."""
    failed: list[Exception] = []
    for one in many:
        try:
            do(one)
        except Exception as problem:  # noqa: BLE001 (whatever it was is raised below, after the others had their turn)
            failed.append(problem)
    if failed:
        raise ExceptionGroup("due acts failed", failed)


def once_a_day(due: Due) -> Due:
    """At the server's start and then daily; until it has succeeded, each round."""
    done: dict[str, date] = {}

    @wraps(due)
    def daily(db: Database, now: datetime) -> None:
        if done.get(db.url) != now.date():
            due(db, now)
            done[db.url] = now.date()

    return daily


class Runner:
    def __init__(self, db: Database, clock: Clock, dues: Sequence[Due], every_seconds: float = 5.0) -> None:
        self._db, self._clock, self._dues, self._every = db, clock, dues, every_seconds
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._loop, name="due", daemon=True)

    def run_once(self) -> None:
        with self._turn:
            now = self._clock.now()
            each(self._dues, lambda due: due(self._db, now))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                self.run_once()
            except Exception:
                # One failed round must not end all later ones; what was due stays due.
                log.exception("not all that was due could be done")
            self._stop.wait(self._every)
