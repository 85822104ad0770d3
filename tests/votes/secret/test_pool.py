"""Several processes find what one finds, also when the system ends one of them (SPEC S12.2)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.votes.secret.make import ONE_ANSWER, Town, town
from votes.secret import pool
from votes.secret.election import read_election
from votes.secret.pool import BallotPool, _check

EVERY = 30
Check = Callable[[bytes], None]


@pytest.fixture(scope="module")
def place() -> Town:
    return town([3, 5], [ONE_ANSWER])


@pytest.fixture(scope="module")
def bodies(place: Town) -> list[bytes]:
    good = place.ballot(0, [[1]])
    response = good.rindex(b'"response":"') + 12
    spoiled = good[:response] + (b"1" if good[response : response + 1] != b"1" else b"2") + good[response + 1 :]
    return [spoiled if n % 3 == 0 else good for n in range(EVERY)]


@contextmanager
def started(place: Town, jobs: int) -> Iterator[BallotPool]:
    made = BallotPool(read_election(place.setup.election), jobs)
    try:
        yield made
    finally:
        made.close()


def found(made: BallotPool, bodies: list[bytes], here: Check = lambda body: None) -> int:
    """How many of the bodies are refused; unless said otherwise by the others alone, as this process says that all hold."""
    number = 0
    for body in bodies:
        made.check(body, partial(here, body))
        number += sum(1 for _ in made.refusals())
    return number + sum(1 for _ in made.refusals(wait=True))


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST_WAITING", EVERY)


@pytest.mark.usefixtures("nothing_here")
@pytest.mark.parametrize("jobs", [2, 3])
def test_each_fault_is_found_once(place: Town, bodies: list[bytes], jobs: int) -> None:
    with started(place, jobs) as made:
        assert found(made, bodies) == EVERY // 3
        assert list(made.refusals(wait=True)) == []


@pytest.mark.usefixtures("nothing_here")
def test_beside_other_threads_a_worker_starts_from_nothing(place: Town, bodies: list[bytes]) -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        with started(place, 2) as made:
            assert found(made, bodies) == EVERY // 3
    finally:
        done.set()
        other.join()


@pytest.mark.usefixtures("nothing_here")
@pytest.mark.parametrize("after", [0, 5, EVERY])
def test_what_a_lost_worker_had_is_checked_here(place: Town, bodies: list[bytes], after: int) -> None:
    election = read_election(place.setup.election)
    with started(place, 3) as made:
        for body in bodies[:after]:
            made.check(body, lambda: None)
        for worker in made._workers:
            worker._process.kill()
            worker._process.join()
        assert found(made, bodies[after:], partial(_check, election)) == EVERY // 3
        # One that had answered all it had before it was lost is missed by nobody unless it is asked again.
        assert made._workers == [] or after == EVERY
        assert not any(worker.waiting for worker in made._workers)


def test_with_one_job_all_is_checked_here(place: Town, bodies: list[bytes]) -> None:
    with started(place, 1) as made:
        assert found(made, bodies) == 0
