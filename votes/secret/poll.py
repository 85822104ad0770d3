"""Leads one secret poll from setup to result (SPEC S11.3): every step is checked before it is written down.

Whoever serves it stores `board`, to which each step only adds; nothing here touches a file or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from votes.refusal import Refused
from votes.secret import tally as counting
from votes.secret import wire
from votes.secret.ballot import Ballot, check_ballot
from votes.secret.board import Board, setup_bytes
from votes.secret.credential import Entry, check_members, list_bytes, read_list
from votes.secret.election import Bindings, Election, Question, make_election, read_election
from votes.secret.group import Element, Group
from votes.secret.proof import require
from votes.secret.shares import Shares
from votes.secret.trustee import Trustees, read_trustees, require_few


@dataclass(frozen=True)
class Setup:
    """The bytes two archives share, and each archive's own list of credentials."""

    election: bytes
    trustees: bytes
    lists: dict[str, bytes]
    timestamp: int


def prepare(
    group: Group,
    *,
    uuid: str,
    name: str,
    description: str,
    questions: list[Question],
    trustees: bytes,
    areas: Mapping[Element, int],
    timestamp: int,
    roll: str | None = None,
    rules: str | None = None,
    by_area: bool = True,
    second_proof: bool = True,
) -> Setup:
    """An election bound to the roll, the rules, the trustees and both lists: by heads, and by area in whole units.

    `areas` gives each public credential its weight for the count by area; `roll` and `rules` are SHA-256 in hex. Without
    `second_proof` trustees may decrypt with other programs, and one who colludes with a voter can falsify the result.
    """
    keys = read_trustees(group, trustees)
    if not second_proof:
        require_few(keys.combining)
    check_members(group, areas)
    lists = {"heads": list_bytes(group, (Entry(public) for public in areas), weighted=False)}
    if by_area:
        entries = (Entry(public, area) for public, area in areas.items())
        lists["area"] = list_bytes(group, entries, weighted=True)
    for data in lists.values():
        counting.require_openable(sum(read_list(group, data).values()))
    bindings = Bindings(
        roll=roll,
        rules=rules,
        credentials={name: wire.sha_hex(data) for name, data in lists.items()},
        trustees=wire.sha_hex(trustees),
        created=timestamp,
        second_proof=second_proof,
    )
    election = make_election(
        uuid=uuid,
        name=name,
        description=description,
        questions=questions,
        group=group,
        key=keys.public,
        bindings=bindings,
    )
    return Setup(election, trustees, lists, timestamp)


@dataclass
class Poll:
    """One archive. In a dual count there are two polls with the same election and the same ballots."""

    election: Election
    trustees: Trustees
    weights: dict[Element, int]
    board: Board
    counter: counting.Counter
    _latest: dict[Element, Ballot] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    shares: Shares | None = None
    """From the close on: what the trustees handed in, and which of it was false."""

    @classmethod
    def start(cls, setup: Setup, counts: str) -> Poll:
        """`counts` names the list, "heads" or "area". Refused as `prepare` refuses, whoever prepared it."""
        credentials = setup.lists[counts]
        election = read_election(setup.election)
        weights = read_list(election.group, credentials)
        check_members(election.group, weights)
        counting.require_openable(sum(weights.values()))
        trustees = read_trustees(election.group, setup.trustees)
        if not election.bindings.second_proof:
            require_few(trustees.combining)
        bound = election.bindings
        require(trustees.public == election.key.y, "trustees.public_key")
        require(bound.credentials.get(counts) in (None, wire.sha_hex(credentials)), "bindings.credentials")
        require(counts != "heads" or set(weights.values()) <= {1}, "bindings.heads")
        require(bound.trustees in (None, wire.sha_hex(setup.trustees)), "bindings.trustees")
        require(bound.created in (None, setup.timestamp), "bindings.created")
        board = Board(setup.timestamp)
        record = setup_bytes(setup.election, setup.trustees, credentials)
        board.append("Setup", setup.election, setup.trustees, credentials, record)
        return cls(
            election,
            trustees,
            weights,
            board,
            counting.Counter(election),
        )

    def cast(self, data: bytes) -> Ballot:
        """Check a ballot and put it on the board. Refused: "ballot.…", or "chain.order" once the poll is closed."""
        if self.board.chain.last not in ("Setup", "Ballot"):
            raise Refused("chain.order", type="Ballot", after=self.board.chain.last, height=self.board.chain.height + 1)
        ballot = check_ballot(self.election, data, self.weights)
        self.enter(data, ballot)
        return ballot

    def enter(self, data: bytes, ballot: Ballot) -> bytes:
        """Write a ballot that `check_ballot` accepted just now; the archive's new bytes."""
        if ballot.tracker in self._seen:
            raise Refused("ballot.replayed", tracker=ballot.tracker)
        weight = self.weights[ballot.credential]
        added = self.board.append("Ballot", data)
        self._seen.add(ballot.tracker)
        before = self._latest.get(ballot.credential)
        if before is not None:
            self.counter.take_out([answer.choices for answer in before.answers], weight)
        self.counter.add([answer.choices for answer in ballot.answers], weight)
        self._latest[ballot.credential] = ballot
        return added

    @property
    def weight(self) -> int:
        return sum(self.weights[credential] for credential in self._latest)

    def close(self) -> counting.Matrix:
        """End the casting and publish the encrypted tally, which the trustees then decrypt."""
        self.board.append("EndBallots")
        tally = self.counter.value()
        body = counting.tally_bytes(self.election.group, tally)
        sized = counting.sized_bytes(len(self._latest), self.weight, wire.sha_hex(body))
        self.board.append("EncryptedTally", body, sized)
        self.shares = Shares(self.election, self.trustees, tally, self.weight)
        return tally

    def accept_share(
        self, number: int, data: bytes, proof: bytes | None = None, *, other_program: bool = False
    ) -> None:
        """A trustee's partial decryption with its second proof, kept off the ledger until the result is known.

        `other_program` lets in one without that proof, where the election does not demand it. Refused: "share.…", and
        nothing has changed.
        """
        self._waiting().take(number, data, proof, other_program=other_program)

    def publish(self) -> list[list[int]]:
        """The result and the shares that it was opened with, once enough true ones are there. Refused: "share.…"."""
        shares = self._waiting()
        chosen, totals = shares.open()
        for number in chosen:
            data = shares.written(number)
            self.board.append("PartialDecryption", data, counting.owned_bytes(number, wire.sha_hex(data)))
        self.board.append("Result", counting.result_bytes(totals))
        return totals

    def _waiting(self) -> Shares:
        if self.shares is None or self.board.chain.last != "EncryptedTally":
            after = self.board.chain.last
            raise Refused("chain.order", type="PartialDecryption", after=after, height=self.board.chain.height + 1)
        return self.shares
