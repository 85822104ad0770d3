"""What somebody had typed before they signed in comes along on every way in, also on one that leads to another server and back."""

from __future__ import annotations

from urllib.parse import urlencode

from deliberation.people.sealing import read_ticket, ticket
from deliberation.web import kept
from deliberation.web.kept import Kept
from deliberation.web.visit import Visit

PURPOSE = "typed before"
NOBODY = 0
_before = Kept()
"""Nobody knows yet whose it is. Apart from the words of people, which strangers would otherwise push out."""


def laid_by(visit: Visit, typed: str) -> str:
    """A name for it that can stand in an address, worth something on this browser alone; "" where nothing was typed."""
    if not kept.fields_of(typed):
        return ""
    name = _before.put(NOBODY, {"typed": [typed]}, visit.now)
    facts = {"name": name, "guard": visit.guard}
    return ticket(visit.site.settings.secret, PURPOSE, visit.now + kept.FOR, facts)


def taken_up(visit: Visit, name: str) -> str:
    """What was laid by under this name, as it stood in the sign-in form."""
    facts = read_ticket(visit.site.settings.secret, PURPOSE, name, visit.now)
    if facts is None or facts["guard"] != visit.guard:
        return ""
    return "".join(_before.of(facts["name"], NOBODY, visit.now).get("typed", []))


def back_to_sign_in(onward: str, name: str) -> str:
    return "/sign-in?" + urlencode({"next": onward, **({"before": name} if name else {})})


def onward_with(visit: Visit, account_id: int, onward: str, typed: str) -> str:
    """Where a sign-in leads, and under which name this person finds there what they had typed."""
    fields = kept.fields_of(typed)
    if not fields:
        return onward
    name = visit.site.kept.put(account_id, fields, visit.now)
    return f"{onward}{'&' if '?' in onward else '?'}{urlencode({'typed': name})}"
