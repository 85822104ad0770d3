"""What takes long waits in a lane: no more of it runs at a time than the lane has threads, whoever comes."""

import threading

import anyio
import pytest
from anyio import from_thread, to_thread
from starlette.responses import Response

from deliberation.web.lanes import Lane
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit
from tests.conftest import Town
from tests.serving import PATIENCE, come_true


def test_no_more_run_at_a_time_than_the_lane_has_threads() -> None:
    lane, gate, entered = Lane("a test", 2), threading.Event(), threading.Semaphore(0)

    def work() -> None:
        entered.release()
        gate.wait(PATIENCE)

    async def all_at_once() -> int:
        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(lambda: to_thread.run_sync(work, limiter=lane.limiter))
            await come_true(lambda: lane.limiter.statistics().tasks_waiting == 4)
            running = int(lane.limiter.borrowed_tokens)
            gate.set()
        return running

    assert anyio.run(all_at_once) == 2
    assert all(entered.acquire(blocking=False) for _ in range(6)), "each had its turn"


def test_two_lanes_do_not_wait_for_each_other() -> None:
    one, other = Lane("one", 1), Lane("other", 1)

    async def apart() -> bool:
        return one.limiter is one.limiter and one.limiter is not other.limiter

    assert anyio.run(apart)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_a_route_does_is_done_in_its_lane(town: Town, method: str) -> None:
    lane, taken = Lane("a test", 3), []

    def slow(visit: Visit) -> Response:
        taken.append(from_thread.run_sync(lambda: lane.limiter.borrowed_tokens))
        return visit.to("/")

    made = (
        page("/slow", slow, needs=ANYONE, lane=lane) if method == "GET" else act("/slow", slow, needs=ANYONE, lane=lane)
    )
    town.app.router.routes[:0] = [made]
    caller = town.as_(None)
    answer = caller.get("/slow") if method == "GET" else caller.post("/slow")
    assert (answer.status, taken) == (303, [1])
