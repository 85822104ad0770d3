"""The same fraud without the desk's own form: the clerk joins in a private window as a silent owner, then confirms that."""

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from deliberation.council.tables import Membership
from deliberation.people.tables import Account
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build

C = "/c/jinxiu"


def _ballots(town: Town) -> list[str]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot.head_key)))


def _membership(town: Town, phone: str) -> int:
    with town.db.read() as session:
        account = session.exec(select(Account.id).where(Account.claimed_phone == phone)).one()
        return session.exec(select(Membership.id).where(Membership.account_id == account)).one()


@pytest.mark.parametrize("clerk", ["desk", "recorder", "moderator"])
def test_a_clerk_cannot_join_as_an_owner_and_confirm_that_alone_while_people_vote(town: Town, clerk: str) -> None:
    poll_id = build.opened(town)
    puppet = Caller(town.app, None)
    form = {
        "tie": "owner",
        "building": "红茶里2幢1单元",
        "room": "0102",
        "name": "刘玉雅",
        "phone": "13812345678",
        "password": "a-long-password",
        "again": "a-long-password",
    }
    assert puppet.post(f"{C}/join", form).status == 303
    number = _membership(town, "13812345678")
    staff = build.signed_in(town, clerk)
    staff.post(f"{C}/residents/{number}/confirmation", {"tie": "owner", "head_key": "Y07", "in_person": "1"})
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []


def test_a_clerk_cannot_move_a_tenants_account_to_a_silent_owners_head_alone_while_people_vote(town: Town) -> None:
    poll_id = build.opened(town)
    puppet, desk = build.signed_in(town, "tenant"), build.signed_in(town, "desk")
    with town.db.read() as session:
        number = session.exec(select(Membership.id).where(Membership.account_id == town.cast.ids["tenant"])).one()
    change = {"tie": "owner", "head_key": "Y06", "note": "看过房产证"}
    desk.post(f"{C}/residents/{number}/confirmation", change)
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []
