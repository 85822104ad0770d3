"""What is due of people: residents, the roll, household slips, ways back in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.residents import queries as resident_queries
from deliberation.council.roll import upload_queries
from deliberation.council.rules import WRITES_ROLL, Role
from deliberation.council.slips import queries as slip_queries
from deliberation.council.slips import rules as slip_rules
from deliberation.council.tables import Membership
from deliberation.front.work.rules import (
    CONFIRM_WITHIN,
    Due,
)
from deliberation.people.recovery import queries as recovery_queries


def residents(session: Session, council_id: int) -> Iterator[Due]:
    count = resident_queries.count(session, council_id, "waiting")
    if count:
        asked = session.exec(
            select(Membership.asked_at)
            .where(Membership.council_id == council_id, Membership.state == "waiting")
            .order_by(col(Membership.asked_at))
            .limit(1)
        ).one()
        yield Due("residents", "", "/residents", asked + CONFIRM_WITHIN, {"count": count})


def roll(session: Session, council_id: int, roles: frozenset[str], me: int) -> Iterator[Due]:
    """What the roll waits for: a file or a change by hand another has brought, and residents who say that it is wrong."""
    open_ones = dispute_queries.disputes(session, council_id)
    unanswered = [one for one in open_ones if one.state == "open"]
    if unanswered:
        asked = min(one.at for one in unanswered)
        yield Due("roll_disputes", "", "/roll/disputes", asked + CONFIRM_WITHIN, {"count": len(unanswered)})
    if not roles & frozenset(WRITES_ROLL):
        return
    waiting = [one.answer for one in open_ones if one.answer and not one.outcome]
    waiting += dispute_queries.changes_waiting(session, council_id)
    others = [one for one in waiting if one.put_by != me]
    if others:
        put = min(one.put_at for one in others)
        yield Due("roll_changes", "", "/roll/disputes", put + CONFIRM_WITHIN, {"count": len(others)})
    for upload in upload_queries.open_uploads(session, council_id):
        if upload.state == upload_queries.READY and upload.uploaded_by != me:
            yield Due(
                "roll_upload", upload.file_name, f"/roll/uploads/{upload.id}", upload.uploaded_at + CONFIRM_WITHIN
            )


def slips(session: Session, council_id: int, me: int, now: datetime) -> Iterator[Due]:
    """Slips a colleague has printed: until they are counted and released, the codes in the letter boxes do not work."""
    for batch in slip_queries.batches(session, council_id):
        if batch.waits(now) and batch.printed_by_id != me:
            yield Due("slips", "", "/home-slips", batch.printed_at + CONFIRM_WITHIN, {"count": batch.slips})


def homes(session: Session, council_id: int, roles: frozenset[str], me: int, now: datetime) -> Iterator[Due]:
    """Homes in which nobody has an account and no slip lies: whoever prints does it, the moderator sees that it is done."""
    count = slip_queries.homes_without(session, council_id, now)
    if count:
        knows_phones = slip_rules.knows_phones(
            roles=roles, imported_a_roll=slip_queries.imported_a_roll(session, council_id, me)
        )
        prints = Role.DESK in roles and not knows_phones
        yield Due("slips_to_print" if prints else "slips_not_printed", "", "/home-slips", None, {"count": count})


def recoveries(session: Session, council_id: int, me: int, now: datetime) -> Iterator[Due]:
    """People who lost phone and password, and wait for a second of the staff."""
    for one in recovery_queries.of_council(session, council_id):
        waits = recovery_queries.is_open(one, now) and one.confirmed_at is None
        if waits and me not in {one.started_by, one.account_id}:
            yield Due("recovery", "", "/recoveries", one.started_at + recovery_queries.CONFIRM_WITHIN)
