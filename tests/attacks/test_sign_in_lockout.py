"""Somebody who knows the secretary's phone number must not be able to keep the secretary out."""

from deliberation.people import passwords
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.people.build import from_address

RIGHT = "the right password"


def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_of_the_account_out(town: Town) -> None:
    """92: the guesser is slowed down, not the guessed at."""
    with town.write() as tx:
        account = tx.session.get_one(Account, town.cast.ids["moderator"])
        account.password_hash = passwords.make(RIGHT)
        phone = account.phone
        tx.session.add(account)
    stranger, owner = from_address(town, "203.0.113.7"), from_address(town, "198.51.100.4")
    for number in range(15):
        stranger.post("/sign-in", {"identifier": phone, "password": f"wrong password {number}"})
    assert owner.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303


def _moderator(town: Town) -> str:
    with town.write() as tx:
        account = tx.session.get_one(Account, town.cast.ids["moderator"])
        account.password_hash = passwords.make(RIGHT)
        tx.session.add(account)
        return account.phone or ""


def _guessed_at_from_all_over(town: Town, phone: str) -> None:
    """As many wrong ones as everybody together has for an account in a minute."""
    for network in range(5):
        thief = from_address(town, f"203.0.113.{network}")
        for number in range(10):
            thief.post("/sign-in", {"identifier": phone, "password": f"wrong {network} {number}"})


def test_a_device_that_the_account_knows_signs_in_while_the_account_is_guessed_at_from_all_over(town: Town) -> None:
    phone = _moderator(town)
    home = from_address(town, "198.51.100.4")
    assert home.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303
    home.post("/sign-out")
    _guessed_at_from_all_over(town, phone)
    stranger = from_address(town, "198.51.100.9")
    assert stranger.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 429
    assert home.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303


def test_a_device_known_to_an_account_that_signs_in_by_a_name_has_tries_of_its_own_too(town: Town) -> None:
    _moderator(town)
    with town.write() as tx:
        account = tx.session.get_one(Account, town.cast.ids["moderator"])
        account.phone, account.sign_in_name = None, "lin-at-the-desk"
        tx.session.add(account)
    home = from_address(town, "198.51.100.4")
    assert home.post("/sign-in", {"identifier": "lin-at-the-desk", "password": RIGHT}).status == 303
    home.post("/sign-out")
    _guessed_at_from_all_over(town, "lin-at-the-desk")
    stranger = from_address(town, "198.51.100.9")
    assert stranger.post("/sign-in", {"identifier": "lin-at-the-desk", "password": RIGHT}).status == 429
    assert home.post("/sign-in", {"identifier": "lin-at-the-desk", "password": RIGHT}).status == 303


def test_a_device_that_the_account_knows_signs_in_beside_a_guesser_at_the_same_address(town: Town) -> None:
    phone = _moderator(town)
    home, next_door = from_address(town, "198.51.100.4"), from_address(town, "198.51.100.4")
    assert home.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303
    home.post("/sign-out")
    for number in range(15):
        next_door.post("/sign-in", {"identifier": phone, "password": f"wrong {number}"})
    assert home.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303


def test_a_known_device_has_no_more_tries_than_anybody_and_none_for_another_account(town: Town) -> None:
    phone = _moderator(town)
    home = from_address(town, "198.51.100.4")
    assert home.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303
    home.post("/sign-out")
    answers = [home.post("/sign-in", {"identifier": phone, "password": f"wrong {one}"}).status for one in range(11)]
    assert answers[-2:] == [422, 429]
    _guessed_at_from_all_over(town, "13800000007")
    assert home.post("/sign-in", {"identifier": "13800000007", "password": RIGHT}).status == 429
