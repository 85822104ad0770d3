"""Who read the roll, the minutes and the pages of residents: the list for members."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.front import looks_queries
from deliberation.jobs import retention
from deliberation.web.routing import page
from deliberation.web.viewer import MEMBER
from deliberation.web.visit import Visit


def looks_page(visit: Visit) -> Response:
    pages = max(1, -(-looks_queries.count(visit.session, visit.council_id) // looks_queries.SIZE))
    number = min(visit.page_number, pages)
    return visit.render(
        "front/looks.html",
        looks=looks_queries.looks(visit.session, visit.viewer, visit.lang, number),
        page=number,
        pages=pages,
        kept_days=retention.READING.span.days,
    )


routes: list[Route] = [page("/c/{council}/log/readings", looks_page, needs=MEMBER)]
