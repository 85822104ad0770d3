"""Raising, seconding and triage of a matter; wording and checking the motion it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import col, select, update

from deliberation.agenda import queries, rules
from deliberation.agenda.rules import Channel, State
from deliberation.agenda.tables import Motion, MotionOption, PreCheck, Proposal, Seconding
from deliberation.council.queries import settings_of
from deliberation.db import photos
from deliberation.db.engine import Tx
from deliberation.db.journal import happened, record
from deliberation.db.photos import Picture
from deliberation.db.tables import Photo
from votes.refusal import Refused

DRAFT = photos.DRAFT
"""Subject of pictures kept while their sender looks at similar matters; `subject_id` is the sender."""


def propose(
    tx: Tx,
    *,
    title: str,
    text: str,
    category: str,
    suggestion: str = "",
    place: str = "",
    channel: str = Channel.ONLINE,
    raised_for: str = "",
    pictures: Iterable[Picture] = (),
    kept: Sequence[int] = (),
) -> Proposal:
    """`kept`: numbers of the person's own pictures from `keep_pictures`."""
    proposal = Proposal(
        council_id=tx.council,
        author_id=tx.actor,
        channel=channel,
        raised_for=raised_for,
        category=category,
        title=title,
        text=text,
        suggestion=suggestion,
        place=place,
        raised_at=tx.now,
    )
    tx.session.add(proposal)
    tx.session.flush()
    photos.keep(tx, "proposal", proposal.id, pictures)
    tx.session.exec(
        update(Photo)
        .where(
            col(Photo.id).in_(list(kept)),
            col(Photo.council_id) == tx.council,
            col(Photo.subject) == DRAFT,
            col(Photo.uploaded_by) == tx.actor,
        )
        .values(subject="proposal", subject_id=proposal.id)
    )
    record(tx, "proposal.raised", matter_id=proposal.id, title=title, category=category, intake=channel)
    return proposal


def keep_pictures(tx: Tx, pictures: Iterable[Picture]) -> list[int]:
    """Hold pictures for a matter that is not raised yet, so that its sender need not choose them again."""
    before = photos.of(tx.session, tx.council, DRAFT, [tx.actor]).get(tx.actor, [])
    photos.keep(tx, DRAFT, tx.actor, pictures)
    tx.session.flush()
    after = photos.of(tx.session, tx.council, DRAFT, [tx.actor]).get(tx.actor, [])
    return [one for one in after if one not in before]


def second(tx: Tx, proposal_id: int) -> Seconding:
    proposal = queries.proposal(tx.session, tx.council, proposal_id)
    rules.may_second(
        state=proposal.state,
        own=proposal.author_id == tx.actor and proposal.channel == Channel.ONLINE,
        already=queries.seconding_of(tx.session, proposal_id, tx.actor) is not None,
    )
    seconding = Seconding(council_id=tx.council, proposal_id=proposal_id, account_id=tx.actor, at=tx.now)
    tx.session.add(seconding)
    tx.session.flush()
    count = queries.support(tx.session, [proposal_id])[proposal_id]
    record(tx, "proposal.seconded", matter_id=proposal_id, count=count)
    _supported(tx, proposal_id, count)
    return seconding


def _supported(tx: Tx, proposal_id: int, count: int) -> None:
    """Told once, when as many stand behind a matter as the council asks for."""
    enough = count >= settings_of(tx.session, tx.council).seconds_needed
    if enough and not happened(tx.session, tx.council, proposal_id, "proposal.supported"):
        record(tx, "proposal.supported", matter_id=proposal_id, count=count)


def withdraw_second(tx: Tx, proposal_id: int) -> None:
    proposal = queries.proposal(tx.session, tx.council, proposal_id)
    seconding = queries.seconding_of(tx.session, proposal_id, tx.actor)
    rules.may_withdraw_second(state=proposal.state, seconded=seconding is not None)
    tx.session.delete(seconding)
    tx.session.flush()
    count = queries.support(tx.session, [proposal_id]).get(proposal_id, 0)
    record(tx, "proposal.second_withdrawn", matter_id=proposal_id, count=count)


def _decide(tx: Tx, proposal_id: int, state: State, reason: str) -> Proposal:
    proposal = queries.proposal(tx.session, tx.council, proposal_id)
    rules.may_triage(proposal.state)
    proposal.state, proposal.reason = state, reason
    proposal.decided_by, proposal.decided_at = tx.actor, tx.now
    tx.session.add(proposal)
    return proposal


def accept(tx: Tx, proposal_id: int, *, reason: str, kind: str = rules.Kind.PUBLIC) -> Motion:
    """Take the matter up: it gets a motion, first worded as it was raised."""
    proposal = _decide(tx, proposal_id, State.ACCEPTED, reason)
    proposal.kind = kind
    motion = Motion(
        council_id=tx.council,
        proposal_id=proposal_id,
        title=proposal.title,
        text=f"{proposal.text}\n\n{proposal.suggestion}".strip(),
        drafted_by=tx.actor,
        drafted_at=tx.now,
    )
    tx.session.add(motion)
    tx.session.flush()
    record(tx, "proposal.accepted", matter_id=proposal_id, reason=reason, kind=kind, motion_id=motion.id)
    return motion


def merge(tx: Tx, proposal_id: int, *, into_id: int, reason: str) -> None:
    """Close this matter into another open one; its author and seconders stand behind that one from now on, each once."""
    proposal = _decide(tx, proposal_id, State.MERGED, reason)
    found = tx.session.get(Proposal, into_id)
    target = found if found and found.council_id == tx.council else None
    rules.may_merge(proposal_id, into_id, target.state if target else None)
    proposal.merged_into_id = into_id
    there = queries.backers(tx.session, into_id)
    seconded = tx.session.exec(
        select(Seconding.account_id).where(Seconding.proposal_id == proposal_id).order_by(col(Seconding.id))
    ).all()
    # Whoever keyed a paper in is its author on record but does not stand behind it.
    own = [proposal.author_id] if proposal.channel == Channel.ONLINE else []
    for account_id in dict.fromkeys([*own, *seconded]):
        if account_id not in there:
            tx.session.add(Seconding(council_id=tx.council, proposal_id=into_id, account_id=account_id, at=tx.now))
    tx.session.flush()
    count = queries.support(tx.session, [into_id]).get(into_id, 0)
    record(
        tx, "proposal.merged", matter_id=proposal_id, into=into_id, title=target.title if target else "", reason=reason
    )
    record(tx, "proposal.joined", matter_id=into_id, source=proposal_id, title=proposal.title, count=count)
    _supported(tx, into_id, count)


def answer(tx: Tx, proposal_id: int, *, reason: str) -> None:
    """Settle the matter with an answer that everybody sees."""
    _decide(tx, proposal_id, State.ANSWERED, reason)
    record(tx, "proposal.answered", matter_id=proposal_id, reason=reason)


def decline(tx: Tx, proposal_id: int, *, reason: str) -> None:
    _decide(tx, proposal_id, State.DECLINED, reason)
    record(tx, "proposal.declined", matter_id=proposal_id, reason=reason)


def close_matter(tx: Tx, matter_id: int) -> None:
    """The matter has gone its whole way; one that was not taken up, or is closed, is left alone."""
    matter = queries.proposal(tx.session, tx.council, matter_id)
    if matter.state == State.ACCEPTED:
        matter.state = State.CLOSED
        tx.session.add(matter)
        record(tx, "matter.closed", matter_id=matter_id, title=matter.title)


def reopen_matter(tx: Tx, matter_id: int) -> None:
    """Something is to be done about a closed matter again."""
    matter = queries.proposal(tx.session, tx.council, matter_id)
    if matter.state == State.CLOSED:
        matter.state = State.ACCEPTED
        tx.session.add(matter)
        record(tx, "matter.reopened", matter_id=matter_id, title=matter.title)


def edit_motion(
    tx: Tx,
    motion_id: int,
    *,
    version: int,
    title: str,
    text: str,
    law_item: int = 0,
    law_reason: str = "",
    cost: str = "",
    income_share: str = "",
    options: Sequence[str] = (),
    chosen: int | None = None,
) -> Motion:
    """Word the motion anew. `version`: the one the editor saw; `chosen`: index into `options` of the one put to the vote."""
    motion = queries.motion(tx.session, tx.council, motion_id)
    rules.may_work_on(queries.proposal(tx.session, tx.council, motion.proposal_id).state)
    rules.may_edit(locked=motion.locked_at is not None, version=motion.version, seen_version=version)
    for field, code in rules.motion_faults(law_item=law_item, law_reason=law_reason, income_share=income_share).items():
        raise Refused(code, field=field)
    rows = queries.options(tx.session, motion_id)
    before = (motion.title, motion.text, motion.cost, motion.income_share, motion.law_item, motion.law_reason)
    now = (title, text, cost, income_share, law_item, law_reason)
    ways = [(one, index == chosen) for index, one in enumerate(options)]
    if before == now and [(row.text, row.chosen) for row in rows] == ways:
        return motion
    motion.title, motion.text, motion.cost, motion.income_share, motion.law_item, motion.law_reason = now
    motion.version += 1
    tx.session.add(motion)
    for row in rows:
        tx.session.delete(row)
    tx.session.add_all(
        MotionOption(motion_id=motion_id, position=position, text=way, chosen=is_chosen)
        for position, (way, is_chosen) in enumerate(ways, start=1)
    )
    record(tx, "motion.edited", matter_id=motion.proposal_id, version=motion.version, law_item=law_item)
    return motion


def record_check(
    tx: Tx,
    motion_id: int,
    *,
    version: int,
    kind: str,
    outcome: str,
    note: str,
    opinion_by: str = "",
    pictures: Iterable[Picture] = (),
) -> PreCheck:
    """Record what one check found. `version`: the motion's version that was checked."""
    motion = queries.motion(tx.session, tx.council, motion_id)
    rules.may_work_on(queries.proposal(tx.session, tx.council, motion.proposal_id).state)
    rules.may_check(locked=motion.locked_at is not None, version=motion.version, seen_version=version)
    check = PreCheck(
        motion_id=motion_id,
        motion_version=version,
        kind=kind,
        outcome=outcome,
        note=note,
        opinion_by=opinion_by,
        checked_by=tx.actor,
        checked_at=tx.now,
    )
    tx.session.add(check)
    tx.session.flush()
    photos.keep(tx, "check", check.id, pictures)
    record(tx, "motion.checked", matter_id=motion.proposal_id, check=kind, check_outcome=outcome, version=version)
    return check


def lock(tx: Tx, motion_id: int) -> None:
    """At the notice of its poll the text stands; an edit would need a new notice."""
    motion = queries.motion(tx.session, tx.council, motion_id)
    if motion.locked_at is not None:
        raise Refused("motion_locked")
    motion.locked_at = tx.now
    tx.session.add(motion)
    record(tx, "motion.locked", matter_id=motion.proposal_id, version=motion.version)


def unlock(tx: Tx, motion_id: int) -> None:
    """After its poll was withdrawn the text may be worked on again."""
    motion = queries.motion(tx.session, tx.council, motion_id)
    if motion.locked_at is None:
        raise Refused("motion_not_locked")
    motion.locked_at = None
    tx.session.add(motion)
    record(tx, "motion.unlocked", matter_id=motion.proposal_id, version=motion.version)
