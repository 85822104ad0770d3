"""My building: for the building leader alone, and nothing outside it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council.buildings import actions as building_actions
from deliberation.council.buildings import queries as building_queries
from deliberation.council.buildings.queries import Reached
from deliberation.council.rules import Role
from deliberation.web.routing import act, page
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit

PAGE = "/c/{council}/my-building"


def my_building(visit: Visit) -> Response:
    names = building_queries.led(visit.session, visit.council_id, visit.me)
    return visit.render(
        "council/my_building.html",
        buildings=[building_queries.building(visit.session, visit.council_id, one, visit.now) for one in names],
        reached=list(Reached),
        join_address=f"{visit.site.settings.base_url}{visit.url('/join')}",
    )


def hand_out(visit: Visit) -> Response:
    chosen = {int(one) for one in visit.values("slip") if one.isdecimal() and len(one) < 16}
    building_actions.hand_out(visit.tx, chosen)
    return visit.to(visit.url("/my-building"), said="slips_handed")


_LEADS = seat(Role.BUILDING)

routes: list[Route] = [
    page(PAGE, my_building, needs=_LEADS),
    act(f"{PAGE}/handing", hand_out, needs=_LEADS, page=PAGE),
]
