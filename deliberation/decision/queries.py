"""Decisions and the objections made against them, read inside one council."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from deliberation.ballot import queries as ballots
from deliberation.ballot import rules as ballot_rules
from deliberation.ballot.tables import Poll
from deliberation.council.queries import hands
from deliberation.council.rules import check_hands
from deliberation.db.tables import Event
from deliberation.decision import rules
from deliberation.decision.tables import Decision, Objection, Recount
from deliberation.i18n.catalog import Lang
from deliberation.people.queries import names
from deliberation.web.viewer import NotHere
from votes import words
from votes.refusal import Refused
from votes.threshold import Test

HELD_BACK = "decision.held_back"


@dataclass(frozen=True)
class Verdict:
    """What `votes` found, read back from the record."""

    valid: bool
    passed: bool
    tests: tuple[Test, ...]
    totals: dict[str, dict[str, int]]
    held: int
    refused: tuple[str, ...]
    plain: dict[str, Any]

    def headline(self, lang: Lang) -> str:
        return words.headline(self.valid, self.passed, self.tests, lang)

    def reasons(self, lang: Lang) -> list[str]:
        return words.reasons(self.valid, self.passed, self.tests, lang)


@dataclass(frozen=True)
class ObjectionView:
    id: int
    account_id: int
    name: str
    text: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    done: str


@dataclass(frozen=True)
class RecountView:
    same: bool
    note: str
    name: str
    at: datetime


def decision(session: Session, council_id: int, decision_id: int) -> Decision:
    found = session.get(Decision, decision_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def of_poll(session: Session, council_id: int, poll_id: int) -> Decision | None:
    return session.exec(select(Decision).where(Decision.council_id == council_id, Decision.poll_id == poll_id)).first()


def verdict_of(found: Decision) -> Verdict:
    plain = json.loads(found.verdict)
    return Verdict(
        valid=plain["valid"],
        passed=plain["passed"],
        tests=tuple(Test(**test) for test in plain["tests"]),
        totals=plain["totals"],
        held=len(plain["held"]),
        refused=tuple(one["code"] for one in plain["refused"]),
        plain=plain,
    )


def objections(session: Session, decision_id: int) -> list[ObjectionView]:
    rows = session.exec(select(Objection).where(Objection.decision_id == decision_id).order_by(col(Objection.id))).all()
    people = names(session, {person for row in rows for person in (row.account_id, row.answered_by)})
    return [
        ObjectionView(
            id=row.id,
            account_id=row.account_id,
            name=people.get(row.account_id, ""),
            text=row.text,
            at=row.at,
            answer=row.answer,
            answered_by=people.get(row.answered_by or 0, ""),
            answered_at=row.answered_at,
            done=row.done,
        )
        for row in rows
    ]


def recounts(session: Session, decision_id: int) -> list[RecountView]:
    rows = session.exec(select(Recount).where(Recount.decision_id == decision_id).order_by(col(Recount.id))).all()
    people = names(session, {row.by for row in rows})
    return [RecountView(row.same, row.note, people.get(row.by, ""), row.at) for row in rows]


def doubted(session: Session, decision_ids: Sequence[int]) -> set[int]:
    """The decisions whose last recount came out differently."""
    rows = session.exec(
        select(Recount.decision_id, Recount.same)
        .where(col(Recount.decision_id).in_(list(decision_ids)))
        .order_by(col(Recount.id))
    )
    return {decision_id for decision_id, same in dict(rows.all()).items() if not same}


def open_objections(session: Session, council_id: int) -> list[tuple[int, str, int]]:
    """(decision, title, how many) of the decisions with objections that wait for an answer."""
    rows = session.exec(
        select(Decision.id, Decision.title, func.count())
        .join(Objection, col(Objection.decision_id) == col(Decision.id))
        .where(Decision.council_id == council_id, col(Objection.answered_at).is_(None))
        .group_by(col(Decision.id), col(Decision.title))
        .order_by(col(Decision.id))
    )
    return list(rows.all())


def objection(session: Session, decision_id: int, objection_id: int) -> Objection:
    found = session.get(Objection, objection_id)
    if found is None or found.decision_id != decision_id:
        raise NotHere
    return found


def unanswered(session: Session, decision_ids: Sequence[int]) -> dict[int, int]:
    """How many objections still wait for an answer, by decision; only decisions that have some."""
    rows = session.exec(
        select(Objection.decision_id, func.count())
        .where(col(Objection.decision_id).in_(list(decision_ids)), col(Objection.answered_at).is_(None))
        .group_by(col(Objection.decision_id))
    )
    return dict(rows.all())


def pending(session: Session, found: Decision) -> rules.Pending:
    return rules.Pending(
        final_at=found.final_at,
        objection_until=found.objection_until,
        unanswered=unanswered(session, [found.id]).get(found.id, 0),
        doubted=found.id in doubted(session, [found.id]),
        hands=has_hands(session, found.council_id, found.poll_id),
    )


def undecided(session: Session, now: datetime) -> list[tuple[int, int]]:
    """(poll, council) of closed polls without a decision, in every council; one that was held back is tried again daily."""
    rows = session.exec(
        select(Poll)
        .where(
            col(Poll.closed_at).is_not(None),
            col(Poll.withdrawn_at).is_(None),
            col(Poll.id).not_in(select(Decision.poll_id)),
        )
        .order_by(col(Poll.id))
    )
    lately = now - timedelta(days=1)
    return [(poll.id, poll.council_id) for poll in rows if not held_back(session, poll.council_id, poll, since=lately)]


def not_final(session: Session, now: datetime) -> list[tuple[int, int]]:
    """(decision, council) of decisions whose time for objections is over, in every council."""
    rows = session.exec(
        select(Decision.id, Decision.council_id)
        .where(col(Decision.final_at).is_(None), col(Decision.objection_until) <= now)
        .order_by(col(Decision.id))
    )
    return list(rows.all())


def held_back(session: Session, council_id: int, poll: Poll, *, since: datetime | None = None) -> bool:
    """Has it been told (`since` then) that this poll cannot be counted because its records do not fit?"""
    rows = session.exec(
        select(Event.at, Event.facts).where(
            Event.council_id == council_id, Event.verb == HELD_BACK, Event.matter_id == poll.matter_id
        )
    )
    return any(json.loads(facts).get("poll_id") == poll.id and (since is None or at > since) for at, facts in rows)


def has_hands(session: Session, council_id: int, poll_id: int) -> bool:
    """Whether those sit whom a binding result needs; asked again here since a seat may have been left empty otherwise."""
    if not ballot_rules.binds(ballots.poll(session, council_id, poll_id).standing):
        return True
    try:
        check_hands(hands(session, council_id))
    except Refused:
        return False
    return True
