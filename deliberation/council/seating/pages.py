"""Saying yes or no to a change of the seats: by the supervisor or a community officer, or by the platform's admin."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import queries
from deliberation.council.invitations import invited
from deliberation.council.platform_pages import named_council
from deliberation.council.rules import Role
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import AGREES
from deliberation.web.routing import act
from deliberation.web.viewer import PLATFORM, NotHere, seat
from deliberation.web.visit import Visit


def agree(visit: Visit) -> Response:
    return _agree(visit, visit.council_id, back=visit.url("/seats"), by_platform=False)


def refuse(visit: Visit) -> Response:
    seating_actions.refuse(visit.tx, visit.params["change_id"])
    return visit.to(visit.url("/seats"), said="seat_change_refused")


def agree_from_platform(visit: Visit) -> Response:
    council = named_council(visit)
    return _agree(visit, council.id, back=f"/platform/councils/{council.slug}", by_platform=True)


def refuse_from_platform(visit: Visit) -> Response:
    council = named_council(visit)
    back = f"/platform/councils/{council.slug}"
    visit.tx.council_id = council.id
    seating_actions.refuse(visit.tx, visit.params["change_id"], by_platform=True)
    return visit.to(back, said="seat_change_refused")


def _agree(visit: Visit, council_id: int, *, back: str, by_platform: bool) -> Response:
    role, name = _found(visit, council_id), queries.settings_of(visit.session, council_id).name
    field = f"known_{visit.params['change_id']}"
    if not visit.form.ticked(field):
        visit.form.fault(field, "tick_known")
    visit.form.check()
    visit.tx.council_id = council_id
    guest = seating_actions.agree(visit.tx, visit.params["change_id"], by_platform=by_platform)
    if guest is None:
        return visit.to(back, said="seat_agreed")
    return invited(visit, guest, council=name, back=back, role=role)


def _found(visit: Visit, council_id: int) -> str:
    """Its role; another council's change is not there, whatever is sent."""
    change = seating_queries.change(visit.session, council_id, visit.params["change_id"])
    if change is None:
        raise NotHere
    return change.role


_SEATS = "/c/{council}/seats"
_ONE = f"{_SEATS}/changes/{{change_id:int}}"
_PLATFORM = "/platform/councils/{slug}"

routes: list[Route] = [
    act(f"{_ONE}/confirmation", agree, needs=seat(*AGREES), page=_SEATS, rate="20/minute"),
    act(f"{_ONE}/refusal", refuse, needs=seat(Role.MODERATOR, *AGREES), page=_SEATS),
    act(f"{_PLATFORM}/changes/{{change_id:int}}/confirmation", agree_from_platform, needs=PLATFORM, page=_PLATFORM),
    act(f"{_PLATFORM}/changes/{{change_id:int}}/refusal", refuse_from_platform, needs=PLATFORM, page=_PLATFORM),
]
