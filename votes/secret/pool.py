"""Checks the proofs of ballots in several processes (SPEC S12.1); with one job everything happens at once in this one.

Plain pipes and no threads: a thread that feeds workers waits for the interpreter as long as this process is checking, and
leaves them idle half the time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from votes.refusal import Refused
from votes.secret.ballot import check_proofs, named, read_ballot
from votes.secret.election import Election, read_election

if TYPE_CHECKING:  # not every system has the first
    from multiprocessing.context import ForkContext, SpawnContext

CHUNK, MOST_WAITING = 4, 3
Faults = list[tuple[str, dict[str, object]]]


def _check_chunk(election: Election, bodies: Sequence[bytes]) -> Faults:
    faults: Faults = []
    for body in bodies:
        try:
            named(body, partial(_check, election, body))
        except Refused as refused:
            faults.append((refused.code, refused.facts))
    return faults


def _check(election: Election, body: bytes) -> None:
    check_proofs(election, read_ballot(election, body))


def _serve(pipe: Connection, given: Election | bytes, strangers: Sequence[Connection]) -> None:
    """What a worker does until the other end is closed. `strangers`: ends that a fork copied and that are not its own."""
    for each in strangers:
        each.close()
    election = read_election(given) if isinstance(given, bytes) else given
    try:
        while True:
            pipe.send(_check_chunk(election, pipe.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        return


class Worker:
    """One process, the pipe to it, and the chunks it has not answered yet."""

    def __init__(self, election: Election, others: Sequence[Worker]) -> None:
        # Forked, it finds the tables made; a fork beside other threads could copy a lock that nobody opens again.
        alone = threading.active_count() == 1 and "fork" in get_all_start_methods()
        context: ForkContext | SpawnContext = get_context("fork") if alone else get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.waiting: deque[list[bytes]] = deque()
        given = (election, [self.pipe, *(each.pipe for each in others)]) if alone else (election.data, [])
        self._process = context.Process(target=_serve, args=(theirs, *given), daemon=True)
        self._process.start()
        theirs.close()

    def close(self) -> None:
        self.pipe.close()
        self._process.join()


class BallotPool:
    """At most a few chunks are under way; meanwhile this process checks too. So memory stays flat, however long the archive."""

    def __init__(self, election: Election, jobs: int) -> None:
        self._election = election
        self._workers: list[Worker] = []
        self._chunk: list[bytes] = []
        self._found: list[Refused] = []
        if jobs > 1:
            election.group.base_power(1)
            election.key.power(1)
        for _ in range(jobs - 1):
            self._workers.append(Worker(election, self._workers))

    def check(self, body: bytes, here: Callable[[], None]) -> None:
        """Check one ballot whose form is known to be right; `here` does it in this process."""
        ready = min(self._workers, key=lambda each: len(each.waiting), default=None)
        if ready is None or len(ready.waiting) >= MOST_WAITING:
            try:
                named(body, here)
            except Refused as refused:
                self._found.append(refused)
            return
        self._chunk.append(body)
        if len(self._chunk) >= CHUNK:
            ready.waiting.append(self._chunk)
            self._chunk = []
            try:
                ready.pipe.send(ready.waiting[-1])
            except OSError:
                self._lost(ready)

    def refusals(self, *, wait: bool = False) -> Iterator[Refused]:
        """What was found since the last call; `wait` waits for everything that is under way."""
        if wait:
            self._checked(_check_chunk(self._election, self._chunk))
            self._chunk = []
        for worker in list(self._workers):
            try:
                while worker.waiting and (wait or worker.pipe.poll()):
                    self._checked(worker.pipe.recv())
                    worker.waiting.popleft()
            except (EOFError, OSError):
                self._lost(worker)
        found, self._found = self._found, []
        yield from found

    def _checked(self, faults: Faults) -> None:
        self._found.extend(Refused(code, **facts) for code, facts in faults)

    def _lost(self, worker: Worker) -> None:
        """A worker that the system ended answers nothing more: what it had is checked here."""
        self._workers.remove(worker)
        worker.close()
        for chunk in worker.waiting:
            self._checked(_check_chunk(self._election, chunk))

    def close(self) -> None:
        for worker in self._workers:
            worker.close()
