"""Matters, their support, their motions and checks, read inside one council."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from deliberation.agenda import rules
from deliberation.agenda.tables import Motion, MotionOption, PreCheck, Proposal, Seconding
from deliberation.people.queries import names
from deliberation.web.viewer import NotHere

COMPARED = 600
"""How many of the newest open matters a new title is compared with."""


@dataclass(frozen=True)
class Similar:
    id: int
    title: str
    state: str
    support: int


@dataclass(frozen=True)
class CheckView:
    """One kind of check as it stands: the newest record, if any, and whether it fits the present text."""

    kind: str
    record: PreCheck | None
    checked_by: str
    current: bool

    @property
    def holds(self) -> bool:
        return self.current and self.record is not None and self.record.outcome == rules.Outcome.HOLDS


def proposal(session: Session, council_id: int, proposal_id: int) -> Proposal:
    found = session.get(Proposal, proposal_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def motion(session: Session, council_id: int, motion_id: int) -> Motion:
    found = session.get(Motion, motion_id)
    if found is None or found.council_id != council_id:
        raise NotHere
    return found


def options(session: Session, motion_id: int) -> list[MotionOption]:
    return list(
        session.exec(
            select(MotionOption).where(MotionOption.motion_id == motion_id).order_by(col(MotionOption.position))
        )
    )


def newest_checks(session: Session, motion_ids: Iterable[int]) -> dict[int, dict[str, rules.Checked]]:
    """motion -> kind -> what the newest check found."""
    found: dict[int, dict[str, rules.Checked]] = {}
    rows = session.exec(
        select(PreCheck.motion_id, PreCheck.kind, PreCheck.outcome, PreCheck.motion_version)
        .where(col(PreCheck.motion_id).in_(list(motion_ids)))
        .order_by(col(PreCheck.id))
    )
    for motion_id, kind, outcome, version in rows:
        found.setdefault(motion_id, {})[kind] = rules.Checked(outcome, version)
    return found


def check_views(session: Session, the_motion: Motion) -> list[CheckView]:
    records = session.exec(select(PreCheck).where(PreCheck.motion_id == the_motion.id).order_by(col(PreCheck.id))).all()
    newest = {record.kind: record for record in records}
    people = names(session, [record.checked_by for record in newest.values()])
    return [
        CheckView(
            kind,
            record := newest.get(kind),
            people.get(record.checked_by, "") if record else "",
            record is not None and record.motion_version == the_motion.version,
        )
        for kind in rules.Check
    ]


def missing_checks(session: Session, motion_id: int) -> list[rules.Check]:
    version = session.get_one(Motion, motion_id).version
    return rules.missing_checks(version, newest_checks(session, [motion_id]).get(motion_id, {}))


def checks_complete(session: Session, motion_id: int) -> bool:
    """Competence, legality and safety each hold for the text as it stands now."""
    return not missing_checks(session, motion_id)


def before_poll(session: Session, motion_id: int) -> str | None:
    """The refusal code of what stands in the way of announcing a poll on this motion; None when it may be announced."""
    found = session.get_one(Motion, motion_id)
    if session.get_one(Proposal, found.proposal_id).state == rules.State.CLOSED:
        return "matter_closed"
    return rules.before_poll(
        locked=found.locked_at is not None, law_item=found.law_item, missing=missing_checks(session, motion_id)
    )


def support(session: Session, proposal_ids: Sequence[int]) -> dict[int, int]:
    """How many neighbors second each; one query for a whole list."""
    rows = session.exec(
        select(Seconding.proposal_id, func.count())
        .where(col(Seconding.proposal_id).in_(list(proposal_ids)))
        .group_by(col(Seconding.proposal_id))
    )
    return dict(rows.all())


def seconding_of(session: Session, proposal_id: int, account_id: int) -> Seconding | None:
    return session.exec(
        select(Seconding).where(Seconding.proposal_id == proposal_id, Seconding.account_id == account_id)
    ).first()


# Who backs a matter: who seconded it, also those who came with a merged one, and who raised it; not a clerk who keyed a
# paper in.
_SECONDED = select(Seconding.proposal_id, Seconding.account_id)
_RAISED = select(Proposal.id, Proposal.author_id).where(Proposal.channel == rules.Channel.ONLINE)


def backers_of(session: Session, proposal_ids: Iterable[int]) -> dict[int, set[int]]:
    ids = list(proposal_ids)
    found: dict[int, set[int]] = {each: set() for each in ids}
    rows = [
        *session.exec(_SECONDED.where(col(Seconding.proposal_id).in_(ids))),
        *session.exec(_RAISED.where(col(Proposal.id).in_(ids))),
    ]
    for proposal_id, account_id in rows:
        found[proposal_id].add(account_id)
    return found


def backers(session: Session, proposal_id: int) -> set[int]:
    return backers_of(session, [proposal_id])[proposal_id]


def backed_by(session: Session, council_id: int, account_id: int) -> set[int]:
    """The matters that this person backs."""
    rows = [
        *session.exec(_SECONDED.where(Seconding.council_id == council_id, Seconding.account_id == account_id)),
        *session.exec(_RAISED.where(Proposal.council_id == council_id, Proposal.author_id == account_id)),
    ]
    return {proposal_id for proposal_id, _ in rows}


def merged_into(session: Session, proposal_id: int) -> list[tuple[int, str]]:
    """(number, title) of the matters that were merged into this one."""
    rows = session.exec(
        select(Proposal.id, Proposal.title).where(Proposal.merged_into_id == proposal_id).order_by(col(Proposal.id))
    )
    return list(rows.all())


def similar(session: Session, council_id: int, title: str, *, but: int | None = None, most: int = 4) -> list[Similar]:
    """Open matters whose titles share much with this one, the most alike first."""
    wanted = rules.bigrams(title)
    if not wanted:
        return []
    rows = session.exec(
        select(Proposal.id, Proposal.title, Proposal.state, func.substr(col(Proposal.text), 1, rules.TEXT_COMPARED))
        .where(
            Proposal.council_id == council_id,
            col(Proposal.state).in_(rules.OPEN),
            Proposal.id != but,
        )
        .order_by(col(Proposal.id).desc())
        .limit(COMPARED)
    ).all()
    scored = [(rules.likeness(wanted, row[1], row[3]), row) for row in rows]
    near = sorted((one for one in scored if one[0]), key=lambda one: (-one[0], one[1][0]))[:most]
    counts = support(session, [row[0] for _, row in near])
    return [Similar(row[0], row[1], row[2], counts.get(row[0], 0)) for _, row in near]


def merge_targets(session: Session, council_id: int, proposal_id: int) -> list[tuple[int, str]]:
    """Open matters a raised one may be merged into: the alike first, then the newest."""
    rows = session.exec(
        select(Proposal.id, Proposal.title)
        .where(
            Proposal.council_id == council_id,
            col(Proposal.state).in_(rules.OPEN),
            Proposal.id != proposal_id,
        )
        .order_by(col(Proposal.id).desc())
        .limit(COMPARED)
    ).all()
    own = rules.bigrams(session.get_one(Proposal, proposal_id).title)
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: -rules.alike(own, rules.bigrams(row[1])))
