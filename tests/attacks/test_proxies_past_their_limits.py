"""A proxy is worth on paper what it is worth on a phone, and the limit is one for each hand, however the papers name it."""

from __future__ import annotations

from sqlmodel import col, select

from deliberation.council.tables import Council, Membership
from deliberation.people.tables import Account
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import LIST, cast_by_proxy, given, recorded
from tests.deliberation.ballot.test_proxies_on_paper import keyed
from tests.deliberation.council.build import membership

BY_NAME = {"room": "水仙里1幢1单元0201", "given_name": "王淑英", "holder_name": "吴志燕", "holder": "0"}


def test_a_fourth_owner_is_not_added_by_leaving_the_number_out(town: Town) -> None:
    for who in ("owner", "owner6", "owner7"):
        assert given(town, who, "neighbor").status == 303
    answer = recorded(town, **BY_NAME)
    assert answer.status == 422
    assert "一个人最多接受 3 位业主的委托" in answer.text


def test_nor_when_the_paper_without_a_number_was_there_first(town: Town) -> None:
    assert recorded(town, **BY_NAME).status == 303
    assert build.signed_in(town, "desk2").post(f"{LIST}/1/confirmation").status == 303
    for who in ("owner", "owner6"):
        assert given(town, who, "neighbor").status == 303
    assert given(town, "owner7", "neighbor").status == 422


def test_a_lower_limit_of_the_poll_counts_both_kinds_together(town: Town) -> None:
    assert recorded(town, **BY_NAME).status == 303
    assert build.signed_in(town, "desk2").post(f"{LIST}/1/confirmation").status == 303
    assert given(town, "owner6", "neighbor").status == 303
    with town.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).proxy_limit = 1
    poll_id = build.opened(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 2).status == 422
    assert build.ballots(town, poll_id) == []


def test_another_account_of_the_same_name_has_a_limit_of_its_own(town: Town) -> None:
    with town.write() as tx:
        account = tx.session.get_one(Account, town.cast.ids["tenant"])
        account.name = "吴志燕"
        tx.session.add(account)
    for who in ("owner", "owner6", "owner7"):
        assert given(town, who, "neighbor").status == 303
    assert given(town, "owner5", "tenant", holder_name="吴志燕").status == 303


def test_a_proxy_given_on_a_phone_by_an_account_that_was_put_aside_is_of_no_use_on_paper(town: Town) -> None:
    """As when a slip fell into wrong hands, gave a proxy away, and the home said so."""
    assert given(town, "owner5", "neighbor").status == 303
    number = membership(town, "owner5").id
    ending = {"reason": "纸条被别人用了"}
    assert build.signed_in(town, "desk").post(f"/c/jinxiu/residents/{number}/ending", ending).status == 303
    poll_id = build.opened(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 422
    paper = keyed(town, poll_id, "吴志燕", "no_valid_proxy")
    assert (paper.state, paper.why) == ("refused", "no_valid_proxy")
    assert build.ballots(town, poll_id) == []


def test_a_proxy_for_a_home_that_its_giver_is_tied_to_no_more_is_of_no_use(town: Town) -> None:
    assert given(town, "owner5", "neighbor").status == 303
    with town.write("moderator") as tx:
        member = tx.session.merge(membership(town, "owner5"))
        member.head_key = "Y08"
    poll_id = build.opened(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 422
    with town.write("moderator") as tx:
        member = tx.session.merge(membership(town, "owner5"))
        member.head_key, member.tie = "Y05", "family"
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 422
    assert build.ballots(town, poll_id) == []


def test_nor_is_one_of_an_owner_behind_whom_one_clerk_stands_alone(town: Town) -> None:
    assert given(town, "owner5", "neighbor").status == 303
    build.confirmed_by_one(town, "owner5")
    poll_id = build.opened(town)
    paper = keyed(town, poll_id, "吴志燕", "no_valid_proxy")
    assert (paper.state, paper.why) == ("refused", "no_valid_proxy")
    assert build.ballots(town, poll_id) == []


def test_whom_one_clerk_alone_made_the_holder_casts_on_paper(town: Town) -> None:
    """The paper names a neighbor without an account; the clerk joins as that neighbor and confirms it."""
    puppet = Caller(town.app, None)
    joining = {"tie": "family", "building": "水仙里1幢1单元", "room": "0104", "name": "老周", "phone": "13712345678"}
    assert puppet.post("/c/jinxiu/join", {**joining, "password": "a-long-one", "again": "a-long-one"}).status == 303
    with town.db.read() as session:
        number = session.exec(select(Membership.id).order_by(col(Membership.id).desc())).first()
    confirming = {"tie": "family", "head_key": "", "in_person": "1"}
    for _ in range(2):
        assert (
            build.signed_in(town, "desk").post(f"/c/jinxiu/residents/{number}/confirmation", confirming).status == 303
        )
    form = {**BY_NAME, "holder_name": "老周", "holder_phone": "13712345678"}
    assert recorded(town, **form).status == 303
    assert build.signed_in(town, "desk2").post(f"{LIST}/1/confirmation").status == 303
    poll_id = build.opened(town)
    address = f"{build.PATH}/{poll_id}/proxies/1/casting"
    refused = puppet.post(address, {"choice": "for"})
    assert refused.status == 422
    assert "只有一位工作人员核对过" in refused.text
    assert build.ballots(town, poll_id) == []
    assert "只有一位工作人员核对过" in puppet.get(f"{build.PATH}/{poll_id}").text
    assert build.signed_in(town, "desk2").post(f"/c/jinxiu/residents/{number}/confirmation", confirming).status == 303
    assert puppet.post(address, {"choice": "for"}).status == 303
