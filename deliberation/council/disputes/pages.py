"""Disputes about the roll: raised on one's own page, answered by one of the staff and confirmed by another."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import later_queries
from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import rules as roll_rules
from deliberation.council.roll.changes import BY_HAND, Edit
from deliberation.council.roll.rules import Origin
from deliberation.council.roll.search_rules import sought
from deliberation.council.rules import READS_ROLL, STAFF, WRITES_ROLL
from deliberation.i18n.catalog import word
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import VERIFIED, NotHere, seat
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.roll import Unit

MOST_FOUND = 12
CODED = {
    "area_basis": ("area_basis", ("register", "survey", "contract")),
    "use": ("unit_use", ("dwelling", "shop", "parking")),
    "delivery": ("delivery", ("delivered", "sold_undelivered", "unsold")),
    "co_ownership": ("co_ownership", ("sole", "joint", "shares")),
}
"""What a cell may say, and the section of its words."""


def raise_one(visit: Visit) -> Response:
    text = visit.form.text("text", most=300, least=4)
    visit.form.check()
    dispute_actions.dispute(visit.tx, text=text, head_key=visit.viewer.head_key)
    return visit.to(visit.url("/residents/me#disputes"), said="roll_disputed")


def list_page(visit: Visit) -> Response:
    return visit.render(
        "council/disputes.html",
        disputes=dispute_queries.disputes(visit.session, visit.council_id),
        waiting=dispute_queries.changes_waiting(visit.session, visit.council_id),
        ahead=later_queries.polls_ahead(visit.session, visit.council_id),
        decides=bool(visit.roles & set(WRITES_ROLL)),
        staff=bool(visit.roles & set(STAFF)),
    )


def one_page(visit: Visit) -> Response:
    found = _found(visit)
    roll = roll_queries.newest(visit.session, visit.council_id)
    units = roll_queries.known_roll(visit.session, roll.id, roll.fingerprint).units if roll else ()
    search = visit.query("q").strip()
    shown = _searched(units, search) if search else _own(visit, found.head_key)
    asked = visit.query("unit") or visit.form.raw("unit")
    chosen = next((one for one in units if str(one.line) == asked), None)
    return visit.render(
        "council/dispute.html",
        dispute=found,
        roll=roll,
        units=shown,
        search=search,
        chosen=chosen,
        values={name: roll_changes.text_of(chosen, name) for name in BY_HAND} if chosen else {},
        options={name: _options(visit, name, chosen) for name in CODED} if chosen else {},
        ahead=later_queries.polls_ahead(visit.session, visit.council_id),
        staff=bool(visit.roles & set(STAFF)),
        decides=bool(visit.roles & set(WRITES_ROLL)),
    )


def _options(visit: Visit, name: str, unit: Unit) -> list[tuple[str, str]]:
    """(value, label); what stands there now is among them, whatever the file said."""
    section, codes = CODED[name]
    known = [(code, word(section, code, visit.lang)) for code in codes]
    now = roll_changes.text_of(unit, name)
    return known if now in {"", *codes} else [*known, (now, now)]


def _found(visit: Visit) -> dispute_queries.DisputeView:
    wanted = visit.params["roll_dispute_id"]
    found = next((one for one in dispute_queries.disputes(visit.session, visit.council_id) if one.id == wanted), None)
    if found is None:
        raise NotHere
    return found


def _own(visit: Visit, head_key: str | None) -> list[Unit]:
    head = roll_queries.head(visit.session, visit.council_id, head_key) if head_key else None
    return list(head.units) if head else []


def _searched(units: tuple[Unit, ...], search: str) -> list[Unit]:
    holds = sought(search)
    return [one for one in units if holds(f"{one.place}{one.owner_name}{one.owner_id}")][:MOST_FOUND]


def answer(visit: Visit) -> Response:
    form = visit.form
    kind = form.choice("kind", (roll_rules.STAYS, Origin.CORRECT.value))
    reason = form.text("reason", most=500, least=4, one_line=False)
    base_id = form.whole("base", least=0, most=10**12)
    edits = _edits(visit) if kind == Origin.CORRECT else []
    form.check()
    found = dispute_queries.dispute(visit.tx.session, visit.council_id, visit.params["roll_dispute_id"])
    dispute_actions.put(visit.tx, kind=kind, base_id=base_id, edits=edits, reason=reason, dispute=found)
    return visit.to(visit.url("/roll/disputes"), said="change_put")


def _edits(visit: Visit) -> list[Edit]:
    """What the form changes of the unit it was filled from."""
    line = visit.form.whole("unit", least=0, most=10**9, default=0)
    roll = roll_queries.newest(visit.session, visit.council_id)
    units = roll_queries.known_roll(visit.session, roll.id, roll.fingerprint).units if roll else ()
    unit = next((one for one in units if one.line == line), None)
    if unit is None:
        raise Refused("choose_unit_first")
    typed = {name: visit.form.text(name, most=80, required=False) for name in BY_HAND}
    return [Edit(line, name, value) for name, value in typed.items() if value != roll_changes.text_of(unit, name)]


def confirm(visit: Visit) -> Response:
    found = dispute_queries.amendment(visit.tx.session, visit.council_id, visit.params["amendment_id"])
    roll = dispute_actions.confirm(visit.tx, found)
    return visit.to(visit.url("/roll/disputes"), said="roll_kept" if roll else "dispute_answered")


def refuse(visit: Visit) -> Response:
    found = dispute_queries.amendment(visit.tx.session, visit.council_id, visit.params["amendment_id"])
    note = visit.form.text(f"note_{found.id}", most=200, least=4)
    visit.form.check()
    dispute_actions.refuse(visit.tx, found, note=note)
    return visit.to(visit.url("/roll/disputes"), said="change_refused")


_LIST = "/c/{council}/roll/disputes"
_ONE = f"{_LIST}/{{roll_dispute_id:int}}"
_CHANGE = "/c/{council}/roll/changes/{amendment_id:int}"
_ME = "/c/{council}/residents/me"

routes: list[Route] = [
    act(f"{_ME}/dispute", raise_one, needs=VERIFIED, page=_ME, rate="10/hour"),
    page(_LIST, list_page, needs=seat(*READS_ROLL), reads=Reads("roll_disputes")),
    page(_ONE, one_page, needs=seat(*READS_ROLL), reads=Reads("roll_dispute", of="roll_dispute_id")),
    act(f"{_ONE}/answer", answer, needs=seat(*STAFF), page=_ONE),
    act(f"{_CHANGE}/confirmation", confirm, needs=seat(*WRITES_ROLL), page=_LIST),
    act(f"{_CHANGE}/refusal", refuse, needs=seat(*STAFF), page=_LIST),
]
