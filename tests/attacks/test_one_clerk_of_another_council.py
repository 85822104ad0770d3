"""Staff of one council open no account that belongs to another council's resident, just by entering that person at their desk."""

import re

import pytest
from sqlmodel import col, select

from deliberation.council.tables import Membership
from deliberation.people.phone import actions as phone_actions
from deliberation.people.tables import Recovery
from tests.conftest import Answer, Caller, Town
from tests.deliberation.people.build import with_password

C = "/c/other"
NEW = {"password": "a-long-password", "again": "a-long-password"}
HOME = {"tie": "tenant", "building": "1幢", "room": "0101"}


@pytest.fixture
def entered(town: Town) -> int:
    """A neighbor of the first council, entered by name and number at the second one's desk: the number of that membership."""
    with_password(town, "neighbor")
    answer = town.as_("other_moderator").post(f"{C}/residents/new", {"name": "吴志燕", "phone": "13800000008", **HOME})
    found = re.search(r"/residents/(\d+)", answer.location)
    assert found, answer.text
    return int(found[1])


def link(town: Town) -> Answer:
    return town.as_("other_moderator").post(f"{C}/people/{town.cast.ids['neighbor']}/link")


def states(town: Town) -> dict[int, str]:
    with town.db.read() as session:
        rows = session.exec(select(Membership).where(Membership.account_id == town.cast.ids["neighbor"]))
        return {one.council_id: one.state for one in rows}


def test_one_clerk_cannot_take_over_an_account_of_another_council(town: Town, entered: int) -> None:
    answer = link(town)
    assert answer.status == 422
    assert "别的议事会" in answer.text
    assert states(town)[town.cast.council_id] == "verified"
    signed_in = town.as_(None).post("/sign-in", {"identifier": "13800000008", "password": "eight-letters"})
    assert signed_in.status == 303


def test_nor_can_a_moderator_who_gives_that_person_a_seat_first(town: Town) -> None:
    with_password(town, "neighbor")
    moderator = town.as_("other_moderator")
    seat = {"name": "吴志燕", "phone": "13800000008", "role": "affected"}
    assert moderator.post(f"{C}/seats", seat).status == 303
    assert link(town).status == 422


def test_nor_do_two_of_them_begin_a_way_back_in(town: Town, entered: int) -> None:
    form = {"checked": "看过身份证，是本人。", "present": "1"}
    answer = town.as_("other_moderator").post(f"{C}/people/{town.cast.ids['neighbor']}/recovery", form)
    assert answer.status == 422
    with town.db.read() as session:
        assert session.exec(select(Recovery.id)).all() == []


def test_whom_two_of_them_have_confirmed_is_theirs_too(town: Town, entered: int) -> None:
    with town.write() as tx:
        member = tx.session.get_one(Membership, entered)
        member.state = "verified"
        tx.session.add(member)
    assert link(town).status == 200
    assert states(town) == {town.cast.council_id: "waiting", town.cast.other_council_id: "waiting"}


def test_whoever_gave_the_link_does_not_confirm_who_was_waiting(town: Town) -> None:
    newcomer = Caller(town.app, None)
    joining = {"tie": "owner", "building": "红茶里2幢1单元", "room": "0102", "name": "刘玉雅", "phone": "13812345678"}
    assert newcomer.post("/c/jinxiu/join", {**joining, **NEW}).status == 303
    with town.write() as tx:
        member = tx.session.exec(select(Membership).order_by(col(Membership.id).desc()).limit(1)).one()
        phone_actions.settle(tx, member.account_id)
        account_id, number = member.account_id, member.id
    assert town.as_("desk").post(f"/c/jinxiu/people/{account_id}/link").status == 200
    chosen = {"tie": "owner", "head_key": "Y07", "in_person": "1"}
    answer = town.as_("desk").post(f"/c/jinxiu/residents/{number}/confirmation", chosen)
    assert answer.status == 422
    assert town.as_("desk2").post(f"/c/jinxiu/residents/{number}/confirmation", chosen).status == 303
