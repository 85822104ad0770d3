"""A matter put at any station of its way by writing what the steps above would have written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from deliberation.ballot.tables import Poll
from deliberation.decision.tables import Decision
from deliberation.followup.tables import Rating, Task
from deliberation.meeting.tables import Item, Meeting, Presence
from deliberation.minutes.tables import Minutes
from tests.conftest import Town


def _add(town: Town, row: Any) -> int:
    with town.write("moderator") as tx:
        tx.session.add(row)
        tx.session.flush()
        number: int = row.id
    return number


def meeting(town: Town, matter: int, *, held: bool = True, announced: bool = True, conclusion: str = "agreed") -> int:
    moderator, council = town.cast.ids["moderator"], town.cast.council_id
    number = _add(
        town,
        Meeting(
            council_id=council,
            title="三月议事会",
            starts_at=town.now + timedelta(days=7),
            place="一楼议事厅",
            called_by=moderator,
            notice_at=town.now if announced else None,
            opened_at=town.now if held else None,
            closed_at=town.now if held else None,
            door_code="code",
        ),
    )
    done = town.now if held else None
    _add(
        town,
        Item(
            council_id=council,
            meeting_id=number,
            position=1,
            title="充电桩",
            matter_id=matter,
            opened_at=done,
            closed_at=done,
            conclusion=conclusion if held else "",
        ),
    )
    return number


def present(town: Town, meeting_id: int, who: str) -> int:
    return _add(
        town,
        Presence(
            council_id=town.cast.council_id,
            meeting_id=meeting_id,
            account_id=town.cast.ids[who],
            name=who,
            role="owner",
            mode="room",
            signed_in_at=town.now,
        ),
    )


def minutes(
    town: Town, meeting_id: int, *, put_up: bool = True, frozen: bool = False, serial_no: str = "2026-01"
) -> int:
    return _add(
        town,
        Minutes(
            council_id=town.cast.council_id,
            meeting_id=meeting_id,
            serial_no=serial_no,
            title="三月议事会纪要",
            drafted_by=town.cast.ids["recorder"],
            drafted_at=town.now,
            put_up_at=town.now if put_up else None,
            confirm_until=town.now + timedelta(days=3),
            frozen_at=town.now if frozen else None,
        ),
    )


def poll(
    town: Town, matter: int, motion: int, *, opens: int = 15, closed: bool = False, withdrawn: bool = False
) -> int:
    """`opens`: days from now; it lasts a week."""
    return _add(
        town,
        Poll(
            council_id=town.cast.council_id,
            motion_id=motion,
            matter_id=matter,
            title="充电桩",
            text="装充电桩",
            text_sha256="0" * 64,
            law_item=8,
            rule="civil-code-278-major",
            rule_hash="0" * 64,
            roll_id=town.cast.roll_id,
            roll_fingerprint="0" * 64,
            heads=9,
            area=93050,
            notice_at=town.now,
            opens_at=town.now + timedelta(days=opens),
            closes_at=town.now + timedelta(days=opens + 7),
            announced_by=town.cast.ids["moderator"],
            closed_at=town.now if closed else None,
            withdrawn_at=town.now if withdrawn else None,
        ),
    )


def decision(town: Town, matter: int, motion: int, poll_id: int, *, passed: bool = True, final: bool = False) -> int:
    return _add(
        town,
        Decision(
            council_id=town.cast.council_id,
            poll_id=poll_id,
            motion_id=motion,
            matter_id=matter,
            title="充电桩",
            valid=True,
            passed=passed,
            verdict="{}",
            counted_at=town.now,
            published_at=town.now,
            objection_until=town.now + timedelta(days=15),
            final_at=town.now if final else None,
            sha256="0" * 64,
        ),
    )


def task(
    town: Town, matter: int, *, closed: bool = False, assignee: str | None = None, decision_id: int | None = None
) -> int:
    return _add(
        town,
        Task(
            council_id=town.cast.council_id,
            matter_id=matter,
            decision_id=decision_id,
            title="装好充电桩",
            assignee="物业",
            assignee_id=town.cast.ids[assignee] if assignee else None,
            due_on=(town.now + timedelta(days=30)).date(),
            assigned_by=town.cast.ids["moderator"],
            assigned_at=town.now,
            closed_out_at=town.now if closed else None,
        ),
    )


def rating(town: Town, task_id: int, who: str, *, satisfied: bool = True) -> int:
    return _add(
        town,
        Rating(
            council_id=town.cast.council_id,
            task_id=task_id,
            account_id=town.cast.ids[who],
            round=1,
            satisfied=satisfied,
            at=town.now,
        ),
    )
