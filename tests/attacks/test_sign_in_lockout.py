"""Somebody who knows the secretary's phone number must not be able to keep the secretary out."""

from starlette.testclient import TestClient

from deliberation.people import passwords
from deliberation.people.tables import Account
from tests.conftest import Caller, Town

RIGHT = "the right password"


def _from(town: Town, address: str) -> Caller:
    caller = Caller(town.app, None)
    caller.client = TestClient(town.app, base_url="http://127.0.0.1", follow_redirects=False, client=(address, 50000))
    caller.client.cookies.set("guard", "test-guard")
    return caller


def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_of_the_account_out(town: Town) -> None:
    """92: the guesser is slowed down, not the guessed at."""
    with town.write() as tx:
        account = tx.session.get_one(Account, town.cast.ids["moderator"])
        account.password_hash = passwords.make(RIGHT)
        phone = account.phone
        tx.session.add(account)
    stranger, owner = _from(town, "203.0.113.7"), _from(town, "198.51.100.4")
    for number in range(15):
        stranger.post("/sign-in", {"identifier": phone, "password": f"wrong password {number}"})
    assert owner.post("/sign-in", {"identifier": phone, "password": RIGHT}).status == 303
