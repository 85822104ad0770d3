"""What a new council needs before it can work, and what of it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from deliberation.council import queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import Role
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import Kind, Second
from deliberation.council.tables import Membership

CLERKS = 2
"""A paper ballot is keyed in by two people."""

NEEDED = frozenset({"supervisor", "recorder", "clerks", "roll"})


@dataclass(frozen=True)
class Step:
    """`code` names its words (section beginning); `waits` are those of whom one still has to agree."""

    code: str
    path: str
    done: bool
    waits: tuple[Second, ...] = ()
    rests: bool = False
    """Somebody was appointed whom another has to see first."""

    @property
    def needed(self) -> bool:
        """Whether no binding poll can be held without it."""
        return self.code in NEEDED


def steps(session: Session, council_id: int) -> list[Step]:
    """In the order in which they are best done, what others have to agree to first; empty once all are."""
    changes = seating_queries.waiting(session, council_id)
    put = {one.role: one.seconds for one in changes if one.kind == Kind.APPOINTING}
    sits = queries.seats(session, council_id)
    roles = [one.role for one in sits if not one.rests_for]
    resting = {one.role for one in sits if one.rests_for}
    asked = session.exec(select(Membership.id).where(Membership.council_id == council_id).limit(1)).first()

    def seated(code: str, role: Role, count: int = 1) -> Step:
        done, waits, rests = roles.count(role) >= count, put.get(role, ()), role in resting
        return Step(code, "/seats" if done or waits or rests else "/seats/new", done, waits, rests)

    found = [
        seated("supervisor", Role.SUPERVISOR),
        seated("recorder", Role.RECORDER),
        seated("clerks", Role.DESK, CLERKS),
        Step("roll", "/roll/import", roll_queries.newest(session, council_id) is not None),
        Step("rules", "/settings", bool(queries.settings_of(session, council_id).rules_text.strip())),
        Step("poster", "/residents", asked is not None),
    ]
    return [] if all(one.done for one in found) else found


def needed(steps: list[Step]) -> int:
    """How many are still to do without which no binding poll can be held."""
    return sum(one.needed and not one.done for one in steps)
