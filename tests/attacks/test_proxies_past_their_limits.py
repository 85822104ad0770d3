"""A proxy is worth on paper what it is worth on a phone, and the limit is one for each hand, however the papers name it."""

from __future__ import annotations

from deliberation.council.tables import Council, Membership
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import LIST, ballots, cast_by_proxy, given, keyed, recorded
from tests.deliberation.council.build import membership

BY_NAME = {"room": "水仙里1幢1单元0201", "given_name": "王淑英", "holder_name": "吴志燕"}


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
    assert ballots(town, poll_id) == []


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
    assert ballots(town, poll_id) == []


def test_nor_is_one_of_an_owner_whom_one_clerk_confirmed_after_the_notice(town: Town) -> None:
    poll_id = build.announced(town)
    town.travel(days=1)
    with town.write() as tx:
        member = tx.session.get_one(Membership, membership(town, "owner5").id)
        member.decided_at = tx.now
        tx.session.add(member)
    assert given(town, "owner5", "neighbor").status == 303
    town.travel(days=15)
    paper = keyed(town, poll_id, "吴志燕", "no_valid_proxy")
    assert (paper.state, paper.why) == ("refused", "no_valid_proxy")
