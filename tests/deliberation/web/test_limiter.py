"""How often somebody may try: counted in a window that moves, by name, and forgotten when it is over."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from deliberation.web.limits import FEW, Limiter, TooOften, parse
from votes.refusal import Refused

ROOT = Path(__file__).parents[3]


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def limiter(hands: Hands) -> Limiter:
    return Limiter(hands)


def test_the_window_moves_on_with_each_try(limiter: Limiter, hands: Hands) -> None:
    for _ in range(2):
        limiter.hit("3/minute", "sign-in", "lin")
        hands.at += 25
    limiter.hit("3/minute", "sign-in", "lin")
    with pytest.raises(TooOften) as refused:
        limiter.hit("3/minute", "sign-in", "lin")
    assert refused.value.facts == {"seconds": 60}
    hands.at += 10
    limiter.hit("3/minute", "sign-in", "lin")
    with pytest.raises(TooOften):
        limiter.hit("3/minute", "sign-in", "lin")


def test_each_name_and_each_rate_is_counted_apart(limiter: Limiter) -> None:
    limiter.hit("1/hour", "code", "lin")
    limiter.hit("1/hour", "code", "chen")
    limiter.hit("1/day", "code", "lin")
    with pytest.raises(TooOften):
        limiter.hit("1/hour", "code", "lin")


def test_asking_whether_there_is_room_counts_nothing(limiter: Limiter) -> None:
    for _ in range(5):
        limiter.room("1/minute", "code", "lin")
    limiter.hit("1/minute", "code", "lin")
    with pytest.raises(TooOften):
        limiter.room("1/minute", "code", "lin")


def test_a_refused_try_makes_nobody_wait_longer(limiter: Limiter, hands: Hands) -> None:
    limiter.hit("1/minute", "lin")
    hands.at += 30
    with pytest.raises(TooOften):
        limiter.hit("1/minute", "lin")
    hands.at += 30
    limiter.hit("1/minute", "lin")


def test_names_that_somebody_made_up_are_not_kept_for_ever(limiter: Limiter, hands: Hands) -> None:
    for number in range(20 * FEW):
        hands.at += 0.1
        limiter.hit("10/minute", "sign-in", f"made up {number}")
    assert len(limiter) <= 2 * FEW


def test_what_still_counts_is_kept_among_many_names(limiter: Limiter, hands: Hands) -> None:
    limiter.hit("1/day", "text", "lin")
    for number in range(5 * FEW):
        hands.at += 1
        limiter.hit("10/minute", "sign-in", f"made up {number}")
    with pytest.raises(TooOften):
        limiter.room("1/day", "text", "lin")


def test_a_try_starts_no_thread(limiter: Limiter, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(threading.Thread, "start", started.append)
    for number in range(50):
        limiter.hit("10/minute", str(number))
    assert started == []


def test_many_at_once_are_counted_one_by_one(limiter: Limiter) -> None:
    refused: list[TooOften] = []

    def try_often() -> None:
        for _ in range(100):
            try:
                limiter.hit("60/minute", "lin")
            except TooOften as problem:
                refused.append(problem)

    crowd = [threading.Thread(target=try_often) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(refused) == 740


def test_a_try_has_its_place_while_it_is_judged_and_keeps_it_when_it_is_refused(limiter: Limiter) -> None:
    both = ("2/minute", "30/day")
    with limiter.wrong_ones(both, "code", "lin"), limiter.wrong_ones(both, "code", "lin"):
        with pytest.raises(TooOften), limiter.wrong_ones(both, "code", "lin"):
            raise AssertionError("there is no room for a third")
        with limiter.wrong_ones(both, "code", "chen"):
            pass
    for _ in range(2):
        with pytest.raises(Refused, match="wrong_code"), limiter.wrong_ones(both, "code", "lin"):
            raise Refused("wrong_code")
    with pytest.raises(TooOften), limiter.wrong_ones(both, "code", "lin"):
        raise AssertionError("two wrong ones fill it")


def test_what_goes_wrong_otherwise_is_no_wrong_try(limiter: Limiter) -> None:
    for _ in range(3):
        with pytest.raises(OSError, match="disk"), limiter.wrong_ones(("1/minute",), "code", "lin"):
            raise OSError("the disk is full")


def test_a_place_refused_at_one_rate_is_not_used_up_at_another(limiter: Limiter, hands: Hands) -> None:
    """The wait at the second rate does not eat up the first."""
    limiter.hit("1/minute", "code", "lin")
    for _ in range(5):
        with pytest.raises(TooOften), limiter.wrong_ones(("3/day", "1/minute"), "code", "lin"):
            raise AssertionError("there is no room")
    hands.at += 60
    for _ in range(3):
        limiter.hit("3/day", "code", "lin")


def test_a_rate_says_how_many_in_how_long() -> None:
    assert [parse(one) for one in ("10/minute", "8/10minute", "5/day")] == [(10, 60), (8, 600), (5, 86_400)]


def test_every_rate_in_the_program_is_one() -> None:
    written = [
        one
        for file in ROOT.glob("deliberation/**/*.py")
        for one in re.findall(r'"([0-9]+ ?(?:/|per)[^"]*)"', file.read_text())
    ]
    assert len(written) > 40
    for one in written:
        assert parse(one)[0] > 0


@pytest.mark.parametrize(
    "rate", ["", "0/minute", "10", "10/second", "-1/minute", "1.5/hour", "10 per minute", "5/0hour"]
)
def test_what_is_no_rate_is_a_fault_of_ours(rate: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        parse(rate)
