"""What is due for the staff: one list by deadline, each thing with its one next step."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from deliberation.council.rules import Role
from deliberation.followup import offers
from deliberation.front.work import matters_queries as matters
from deliberation.front.work import people_queries as people
from deliberation.front.work import polls_queries as polls
from deliberation.front.work.rules import (
    EVERY,
    MODERATOR,
    SUPERVISOR,
    WORDS_RECORDS,
    Due,
)


def due(session: Session, council_id: int, roles: frozenset[str], me: int, now: datetime) -> list[Due]:
    """What these roles can do, the earliest deadline first, what has none last."""
    points = offers.points(session, council_id) if roles & MODERATOR else []
    given_out = {point.matter_id for point in points}
    found = [
        # A moderator finds it among what a new council needs.
        *(matters.first_steps(session, council_id) if roles & WORDS_RECORDS and not roles & MODERATOR else ()),
        # A point agreed on in a meeting already says who should be given what.
        *(
            one
            for one in matters.next_steps(session, council_id, roles, now)
            if one.code != "assign" or one.of not in given_out
        ),
        *(matters.meetings(session, council_id, now) if roles & WORDS_RECORDS else ()),
        *(matters.desks(session, council_id, now) if Role.DESK in roles else ()),
        *(matters.minutes(session, council_id, now) if roles & WORDS_RECORDS else ()),
        *(polls.results(session, council_id) if roles & MODERATOR else ()),
        *(polls.supervised(session, council_id) if roles & SUPERVISOR else ()),
        *(polls.voting(session, council_id, bool(roles & EVERY), now) if roles & {*EVERY, *SUPERVISOR} else ()),
        *(matters.tasks(session, council_id, now) if roles & MODERATOR else ()),
        *matters.points(points),
        *(people.residents(session, council_id) if roles & EVERY else ()),
        *(people.roll(session, council_id, roles, me) if roles & EVERY else ()),
        *(polls.proxies(session, council_id, me, now) if roles & EVERY else ()),
        *(people.slips(session, council_id, me, now) if roles & WORDS_RECORDS else ()),
        *(people.homes(session, council_id, roles, me, now) if roles & {Role.DESK, Role.MODERATOR} else ()),
        *(people.recoveries(session, council_id, me, now) if roles & EVERY else ()),
        *(polls.papers(session, council_id, me) if roles & EVERY else ()),
    ]
    far = now + timedelta(days=36500)
    return sorted(found, key=lambda one: one.moment() or far)
