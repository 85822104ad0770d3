"""What is sealed in a decision, when objections may be made and when it is final; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from votes.refusal import Refused


class DecisionState(StrEnum):
    PRELIMINARY = "preliminary"
    WAITING = "waiting"
    FINAL = "final"


@dataclass(frozen=True)
class Pending:
    """What stands between a result and its being final. `doubted`: the last recount came out differently, and no count since has
    shown it to be right. `hands`: it does not bind, or two people at work and a supervisor are still there to answer for it."""

    final_at: datetime | None
    objection_until: datetime
    unanswered: int
    doubted: bool
    hands: bool

    @property
    def held_up(self) -> bool:
        return self.unanswered > 0 or self.doubted or not self.hands

    def over(self, now: datetime) -> bool:
        """The time for objections."""
        return now >= self.objection_until

    def state(self, now: datetime) -> DecisionState:
        """Preliminary while objections may be made; then it waits for what still stands against it, if anything."""
        if self.final_at is not None:
            return DecisionState.FINAL
        return DecisionState.WAITING if self.over(now) and self.held_up else DecisionState.PRELIMINARY

    def may_be_final(self, now: datetime) -> bool:
        return self.final_at is None and self.over(now) and not self.held_up


def objection_until(published_at: datetime, days: int) -> datetime:
    return published_at + timedelta(days=days)


def check_objection(*, until: datetime, final_at: datetime | None, now: datetime) -> None:
    if final_at is not None or now >= until:
        raise Refused("objection_over")


def outcome(*, valid: bool, passed: bool, binds: bool) -> str:
    """The one code under which a result is recorded and told; an opinion is never told as a decision."""
    if binds:
        return "carried" if passed else "not_carried" if valid else "not_valid"
    return "opinion_for" if passed else "opinion_not_for" if valid else "opinion_not_valid"


class Done(StrEnum):
    """What was done about an objection."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    RECOUNTED = "recounted"
    NOT_ACCEPTED = "not_accepted"


def check_answer(*, answered: bool, own: bool, done: Done, recounted: bool) -> None:
    """`recounted`: whether the supervisor has recorded a recount; nobody else can say that there was one."""
    if answered:
        raise Refused("objection_answered")
    if own:
        raise Refused("own_objection")
    if done is Done.RECOUNTED and not recounted:
        raise Refused("no_recount")


def without_owners(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict as it may be read by everybody: what was left out is told by code and place, not by owner."""
    left_out = {
        "held": [{"code": one["code"], "lines": one["lines"]} for one in verdict["held"]],
        "refused": [{"code": one["code"], "line": one["line"]} for one in verdict["refused"]],
    }
    return {**verdict, **left_out}


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(
    verdict: Mapping[str, Any], *, motion_sha256: str, roll_fingerprint: str, rule_hash: str, last_ballot: str
) -> str:
    """SHA-256 over all that the outcome follows from; anybody can compute it again from the public record."""
    sealed = {
        "last_ballot": last_ballot,
        "motion_sha256": motion_sha256,
        "roll_fingerprint": roll_fingerprint,
        "rule_hash": rule_hash,
        "verdict": verdict,
    }
    return hashlib.sha256(canonical(sealed).encode()).hexdigest()
