"""The desk's pages for letting somebody back in who lost phone and password."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import queries
from deliberation.council.recovery import actions as recovery_actions
from deliberation.council.rules import STAFF, Role
from deliberation.people.queries import names
from deliberation.people.recovery import queries as recovery_queries
from deliberation.people.recovery.actions import stop
from deliberation.people.tables import Account, Recovery
from deliberation.web import qr
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import NotHere, seat
from deliberation.web.visit import Visit

LIST = "/c/{council}/recoveries"
START = "/c/{council}/people/{account_id:int}/recovery"


def recoveries_page(visit: Visit) -> Response:
    found = recovery_queries.of_council(visit.session, visit.council_id)
    people = [one.account_id for one in found] + [one.started_by for one in found] + [one.confirmed_by for one in found]
    return visit.render(
        "council/recoveries.html",
        open=[one for one in found if recovery_queries.is_open(one, visit.now)],
        over=[one for one in found if not recovery_queries.is_open(one, visit.now)],
        within=recovery_queries.CONFIRM_WITHIN,
        names=names(visit.session, people),
    )


def start_page(visit: Visit) -> Response:
    return visit.render("council/recovery.html", person=_person(visit))


def start(visit: Visit) -> Response:
    person = _person(visit).id
    checked = visit.form.text("checked", most=200)
    if not visit.form.ticked("present"):
        visit.form.fault("present", "tick_present")
    visit.form.check()
    recovery_actions.start(visit.tx, person, checked)
    return visit.to(visit.url("/recoveries"), said="recovery_started")


def confirm(visit: Visit) -> Response:
    """The link is shown once, in the answer itself, since it is not kept."""
    recovery = _recovery(visit)
    if not visit.form.ticked("present"):
        visit.form.fault("present", "tick_present")
    visit.form.check()
    council, by_moderator = visit.council.name if visit.council else "", Role.MODERATOR in visit.roles
    name, token = recovery_actions.confirm(visit.tx, recovery, by_moderator=by_moderator)
    return recovery_slip(visit, name, council=council, token=token)


def recovery_slip(visit: Visit, name: str, *, council: str, token: str) -> Response:
    address = f"{visit.site.settings.base_url}/recovery/{token}"
    return visit.render(
        "council/recovery_slip.html", name=name, council_name=council, address=address, qr_svg=qr.svg(address)
    )


def stop_recovery(visit: Visit) -> Response:
    stop(visit.tx, _recovery(visit))
    return visit.to(visit.url("/recoveries"), said="recovery_stopped")


def _person(visit: Visit) -> Account:
    account_id = visit.params["account_id"]
    if visit.council_id not in {one.id for one in queries.councils_of(visit.session, account_id)}:
        raise NotHere
    return visit.session.get_one(Account, account_id)


def _recovery(visit: Visit) -> Recovery:
    found = visit.tx.session.get(Recovery, visit.params["recovery_id"])
    if found is None or found.council_id != visit.council_id:
        raise NotHere
    return found


_STAFF = seat(*STAFF)

routes: list[Route] = [
    page(LIST, recoveries_page, needs=_STAFF, reads=Reads("recoveries")),
    page(START, start_page, needs=_STAFF),
    act(START, start, needs=_STAFF, page=START, rate="20/minute"),
    act(f"{LIST}/{{recovery_id:int}}/confirmation", confirm, needs=_STAFF, page=LIST, rate="20/minute"),
    act(f"{LIST}/{{recovery_id:int}}/stopping", stop_recovery, needs=_STAFF, page=LIST),
]
