"""Announcing and withdrawing a poll, and casting a ballot: one for each head, chained, never changed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from deliberation.agenda import actions as agenda_actions
from deliberation.agenda import queries as agenda_queries
from deliberation.agenda.rules import INCOME_ITEM
from deliberation.ballot import chain_rules, queries, rolls, rules
from deliberation.ballot.booth import queries as booth_queries
from deliberation.ballot.paper import queries as paper_queries
from deliberation.ballot.proxies import queries as proxy_queries
from deliberation.ballot.rules import Choice, Standing
from deliberation.ballot.tables import Ballot, Poll
from deliberation.council.queries import hands, settings_of
from deliberation.council.roll import queries as roll_queries
from deliberation.council.rules import check_hands
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.web.viewer import NotHere
from votes.refusal import Refused


def announce(
    tx: Tx,
    motion_id: int,
    *,
    standing: Standing,
    opens_at: datetime,
    closes_at: datetime,
    seen_version: int,
    seen_roll_id: int,
) -> Poll:
    """Give notice of a poll: from now on text, rule and roll stand still. `seen_*`: what the announcer had on the page."""
    motion = agenda_queries.motion(tx.session, tx.council, motion_id)
    if rules.binds(standing):
        check_hands(hands(tx.session, tx.council))
    if queries.standing_poll(tx.session, tx.council, motion_id):
        raise Refused("poll_exists")
    if code := agenda_queries.before_poll(tx.session, motion_id):
        raise Refused(code)
    if motion.law_item == INCOME_ITEM and not motion.income_share.strip():
        raise Refused("income_share_needed")
    roll = roll_queries.newest(tx.session, tx.council)
    if roll is None:
        raise Refused("no_roll")
    if motion.version != seen_version or roll.id != seen_roll_id:
        raise Refused("stale")
    rules.check_times(tx.now, opens_at, closes_at)
    council = settings_of(tx.session, tx.council)
    rule = rules.rule_for(
        motion.law_item,
        invalid_takes_part=council.invalid_takes_part,
        count_parking=council.count_parking,
        proxy_limit=council.proxy_limit,
    )
    whole = rolls.thresholds(roll_queries.voting_roll(tx.session, roll.id), rule)
    text = text_of(tx.session, tx.council, motion_id)
    poll = Poll(
        council_id=tx.council,
        motion_id=motion_id,
        matter_id=motion.proposal_id,
        standing=standing,
        title=motion.title,
        text=text,
        text_sha256=rules.text_hash(motion.title, text),
        law_item=motion.law_item,
        rule=rule.name,
        rule_hash=rule.hash,
        count_parking=rule.count_parking,
        invalid_takes_part=rule.invalid_takes_part,
        proxy_limit=rule.proxy_limit,
        roll_id=roll.id,
        roll_fingerprint=roll.fingerprint,
        heads=whole.heads.of,
        area=whole.area.of,
        notice_at=tx.now,
        opens_at=opens_at,
        closes_at=closes_at,
        announced_by=tx.actor,
    )
    tx.session.add(poll)
    tx.session.flush()
    record(
        tx,
        "poll.announced",
        matter_id=poll.matter_id,
        poll_id=poll.id,
        title=poll.title,
        text_sha256=poll.text_sha256,
        rule_hash=poll.rule_hash,
        roll_fingerprint=poll.roll_fingerprint,
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
        binds=rules.binds(standing),
    )
    agenda_actions.lock(tx, motion_id)
    return poll


def text_of(session: Session, council_id: int, motion_id: int) -> str:
    """The text that a notice given now would lock."""
    motion = agenda_queries.motion(session, council_id, motion_id)
    chosen = next((one.text for one in agenda_queries.options(session, motion_id) if one.chosen), "")
    return rules.locked_text(motion.text, option=chosen, cost=motion.cost, income_share=motion.income_share)


def withdraw(tx: Tx, poll_id: int, *, reason: str) -> None:
    """Take a poll back before it opens; its motion may be worked on again and needs a new notice."""
    poll = held(tx, poll_id)
    if rules.state(poll, tx.now) is not rules.PollState.ANNOUNCED:
        raise Refused("withdraw_too_late")
    poll.withdrawn_at, poll.withdrawn_reason = tx.now, reason
    tx.session.add(poll)
    record(tx, "poll.withdrawn", matter_id=poll.matter_id, poll_id=poll.id, reason=reason)
    agenda_actions.unlock(tx, poll.motion_id)


def cast(tx: Tx, poll_id: int, *, head_key: str, choice: Choice, cast_by: str, level: int) -> Ballot:
    """The ballot of one head, by one of its owners from their own device."""
    poll = held(tx, poll_id)
    if choice not in rules.CASTABLE:
        raise Refused("not_a_choice", field="choice")
    if why := booth_queries.obstacle(
        tx.session, poll, head_key=head_key, account_id=tx.actor, name=cast_by, now=tx.now
    ):
        raise why
    return put_in(tx, poll, head_key=head_key, choice=choice, channel="online", level=level, cast_by=cast_by)


def cast_by_proxy(tx: Tx, poll_id: int, proxy_id: int, *, choice: Choice, level: int) -> Ballot:
    """The ballot of the head that gave a written proxy, by who holds it, from their own device."""
    poll = held(tx, poll_id)
    proxy = proxy_queries.held_by(tx.session, tx.council, proxy_id, tx.actor)
    if choice not in rules.CASTABLE:
        raise Refused("not_a_choice", field="choice")
    if why := booth_queries.proxy_obstacle(tx.session, poll, proxy, now=tx.now):
        raise why
    return put_in(
        tx,
        poll,
        head_key=proxy.head_key,
        choice=choice,
        channel="online",
        level=level,
        cast_by=proxy.holder_name,
        proxy_id=proxy.id,
    )


def put_in(
    tx: Tx,
    poll: Poll,
    *,
    head_key: str,
    choice: str,
    channel: str,
    level: int,
    cast_by: str,
    paper_id: int | None = None,
    proxy_id: int | None = None,
) -> Ballot:
    """Append to the chain. The database itself refuses a head's second ballot, whatever arrives in the same instant."""
    if queries.slip_of_head(tx.session, poll.id, head_key):
        raise Refused("already_cast")
    last = queries.last_ballot(tx.session, poll.id)
    ballot = Ballot(
        council_id=tx.council,
        poll_id=poll.id,
        seq=last.seq + 1 if last else 1,
        head_key=head_key,
        choice=choice,
        channel=channel,
        level=level,
        cast_by=cast_by[:40],
        account_id=tx.actor if channel == "online" else None,
        paper_id=paper_id,
        proxy_id=proxy_id,
        cast_at=tx.now,
        receipt=rules.new_receipt(),
        salt=secrets.token_hex(16),
        prev=last.hash if last else chain_rules.GENESIS,
        hash="",
    )
    ballot.hash = chain_rules.ballot_hash(ballot)
    tx.session.add(ballot)
    try:
        tx.session.flush()
    except IntegrityError:
        raise Refused("already_cast") from None
    # Not in the journal: members read it while the poll is open, and a ballot's moment would tell whose it is. The ballots
    # are a chain of their own, whose count and last hash the journal gets at the close.
    return ballot


def open_now(tx: Tx, poll_id: int) -> None:
    poll = held(tx, poll_id)
    if poll.opened_at is not None or poll.withdrawn_at is not None or tx.now < poll.opens_at:
        return
    poll.opened_at = tx.now
    tx.session.add(poll)
    record(tx, "poll.opened", matter_id=poll.matter_id, poll_id=poll.id, title=poll.title)


def close(tx: Tx, poll_id: int) -> None:
    """Record the close: no ballot can follow it in the chain that the decision is made from."""
    poll = held(tx, poll_id)
    if poll.closed_at is not None or poll.withdrawn_at is not None or tx.now < poll.closes_at:
        return
    poll.closed_at = tx.now
    tx.session.add(poll)
    last = queries.last_ballot(tx.session, poll.id)
    for act in paper_queries.acts(tx.session, poll.id):
        record(replace(tx, actor_id=act.by), act.verb, poll_id=poll.id, title=poll.title, **act.facts)
    record(
        tx,
        "poll.closed",
        matter_id=poll.matter_id,
        poll_id=poll.id,
        title=poll.title,
        ballots=last.seq if last else 0,
        last_hash=last.hash if last else chain_rules.GENESIS,
        levels=queries.levels_in(tx.session, poll.id),
        papers_not_counted=len(paper_queries.not_counted(tx.session, poll.id)),
    )


def held(tx: Tx, poll_id: int) -> Poll:
    """The poll, held until this transaction ends, so that ballots are chained one after another on any database."""
    poll = tx.session.exec(select(Poll).where(Poll.id == poll_id).with_for_update()).first()
    if poll is None or poll.council_id != tx.council:
        raise NotHere
    return poll
