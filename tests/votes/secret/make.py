"""The smallest valid polls, and the steps from voters' plain choices to an archive."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from votes.refusal import Refused
from votes.secret import ballot as making
from votes.secret import credential as credentials
from votes.secret import trustee as trusting
from votes.secret.ballot import make_ballot
from votes.secret.ceremony import rehearse
from votes.secret.credential import Credential
from votes.secret.election import Election, Question, read_election
from votes.secret.elgamal import Ciphertext, Key, encrypt
from votes.secret.group import belenios_2048
from votes.secret.poll import Poll, Setup, prepare
from votes.secret.shares import file_bytes, read_file
from votes.secret.trustee import Secret

GROUP = belenios_2048()
TIME = 1_795_426_863
YES_NO = Question("是否同意更换电梯？", ("同意", "反对", "弃权"), 1, 1)
ONE_ANSWER = Question("同意吗？", ("同意",), 0, 1)
WITH_BLANK = Question("推选监督小组", ("甲", "乙", "丙"), 1, 2, blank=True)


@dataclass
class Town:
    """A poll with everybody's secrets, as no single person may ever hold them."""

    setup: Setup
    voters: list[Credential]
    secrets: dict[int, Secret]
    """By owner's number."""
    enough: list[int]
    """Owners who together can decrypt: every single trustee, and the first of a group."""
    election: Election = field(init=False)

    def __post_init__(self) -> None:
        self.election = read_election(self.setup.election)

    def ballot(self, voter: int, plain: list[list[int]]) -> bytes:
        return make_ballot(self.election, self.voters[voter], plain)

    def outsider(self, voter: int, plain: list[list[int]], half: str = "alpha") -> bytes:
        """A ballot whose first alpha or beta lies outside the subgroup, by its sign alone, although every proof of it holds.

        The sign vanishes where a challenge is even, so an attacker tries until it does. Only the check of membership helps.
        """
        group = self.election.group
        untouched: list[bool] = []

        def turned(key: Key, number: int, randomness: int) -> Ciphertext:
            cipher = encrypt(key, number, randomness)
            if not untouched:
                return cipher
            untouched.clear()
            outside = group.decode(str(GROUP._p - getattr(cipher, half)))
            return replace(cipher, **{half: outside})

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(making, "encrypt", turned)
            while True:
                untouched.append(True)
                data = self.ballot(voter, plain)
                with suppress(Refused):
                    making.check_proofs(self.election, making.read_ballot(self.election, data))
                    return data

    def finish(self, poll: Poll, owners: list[int] | None = None) -> list[list[int]]:
        poll.close()
        for number in owners or self.enough:
            self.hand_in(poll, number)
        return poll.publish()

    def hand_in(self, poll: Poll, number: int) -> None:
        """As the trustee's own tool does it, with the second proof."""
        assert poll.shares is not None
        handed = read_file(file_bytes(poll.election, self.secrets[number], number, poll.shares.tally))
        poll.accept_share(number, handed.share, handed.proof)


def town(
    weights: list[int],
    questions: list[Question] | None = None,
    *,
    singles: int = 1,
    threshold: tuple[int, int] | None = None,
    second_proof: bool = True,
) -> Town:
    """`threshold` (t, n) adds a group of n trustees of whom t are needed."""
    uuid = credentials.new_uuid()
    voters = credentials.issue(GROUP, uuid, len(weights))
    items = []
    secrets: dict[int, Secret] = {}
    for number in range(1, singles + 1):
        secrets[number] = trusting.new_secret(GROUP)
        items.append(("Single", trusting.public_json(GROUP, secrets[number], f"受托人{number}")))
    if threshold is not None:
        item, members = rehearse(GROUP, *threshold)
        items.append(item)
        secrets |= {singles + place: secret for place, secret in enumerate(members, 1)}
    setup = prepare(
        GROUP,
        uuid=uuid,
        name="电梯",
        description="",
        questions=questions or [YES_NO],
        trustees=trusting.trustees_bytes(items),
        areas={voter.public: weight for voter, weight in zip(voters, weights, strict=True)},
        timestamp=TIME,
        roll="0" * 64,
        rules="1" * 64,
        second_proof=second_proof,
    )
    return Town(setup, voters, secrets, list(range(1, singles + (threshold[0] if threshold else 0) + 1)))


def write(folder: Path, town: Town, data: bytes) -> Path:
    """The archive in a folder of its own, as the tool wants it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{town.election.uuid}.bel"
    path.write_bytes(data)
    return path
