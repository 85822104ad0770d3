"""The roll as it is posted before a poll: rooms, areas and which of them are one head; no name, no number, no telephone."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import queries
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.tables import Roll
from deliberation.i18n.catalog import word
from deliberation.web import pdf, qr
from deliberation.web.routing import page
from deliberation.web.spreadsheet import csv_file
from deliberation.web.viewer import MEMBER, NotHere
from deliberation.web.visit import Visit
from votes.threshold import area_text


def _roll(visit: Visit) -> Roll:
    versions = roll_queries.versions(visit.session, visit.council_id)
    asked = visit.query("version")
    found = next((one for one in versions if str(one.version) == asked or not asked), None)
    if found is None:
        raise NotHere
    return found


def _sheet(visit: Visit, *, apology: str = "") -> Response:
    roll = _roll(visit)
    address = f"{visit.site.settings.base_url}{visit.url('/residents/me')}"
    parking = queries.settings_of(visit.session, visit.council_id).count_parking
    return visit.render(
        "front/posted.html",
        roll=roll,
        rows=roll_queries.posted_rows(visit.session, roll.id, parking=parking),
        parking=parking,
        council=queries.settings_of(visit.session, visit.council_id),
        disputed=dispute_queries.open_count(visit.session, visit.council_id),
        apology=apology,
        address=address,
        qr_svg=qr.svg(address),
    )


def sheet(visit: Visit) -> Response:
    return _sheet(visit)


def pdf_file(visit: Visit) -> Response:
    visit.site.limiter.hit("20/minute", "pdf", str(visit.me))
    return pdf.answer(lambda apology: _sheet(visit, apology=apology), f"roll-{_roll(visit).version}.pdf")


def table(visit: Visit) -> Response:
    roll = _roll(visit)
    parking = queries.settings_of(visit.session, visit.council_id).count_parking
    heading = [visit._("Where"), visit._("Use"), visit._("Area"), visit._("Head no."), visit._("Counts here")]
    rows = [
        [
            one.place,
            word("unit_use", one.use, visit.lang),
            area_text(one.area).replace(",", ""),
            str(one.number),
            visit._("counted") if one.counted else visit._("not counted"),
        ]
        for one in roll_queries.posted_rows(visit.session, roll.id, parking=parking)
    ]
    return csv_file(f"roll-{roll.version}.csv", [heading, *rows])


_PATH = "/c/{council}/roll/posted"
routes: list[Route] = [
    page(_PATH, sheet, needs=MEMBER),
    page(f"{_PATH}.pdf", pdf_file, needs=MEMBER),
    page(f"{_PATH}.csv", table, needs=MEMBER),
]
