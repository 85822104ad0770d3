"""The courses of matters: what all steps know of them, for one dossier or a whole list with the same few questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, or_, select

from deliberation.agenda import queries as agenda
from deliberation.agenda import rules as agenda_rules
from deliberation.agenda.rules import Channel, State
from deliberation.agenda.tables import Motion, Proposal
from deliberation.ballot.rules import binds
from deliberation.ballot.tables import Poll
from deliberation.council.queries import settings_of
from deliberation.decision.tables import Decision
from deliberation.followup.queries import last_words
from deliberation.followup.tables import Rating, Task
from deliberation.meeting.tables import Item, Meeting
from deliberation.minutes.tables import Minutes
from deliberation.people.queries import names
from deliberation.story import course
from deliberation.story.course import Course


def courses(session: Session, council_id: int, matter_ids: Sequence[int]) -> dict[int, Course]:
    """Everything the line needs of these matters, with a number of queries that does not grow with them."""
    proposals = session.exec(
        select(Proposal).where(Proposal.council_id == council_id, col(Proposal.id).in_(list(matter_ids)))
    ).all()
    ids = [one.id for one in proposals]
    if not ids:
        return {}
    people = names(session, [account for one in proposals for account in (one.author_id, one.decided_by)])
    authors = {one.id: one.author_id for one in proposals if one.channel == Channel.ONLINE}
    support = agenda.support(session, ids)
    needed = settings_of(session, council_id).seconds_needed
    motions = _motions(session, ids)
    polls = _polls(session, ids)
    meetings = meetings_of(session, ids)
    decisions = _decisions(session, [one.id for one in polls.values()])
    asked = agenda.backers_of(session, ids)
    tasks = _tasks(session, ids, deciding=_deciding(motions, polls, decisions), authors=authors)
    counting = {matter: _meeting_that_counts(found, matter in polls) for matter, found in meetings.items()}
    minutes = minutes_of(session, [one.id for one in counting.values() if one])
    return {
        one.id: Course(
            id=one.id,
            title=one.title,
            category=one.category,
            # The line is told from the facts; the mark only spares the lists what is finished.
            state=State.ACCEPTED if one.state == State.CLOSED else one.state,
            raised_at=one.raised_at,
            author=one.raised_for or people.get(one.author_id, ""),
            support=support.get(one.id, 0),
            needed=needed,
            asked=len(asked[one.id]),
            decided_at=one.decided_at,
            decided_by=people.get(one.decided_by, "") if one.decided_by else "",
            merged_into=one.merged_into_id,
            motion=motions.get(one.id),
            meeting=(meeting := counting.get(one.id)),
            minutes=minutes.get(meeting.id) if meeting else None,
            poll=polls.get(one.id),
            decision=decisions.get(polls[one.id].id) if one.id in polls else None,
            tasks=tuple(tasks.get(one.id, ())),
        )
        for one in proposals
    }


def _motions(session: Session, ids: list[int]) -> dict[int, course.MotionFacts]:
    motions = session.exec(select(Motion).where(col(Motion.proposal_id).in_(ids))).all()
    checks = agenda.newest_checks(session, [one.id for one in motions])
    found = {}
    for motion in motions:
        newest = checks.get(motion.id, {})
        failed = any(
            one.outcome != agenda_rules.Outcome.HOLDS and one.motion_version == motion.version
            for one in newest.values()
        )
        missing = len(agenda_rules.missing_checks(motion.version, newest))
        found[motion.proposal_id] = course.MotionFacts(
            motion.id, motion.locked_at is not None, motion.law_item, missing, failed
        )
    return found


def meetings_of(session: Session, ids: list[int]) -> dict[int, list[course.MeetingFacts]]:
    """The meetings that had each matter on their agenda, in order of time."""
    matter: Any = func.coalesce(Item.matter_id, Motion.proposal_id)
    rows = session.exec(
        select(matter, Meeting, Item)
        .join(Meeting, col(Meeting.id) == col(Item.meeting_id))
        .join(Motion, col(Motion.id) == col(Item.motion_id), isouter=True)
        .where(or_(col(Item.matter_id).in_(ids), col(Motion.proposal_id).in_(ids)))
        .where(col(Meeting.called_off_at).is_(None))
        .order_by(col(Meeting.starts_at), col(Item.position))
    )
    found: dict[int, list[course.MeetingFacts]] = {}
    for matter_id, meeting, item in rows:
        found.setdefault(matter_id, []).append(
            course.MeetingFacts(
                meeting.id,
                meeting.title,
                meeting.starts_at,
                meeting.notice_at,
                meeting.opened_at,
                meeting.closed_at,
                item.opened_at is not None,
                item.closed_at is not None,
                item.conclusion,
            )
        )
    return found


def _meeting_that_counts(found: list[course.MeetingFacts], has_poll: bool) -> course.MeetingFacts | None:
    """One still ahead, as long as no poll was announced; else the last that talked about the matter."""
    ahead = [one for one in found if not one.over and not one.discussed]
    talked = [one for one in found if one.discussed]
    if talked and (has_poll or not ahead):
        return talked[-1]
    return ahead[0] if ahead else None


def minutes_of(session: Session, meeting_ids: list[int]) -> dict[int, course.MinutesFacts]:
    rows = session.exec(select(Minutes).where(col(Minutes.meeting_id).in_(meeting_ids)))
    return {
        one.meeting_id: course.MinutesFacts(one.id, one.serial_no, one.put_up_at, one.confirm_until, one.frozen_at)
        for one in rows
    }


def _polls(session: Session, ids: list[int]) -> dict[int, course.PollFacts]:
    rows = session.exec(
        select(Poll).where(col(Poll.matter_id).in_(ids), col(Poll.withdrawn_at).is_(None)).order_by(col(Poll.id))
    )
    return {
        one.matter_id: course.PollFacts(one.id, one.opens_at, one.closes_at, one.closed_at, binds(one.standing))
        for one in rows
    }


def _decisions(session: Session, poll_ids: list[int]) -> dict[int, course.DecisionFacts]:
    """By the poll they come from: after a consultation the matter may have another poll, whose result is still out."""
    rows = session.exec(select(Decision).where(col(Decision.poll_id).in_(poll_ids)))
    return {
        one.poll_id: course.DecisionFacts(
            one.id, one.valid, one.passed, one.published_at, one.objection_until, one.final_at
        )
        for one in rows
    }


def _deciding(
    motions: dict[int, course.MotionFacts],
    polls: dict[int, course.PollFacts],
    decisions: dict[int, course.DecisionFacts],
) -> set[int]:
    """The matters the owners decide. After a consultation that was all there is, the council goes on by itself."""
    asked_only = {matter for matter, one in polls.items() if not one.binds and one.id in decisions}
    wanted = {*polls, *(matter for matter, one in motions.items() if one.law_item)}
    return wanted - asked_only


def _tasks(
    session: Session, ids: list[int], *, deciding: set[int], authors: dict[int, int]
) -> dict[int, list[course.TaskFacts]]:
    """Where the owners decide (`deciding`), only what carries their decision out; an errand on the way there is no station."""
    tasks = session.exec(
        select(Task)
        .where(col(Task.matter_id).in_(ids))
        .where(col(Task.decision_id).is_not(None) | col(Task.matter_id).not_in(deciding))
        .order_by(col(Task.id))
    ).all()
    said = last_words(session, [task.id for task in tasks])
    content = {
        (one.task_id, one.round, one.account_id)
        for one in session.exec(
            select(Rating).where(col(Rating.task_id).in_([task.id for task in tasks]), col(Rating.satisfied))
        )
    }
    found: dict[int, list[course.TaskFacts]] = {}
    for task in tasks:
        have, glad = said.get(task.id, (0, 0))
        found.setdefault(task.matter_id, []).append(
            course.TaskFacts(
                task.id,
                task.title,
                task.assignee,
                task.due_on,
                task.closed_out_at,
                glad,
                have - glad,
                (task.id, task.round, authors.get(task.matter_id)) in content,
            )
        )
    return found
