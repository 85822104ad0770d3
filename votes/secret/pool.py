"""Checks the proofs of ballots in several processes; with one job everything happens at once in this one."""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial

from votes.refusal import Refused
from votes.secret.ballot import check_proofs, named, read_ballot
from votes.secret.election import Election, read_election

CHUNK, MOST_WAITING = 4, 3
Faults = list[tuple[str, dict[str, object]]]
_election: Election | None = None


def _start(election: bytes) -> None:
    global _election  # noqa: PLW0603 a worker process serves one election
    _election = read_election(election)
    _election.group.base_power(1)
    _election.key.power(1)


def _check_chunk(bodies: list[bytes]) -> Faults:
    assert _election is not None
    faults: Faults = []
    for body in bodies:
        try:
            named(body, partial(_check, _election, body))
        except Refused as refused:
            faults.append((refused.code, refused.facts))
    return faults


def _check(election: Election, body: bytes) -> None:
    check_proofs(election, read_ballot(election, body))


class BallotPool:
    """At most a few chunks are under way; meanwhile this process checks too. So memory stays flat, however long the archive."""

    def __init__(self, election: Election, jobs: int) -> None:
        self._workers = jobs - 1
        self._waiting: deque[Future[Faults]] = deque()
        self._chunk: list[bytes] = []
        self._found: list[Refused] = []
        self._executor: ProcessPoolExecutor | None = None
        if self._workers:
            _start(election.data)  # forked workers find the tables made
            alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("fork" if alone else "spawn")
            self._executor = ProcessPoolExecutor(self._workers, context, _start, (election.data,))

    def check(self, body: bytes, here: Callable[[], None]) -> None:
        """Check one ballot whose form is known to be right; `here` does it in this process."""
        if self._executor and len(self._waiting) < MOST_WAITING * self._workers:
            self._chunk.append(body)
            if len(self._chunk) >= CHUNK:
                self._waiting.append(self._executor.submit(_check_chunk, self._chunk))
                self._chunk = []
            return
        try:
            named(body, here)
        except Refused as refused:
            self._found.append(refused)

    def refusals(self, *, wait: bool = False) -> Iterator[Refused]:
        """What was found since the last call; `wait` waits for everything that is under way."""
        if wait and self._chunk:
            self._found.extend(Refused(code, **facts) for code, facts in _check_chunk(self._chunk))
            self._chunk = []
        while self._waiting and (wait or self._waiting[0].done()):
            self._found.extend(Refused(code, **facts) for code, facts in self._waiting.popleft().result())
        found, self._found = self._found, []
        yield from found

    def close(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)
