"""One thing that is due, and whose work the workbench lists; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from deliberation.council.rules import STAFF, Role
from deliberation.i18n.dates import LOCAL

DRAFT_WITHIN = timedelta(days=3)
CONFIRM_WITHIN = timedelta(hours=48)
ELSEWHERE = frozenset({"draft_minutes", "put_up_minutes", "give_notice", "answer_objections"})
"""Steps of a matter that are listed elsewhere: once for its meeting, or from the first objection on."""

WORDS_RECORDS = frozenset({Role.MODERATOR, Role.RECORDER})
EVERY = frozenset(STAFF)
MODERATOR = frozenset({Role.MODERATOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
WORKERS = (*STAFF, Role.SUPERVISOR)
"""Whose work the workbench lists."""


@dataclass(frozen=True)
class Due:
    """`code` names the sentence and the button (sections due and due_button, or ask and ask_button of the dossier)."""

    code: str
    title: str
    path: str
    at: datetime | date | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    section: str = "due"
    of: int = 0
    """The matter it is the next step of, if it is one."""
    button: str = ""
    """The button's own code where it is not the sentence's."""

    def moment(self) -> datetime | None:
        """When its time is over: a day ends at midnight here."""
        if self.at is None or isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at + timedelta(days=1), time(), LOCAL)

    def late(self, now: datetime) -> bool:
        over = self.moment()
        return over is not None and over < now
