"""Disputes about the roll and changes put by hand, read for staff, for who raised them, and as bare counts for everybody."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll.changes import Edit, Said
from deliberation.council.roll.rules import Amendment
from deliberation.council.rules import State
from deliberation.council.tables import Membership, Roll, RollAmendment, RollDispute, RollUnit
from deliberation.people.queries import names
from deliberation.web.viewer import NotHere
from votes.roll import Roll as VotingRoll


@dataclass(frozen=True)
class AmendmentView:
    id: int
    kind: str
    reason: str
    said: list[Said]
    owners: list[tuple[str, str]]
    put_by: int
    put_name: str
    put_at: datetime
    state: str
    decided_name: str
    decided_at: datetime | None
    note: str


@dataclass(frozen=True)
class DisputeView:
    """`answer`: the one that waits for a second person or was confirmed; `home` as the person stated it."""

    id: int
    account_id: int
    name: str
    home: str
    head_key: str | None
    text: str
    at: datetime
    outcome: str
    settled_at: datetime | None
    answer: AmendmentView | None

    @property
    def state(self) -> str:
        return "settled" if self.outcome else "answered" if self.answer else "open"


def dispute(session: Session, council_id: int, dispute_id: int) -> RollDispute:
    found = session.get(RollDispute, dispute_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def amendment(session: Session, council_id: int, amendment_id: int) -> RollAmendment:
    found = session.get(RollAmendment, amendment_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def dispute_of(session: Session, amendment: RollAmendment) -> RollDispute | None:
    return session.get(RollDispute, amendment.dispute_id) if amendment.dispute_id else None


def edits_of(amendment: RollAmendment) -> list[Edit]:
    return [Edit(**one) for one in json.loads(amendment.edits)]


def open_of(session: Session, council_id: int, account_id: int) -> RollDispute | None:
    return session.exec(
        select(RollDispute).where(
            RollDispute.council_id == council_id, RollDispute.account_id == account_id, RollDispute.outcome == ""
        )
    ).first()


def waiting_for(session: Session, dispute_id: int) -> RollAmendment | None:
    return session.exec(
        select(RollAmendment).where(RollAmendment.dispute_id == dispute_id, RollAmendment.state == Amendment.WAITING)
    ).first()


def open_count(session: Session, council_id: int, *, at: datetime | None = None) -> int:
    """How many are not answered now, or were not at a moment."""
    found = select(func.count()).select_from(RollDispute).where(RollDispute.council_id == council_id)
    if at is None:
        return session.exec(found.where(RollDispute.outcome == "")).one()
    unsettled = or_(col(RollDispute.settled_at).is_(None), col(RollDispute.settled_at) > at)
    return session.exec(found.where(col(RollDispute.at) <= at, unsettled)).one()


def disputes(session: Session, council_id: int, *, account_id: int | None = None) -> list[DisputeView]:
    """Those of the council, or of one person; what waits first, then the newest."""
    found = select(RollDispute).where(RollDispute.council_id == council_id)
    if account_id is not None:
        found = found.where(RollDispute.account_id == account_id)
    rows = session.exec(found.order_by(col(RollDispute.outcome) != "", col(RollDispute.id).desc())).all()
    answers: dict[int, AmendmentView] = {}
    for row, view in _views(session, council_id, [one.id for one in rows]):
        if row.dispute_id and row.state != Amendment.REFUSED:
            answers[row.dispute_id] = view
    people = names(session, {one.account_id for one in rows})
    homes = dict(
        session.exec(
            select(Membership.account_id, Membership.home).where(
                Membership.council_id == council_id, col(Membership.account_id).in_([one.account_id for one in rows])
            )
        ).all()
    )
    return [
        DisputeView(
            one.id,
            one.account_id,
            people.get(one.account_id, ""),
            homes.get(one.account_id, ""),
            one.head_key,
            one.text,
            one.at,
            one.outcome,
            one.settled_at,
            answers.get(one.id),
        )
        for one in rows
    ]


def changes_waiting(session: Session, council_id: int) -> list[AmendmentView]:
    """Merged and parted heads that wait for a second person; answers to disputes stand with those."""
    return [view for row, view in _views(session, council_id, None) if row.state == Amendment.WAITING]


def _views(
    session: Session, council_id: int, dispute_ids: list[int] | None
) -> list[tuple[RollAmendment, AmendmentView]]:
    found = select(RollAmendment).where(RollAmendment.council_id == council_id)
    if dispute_ids is None:
        found = found.where(col(RollAmendment.dispute_id).is_(None))
    else:
        found = found.where(col(RollAmendment.dispute_id).in_(dispute_ids))
    rows = session.exec(found.order_by(col(RollAmendment.id))).all()
    people = names(session, {by for one in rows for by in (one.put_by, one.decided_by)})
    return [
        (
            one,
            AmendmentView(
                one.id,
                one.kind,
                one.reason,
                roll_changes.said(_roll(session, one.base_id), edits_of(one)),
                roll_changes.named(_roll(session, one.base_id), edits_of(one)),
                one.put_by,
                people.get(one.put_by, ""),
                one.put_at,
                one.state,
                people.get(one.decided_by or 0, ""),
                one.decided_at,
                one.note,
            ),
        )
        for one in rows
    ]


def _roll(session: Session, roll_id: int) -> VotingRoll:
    return roll_queries.known_roll(session, roll_id, session.get_one(Roll, roll_id).fingerprint)


def head_of(session: Session, council_id: int, account_id: int) -> str | None:
    return session.exec(
        select(Membership.head_key).where(
            Membership.council_id == council_id,
            Membership.account_id == account_id,
            Membership.state == State.VERIFIED,
        )
    ).first()


def moved_heads(session: Session, before_id: int, after_id: int) -> dict[str, str]:
    """Heads that are gone, each with the one head that now holds its units; both versions list them in the same order."""
    after = session.exec(select(RollUnit).where(RollUnit.roll_id == after_id).order_by(col(RollUnit.line))).all()
    was = session.exec(
        select(RollUnit.head_key).where(RollUnit.roll_id == before_id).order_by(col(RollUnit.line))
    ).all()
    moved: dict[str, set[str]] = {}
    for old, new in zip(was, after, strict=True):
        moved.setdefault(old, set()).add(new.head_key)
    kept = {unit.head_key for unit in after}
    return {old: next(iter(new)) for old, new in moved.items() if old not in kept and len(new) == 1}
