"""All addresses of this step."""

from __future__ import annotations

from starlette.routing import Route

from deliberation.council import (
    account_pages,
    dispute_pages,
    head_pages,
    home_code_pages,
    recovery_pages,
    resident_pages,
    roll_pages,
    seat_pages,
    slip_pages,
)

routes: list[Route] = [
    *account_pages.routes,
    *seat_pages.routes,
    *resident_pages.routes,
    *recovery_pages.routes,
    *roll_pages.routes,
    *dispute_pages.routes,
    *head_pages.routes,
    *slip_pages.routes,
    *home_code_pages.routes,
]
