"""An act that a crowd does: its handler stops once, at the slow part, and others' slow parts are done along with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator, Iterator

from starlette.responses import Response
from starlette.routing import Route

from deliberation.db.engine import Together
from deliberation.web.crowd import Member
from deliberation.web.lanes import BEHIND
from deliberation.web.routing import Act, finish
from deliberation.web.viewer import Needs
from deliberation.web.visit import Visit

Slow = Callable[[], bool]
"""What takes long, needs no connection, and says whether it went well."""
Parts = Generator[Slow, bool, Response]


class CrowdAct(Act):
    def __init__(self, path: str, parts: Callable[[Visit], Parts], needs: Needs, page: str | None, rate: str) -> None:
        super().__init__(path, self._by_itself, needs, page, rate, 1, None)
        self.parts = parts

    async def _in_turn(self, visit: Visit) -> Response:
        one = _One(self, visit)
        visit.site.crowd.join(one)
        return await one.told

    def _by_itself(self, visit: Visit) -> Response:
        parts = self.parts(visit)
        slow = next(parts)
        visit.data.stop_reading()
        return _rest(parts, BEHIND.submit(slow).result())


def act(path: str, parts: Callable[[Visit], Parts], *, needs: Needs, page: str | None = None, rate: str) -> Route:
    """As `routing.act`."""
    return Route(path, CrowdAct(path, parts, needs, page, rate).respond, methods=["POST"], name=f"POST {path}")


class _One(Member):
    def __init__(self, act: CrowdAct, visit: Visit) -> None:
        self._act, self._visit, self._parts = act, visit, act.parts(visit)
        self._loop = asyncio.get_running_loop()
        self.told: asyncio.Future[Response] = self._loop.create_future()
        self._slow: Slow
        self._broke: Exception | None = None
        self._response: Response | None = None
        self._problem: Exception | None = None

    def begin(self) -> bool:
        with self._caught():
            refused = self._act.admit(self._visit)
            if refused:
                self._visit.end()
                self._response = finish(self._visit, refused)
            else:
                self._slow = next(self._parts)
                self._visit.data.stop_reading()
        return self._response is None and self._problem is None

    def reckon(self) -> bool:
        try:
            return self._slow()
        except Exception as problem:  # noqa: BLE001 -- raised again where it is answered
            self._broke = problem
            return False

    def go_on(self, went_well: bool, group: Together) -> None:
        with self._caught():
            if self._broke:
                raise self._broke
            self._visit.data.write_into(group)
            response = self._act.done(self._visit, _rest(self._parts, went_well))
            self._visit.end()
            self._response = finish(self._visit, response)

    def undone(self) -> None:
        """Again, by itself: it gets what is the case for itself alone."""
        if self._visit.data.began:
            self._response = self._problem = None
            with self._caught():
                self._response = self._act.alone(self._visit.again())

    @contextlib.contextmanager
    def _caught(self) -> Iterator[None]:
        try:
            yield
        except Exception as problem:  # noqa: BLE001 -- the answer to it, or the problem itself, is told to the loop
            self._fail(problem)

    def _fail(self, problem: Exception) -> None:
        try:
            self._response = self._act.failed(self._visit, problem)
        except Exception as unforeseen:  # noqa: BLE001
            self._problem = unforeseen

    def answer(self) -> None:
        with contextlib.suppress(RuntimeError):  # A loop that has ended waits for nothing.
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        if self.told.cancelled():
            return
        if self._response is not None:
            self.told.set_result(self._response)
        else:
            self.told.set_exception(self._problem or RuntimeError("an act without an answer"))


def _rest(parts: Parts, went_well: bool) -> Response:
    try:
        parts.send(went_well)
    except StopIteration as end:
        response: Response = end.value
        return response
    raise RuntimeError("such a handler stops once")
