"""Owner numbers that may be one head, merging them, and parting one head: each waits for a second person and needs a reason."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import later_queries
from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import flags as roll_flags
from deliberation.council.roll import likeness as roll_likeness
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll.rules import Origin
from deliberation.council.rules import READS_ROLL, STAFF
from deliberation.council.tables import Roll
from deliberation.web.readings import Reads
from deliberation.web.routing import act, page
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.roll import Unit
from votes.table import key

MOST_UNITS = 300


def owners_page(visit: Visit) -> Response:
    roll = roll_queries.newest(visit.session, visit.council_id)
    voting = roll_queries.known_roll(visit.session, roll.id, roll.fingerprint) if roll else None
    units = voting.units if voting else ()
    pair = [_of(units, visit.value(name, visit.query(asked))) for name, asked in (("into", "one"), ("other", "other"))]
    parted = visit.query("part") or visit.form.raw("part")
    return visit.render(
        "council/owners.html",
        roll=roll,
        alike=roll_likeness.alike(voting) if voting else [],
        flagged=roll_flags.flagged(voting) if voting else [],
        one=visit.query("one"),
        other=visit.query("other"),
        part=parted,
        pair=pair if all(pair) else [],
        seen=_seen(*pair),
        units=_of(units, parted)[:MOST_UNITS],
        ahead=later_queries.polls_ahead(visit.session, visit.council_id),
        staff=bool(visit.roles & set(STAFF)),
    )


def _of(units: tuple[Unit, ...], number: str) -> list[Unit]:
    return [unit for unit in units if number and key(unit.owner_id) == key(number)]


def _seen(kept: list[Unit], gone: list[Unit]) -> str:
    """The two owners whose names a page has shown; numbers alone are easily mistyped."""
    return "\t".join(key(units[0].owner_id) for units in (kept, gone)) if kept and gone else ""


def _roll(visit: Visit) -> Roll:
    roll = roll_queries.newest(visit.session, visit.council_id)
    if roll is None:
        raise Refused("no_roll_yet")
    return roll


def merge(visit: Visit) -> Response:
    into, other = visit.form.text("into", most=60), visit.form.text("other", most=60)
    reason = visit.form.text("reason", most=500, least=4, one_line=False)
    base_id = visit.form.whole("base", least=0, most=10**12)
    roll = _roll(visit)
    units = roll_queries.known_roll(visit.session, roll.id, roll.fingerprint).units
    kept, gone = _of(units, into), _of(units, other)
    for name, value, found in (("into", into, kept), ("other", other, gone)):
        if value and not found:
            visit.form.fault(name, "no_such_number")
    if into and key(into) == key(other):
        visit.form.fault("other", "same_number")
    visit.form.check()
    if visit.form.raw("seen") != _seen(kept, gone):
        raise Refused("look_at_both")
    edits = roll_changes.regrouped(units, [unit.line for unit in gone], kept[0].owner_id)
    dispute_actions.put(visit.tx, kind=Origin.MERGE, base_id=base_id, edits=edits, reason=reason)
    return visit.to(visit.url("/roll/disputes"), said="change_put")


def part(visit: Visit) -> Response:
    number, new = visit.form.text("part", most=60), visit.form.text("new_number", most=60)
    reason = visit.form.text("part_reason", most=500, least=4, one_line=False)
    base_id = visit.form.whole("base", least=0, most=10**12)
    roll = _roll(visit)
    units = roll_queries.known_roll(visit.session, roll.id, roll.fingerprint).units
    own = _of(units, number)
    chosen = {unit.line for unit in own} & {int(one) for one in visit.form.fields.get("lines", []) if one.isdecimal()}
    if number and not own:
        visit.form.fault("part", "no_such_number")
    elif not chosen or len(chosen) == len(own):
        visit.form.fault("lines", "some_not_all")
    if _of(units, new):
        visit.form.fault("new_number", "number_taken")
    visit.form.check()
    edits = roll_changes.regrouped(units, chosen, new)
    dispute_actions.put(visit.tx, kind=Origin.SPLIT, base_id=base_id, edits=edits, reason=reason)
    return visit.to(visit.url("/roll/disputes"), said="change_put")


_PAGE = "/c/{council}/roll/owners"
routes: list[Route] = [
    page(_PAGE, owners_page, needs=seat(*READS_ROLL), reads=Reads("roll")),
    act(f"{_PAGE}/merging", merge, needs=seat(*STAFF), page=_PAGE),
    act(f"{_PAGE}/parting", part, needs=seat(*STAFF), page=_PAGE),
]
