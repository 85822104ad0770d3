"""The application: every step's routes, what runs beside them, and how they start and stop."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from deliberation import steps
from deliberation.council.queries import only_council, resolve
from deliberation.council.resting.actions import stepped_up
from deliberation.db.engine import Database
from deliberation.db.lock import ServerLock
from deliberation.jobs.clock import Clock, SystemClock
from deliberation.jobs.runner import Runner
from deliberation.people.actions import seen
from deliberation.settings import Settings
from deliberation.web.render import STATIC
from deliberation.web.routing import finish, instead_of_act, pages_of, shared_of
from deliberation.web.shared import Shared
from deliberation.web.shield import Shield
from deliberation.web.site import Site
from deliberation.web.viewer import NotHere
from deliberation.web.visit import Visit

log = logging.getLogger(__name__)


class Assets(StaticFiles):
    """Static files are named with their content's hash and may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        named = b"v=" in scope["query_string"]
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if named else "public, max-age=300"
        return response


def create_app(settings: Settings, clock: Clock | None = None, *, run_jobs: bool = True) -> Starlette:
    """The database must have been migrated; `run_jobs=False` leaves due acts to the caller (tests)."""
    clock = clock or SystemClock()
    db = Database(settings.database_url)
    runner = Runner(db, clock, steps.dues())
    site = Site(settings, db, clock, resolve, seen, only_council, stepped_up, runner)
    step_routes = steps.routes(demo=settings.demo)
    plain = [route for route in step_routes if isinstance(route, Route)]
    site.pages = pages_of(plain)
    # In a demo every page has a form, that of its clock.
    shared = [] if settings.demo else shared_of(plain)
    routes: list[BaseRoute] = [*step_routes, Mount("/static", Assets(directory=STATIC), name="static")]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        lock = ServerLock(db.path) if db.path else None
        if lock:
            lock.take()
        async with steps.live(site):
            if run_jobs:
                runner.start()
            yield
            await run_in_threadpool(runner.stop)
        db.close()
        if lock:
            lock.release()

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Shield, secure=settings.secure), Middleware(Shared, site=site, routes=shared)],
        exception_handlers={HTTPException: _http_trouble, 500: _broken},
    )
    # Starlette would add or take a slash by sending people to whatever host the request names.
    app.router.redirect_slashes = False
    app.state.site = site
    return app


_TITLES = {404: "not_found", 405: "wrong_method", 403: "forbidden", 413: "too_large"}


async def _http_trouble(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    if status == 405 and (place := instead_of_act(request)):
        return RedirectResponse(place, 303)
    return await run_in_threadpool(_trouble_page, request, status, _TITLES.get(status, "broken"))


async def _broken(request: Request, problem: Exception) -> Response:
    return await run_in_threadpool(_trouble_page, request, 500, "broken")


def _trouble_page(request: Request, status: int, title: str) -> Response:
    visit = Visit(request.app.state.site, request)
    try:
        # An address that no route knows has no council; who is signed in still stands at its top.
        with contextlib.suppress(NotHere, SQLAlchemyError):
            visit.meet()
        return finish(visit, visit.render("web/trouble.html", status, title=title))
    finally:
        visit.end()
