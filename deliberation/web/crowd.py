"""What a whole compound does in the same minute, such as signing in before a meeting, is done for several at a time: what stands
around the slow part of each, threads that wake and a commit, then happens once for all of them."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from deliberation.db.engine import Database, Together
from deliberation.web.lanes import BEHIND, CORES

log = logging.getLogger(__name__)
MOST = 8
"""Done at a time; the first of them is answered with the last."""


class Member(ABC):
    """One of those who came. None of these raises: what goes wrong is its answer."""

    @abstractmethod
    def begin(self) -> bool:
        """Up to the slow part; or to the answer, and then nothing of this one is left."""

    @abstractmethod
    def reckon(self) -> bool:
        """The slow part, which needs no connection: did it go well?"""

    @abstractmethod
    def go_on(self, went_well: bool, group: Together) -> None:
        """From there to the answer."""

    @abstractmethod
    def undone(self) -> None:
        """What all wrote together was not kept."""

    @abstractmethod
    def answer(self) -> None:
        """All is done: whoever waits is told."""


class Crowd:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._turn, self._waiting, self._busy = threading.Lock(), deque[Member](), 0
        # While on each core one waits for its slow parts, another begins or ends.
        self._threads = ThreadPoolExecutor(CORES + 1, "crowd")

    def join(self, member: Member) -> None:
        with self._turn:
            self._waiting.append(member)
        self._threads.submit(self._work)

    def _work(self) -> None:
        while some := self._taken():
            try:
                self._do(some)
            except Exception:
                log.exception("what several came for was not done")
            finally:
                with self._turn:
                    self._busy -= 1
                for one in some:
                    one.answer()

    def _taken(self) -> list[Member]:
        with self._turn:
            some = [self._waiting.popleft() for _ in range(share(len(self._waiting), self._busy))]
            self._busy += bool(some)
            return some

    def _do(self, some: list[Member]) -> None:
        left = [one for one in some if one.begin()]
        if not left:
            return
        went = BEHIND.submit(lambda: [one.reckon() for one in left]).result()
        try:
            with self._db.together() as group:
                # Those who are turned away come first: their page is made before the writer's turn is taken.
                for went_well, one in sorted(zip(went, left, strict=True), key=lambda pair: pair[0]):
                    one.go_on(went_well, group)
        except Exception:
            log.exception("what several wrote together was not kept")
            for one in left:
                one.undone()


def share(waiting: int, busy: int) -> int:
    """How many one thread takes where `busy` others are at it. While a core has nothing to do, few wait for each other; after
    that only as many as are done at a time are begun, and fewer wait for one of the others to end."""
    if busy >= CORES:
        return MOST if waiting >= MOST else 0
    return min(MOST, -(-waiting // (CORES - busy)))
