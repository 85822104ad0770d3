"""What others would guess is no password (ASVS 6.2.4, 6.2.11), whatever letters it is made of (6.2.5)."""

import pytest

from deliberation.people import passwords
from tests.conftest import Town
from tests.deliberation.people.build import invitation, with_password
from tests.deliberation.people.test_account import NEW


@pytest.mark.parametrize(
    "common",
    [
        "12345678",
        "password1",
        "qwertyui",
        "88888888",
        "a123456789",
        "1qaz2wsx",
        "19560412",
        "abcd1234",
        "5201314520",
        "woaini1314",
    ],
)
def test_common_rows_of_keys_and_birthdays_are_guessable(common: str) -> None:
    assert passwords.guessable(common)


@pytest.mark.parametrize(
    "good", ["我家住在三楼东边", "eight-letters", "three old bicycles", "jinxiu2026", "买菜坐二十路车"]
)
def test_a_short_sentence_of_small_letters_or_chinese_is_not(good: str) -> None:
    assert not passwords.guessable(good)


def test_what_is_known_of_the_person_is_guessable() -> None:
    assert not passwords.guessable("hongtayiqu")
    assert passwords.guessable("hongtayiqu", ["hongtayiqu"])
    assert passwords.guessable("13800000007", ["13800000007"])


def test_a_long_one_takes_no_long_time() -> None:
    assert not passwords.guessable("a sentence that nobody else would think of " * 3)


def test_it_is_refused_at_its_field_wherever_a_password_is_chosen(town: Town) -> None:
    link = f"/invitations/{invitation(town)}"
    bad = {"password": "12345678", "again": "12345678"}
    for answer in (
        town.as_(None).post(link, bad),
        with_password(town, "resident").post("/account/password", {**NEW, **bad}),
    ):
        assert answer.status == 422
        assert "这个密码别人容易猜到" in answer.text
        assert "12345678" not in answer.html
