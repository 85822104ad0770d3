"""A stranger who was in the account leaves a passkey or another browser behind; "that was not me" takes all of it away."""

from __future__ import annotations

import pytest
from sqlmodel import select

from deliberation.people import actions
from deliberation.people.tables import KnownDevice, Passkey, ProviderTie
from tests.conftest import Caller, Town
from tests.deliberation.people.build import PASSWORD, invitation, with_password
from tests.deliberation.people.test_devices import enter, notice

ME = "resident"


@pytest.fixture
def home(town: Town) -> Caller:
    with_password(town, ME)
    caller = town.as_(None)
    enter(caller)
    keep(town, "mine")
    town.travel(minutes=5)
    return caller


def keep(town: Town, name: str) -> None:
    """A passkey and a provider's account, as those pages write them."""
    with town.write(ME) as tx:
        me = town.cast.ids[ME]
        tx.session.add(
            Passkey(account_id=me, credential_id=name, public_key=b"k", sign_count=0, name=name, made_at=tx.now)
        )
        tx.session.add(ProviderTie(account_id=me, issuer=f"https://{name}.example", subject=name, made_at=tx.now))


def left(town: Town) -> tuple[list[str], list[str], int]:
    with town.db.read() as session:
        return (
            list(session.exec(select(Passkey.name))),
            list(session.exec(select(ProviderTie.subject))),
            len(session.exec(select(KnownDevice.id)).all()),
        )


def test_what_was_added_since_goes_with_the_stranger_and_what_was_there_before_stays(town: Town, home: Caller) -> None:
    first, second = town.as_(None), town.as_(None)
    enter(first)
    town.travel(minutes=1)
    enter(second)
    keep(town, "theirs")
    assert home.post(f"/account/notices/{notice(home)}/not-me").status == 303
    assert left(town) == (["mine"], ["mine"], 1)
    assert home.get("/account").status == 200


def test_a_stranger_with_two_fresh_browsers_cannot_make_the_news_of_either_go_away(town: Town, home: Caller) -> None:
    first = town.as_(None)
    enter(first)
    earlier = notice(home)
    town.travel(minutes=1)
    enter(town.as_(None))
    keep(town, "theirs")
    for number in (earlier, earlier + 1):
        assert first.post(f"/account/notices/{number}/reading").status == 404
        assert first.post(f"/account/notices/{number}/not-me").status == 404
    assert home.post(f"/account/notices/{notice(home)}/not-me").status == 303
    assert left(town) == (["mine"], ["mine"], 1)


def test_the_password_that_a_stranger_knows_is_changed_next(town: Town, home: Caller) -> None:
    enter(town.as_(None))
    answer = home.post(f"/account/notices/{notice(home)}/not-me")
    assert answer.location.startswith("/account/password")
    new = "another-good-one"
    form = {"current": PASSWORD, "password": new, "again": new}
    assert home.post("/account/password", form).status == 303
    with town.db.read() as session:
        assert not actions.knows_password(session, town.cast.ids[ME], PASSWORD)


def test_a_new_link_takes_away_what_whoever_had_the_account_before_left_in_it(town: Town) -> None:
    """A clerk who opened a neighbor's account first, and comes back by their passkey after the neighbor got a link of their own."""
    keep(town, "theirs")
    caller = town.as_(None)
    new = {"password": "another-good-one", "again": "another-good-one"}
    assert caller.post(f"/invitations/{invitation(town, ME)}", new).status == 303
    assert left(town)[:2] == ([], [])
