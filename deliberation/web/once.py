"""A form sent twice, by a trembling thumb or a retry on a bad line, is carried out once and answered with the same place."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from deliberation.db.tables import Submission
from deliberation.web.visit import Visit


class DoneBefore(Exception):
    """The same form was carried out by another request while this one waited, and led to `location`."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def done_before(visit: Visit) -> Response | None:
    name = _name(visit)
    done = visit.session.get(Submission, name) if name else None
    return visit.to(done.location) if done else None


def only_once(visit: Visit, location: str) -> None:
    """In the act's own transaction. An act calls it by itself whose answer is no way onwards but a thing handed out once: sent
    again it leads to `location` and does nothing."""
    name = _name(visit)
    if name is None:
        return
    if done := visit.tx.session.get(Submission, name):
        raise DoneBefore(done.location)
    visit.tx.session.add(Submission(once=name, location=location[:500], at=visit.now))
    visit.tx.session.flush()


def _name(visit: Visit) -> str | None:
    """This form, shown once, filled in like this, by this person, for this address; None when it carries no such name.

    What was typed belongs to it: another paper slip sent from a page gone back to is another act, not a retry.
    """
    sent = visit.form.raw("once")[:24]
    who = visit.viewer.person.account_id if visit.viewer.person else visit.guard
    return hashlib.sha256(f"{sent}\n{who}\n{visit.path}\n{visit.form.digest()}".encode()).hexdigest() if sent else None
