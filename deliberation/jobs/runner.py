"""What becomes due by the clock: each step's due.py is called every few seconds, by one thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from deliberation.db.engine import Database
from deliberation.jobs.clock import Clock

log = logging.getLogger(__name__)

Due = Callable[[Database, datetime], None]


class Runner:
    def __init__(self, db: Database, clock: Clock, dues: Sequence[Due], every_seconds: float = 5.0) -> None:
        self._db, self._clock, self._dues, self._every = db, clock, dues, every_seconds
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._loop, name="due", daemon=True)

    def run_once(self) -> None:
        with self._turn:
            now = self._clock.now()
            for due in self._dues:
                due(self._db, now)

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
                log.exception("a due action failed")
            self._stop.wait(self._every)
