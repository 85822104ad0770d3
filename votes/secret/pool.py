"""Checks ballots in several processes; with one job everything happens at once in this one."""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from votes.refusal import Refused
from votes.secret.ballot import check_ballot, named
from votes.secret.election import Election, read_election
from votes.secret.group import Element, Group

CHUNK = 8
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
            check_ballot(_election, body)
        except Refused as refused:
            faults.append((refused.code, refused.facts))
    return faults


def _check_members(check: Callable[[Group, Sequence[Element]], None], publics: list[Element]) -> Faults:
    assert _election is not None
    try:
        check(_election.group, publics)
    except Refused as refused:
        return [(refused.code, refused.facts)]
    return []


class BallotPool:
    """At most a few chunks are under way, so memory stays flat however long the archive is."""

    def __init__(self, election: Election, jobs: int) -> None:
        self._jobs = jobs
        self._election = election
        self._waiting: deque[Future[Faults]] = deque()
        self._chunk: list[bytes] = []
        self._found: list[Refused] = []
        self._executor: ProcessPoolExecutor | None = None
        if jobs > 1:
            _start(election.data)  # forked workers find the tables made
            alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("fork" if alone else "spawn")
            self._executor = ProcessPoolExecutor(jobs, context, _start, (election.data,))

    def check_credentials(
        self, publics: list[Element], check: Callable[[Group, Sequence[Element]], None]
    ) -> list[Refused]:
        if not self._executor:
            try:
                check(self._election.group, publics)
            except Refused as refused:
                return [refused]
            return []
        size = 64
        parts = [publics[start : start + size] for start in range(0, len(publics), size)]
        answers = self._executor.map(_check_members, [check] * len(parts), parts)
        return [Refused(code, **facts) for faults in answers for code, facts in faults]

    def check(self, body: bytes, here: Callable[[], None]) -> None:
        """Check one ballot whose form is known to be right; `here` does it in this process."""
        if self._executor:
            self._chunk.append(body)
            if len(self._chunk) >= CHUNK:
                self._send()
            return
        try:
            named(body, here)
        except Refused as refused:
            self._found.append(refused)

    def _send(self) -> None:
        assert self._executor is not None
        if self._chunk:
            self._waiting.append(self._executor.submit(_check_chunk, self._chunk))
            self._chunk = []

    def refusals(self, *, wait: bool = False) -> Iterator[Refused]:
        """What was found since the last call; `wait` waits for everything that is under way."""
        if wait and self._executor:
            self._send()
        while self._waiting and (wait or len(self._waiting) > 3 * self._jobs or self._waiting[0].done()):
            self._found.extend(Refused(code, **facts) for code, facts in self._waiting.popleft().result())
        found, self._found = self._found, []
        yield from found

    def close(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)
