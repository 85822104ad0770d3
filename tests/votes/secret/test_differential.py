"""Random polls, counted four ways: plainly, by us, by the second verifier, by belenios-tool. They must agree."""

from __future__ import annotations

import io
import os
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.votes.secret import oracle
from tests.votes.secret.make import Town, town, write
from votes import audit
from votes.secret.election import Question
from votes.secret.poll import Poll
from votes.secret.verify import verify_file

EVERY_DAY = 12
LONG = int(os.environ.get("ELECTIONS", "200"))
TOOL_BALLOTS = 0.15
"""The share of ballots made by the tool, which takes a process for each."""


@dataclass
class Sample:
    town: Town
    weights: list[int]
    ballots: list[tuple[int, list[list[int]]]]
    """Voter and plain choices in order of arrival; a voter may come again."""
    owners: list[int]
    """Who decrypts, in which order: every single trustee, and any members of a group who are enough."""
    counts: str


def plain_answer(question: Question, chance: random.Random) -> list[int]:
    count = len(question.answers)
    if question.blank and chance.random() < 0.3:
        return [1] + [0] * count
    chosen = set(chance.sample(range(count), chance.randint(question.low, question.high)))
    return [0] * question.blank + [int(place in chosen) for place in range(count)]


def sample(chance: random.Random) -> Sample:
    questions = []
    for number in range(chance.randint(1, 2)):
        answers = chance.randint(1, 4)
        high = chance.randint(1, answers)
        low = chance.randint(0, high)
        text = chance.choice(("同意吗？", "Do you agree?", 'a "quoted" \\ word\n与换行', "𠮷"))
        questions.append(
            Question(f"{number} {text}", tuple(f"答{i}" for i in range(answers)), low, high, chance.random() < 0.5)
        )
    voters = chance.randint(1, 4)
    weights = [chance.choice((0, 1, chance.randint(1, 20_000), chance.randint(1, 10**9))) for _ in range(voters)]
    trustees = chance.randint(1, 5)
    grouped = chance.choice((0, trustees, chance.randint(1, trustees)))
    needed = chance.randint(1, grouped) if grouped else 0
    singles = trustees - grouped
    made = town(weights, questions, singles=singles, threshold=(needed, grouped) if grouped else None)
    present = chance.sample(range(singles + 1, trustees + 1), chance.randint(needed, grouped))
    deciphering = chance.sample([*range(1, singles + 1), *present], singles + len(present))
    ballots = [
        (voter, [plain_answer(question, chance) for question in questions])
        for voter in chance.choices(range(voters), k=chance.randint(0, voters + 2))
    ]
    return Sample(made, weights, ballots, deciphering, chance.choice(("heads", "area")))


def plain_count(drawn: Sample) -> list[list[int]]:
    """Counting as on a blackboard: each voter's last choices, each with the voter's weight."""
    last = dict(drawn.ballots)
    totals = [[0] * question.slots for question in drawn.town.election.questions]
    for voter, choices in last.items():
        weight = drawn.weights[voter] if drawn.counts == "area" else 1
        for row, choice in zip(totals, choices, strict=True):
            for place, number in enumerate(choice):
                row[place] += number * weight
    return totals


def agree(drawn: Sample, folder: Path, chance: random.Random) -> None:
    poll = Poll.start(drawn.town.setup, drawn.counts)
    write(folder, drawn.town, poll.board.data)
    for voter, choices in drawn.ballots:
        if chance.random() < TOOL_BALLOTS:
            data = oracle.ballot(folder, drawn.town.voters[voter].code, str(choices))
        else:
            data = drawn.town.ballot(voter, choices)
        poll.cast(data)
    expected = plain_count(drawn)
    assert drawn.town.finish(poll, drawn.owners) == expected
    path = write(folder, drawn.town, poll.board.data)
    report = verify_file(path, finished=True)
    assert [finding for finding in report.findings if not finding.ok] == []
    assert (report.totals, report.counted) == (expected, len(dict(drawn.ballots)))
    second = audit.Audit(io.BytesIO(path.read_bytes()))
    second.run()
    assert second.result == expected
    assert oracle.verifies(folder)


def run(number: int, seed: int, folder: Path) -> None:
    oracle.need_tool()
    for turn in range(number):
        chance = random.Random(f"{seed}/{turn}")
        try:
            agree(sample(chance), folder / str(turn), chance)
        except Exception as error:
            raise AssertionError(f"seed {seed}, turn {turn}") from error


def test_a_few_random_polls_agree(tmp_path: Path) -> None:
    run(EVERY_DAY, 278, tmp_path)


@pytest.mark.long
def test_many_random_polls_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ELECTIONS=… chooses how many."""
    seed = random.SystemRandom().randrange(2**32)
    run(LONG, seed, tmp_path)
    with capsys.disabled():
        print(f" {LONG} polls agree, seed {seed}")
