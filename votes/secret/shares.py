"""Trustees' shares until the result is known (SPEC S9.2-4), off the ledger.

The protocol's own proofs leave room for a false factor. So a share made with our tool brings a second proof, and no share is
written down before a set of them opens the sums; a false one is named and cannot stop the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations, islice, product

from votes.refusal import Refused
from votes.secret import tally as counting
from votes.secret import wire
from votes.secret.election import Election
from votes.secret.tally import Factors, Matrix
from votes.secret.trustee import Item, Secret, Trustees, weights_of

LIMIT = 1 << 24
MOST_TRIES = 200
MOST_STEPS = 1 << 26
"""Over all sets of shares tried; a false one costs 2^22 where the weights are near their limit, and 2^14 where they are usual."""


@dataclass(frozen=True)
class Handed:
    """A share file: the share, whose it says it is, and the second proof where our tool made it."""

    share: bytes
    owner: int
    proof: bytes | None


def file_bytes(election: Election, secret: Secret, number: int, tally: Matrix) -> bytes:
    """What a trustee hands in: the share, its wrapper for the archive, and the second proof, a line each."""
    share = counting.decrypt_share(election, secret, tally)
    owned = counting.owned_bytes(number, wire.sha_hex(share))
    return b"\n".join((share, owned, counting.second_proof(election, secret, tally), b""))


def read_file(data: bytes) -> Handed:
    """Ours, or as belenios-tool prints it, without the second proof. Refused: "share.…"."""
    if len(data) > LIMIT:
        raise Refused("share.size", size=len(data), limit=LIMIT)
    share, *rest = data.removesuffix(b"\n").split(b"\n")
    if len(rest) not in (1, 2):
        raise Refused("share.lines")
    owned = wire.fields(wire.canonical(rest[0], "share", counting.PROOF_LIMIT), "share", "owner", "payload")
    if owned["payload"] != wire.sha_hex(share):
        raise Refused("share.payload", owner=owned["owner"])
    owner = wire.natural(owned["owner"], "share", 1 << 16)
    return Handed(share, owner, rest[1] if len(rest) == 2 else None)


@dataclass(frozen=True)
class Held:
    data: bytes
    factors: Factors
    proof: bytes | None

    @property
    def proved(self) -> bool:
        """By the second proof: these factors are true."""
        return self.proof is not None


@dataclass(frozen=True)
class FalseShare:
    """A share that cannot be true where the result is. Its proofs are the evidence that it comes from this trustee."""

    owner: int
    share: bytes


@dataclass
class Shares:
    """The shares handed in for one tally. `false` is the record of those that did not hold."""

    election: Election
    trustees: Trustees
    tally: Matrix
    most: int
    held: dict[int, Held] = field(default_factory=dict)
    false: list[FalseShare] = field(default_factory=list)
    _doubted: set[int] = field(default_factory=set)
    _replaced: list[tuple[int, Held]] = field(default_factory=list)

    def take(self, number: int, data: bytes, proof: bytes | None, *, other_program: bool) -> None:
        """Refused: "share.…"; then everything is as before."""
        owner = self.trustees.owners.get(number)
        if owner is None:
            raise Refused("share.owner", owner=number)
        factors = counting.check_share(self.election, owner, self.tally, data)
        if proof is not None:
            counting.check_second(self.election, owner, self.tally, factors, proof)
        elif self.election.bindings.second_proof or not other_program:
            raise Refused("share.one_proof", owner=number)
        share = Held(data, factors, proof)
        before = self.held.get(number)
        if before is not None:
            self._replace(number, before, share)
        self.held[number] = share

    def _replace(self, number: int, before: Held, share: Held) -> None:
        """A fully proved share stays; of the others one may be exchanged for a proved one, and a doubted one for any."""
        doubted = number in self._doubted and share.factors != before.factors
        if before.proved or not (share.proved or doubted):
            raise Refused("share.duplicate", owner=number)
        self._doubted.discard(number)
        if not share.proved:
            self._replaced.append((number, before))
        elif share.factors != before.factors:
            self._found_false(number, before)

    def open(self) -> tuple[list[int], list[list[int]]]:
        """Whose shares open the tally, and to what. Refused: "share.missing", "share.false", "share.doubtful"."""
        self.trustees.require_enough(list(self.held))
        search = counting.Search(self.election.group, self.most)
        tries = min(MOST_TRIES, MOST_STEPS // search.steps)
        for chosen in islice(self._sets(), tries):
            totals = self._opened(chosen, search)
            if totals is not None:
                if self._contested(chosen, totals, search, tries):
                    raise self._blame(certain=0)
                self._record(chosen)
                return chosen, totals
        raise self._blame(certain=tries)

    def _contested(self, chosen: list[int], totals: list[list[int]], search: counting.Search, tries: int) -> bool:
        """Whether a set with a share that contradicts this one opens as well, to other figures, or was never tried: who plots
        sees to it that the set that fits comes first."""
        rivals = {number for number, share in self.held.items() if share.factors != self._true_factors(number, chosen)}
        sets = self._sets()
        others = (other for other in islice(sets, tries) if rivals.intersection(other))
        differ = any(self._opened(other, search) not in (None, totals) for other in others)
        return differ or bool(rivals and next(sets, None))

    def written(self, number: int) -> bytes:
        """A share as the archive holds it: with the second proof where the election demands it."""
        share = self.held[number]
        if share.proof is None or not self.election.bindings.second_proof:
            return share.data
        return counting.with_second(share.data, share.proof)

    def _sets(self) -> Iterator[list[int]]:
        """Every choice of enough shares that may matter: the fully proved are true, so the others only fill up."""
        choices: list[Iterable[tuple[int, ...]]] = []
        for item in self.trustees.items:
            numbers = self._present(item)
            sure = min(self._proved(numbers), item.threshold)
            fill = combinations(numbers[sure:], item.threshold - sure)
            choices.append([(*numbers[:sure], *others) for others in fill])
        for chosen in product(*choices):
            yield sorted(chain.from_iterable(chosen))

    def _proved(self, numbers: list[int]) -> int:
        return sum(self.held[number].proved for number in numbers)

    def _present(self, item: Item) -> list[int]:
        numbers = [member.number for member in item.members if member.number in self.held]
        return sorted(numbers, key=lambda number: (not self.held[number].proved, number))

    def _opened(self, chosen: list[int], search: counting.Search) -> list[list[int]] | None:
        """Cell by cell, so that a set with a false share costs little."""
        group = self.election.group
        totals: list[list[int]] = []
        try:
            for i, row in enumerate(self.tally):
                totals.append([])
                for j, cell in enumerate(row):
                    shares: Mapping[int, Factors] = {n: [[self.held[n].factors[i][j]]] for n in chosen}
                    ((factor,),) = counting.combine(group, self.trustees, shares)
                    totals[-1].append(search.find(group.multiply(cell.beta, group.inverse(factor))))
        except Refused:
            return None
        return totals

    def _record(self, chosen: list[int]) -> None:
        """With a set that opens, what every other share of a group must be is known."""
        for number, share in [*self._replaced, *self.held.items()]:
            if share.factors != self._true_factors(number, chosen):
                self._found_false(number, share)
        self._replaced.clear()

    def _true_factors(self, number: int, chosen: list[int]) -> Factors:
        if number in chosen:
            return self.held[number].factors
        group = self.election.group
        owner = self.trustees.owners[number]
        members = [m for m in self.trustees.items[owner.item].members if m.number in chosen]
        weights = weights_of(group.order, [member.place for member in members], at=owner.place)
        parts = [(self.held[member.number].factors, weight) for member, weight in zip(members, weights, strict=True)]
        return [
            [group.product(group.power(factors[i][j], weight) for factors, weight in parts) for j in range(len(row))]
            for i, row in enumerate(self.tally)
        ]

    def _found_false(self, number: int, share: Held) -> None:
        self.false.append(FalseShare(number, share.data))
        if self.held.get(number) is share:
            del self.held[number]

    def _blame(self, certain: int) -> Refused:
        """Proved shares are true, so the fault is where an item has too few of those.

        Where one item lacks one share and no set opened, all that were tried in its place are false: the first `certain` are.
        """
        lacking: list[tuple[int, list[int]]] = []
        for item in self.trustees.items:
            numbers = self._present(item)
            proved = self._proved(numbers)
            if proved < item.threshold:
                lacking.append((item.threshold - proved, numbers[proved:]))
        suspects = sorted(number for _, numbers in lacking for number in numbers)
        if not suspects:
            return Refused("result.bound", most=self.most)
        one_lacks = [count for count, _ in lacking] == [1]
        if one_lacks and len(suspects) <= certain:
            for number in suspects:
                self._found_false(number, self.held[number])
            return Refused("share.false", owners=suspects)
        self._doubted |= set(suspects)
        return Refused("share.doubtful", owners=suspects)
