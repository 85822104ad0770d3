"""What a verification finds (SPEC S12): the checks in their order, and under which of them a fault stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from votes.refusal import Refused
from votes.secret.election import Election
from votes.secret.tally import Matrix
from votes.secret.trustee import Trustees

CHECKS = (
    *("archive", "chain", "setup", "election", "trustees", "credentials", "bindings"),
    *("ballots", "tally", "shares", "factors", "result", "finished", "head", "earlier"),
)
CHECK_OF = {"ballot": "ballots", "share": "shares", "share.second_proof": "factors"}
"""Under which check a code, or its family, is found where the two are not called alike."""


@dataclass(frozen=True)
class Finding:
    """`code` names the fault where `ok` is false; `facts` are what its sentence needs."""

    check: str
    ok: bool
    code: str = ""
    facts: dict[str, object] = field(default_factory=dict)


@dataclass
class Report:
    findings: list[Finding] = field(default_factory=list)
    stage: str = ""
    head: str = ""
    ballots: int = 0
    counted: int = 0
    weight: int = 0
    election: Election | None = None
    totals: list[list[int]] | None = None
    counts: str = ""
    """The name x_credentials_sha256 gives this list, such as heads or area."""
    trustees: Trustees | None = None
    tally: Matrix | None = None
    """The encrypted sums, as they were worked out here from the ballots."""
    counted_hash: str = ""
    """Of the ballots that count, whatever their order and weights."""

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)

    @property
    def not_reached(self) -> list[str]:
        seen = {finding.check for finding in self.findings}
        return [check for check in CHECKS if check not in seen]


def fault_in(refused: Refused, done: Collection[str]) -> Finding:
    """A refusal that belongs to no check by its name stands under the first one that is not done."""
    family = refused.code.partition(".")[0]
    check = CHECK_OF.get(refused.code) or CHECK_OF.get(family, family)
    if check not in CHECKS:
        check = next((each for each in CHECKS[2:] if each not in done), "setup")
    return Finding(check, False, refused.code, refused.facts)


def in_order(faults: list[Finding], done: Collection[str]) -> list[Finding]:
    bad = {fault.check for fault in faults}
    found = [Finding(check, True) for check in CHECKS if check in done and check not in bad]
    return sorted(faults + found, key=lambda each: CHECKS.index(each.check))
