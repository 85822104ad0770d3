"""The smallest valid things of accounts."""

from starlette.testclient import TestClient

from deliberation.people.actions import make_link, set_password, sign_in
from deliberation.people.tables import Account
from tests.afterwards import QUICK
from tests.conftest import Caller, Town

PASSWORD = "eight-letters"
HASH = QUICK.hash(PASSWORD)


def with_password(town: Town, who: str) -> Caller:
    """Somebody of the cast who knows a password, signed in on this browser anew."""
    with town.write(who) as tx:
        set_password(tx, town.cast.ids[who], HASH)
        token = sign_in(tx, town.cast.ids[who], "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari")
    return Caller(town.app, token)


def invitation(town: Town, who: str = "stranger", *, days: int = 7) -> str:
    with town.write() as tx:
        return make_link(tx, "invite", account_id=town.cast.ids[who], days=days)


def phone_of(town: Town, who: str) -> str:
    with town.db.read() as session:
        return session.get_one(Account, town.cast.ids[who]).phone or ""


def from_address(town: Town, address: str) -> Caller:
    caller = Caller(town.app, None)
    caller.client = TestClient(town.app, base_url="http://127.0.0.1", follow_redirects=False, client=(address, 50000))
    caller.client.cookies.set("guard", "test-guard")
    return caller
