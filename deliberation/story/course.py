"""What has happened to one matter, in plain values; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

When = datetime | date


@dataclass(frozen=True)
class MotionFacts:
    id: int
    locked: bool
    law_item: int
    missing_checks: int
    check_failed: bool

    @property
    def ready(self) -> bool:
        """A poll on it can be announced: its law item is chosen and the checks hold."""
        return self.law_item > 0 and self.missing_checks == 0 and not self.locked


@dataclass(frozen=True)
class MeetingFacts:
    id: int
    title: str
    starts_at: datetime
    notice_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    item_opened: bool
    item_closed: bool
    conclusion: str

    @property
    def discussed(self) -> bool:
        return self.item_opened and (self.item_closed or self.closed_at is not None)

    @property
    def over(self) -> bool:
        return self.closed_at is not None


@dataclass(frozen=True)
class MinutesFacts:
    id: int
    serial_no: str
    put_up_at: datetime | None
    confirm_until: datetime | None
    frozen_at: datetime | None


@dataclass(frozen=True)
class PollFacts:
    id: int
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    binds: bool = True


@dataclass(frozen=True)
class DecisionFacts:
    id: int
    valid: bool
    passed: bool
    published_at: datetime
    objection_until: datetime
    final_at: datetime | None


@dataclass(frozen=True)
class TaskFacts:
    id: int
    title: str
    assignee: str
    due_on: date
    closed_out_at: datetime | None
    satisfied: int
    unsatisfied: int
    """Both by each resident's last word over all rounds."""
    author_content: bool = False
    """Who raised the matter is satisfied with what was done last."""


@dataclass(frozen=True)
class Course:
    """All that has happened to one matter, in plain values; `meeting`, `minutes` and `poll` are those that count."""

    id: int
    title: str
    category: str
    state: str
    raised_at: datetime
    author: str
    support: int
    needed: int
    asked: int = 0
    """How many people with an account raised or seconded it: they rate the result."""
    decided_at: datetime | None = None
    decided_by: str = ""
    merged_into: int | None = None
    motion: MotionFacts | None = None
    meeting: MeetingFacts | None = None
    minutes: MinutesFacts | None = None
    poll: PollFacts | None = None
    decision: DecisionFacts | None = None
    tasks: tuple[TaskFacts, ...] = ()
