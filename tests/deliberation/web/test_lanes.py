"""What takes long waits in a lane: no more of it runs at a time than the lane has threads, whoever comes."""

import threading
import time

import anyio
from anyio import to_thread

from deliberation.web.lanes import Lane


def test_no_more_run_at_a_time_than_the_lane_has_threads() -> None:
    lane, turn, running, most = Lane("a test", 2), threading.Lock(), 0, 0

    def work() -> None:
        nonlocal running, most
        with turn:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with turn:
            running -= 1

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(lambda: to_thread.run_sync(work, limiter=lane.limiter))

    anyio.run(all_at_once)
    assert most == 2


def test_two_lanes_do_not_wait_for_each_other() -> None:
    one, other = Lane("one", 1), Lane("other", 1)

    async def apart() -> bool:
        return one.limiter is one.limiter and one.limiter is not other.limiter

    assert anyio.run(apart)
