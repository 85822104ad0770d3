"""The council's journey in order: the one list of what each step serves, and of what becomes due in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute

import deliberation.agenda.pages
import deliberation.demo.clock
import deliberation.people.pages
from deliberation.jobs.runner import Due
from deliberation.web.site import Site


def routes(*, demo: bool) -> list[BaseRoute]:
    return [
        *(deliberation.demo.clock.routes if demo else ()),
        *deliberation.people.pages.routes,
        *deliberation.agenda.pages.routes,
    ]


def dues() -> Sequence[Due]:
    return ()


@asynccontextmanager
async def live(site: Site) -> AsyncIterator[None]:
    yield
