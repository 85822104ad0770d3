"""The roll: read by all, without names; imported by the moderator or the recorder, with a preview before anything is kept."""

from __future__ import annotations

import json

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import queries
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import differences, upload_actions, upload_queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import reader as roll_reader
from deliberation.council.roll import rules as roll_rules
from deliberation.council.roll.differences import MOST_MB, MOST_ROWS
from deliberation.council.rules import READS_ROLL, STAFF, WRITES_ROLL
from deliberation.council.tables import RollUpload
from deliberation.people.queries import names
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import MEMBER, NotHere, seat
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.roll import COLUMNS
from votes.unit import parse_area


def roll_page(visit: Visit) -> Response:
    versions = roll_queries.versions(visit.session, visit.council_id)
    asked = visit.query("version")
    roll = next((one for one in versions if str(one.version) == asked), None) if asked else next(iter(versions), None)
    if asked and roll is None:
        raise NotHere
    reads_names = bool(visit.roles & set(READS_ROLL))
    search, building, number = visit.query("q").strip(), visit.query("building").strip(), visit.page_number
    parking = queries.settings_of(visit.session, visit.council_id).count_parking
    units, pages = (
        roll_queries.unit_rows(
            visit.session,
            roll.id,
            parking=parking,
            search=search,
            building=building,
            names=reads_names,
            page=number,
        )
        if roll
        else ([], 1)
    )
    staff = bool(visit.roles & set(STAFF))
    return visit.render(
        "council/roll.html",
        roll=roll,
        versions=versions,
        units=units,
        page=number,
        pages=pages,
        search=search,
        building=building,
        buildings=[one for one in resident_queries.buildings(visit.session, roll.id) if one] if roll else [],
        reads_names=reads_names,
        may_import=bool(visit.roles & set(WRITES_ROLL)),
        uploads=upload_queries.open_uploads(visit.session, visit.council_id) if staff else [],
        staff=staff,
        disputed=dispute_queries.open_count(visit.session, visit.council_id),
        people=names(visit.session, {by for one in versions for by in (one.imported_by, one.confirmed_by)}),
        fits=roll_rules.fits_register(
            roll.heads, roll.area, register_heads=roll.register_heads, register_area=roll.register_area
        )
        if roll
        else None,
        parking=parking,
    )


def import_page(visit: Visit) -> Response:
    return visit.render(
        "council/roll_import.html",
        columns=COLUMNS,
        most_mb=MOST_MB,
        most_rows=MOST_ROWS,
        first=roll_queries.newest(visit.session, visit.council_id) is None,
    )


def example_file(visit: Visit) -> Response:
    return Response(
        differences.example(visit.lang),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="roll-example.csv"', "x-content-type-options": "nosniff"},
    )


def take(visit: Visit) -> Response:
    upload = visit.form.upload("file", most_mb=MOST_MB)
    record_date = visit.form.day("record_date", required=False)
    register = _register(visit)
    visit.form.check()
    found = upload_actions.take(visit.tx, upload, record_date, register)
    db, upload_id, now = visit.site.db, found.id, visit.now
    visit.tx.after_commit(lambda: roll_reader.start(db, upload_id, now))
    return visit.to(visit.url(f"/roll/uploads/{upload_id}"))


def _register(visit: Visit) -> tuple[int | None, int | None]:
    """Heads and area as the register has them; each may be left open."""
    area: int | str | None = None
    if text := visit.form.text("register_area", most=20, required=False):
        area = parse_area(text.replace(",", "").replace("，", ""))
        if not isinstance(area, int):
            visit.form.fault("register_area", "not_an_area")
    heads = visit.form.whole("register_heads", least=0, most=10**6, default=0)
    return heads or None, area if isinstance(area, int) else None


def _upload(visit: Visit) -> RollUpload:
    found = upload_queries.upload_of(visit.session, visit.council_id, visit.params["upload_id"])
    if found is None:
        raise NotHere
    return found


def upload_page(visit: Visit) -> Response:
    upload = _upload(visit)
    if upload.state == upload_queries.KEPT:
        return visit.to(visit.url("/roll"))
    newest = roll_queries.newest(visit.session, visit.council_id)
    report = json.loads(upload.report)
    ready = upload.state == upload_queries.READY
    fits = upload_actions.fits(upload, report) if ready else None
    brought = names(visit.session, [upload.uploaded_by])[upload.uploaded_by]
    return visit.render(
        "council/roll_upload.html",
        upload=upload,
        report=report,
        newest=newest,
        brought=brought,
        fits=fits,
        needs_two=roll_rules.roll_needs_two(first=newest is None, fits=fits),
        needs_reason=roll_rules.roll_needs_reason(first=newest is None, fits=fits),
        stale=ready and report["base"] != (newest.version if newest else 0),
        may_import=bool(visit.roles & set(WRITES_ROLL)),
        lang_at=0 if visit.lang == "zh" else 1,
        shown=upload_actions.SHOWN,
    )


def confirm(visit: Visit) -> Response:
    upload = _upload(visit)
    if upload.state != upload_queries.READY:
        raise Refused("upload_not_ready")
    upload_id = upload.id
    reason = visit.form.text("reason", most=500, least=4, required=False, one_line=False)
    visit.form.check()
    voting = differences.read_file(upload.file_name, upload.body)
    upload_actions.confirm(visit.tx, upload_id, voting, reason=reason)
    return visit.to(visit.url("/roll"), said="roll_kept")


def again(visit: Visit) -> Response:
    upload = _upload(visit)
    upload_id = upload.id
    again = upload_queries.upload_of(visit.tx.session, visit.council_id, upload_id)
    if again is None or again.state == upload_queries.KEPT:
        raise NotHere
    upload_actions.again(visit.tx, again)
    db, now = visit.site.db, visit.now
    visit.tx.after_commit(lambda: roll_reader.start(db, upload_id, now))
    return visit.to(visit.url(f"/roll/uploads/{upload_id}"))


def throw_away(visit: Visit) -> Response:
    upload_id = _upload(visit).id
    upload_actions.throw_away(visit.tx, upload_id)
    return visit.to(visit.url("/roll"), said="upload_thrown_away")


_READS = seat(*STAFF)
_WRITES = seat(*WRITES_ROLL)
_UPLOAD = "/c/{council}/roll/uploads/{upload_id:int}"

routes: list[Route] = [
    page("/c/{council}/roll", roll_page, needs=MEMBER, reads=Reads("roll", by=READS_ROLL)),
    page("/c/{council}/roll/import", import_page, needs=_WRITES),
    page("/c/{council}/roll/example.csv", example_file, needs=_WRITES),
    act(
        "/c/{council}/roll/import",
        take,
        needs=_WRITES,
        page="/c/{council}/roll/import",
        rate="20/minute",
        most_mb=MOST_MB + 1,
    ),
    page(_UPLOAD, upload_page, needs=_READS, reads=Reads("roll_file", of="upload_id")),
    act(f"{_UPLOAD}/confirmation", confirm, needs=_WRITES, page=_UPLOAD),
    act(f"{_UPLOAD}/reading", again, needs=_WRITES, page=_UPLOAD),
    act(f"{_UPLOAD}/removal", throw_away, needs=_WRITES, page=_UPLOAD),
]
