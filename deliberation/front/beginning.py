"""What a new council needs before it can work, and what of it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from deliberation.council import queries
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import Role
from deliberation.council.tables import Membership

CLERKS = 2
"""A paper ballot is keyed in by two people."""


@dataclass(frozen=True)
class Step:
    """`code` names its words (section beginning)."""

    code: str
    path: str
    done: bool


def steps(session: Session, council_id: int) -> list[Step]:
    """In the order in which they are best done; empty once all are."""
    roles = [one.role for one in queries.seats(session, council_id)]
    asked = session.exec(select(Membership.id).where(Membership.council_id == council_id).limit(1)).first()
    found = [
        Step("roll", "/roll/import", roll_queries.newest(session, council_id) is not None),
        Step("clerks", "/seats", roles.count(Role.DESK) >= CLERKS),
        Step("recorder", "/seats", Role.RECORDER in roles),
        Step("supervisor", "/seats", Role.SUPERVISOR in roles),
        Step("rules", "/settings", bool(queries.settings_of(session, council_id).rules_text.strip())),
        Step("poster", "/residents", asked is not None),
    ]
    return [] if all(one.done for one in found) else found
