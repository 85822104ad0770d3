"""The first page, a council's home, the workbench, the notice board, search, the journal and help."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from deliberation.council.queries import all_councils, councils_of, settings_of
from deliberation.council.residents import queries as resident_queries
from deliberation.council.rules import STAFF, Role
from deliberation.council.seating import past_queries
from deliberation.council.seating import queries as seating_queries
from deliberation.front import (
    account_pages,
    beginning,
    board,
    counted_pages,
    finding,
    log,
    looks_pages,
    needs,
    posted_pages,
    program_pages,
)
from deliberation.front.work import queries as work_queries
from deliberation.front.work.rules import WORKERS
from deliberation.jobs import retention
from deliberation.people.devices.queries import told
from deliberation.story import queries as story
from deliberation.web.render import markdown
from deliberation.web.routing import page
from deliberation.web.viewer import ANYONE, MEMBER, PERSON, SeatRests, SecondStepFirst, seat
from deliberation.web.visit import Visit

HOME = "/c/{council}"
HELP = Path(__file__).parent.parent / "i18n" / "help"
ON_HOME = 5


def first_page(visit: Visit) -> Response:
    own = councils_of(visit.session, visit.person.account_id) if visit.person else []
    admin = visit.person.account_id if visit.person and visit.person.platform_admin else None
    if len(own) == 1 and not admin:
        return visit.to(f"/c/{own[0].slug}")
    return visit.render(
        "front/first.html",
        own=own,
        councils=all_councils(visit.session),
        to_agree=sum(seating_queries.to_agree(visit.session, admin).values()) if admin else 0,
        answers=past_queries.answers(visit.session, admin, visit.now) if admin else [],
        account_notices=told(visit.session, visit.person),
    )


def home(visit: Visit) -> Response:
    if not visit.viewer.member:
        if visit.viewer.resting:
            raise SeatRests
        if visit.viewer.withheld:
            raise SecondStepFirst
        return _outside(visit)
    found = needs.needs(visit.session, visit.viewer, visit.now)
    staff = bool(visit.roles & set(STAFF))
    if visit.roles & set(WORKERS):
        work = work_queries.due(visit.session, visit.council_id, visit.roles, visit.me, visit.now)
        late = sum(1 for one in work if one.late(visit.now))
        if work:
            facts = {"count": len(work), "late": late}
            found.insert(0, needs.Need("work_late" if late else "work", "/work", facts))
    if Role.MODERATOR in visit.roles:
        missing = beginning.needed(beginning.steps(visit.session, visit.council_id))
        if missing:
            found.insert(0, needs.Need("beginning", "/work#beginning", {"count": missing}))
    shown = [one for one in found if one.waits or one.code == "meeting_go_on"][: needs.SHOWN]
    return visit.render(
        "front/home.html",
        account_notices=told(visit.session, visit.person),
        count=sum(one.waits for one in found),
        needs=shown,
        others=[one for one in found if one not in shown],
        coming=needs.coming(visit.session, visit.council_id, visit.now),
        news=needs.news(visit.session, visit.council_id, visit.me, visit.now),
        matters=story.under_way(visit.session, visit.council_id, visit.now, ON_HOME),
        notices=board.notices(visit.session, visit.council_id, size=ON_HOME),
        may_raise=visit.viewer.verified or staff,
    )


def _outside(visit: Visit) -> Response:
    """A stranger sees what this is and the notice board; who asked to join sees how far that is."""
    asked = (
        resident_queries.membership_of(visit.session, visit.council_id, visit.person.account_id)
        if visit.person
        else None
    )
    return visit.render(
        "front/outside.html",
        account_notices=told(visit.session, visit.person),
        settings=settings_of(visit.session, visit.council_id),
        asked=asked,
        notices=board.notices(visit.session, visit.council_id, size=ON_HOME),
    )


def work_page(visit: Visit) -> Response:
    rows = work_queries.due(visit.session, visit.council_id, visit.roles, visit.me, visit.now)
    steps = beginning.steps(visit.session, visit.council_id) if Role.MODERATOR in visit.roles else []
    at_home = [] if rows else needs.needs(visit.session, visit.viewer, visit.now)
    return visit.render(
        "front/work.html",
        at_home=sum(one.waits for one in at_home),
        late=[one for one in rows if one.late(visit.now)],
        soon=[one for one in rows if one.at is not None and not one.late(visit.now)],
        open=[one for one in rows if one.at is None],
        beginning=steps,
        missing=beginning.needed(steps),
        coming=needs.coming(visit.session, visit.council_id, visit.now),
    )


def notices_page(visit: Visit) -> Response:
    pages = max(1, -(-board.count(visit.session, visit.council_id) // board.SIZE))
    number = min(visit.page_number, pages)
    return visit.render(
        "front/notices.html",
        notices=board.notices(visit.session, visit.council_id, page=number),
        page=number,
        pages=pages,
        fresh=visit.now - timedelta(days=15),
    )


def feed(visit: Visit) -> Response:
    response = visit.render(
        "front/notices.xml",
        notices=board.notices(visit.session, visit.council_id),
        base=visit.site.settings.base_url,
    )
    response.headers["content-type"] = "application/atom+xml; charset=utf-8"
    return response


def search_page(visit: Visit) -> Response:
    text = visit.query("q").strip()[:80]
    return visit.render("front/search.html", q=text, hits=finding.find(visit.session, visit.council_id, text))


def log_page(visit: Visit) -> Response:
    chain = log.chain(visit.session, visit.council_id, visit.now.date())
    months = log.months(visit.session, visit.council_id, visit.now)
    kind = visit.query("kind") if visit.query("kind") in log.KINDS else ""
    month = visit.query("month") if visit.query("month") in months else ""
    by = visit.query("by") if visit.query("by") in log.BY else ""
    total = log.count(visit.session, visit.council_id, kind, month, by) if kind or month or by else chain.count
    pages = max(1, -(-total // log.SIZE))
    number = min(visit.page_number, pages)
    return visit.render(
        "front/log.html",
        chain=chain,
        kinds=list(log.KINDS),
        kind=kind,
        months=months,
        month=month,
        whose=log.BY,
        by=by,
        acts=log.acts(visit.session, visit.viewer, visit.lang, number, kind, month, by),
        page=number,
        pages=pages,
        pager_href=visit.url("/log?" + urlencode({"kind": kind, "by": by, "month": month, "page": ""})),
    )


def log_file(visit: Visit) -> Response:
    return StreamingResponse(
        log.as_file(visit.site.db, visit.council_id),
        media_type="application/x-ndjson",
        headers={"content-disposition": 'attachment; filename="journal.jsonl"'},
    )


def help_page(visit: Visit) -> Response:
    return _help(visit, "help")


def privacy_page(visit: Visit) -> Response:
    return _help(visit, "privacy")


def verify_page(visit: Visit) -> Response:
    return _help(visit, "verify")


def _help(visit: Visit, name: str) -> Response:
    text = (HELP / f"{name}.{visit.lang}.md").read_text("utf-8")
    title, _, body = text.partition("\n")
    return visit.render(
        "front/help.html", name=name, kept=retention.ALL, title=title.removeprefix("# "), body=markdown(body)
    )


routes: list[Route] = [
    page("/", first_page, needs=ANYONE),
    page("/account", account_pages.account_page, needs=PERSON),
    *account_pages.routes,
    page(HOME, home, needs=ANYONE, shared=True),
    page(f"{HOME}/work", work_page, needs=seat(*WORKERS)),
    page(f"{HOME}/notices", notices_page, needs=ANYONE, shared=True),
    page(f"{HOME}/notices.xml", feed, needs=ANYONE, shared=True),
    page(f"{HOME}/search", search_page, needs=MEMBER),
    page(f"{HOME}/log", log_page, needs=MEMBER),
    page(f"{HOME}/log.jsonl", log_file, needs=MEMBER),
    page("/help", help_page, needs=ANYONE),
    page("/help/privacy", privacy_page, needs=ANYONE),
    page("/help/verify", verify_page, needs=ANYONE),
    *looks_pages.routes,
    *counted_pages.routes,
    *posted_pages.routes,
    *program_pages.routes,
]
