"""Nobody alone may cast for an owner who never came: paper needs two of the staff, so an account must too."""

import re

import pytest
from sqlmodel import col, select

from deliberation.ballot.rules import Standing
from deliberation.ballot.tables import Ballot, Proxy
from deliberation.council.actions import appoint
from deliberation.council.roll.actions import keep
from deliberation.council.tables import Membership
from deliberation.people.tables import Account
from tests import cast
from tests.conftest import Answer, Caller, Town
from tests.deliberation.ballot import build
from votes.roll import from_table

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


def _puppet(town: Town, *, name: str = "刘玉雅", clerk: str = "desk") -> Caller:
    """A private window in which the clerk joins as the silent owner; then they confirm that, alone, and tick what can be ticked."""
    puppet = Caller(town.app, None)
    form = {
        "tie": "owner",
        "building": "红茶里2幢1单元",
        "room": "0102",
        "name": name,
        "phone": "13712345678",
        **PASSWORD,
    }
    assert puppet.post(f"{C}/join", form).status == 303
    for _ in range(2):
        assert _confirmed(town, clerk, _newest(town), "Y07").status == 303
    return puppet


def _newest(town: Town) -> int:
    with town.db.read() as session:
        return session.exec(select(Membership.id).order_by(col(Membership.id).desc())).first() or 0


def _confirmed(town: Town, clerk: str, member_id: int, head_key: str) -> Answer:
    form = {"tie": "owner", "head_key": head_key, "in_person": "1", "note": "看过房产证"}
    return build.signed_in(town, clerk).post(f"{C}/residents/{member_id}/confirmation", form)


def _tie(town: Town, who: str) -> Membership:
    with town.db.read() as session:
        found = session.exec(select(Membership).where(Membership.account_id == town.cast.ids[who])).one()
        session.expunge(found)
        return found


@pytest.mark.parametrize("standing", [Standing.OFFICIAL, Standing.CONSULTATION])
@pytest.mark.parametrize("clerk", ["desk", "recorder", "moderator"])
def test_a_clerk_who_alone_confirmed_a_silent_owner_long_before_the_notice_does_not_cast_for_them(
    town: Town, clerk: str, standing: Standing
) -> None:
    puppet = _puppet(town, clerk=clerk)
    town.travel(days=2)
    poll_id = build.opened(town, standing=standing)
    refused = puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []
    assert refused.status == 422
    assert "只有一位工作人员核对过" in refused.text


def test_a_second_one_of_the_staff_who_sees_the_papers_lifts_it_also_while_the_poll_runs(town: Town) -> None:
    owner = _puppet(town)
    town.travel(days=2)
    poll_id = build.opened(town)
    assert _confirmed(town, "desk2", _newest(town), "Y07").status == 303
    assert owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303
    assert _ballots(town) == [("Y07", "for")]


def test_nor_does_the_clerk_give_that_owner_s_proxy_away(town: Town) -> None:
    puppet = _puppet(town)
    form = {"holder_name": "吴志燕", "holder_phone": "13800000008", "scope": "general", "until": "2026-12-01"}
    answer = puppet.post(f"{C}/proxies/new", form)
    assert answer.status == 422
    assert "只有一位工作人员核对过" in answer.text
    with town.db.read() as session:
        assert session.exec(select(Proxy.id)).all() == []


def test_ending_a_tie_that_two_had_seen_and_making_it_anew_leaves_one(town: Town) -> None:
    account, number = build.signed_in(town, "owner7"), _tie(town, "owner7").id
    ending = {"reason": "搬走了"}
    assert build.signed_in(town, "desk").post(f"{C}/residents/{number}/ending", ending).status == 303
    joining = {"tie": "owner", "building": "红茶里2幢1单元", "room": "0102"}
    assert account.post(f"{C}/join", joining).status == 303
    assert _confirmed(town, "desk", number, "Y07").status == 303
    poll_id = build.opened(town)
    build.signed_in(town, "owner7").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []


def test_moving_a_tie_that_two_had_seen_to_another_head_leaves_one(town: Town) -> None:
    assert _confirmed(town, "desk", _tie(town, "owner5").id, "Y07").status == 303
    assert _tie(town, "owner5").level == 1
    poll_id = build.opened(town)
    build.signed_in(town, "owner5").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []


def test_two_accounts_of_one_clerk_are_one_witness(town: Town) -> None:
    with town.write() as tx:
        tx.session.get_one(Account, town.cast.ids["desk2"]).name = "服务台 甲"
    puppet = _puppet(town)
    assert _confirmed(town, "desk2", _newest(town), "Y07").status == 303
    poll_id = build.opened(town)
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert _ballots(town) == []
    assert _confirmed(town, "recorder", _newest(town), "Y07").status == 303
    assert puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303


def test_a_clerk_who_owns_a_home_is_neither_of_the_two_for_it(town: Town) -> None:
    with town.write("moderator") as tx:
        appoint(tx, town.cast.ids["owner7"], "desk")
        tie = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner7"])).one()
        tie.level = 1
    assert _confirmed(town, "owner7", _tie(town, "owner7").id, "Y07").status == 422
    assert _confirmed(town, "desk", _tie(town, "owner7").id, "Y07").status == 303
    assert _confirmed(town, "owner7", _tie(town, "owner7").id, "Y07").status == 422
    assert _tie(town, "owner7").level == 1


@pytest.mark.parametrize("who", ["tenant", "family"])
def test_a_tenant_or_family_member_votes_neither_way_however_well_known(town: Town, who: str) -> None:
    poll_id = build.opened(town)
    person = build.signed_in(town, who)
    assert _tie(town, who).level == 2
    assert _tie(town, who).head_key is not None
    assert person.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 403
    assert person.get(f"{C}/proxies/new").status == 403
    assert _ballots(town) == []


def test_who_bought_after_the_notice_does_not_cast_for_who_sold_whoever_saw_the_papers(town: Town) -> None:
    """Tied by one clerk while the roll still had the seller, seen by the second when it had the buyer."""
    poll_id = build.announced(town)
    buyer = _puppet(town, name="林新主")
    sold = cast.ROLL.replace("Y07,刘玉雅,单独所有,刘玉雅", "Y07,林新主,单独所有,林新主")
    town.travel(minutes=5)
    with town.write("moderator") as tx:
        keep(tx, from_table([line.split(",") for line in sold.strip().splitlines()]), file_name="new.csv")
    assert _confirmed(town, "desk2", _newest(town), "Y07").status == 303
    town.travel(days=15, hours=1)
    refused = buyer.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert "换了业主" in refused.text
    assert _ballots(town) == []
