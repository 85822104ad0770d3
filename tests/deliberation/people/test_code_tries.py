"""Wrong codes of the second step are counted, and each of them once."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import Session

from deliberation.people.second import actions as second_actions
from tests.conftest import Caller, Town
from tests.deliberation.people.build import with_password
from tests.deliberation.people.test_second_step import begun, code_of, half_way
from tests.serving import PATIENCE


@pytest.fixture
def own(town: Town) -> str:
    """The desk's secret, set up half an hour ago."""
    secret, answer = begun(town, with_password(town, "desk"))
    assert answer.status == 200, answer.text
    town.travel(minutes=30)
    return secret


def test_two_wrong_codes_at_once_are_no_more_than_one_after_the_other(
    town: Town, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four wrong ones are counted; of two that come together for the fifth place, one is judged."""
    for _ in range(4):
        assert half_way(town).post("/sign-in/code", {"code": "000000"}).status == 422
    judged: list[str] = []
    together = threading.Event()
    right = second_actions.fitting_paper_code

    def judge(session: Session, secret: bytes, account_id: int, text: str) -> int | None:
        """The first waits until the other is there too, or has had its answer."""
        judged.append(text)
        if len(judged) == 2:
            together.set()
        assert together.wait(PATIENCE)
        return right(session, secret, account_id, text)

    monkeypatch.setattr(second_actions, "fitting_paper_code", judge)
    answers: list[int] = []

    def guess(browser: Caller) -> None:
        answers.append(browser.post("/sign-in/code", {"code": "000000"}).status)
        together.set()

    guessers = [threading.Thread(target=guess, args=(half_way(town),)) for _ in range(2)]
    for one in guessers:
        one.start()
    for one in guessers:
        one.join(PATIENCE)
    assert len(judged) == 1
    assert sorted(answers) == [422, 429]


def test_right_codes_use_up_none_of_the_tries_for_wrong_ones(town: Town, own: str) -> None:
    for _ in range(7):
        town.travel(seconds=30)
        assert half_way(town).post("/sign-in/code", {"code": code_of(town, own)}).status == 303
    for _ in range(5):
        assert half_way(town).post("/sign-in/code", {"code": "000000"}).status == 422
    assert half_way(town).post("/sign-in/code", {"code": "000000"}).status == 429
