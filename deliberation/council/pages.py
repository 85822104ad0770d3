"""All addresses of this step."""

from __future__ import annotations

from starlette.routing import Route

from deliberation.council import link_pages, seat_pages
from deliberation.council import platform_pages as account_pages
from deliberation.council.buildings import pages as building_pages
from deliberation.council.disputes import pages as dispute_pages
from deliberation.council.recovery import pages as recovery_pages
from deliberation.council.residents import pages as resident_pages
from deliberation.council.resting import pages as resting_pages
from deliberation.council.roll import head_pages
from deliberation.council.roll import pages as roll_pages
from deliberation.council.seating import pages as seating_pages
from deliberation.council.slips import home_code_pages
from deliberation.council.slips import pages as slip_pages

routes: list[Route] = [
    *link_pages.routes,
    *account_pages.routes,
    *seat_pages.routes,
    *seating_pages.routes,
    *resting_pages.routes,
    *building_pages.routes,
    *resident_pages.routes,
    *recovery_pages.routes,
    *roll_pages.routes,
    *dispute_pages.routes,
    *head_pages.routes,
    *slip_pages.routes,
    *home_code_pages.routes,
]
