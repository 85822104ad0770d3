"""Nobody alone may cast for an owner who never came: paper needs two of the staff, so an account must too."""

import re

from sqlmodel import select

from deliberation.ballot.tables import Ballot
from deliberation.council.tables import Membership
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build

C = "/c/jinxiu"
PASSWORD = {"password": "a-long-password", "again": "a-long-password"}


def _ballots(town: Town) -> list[tuple[str, str]]:
    with town.db.read() as session:
        return [(one.head_key, one.choice) for one in session.exec(select(Ballot).order_by(Ballot.seq))]  # type: ignore[arg-type]


def test_a_clerk_cannot_make_confirm_and_use_an_owner_account(town: Town) -> None:
    poll_id = build.opened(town)
    desk = build.signed_in(town, "desk")
    new = {"name": "刘玉雅", "sign_in_name": "made.up", "tie": "owner", "building": "红茶里2幢1单元", "room": "0102"}
    slip = desk.post(f"{C}/residents/new", new).html
    token = re.search(r"/invitations/([\w-]+)", slip)
    resident = re.search(r"/residents/(\d+)", slip)
    assert token is not None
    assert resident is not None
    desk.post(f"{C}/residents/{resident[1]}/confirmation", {"tie": "owner", "head_key": "Y07", "in_person": "1"})
    puppet = Caller(town.app, None)
    puppet.post(f"/invitations/{token[1]}", PASSWORD)
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []


def test_a_clerk_cannot_take_over_an_owner_account_with_a_new_link_and_cast(town: Town) -> None:
    poll_id = build.opened(town)
    desk = build.signed_in(town, "desk")
    slip = desk.post(f"{C}/people/{town.cast.ids['owner7']}/link").html
    token = re.search(r"/invitations/([\w-]+)", slip)
    if token is not None:
        puppet = Caller(town.app, None)
        puppet.post(f"/invitations/{token[1]}", PASSWORD)
        puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []


def test_one_account_moved_to_another_head_cannot_cast_a_second_ballot_in_the_same_poll(town: Town) -> None:
    poll_id = build.opened(town)
    voter, desk = build.signed_in(town, "owner5"), build.signed_in(town, "desk")
    assert voter.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303
    with town.db.read() as session:
        number = session.exec(select(Membership.id).where(Membership.account_id == town.cast.ids["owner5"])).one()
    desk.post(f"{C}/residents/{number}/confirmation", {"tie": "owner", "head_key": "Y07", "note": "换了房"})
    voter.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"})
    assert _ballots(town) == [("Y05", "for")]


def test_the_slip_page_never_shows_the_choice_of_another_ballot(town: Town) -> None:
    """Whatever is decided about moved owners: the choice shown must be the one of the ballot shown."""
    poll_id = build.opened(town)
    voter, desk = build.signed_in(town, "owner5"), build.signed_in(town, "desk")
    voter.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    with town.db.read() as session:
        number = session.exec(select(Membership.id).where(Membership.account_id == town.cast.ids["owner5"])).one()
    desk.post(f"{C}/residents/{number}/confirmation", {"tie": "owner", "head_key": "Y07", "note": "换了房"})
    voter.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"})
    page = voter.get(f"{build.PATH}/{poll_id}/slip").text
    assert not ("您投的是：同意" in page and ("Y07", "against") in _ballots(town))
