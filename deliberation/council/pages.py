"""All addresses of this step."""

from __future__ import annotations

from starlette.routing import Route

from deliberation.council import account_pages, recovery_pages, resident_pages, roll_pages, seat_pages

routes: list[Route] = [
    *account_pages.routes,
    *seat_pages.routes,
    *resident_pages.routes,
    *recovery_pages.routes,
    *roll_pages.routes,
]
