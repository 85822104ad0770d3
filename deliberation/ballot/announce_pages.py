"""The notice of a poll: what will be locked is shown before it is."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.agenda import queries as agenda_queries
from deliberation.ballot import actions, later_queries, queries, rolls, rules
from deliberation.ballot.rules import Standing
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.hands_queries import hands
from deliberation.council.queries import settings_of
from deliberation.council.roll import queries as roll_queries
from deliberation.web.routing import act, page
from deliberation.web.viewer import seat
from deliberation.web.visit import Visit
from votes.refusal import Refused
from votes.rules import matter


def announce_page(visit: Visit) -> Response:
    motion = agenda_queries.motion(visit.session, visit.council_id, visit.params["motion_id"])
    standing = queries.standing_poll(visit.session, visit.council_id, motion.id)
    if standing and not visit.refusal:
        return visit.to(visit.url(f"/polls/{standing.id}"))
    roll = roll_queries.newest(visit.session, visit.council_id)
    code = agenda_queries.before_poll(visit.session, motion.id) or ("no_roll" if roll is None else None)
    if code or roll is None:
        obstacle = "poll_exists" if standing else code or "no_roll"
        return visit.render("ballot/not_yet.html", motion=motion, poll=standing, why=visit.sentence(Refused(obstacle)))
    council = settings_of(visit.session, visit.council_id)
    rule = rules.rule_for(
        motion.law_item,
        invalid_takes_part=council.invalid_takes_part,
        count_parking=council.count_parking,
        proxy_limit=council.proxy_limit,
    )
    opens_at = rules.earliest_opening(visit.now)
    return visit.render(
        "ballot/announce.html",
        motion=motion,
        text=actions.text_of(visit.session, visit.council_id, motion.id),
        law=matter(motion.law_item).words(visit.lang),
        major=rules.is_major(motion.law_item),
        rule=rule,
        source=rule.source(visit.lang),
        roll=roll,
        whole=rolls.thresholds(roll_queries.voting_roll(visit.session, roll.id), rule),
        opens_at=opens_at,
        closes_at=rules.default_close(opens_at),
        roll_questions=dispute_queries.open_count(visit.session, visit.council_id),
        standings=list(Standing),
        hands=hands(visit.session, visit.council_id),
        notice_days=rules.NOTICE_DAYS,
        discussed=later_queries.discussed(visit.session, visit.council_id, motion.proposal_id),
        ahead=later_queries.meeting_ahead(visit.session, visit.council_id, motion.proposal_id),
        short=any(fault.code == "window_short" for fault in visit.faults.values()),
    )


def announce(visit: Visit) -> Response:
    form = visit.form
    standing = form.choice("standing", list(Standing))
    opens_at, closes_at = form.moment("opens_at"), form.moment("closes_at")
    seen_version = form.whole("version", least=0, most=10**9)
    seen_roll_id = form.whole("roll", least=0, most=10**9)
    window = closes_at - opens_at
    if rules.LEAST_WINDOW <= window < rules.SHORT_WINDOW and not form.ticked("short_anyway"):
        form.fault("closes_at", "window_short", days=window.days, usual=rules.SHORT_WINDOW.days)
    form.check()
    poll = actions.announce(
        visit.tx,
        visit.params["motion_id"],
        standing=standing,
        opens_at=opens_at,
        closes_at=closes_at,
        seen_version=seen_version,
        seen_roll_id=seen_roll_id,
    )
    return visit.to(visit.url(f"/polls/{poll.id}"), said="poll_announced")


_PATH = "/c/{council}/motions/{motion_id:int}/poll"
routes: list[Route] = [
    page(_PATH, announce_page, needs=seat("moderator")),
    act(_PATH, announce, needs=seat("moderator"), page=_PATH),
]
