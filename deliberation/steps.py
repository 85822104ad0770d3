"""The council's journey in order: the one list of what each step serves, and of what becomes due in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute

import deliberation.agenda.due
import deliberation.agenda.pages
import deliberation.ballot.due
import deliberation.ballot.pages
import deliberation.council.due
import deliberation.council.pages
import deliberation.decision.due
import deliberation.decision.pages
import deliberation.demo.clock
import deliberation.followup.pages
import deliberation.front.pages
import deliberation.meeting.pages
import deliberation.minutes.due
import deliberation.minutes.pages
import deliberation.people.due
import deliberation.people.pages
import deliberation.people.passkeys.pages
import deliberation.people.password_pages
import deliberation.people.provider.pages
import deliberation.people.recovery.pages
import deliberation.people.second.pages
import deliberation.story.due
import deliberation.story.pages
from deliberation.jobs.runner import Due
from deliberation.live.hub import Hub
from deliberation.web.site import Site


def routes(*, demo: bool) -> list[BaseRoute]:
    return [
        *(deliberation.demo.clock.routes if demo else ()),
        *deliberation.people.pages.routes,
        *deliberation.people.password_pages.routes,
        *deliberation.people.second.pages.routes,
        *deliberation.people.passkeys.pages.routes,
        *deliberation.people.provider.pages.routes,
        *deliberation.people.recovery.pages.routes,
        *deliberation.council.pages.routes,
        *deliberation.agenda.pages.routes,
        *deliberation.ballot.pages.routes,
        *deliberation.meeting.pages.routes,
        *deliberation.decision.pages.routes,
        *deliberation.story.pages.routes,
        *deliberation.followup.pages.routes,
        *deliberation.minutes.pages.routes,
        *deliberation.front.pages.routes,
    ]


def dues() -> Sequence[Due]:
    return (
        deliberation.people.due.clean,
        deliberation.council.due.due,
        deliberation.council.due.clean,
        deliberation.agenda.due.clean,
        deliberation.ballot.due.due,
        deliberation.decision.due.due,
        deliberation.minutes.due.due,
        deliberation.story.due.due,
    )


@asynccontextmanager
async def live(site: Site) -> AsyncIterator[None]:
    site.live = hub = Hub()
    site.db.publish = hub.publish
    try:
        yield
    finally:
        await hub.close()
        site.live = None
