"""Household slips: counted for every resident, printed at the desk, released by the moderator or the recorder."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import STAFF, WRITES_ROLL, Role
from deliberation.council.slips import actions as slip_actions
from deliberation.council.slips import queries as slip_queries
from deliberation.council.slips import rules as slip_rules
from deliberation.council.slips.actions import Printed
from deliberation.web import pdf, qr
from deliberation.web.once import only_once
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, NotHere, seat
from deliberation.web.visit import Visit


def slips_page(visit: Visit) -> Response:
    staff = bool(visit.roles & set(STAFF))
    newest = roll_queries.newest(visit.session, visit.council_id)
    search = visit.query("head").strip()
    cards, found = (
        resident_queries.searched(visit.session, visit.council_id, newest.id, search)
        if staff and newest and search
        else ([], 0)
    )
    return visit.render(
        "council/home_slips.html",
        counts=slip_queries.counts(visit.session, visit.council_id, visit.now),
        batches=slip_queries.batches(visit.session, visit.council_id) if staff else [],
        places=slip_queries.places(visit.session, visit.council_id) if staff else [],
        staff=staff,
        prints=Role.DESK in visit.roles,
        knows_phones=slip_rules.knows_phones(
            roles=visit.roles,
            imported_a_roll=slip_queries.imported_a_roll(visit.session, visit.council_id, visit.me),
        ),
        releases=bool(visit.roles & set(WRITES_ROLL)),
        has_roll=newest is not None,
        search=search,
        cards=cards,
        found=found,
        most_found=resident_queries.MOST_FOUND,
        used=slip_queries.used_of(visit.session, visit.council_id, [card.key for card in cards]),
        valid_days=slip_rules.VALID_FOR.days,
        tries=slip_rules.MOST_TRIES,
        shown_days=slip_queries.TRIES_SHOWN.days,
    )


def print_slips(visit: Visit) -> Response:
    chosen = visit.form.choice("place", ("all", *slip_queries.places(visit.session, visit.council_id)))
    visit.form.check()
    place = "" if chosen == "all" else chosen
    _not_by_reloading(visit)
    return _printed(visit, slip_actions.print_slips(visit.tx, visit.site.settings.secret, place=place))


def reissue(visit: Visit) -> Response:
    head_key = visit.form.text("head_key", most=60)
    visit.form.check()
    disputed = visit.form.ticked("disputed")
    _not_by_reloading(visit)
    return _printed(visit, slip_actions.reissue(visit.tx, visit.site.settings.secret, head_key, disputed=disputed))


def _not_by_reloading(visit: Visit) -> None:
    """Who looks at the sheet again must not end the codes that stand on the paper already."""
    only_once(visit, visit.url("/home-slips?said=slips_printed_before"))


def _printed(visit: Visit, printed: Printed) -> Response:
    """The codes stand in this answer and nowhere else. The sheet is made after the commit, so that it holds up no ballot."""
    address = f"{visit.site.settings.base_url}{visit.url('/home-code')}"
    facts: dict[str, Any] = {
        "batch_id": printed.batch.id,
        "count": printed.batch.slips,
        "expires_at": printed.batch.expires_at,
        "sheets": [(one, qr.svg(f"{address}#{one.code}") if one.code else None) for one in printed.sheets],
        "address": address,
    }
    visit.end()
    return pdf.answer(
        lambda apology: visit.render("council/slip_sheet.html", apology=apology, **facts),
        f"home-slips-{facts['batch_id']}.pdf",
        handed_out_once=True,
    )


def _batch_id(visit: Visit) -> int:
    """Looked for before the form is: another council's batch is not there, whatever is sent."""
    found = slip_queries.batch(visit.session, visit.council_id, visit.params["batch_id"])
    if found is None:
        raise NotHere
    return found.id


def release(visit: Visit) -> Response:
    batch_id = _batch_id(visit)
    counted = visit.form.whole(slip_rules.count_field(batch_id), least=0, most=100_000)
    visit.form.check()
    slip_actions.confirm(visit.tx, batch_id, counted=counted)
    return visit.to(visit.url("/home-slips"), said="slips_released")


def discard(visit: Visit) -> Response:
    slip_actions.discard(visit.tx, _batch_id(visit))
    return visit.to(visit.url("/home-slips"), said="slips_discarded")


_SLIPS = "/c/{council}/home-slips"
_BATCH = f"{_SLIPS}/{{batch_id:int}}"
_DESK = seat(Role.DESK)

routes: list[Route] = [
    page(_SLIPS, slips_page, needs=MEMBER, reads=Reads("roll", by=STAFF)),
    act(f"{_SLIPS}/printing", print_slips, needs=_DESK, page=_SLIPS, rate="20/hour"),
    act(f"{_SLIPS}/reissue", reissue, needs=_DESK, page=_SLIPS, rate="60/hour"),
    act(f"{_BATCH}/release", release, needs=seat(*WRITES_ROLL), page=_SLIPS),
    act(f"{_BATCH}/removal", discard, needs=seat(*STAFF), page=_SLIPS),
]
