"""Codes on paper: twelve digits, read however they are typed; those of letters go on working."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from deliberation import typed
from deliberation.people import passwords
from deliberation.people.second import actions as second_actions
from deliberation.people.second import one_time_codes
from deliberation.people.tables import PaperCode
from tests.conftest import Caller, Town
from tests.deliberation.people.build import with_password
from tests.deliberation.people.test_second_step import PAGE, begun, half_way, paper_of


@pytest.fixture
def clerk(town: Town) -> Caller:
    return with_password(town, "desk")


@pytest.mark.parametrize(
    "shape",
    ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}－{2}", "  {0}　{1}\u200b{2}。", "wide", "as read"],
)
def test_a_code_from_paper_is_read_however_it_is_typed(town: Town, clerk: Caller, shape: str) -> None:
    _, answer = begun(town, clerk)
    code = next(one for one in paper_of(answer) if "0" in one or "1" in one)
    town.travel(minutes=30)
    text = shape.format(code[:4], code[4:8], code[8:])
    if shape == "wide":
        text = "".join(chr(0xFEE0 + ord(one)) for one in code)
    if shape == "as read":
        text = code.replace("0", "O").replace("1", "l")
    assert half_way(town).post("/sign-in/code", {"code": text}).status == 303


def test_a_code_on_paper_is_twelve_digits_in_fours_for_the_keyboard_of_digits(town: Town, clerk: Caller) -> None:
    page = clerk.get(f"{PAGE}?way=paper")
    assert len(re.findall(r"<li>(?:<span>[0-9]{4}</span> ?){3}</li>", page.html)) == one_time_codes.ON_PAPER
    assert 'inputmode="numeric"' in page.html
    begun(town, clerk)
    town.travel(minutes=30)
    assert 'inputmode="numeric"' in half_way(town).get("/sign-in/code").html
    assert all(typed.copied_right(one) for one in paper_of(page))


def test_a_digit_copied_wrong_is_told_and_is_no_guess(town: Town, clerk: Caller) -> None:
    """Ten in a row: more than a guesser has in a minute."""
    _, answer = begun(town, clerk)
    code = paper_of(answer)[0]
    town.travel(minutes=30)
    browser = half_way(town)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    for _ in range(10):
        told = browser.post("/sign-in/code", {"code": wrong})
        assert told.status == 422
        assert "有一位数字抄错了" in told.text
    assert browser.post("/sign-in/code", {"code": code}).status == 303


def test_codes_of_letters_that_were_printed_once_go_on_working(town: Town, clerk: Caller) -> None:
    begun(town, clerk)
    town.travel(minutes=30)
    old = ["7QAB23CDLEFG", "K9HJ45MNPQRS"]
    with town.write("desk") as tx:
        me = town.cast.ids["desk"]
        kept = [second_actions.Hashed(one[:2], passwords.make(one)) for one in old]
        second_actions.renew_paper_codes(tx, me, kept)
    browser = half_way(town)
    assert 'inputmode="numeric"' not in browser.get("/sign-in/code").html, "their keyboard needs letters"
    assert browser.post("/sign-in/code", {"code": "7qab 23cd-1efg"}).status == 303
    assert half_way(town).post("/sign-in/code", {"code": old[0]}).status == 422
    assert half_way(town).post("/sign-in/code", {"code": old[1]}).status == 303


def test_a_copy_of_the_database_gives_no_codes_on_paper_to_try(town: Town, clerk: Caller) -> None:
    _, answer = begun(town, clerk)
    with town.db.read() as session:
        kept = session.exec(select(PaperCode.code_hash)).all()
    assert not any(passwords.fits(one, code) for one, code in zip(kept, paper_of(answer), strict=True))
