"""Who may settle what somebody says against a ballot; pure."""

from __future__ import annotations

from collections.abc import Collection

from votes.refusal import Refused


def check_settle_dispute(*, settled: bool, by: int, involved: Collection[int]) -> None:
    if settled:
        raise Refused("dispute_settled")
    if by in involved:
        raise Refused("not_in_your_own_case")
