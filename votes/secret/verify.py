"""Checks a whole archive (SPEC S12), stricter than belenios-tool, on input that nobody trusts.

One pass over the file: memory holds one ballot at a time (and a few bytes for each voter), time is linear in the file's
size, and every fault becomes a finding, never a traceback.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from votes.refusal import Refused
from votes.secret import archive, wire
from votes.secret import tally as counting
from votes.secret.ballot import Ballot, check_elements, check_proofs, named, read_ballot
from votes.secret.board import Chain, Event, events, setup_bytes
from votes.secret.credential import check_members, read_list
from votes.secret.earlier import compare
from votes.secret.election import read_election
from votes.secret.finding import Finding, Report, fault_in, in_order
from votes.secret.group import Batch, Element
from votes.secret.pool import BallotPool
from votes.secret.proof import require
from votes.secret.trustee import Trustees, read_trustees, require_few

MOST_FAULTS = 20
LARGE = 1 << 19
"""From this size on several processes, and the membership of all elements together, are worth their start."""
Progress = Callable[[int, int, int], None]
"""Called with bytes read, bytes in all, and ballots seen."""


def verify_file(
    path: Path,
    *,
    earlier: Path | None = None,
    head: str | None = None,
    finished: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Refused("archive.not_one") when the file is no archive at all; everything else is in the report."""
    with archive.opened(path) as file:
        return Verification(file, path.stat().st_size, jobs, progress).run(earlier, head, finished)


def same_fingerprint(posted: str, found: str) -> bool:
    """As copied from a notice: in capitals or in groups it is the same."""
    return "".join(posted.split()).lower() == found


class Verification:
    def __init__(self, file: BinaryIO, size: int, jobs: int = 1, progress: Progress | None = None) -> None:
        self._size, self._progress = size, progress
        self._file = file
        self._reader = archive.Reader(file)
        self._chain = Chain()
        self._done: set[str] = set()
        self._faults: list[Finding] = []
        self.report = Report()
        self._pool: BallotPool | None = None
        self._large = size > LARGE
        self._jobs = jobs if self._large else 1
        self._members: Batch | None = None
        """Of a large archive: all credentials and ciphertexts, settled together."""
        self._latest: dict[Element, bytes] = {}
        """The hash of each voter's last ballot."""
        self._places: dict[bytes, int] = {}
        """Where each well-formed ballot stands, by its hash."""
        self._counted_weight = 0
        self._shares: dict[int, counting.Factors] = {}
        self._tally: counting.Matrix = []

    def run(self, earlier: Path | None, head: str | None, finished: bool) -> Report:
        try:
            self._stream()
            self._done |= {"archive", "chain"}
        except Refused as refused:
            self._fault(refused)
        finally:
            if self._pool:
                self._pool.close()
        report = self.report
        report.head, report.stage = self._chain.head or "", self._chain.last or ""
        if finished and not self._faults:
            self._outcome("finished", report.stage == "Result", stage=report.stage)
        if head is not None:
            self._outcome("head", same_fingerprint(head, report.head), head=report.head)
        if earlier is not None:
            self._earlier(earlier)
        if "trustees" in self._done and not self._election.bindings.second_proof:
            self._few_combine()
        report.findings = in_order(self._faults, self._done)
        return report

    def _stream(self) -> None:
        steps = {
            "Setup": self._setup,
            "Ballot": self._ballot,
            "EndBallots": self._end_ballots,
            "EncryptedTally": self._encrypted_tally,
            "PartialDecryption": self._partial_decryption,
            "Result": self._result,
        }
        for event in events(self._reader, self._chain):
            steps[event.type](event)
            if self._progress:
                self._progress(self._reader.offset, self._size, self.report.ballots)
        if self._chain.last in ("Setup", "Ballot"):
            self._settle_ballots()

    def _setup(self, event: Event) -> None:
        election, trustees, credentials, setup = (record.body for record in event.data)
        require(setup == setup_bytes(election, trustees, credentials), "setup.hashes")
        self._done.add("setup")
        self._election = self.report.election = read_election(election)
        self._done.add("election")
        self._trustees: Trustees = read_trustees(self._election.group, trustees)
        require(self._trustees.public == self._election.key.y, "trustees.public_key")
        self.report.trustees = self._trustees
        self._done.add("trustees")
        self._weights = read_list(self._election.group, credentials)
        if self._large:
            self._members = self._election.group.batch()
            self._members.put(*self._weights)
        else:
            check_members(self._election.group, self._weights)
            self._done.add("credentials")
        self._pool = BallotPool(self._election, self._jobs)
        self._check_bindings(trustees, credentials)
        self._counter = counting.Counter(self._election)

    def _check_bindings(self, trustees: bytes, credentials: bytes) -> None:
        said = self._election.bindings
        if said.credentials:
            digest = wire.sha_hex(credentials)
            names = [name for name, each in said.credentials.items() if each == digest]
            require(bool(names), "bindings.credentials")
            require("heads" not in names or set(self._weights.values()) <= {1}, "bindings.heads")
            self.report.counts = names[0]
        require(said.trustees in (None, wire.sha_hex(trustees)), "bindings.trustees")
        require(said.created in (None, self._reader.timestamp), "bindings.created")
        if said.credentials or said.trustees or said.created is not None:
            self._done.add("bindings")

    def _ballot(self, event: Event) -> None:
        assert self._pool is not None
        record = event.data[0]
        self.report.ballots += 1
        digest = bytes.fromhex(record.hash)
        try:
            require(digest not in self._places, "ballot.replayed", tracker=wire.sha_b64(record.body))
            ballot = named(record.body, lambda: read_ballot(self._election, record.body))
            require(ballot.credential in self._weights, "ballot.credential", tracker=ballot.tracker)
        except Refused as refused:
            self._fault(refused)
        else:
            self._places[digest] = event.places[0]
            self._count(ballot, digest)
            if self._members:
                self._members.put(*ballot.elements())
            self._pool.check(record.body, lambda: self._check_here(ballot))
        for fault in self._pool.refusals():
            self._fault(fault)
        if len(self._faults) >= MOST_FAULTS:
            raise Refused("ballot.too_many_faults", most=MOST_FAULTS)

    def _check_here(self, ballot: Ballot) -> None:
        if not self._members:
            check_elements(self._election.group, ballot)
        check_proofs(self._election, ballot)

    def _count(self, ballot: Ballot, digest: bytes) -> None:
        weight = self._weights[ballot.credential]
        before = self._latest.get(ballot.credential)
        self._latest[ballot.credential] = digest
        if before is None:
            self._counted_weight += weight
        else:
            replaced = read_ballot(self._election, self._again(before))
            self._counter.take_out([answer.choices for answer in replaced.answers], weight)
        self._counter.add([answer.choices for answer in ballot.answers], weight)

    def _again(self, digest: bytes) -> bytes:
        """A ballot read before; whoever writes to the file meanwhile cannot put another in its place."""
        record = self._reader.record_at(self._places[digest])
        require(record.hash == digest.hex(), "archive.hash", name=digest.hex())
        return record.body

    def _settle_ballots(self) -> None:
        assert self._pool is not None
        hold = self._members is None or self._members.holds()  # before waiting: the others are still busy
        for refused in self._pool.refusals(wait=True):
            self._fault(refused)
        if not hold:
            self._name_outsiders()
        self._done.add("credentials")
        self.report.counted, self.report.weight = len(self._latest), self._counted_weight
        self.report.counted_hash = wire.sha_hex(b"".join(sorted(self._latest.values())))
        if not self._faults:
            self._done.add("ballots")

    def _name_outsiders(self) -> None:
        """All together do not hold: look at one after another, so that the finding names the ballot."""
        group = self._election.group
        check_members(group, self._weights)
        for digest in self._places:
            body = self._again(digest)
            ballot = read_ballot(self._election, body)
            try:
                named(body, partial(check_elements, group, ballot))
            except Refused as refused:
                self._fault(refused)
            if len(self._faults) >= MOST_FAULTS:
                return
        require(bool(self._faults), "ballot.unnamed")

    def _end_ballots(self, _: Event) -> None:
        self._settle_ballots()
        if self._faults:
            raise Refused("ballot.stopped")

    def _encrypted_tally(self, event: Event) -> None:
        written, sized = (record.body for record in event.data)
        self._tally = self._counter.value()
        require(written == counting.tally_bytes(self._election.group, self._tally), "tally.product")
        expected = counting.sized_bytes(len(self._latest), self._counted_weight, wire.sha_hex(written))
        require(sized == expected, "tally.size", ballots=len(self._latest), weight=self._counted_weight)
        self.report.tally = self._tally
        self._done.add("tally")

    def _partial_decryption(self, event: Event) -> None:
        share, owned = (record.body for record in event.data)
        found = wire.fields(wire.canonical(owned, "share", 4096), "share", "owner", "payload")
        owner = self._trustees.owners.get(wire.natural(found["owner"], "share", 1 << 16))
        if owner is None:
            raise Refused("share.owner", owner=found["owner"])
        require(found["payload"] == wire.sha_hex(share), "share.payload", owner=owner.number)
        require(owner.number not in self._shares, "share.duplicate", owner=owner.number)
        second = self._election.bindings.second_proof
        self._shares[owner.number] = counting.check_share(self._election, owner, self._tally, share, second=second)
        if not self._trustees.missing(list(self._shares)):
            self._done |= {"shares", "factors"} if second else {"shares"}

    def _result(self, event: Event) -> None:
        group = self._election.group
        factors = counting.combine(group, self._trustees, self._shares)
        totals = counting.read_result(self._election, event.data[0].body, self._counted_weight)
        counting.check_result(group, counting.opened(group, self._tally, factors), totals)
        self.report.totals = totals
        self._done.add("result")

    def _few_combine(self) -> None:
        """Last, so that everything else has been checked by then."""
        try:
            require_few(self._trustees.combining)
        except Refused as refused:
            self._fault(refused)

    def _earlier(self, earlier: Path) -> None:
        try:
            compare(earlier, self._file)
            self._done.add("earlier")
        except Refused as refused:
            self._faults.append(Finding("earlier", False, refused.code, refused.facts))

    def _outcome(self, check: str, ok: bool, **facts: object) -> None:
        if ok:
            self._done.add(check)
        else:
            self._faults.append(Finding(check, False, f"{check}.differs", facts))

    def _fault(self, refused: Refused) -> None:
        if refused.code != "ballot.stopped":
            self._faults.append(fault_in(refused, self._done))
