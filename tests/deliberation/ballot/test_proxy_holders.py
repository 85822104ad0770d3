"""Whom a paper names: chosen among the residents where it is recorded, and found again when they join later."""

from __future__ import annotations

import pytest
from sqlmodel import select

from deliberation.ballot.proxies import actions as proxy_actions
from deliberation.ballot.proxies.actions import Terms
from deliberation.ballot.proxies.rules import Scope, Subject
from deliberation.ballot.tables import Ballot, Proxy
from deliberation.council.actions import appoint
from deliberation.council.roll import queries as roll_queries
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import LIST, cast_by_proxy, proxies, recorded
from tests.deliberation.council.build import verbs
from votes.refusal import Refused


def confirmed(town: Town, proxy_id: int, who: str = "desk2") -> int:
    return build.signed_in(town, who).post(f"{LIST}/{proxy_id}/confirmation").status


def renamed(town: Town, who: str, name: str) -> int:
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids[who]).name = name
    return town.cast.ids[who]


def test_where_residents_have_the_name_the_desk_says_who_is_meant_and_loses_nothing(town: Town) -> None:
    asked = recorded(town, holder_name="谢玉志")
    assert asked.status == 422
    assert "这里有居民叫谢玉志，是哪一位？" in asked.text
    assert 'value="2026-06-30"' in asked.html
    assert proxies(town) == []
    assert recorded(town, holder_name="谢玉志", holder=str(town.cast.ids["resident"])).status == 303
    made = proxies(town)[0]
    assert (made.holder_id, made.state) == (town.cast.ids["resident"], "waiting")
    assert made.holder_place
    assert f"谢玉志 · {made.holder_place}" in build.signed_in(town, "desk2").get(f"{LIST}/desk").text


def test_somebody_else_of_that_name_signs_on_paper(town: Town) -> None:
    assert recorded(town, holder_name="谢玉志", holder="0").status == 303
    assert proxies(town)[0].holder_id is None


def test_a_resident_of_another_name_cannot_be_chosen(town: Town) -> None:
    assert recorded(town, holder_name="谢玉志", holder=str(town.cast.ids["neighbor"])).status == 422
    assert proxies(town) == []


def test_nobody_is_asked_about_a_name_that_no_resident_has_or_where_a_number_says_it(town: Town) -> None:
    assert 'name="holder"' not in build.signed_in(town, "desk").get(f"{LIST}/desk").html
    assert recorded(town, holder_name="谢玉志", holder_phone="13800000007").status == 303


def test_who_joins_later_gets_the_paper_into_their_own_hand_by_two_of_the_staff(town: Town) -> None:
    poll_id = build.opened(town)
    recorded(town)
    assert confirmed(town, 1) == 303
    desk = build.signed_in(town, "desk")
    assert "只写了姓名的代理人" not in desk.get(f"{LIST}/desk").text
    holder = renamed(town, "resident", "老李")
    assert "只写了姓名的代理人，现在有同名的居民" in desk.get(f"{LIST}/desk").text
    assert desk.post(f"{LIST}/1/holder", {"holder": str(holder)}).status == 303
    first, second = proxies(town)
    assert (first.state, second.state, second.holder_id) == ("valid", "waiting", holder)
    assert cast_by_proxy(town, "resident", poll_id, 2).status in {404, 422}, "one clerk alone ties nothing"
    assert confirmed(town, 2, "desk") == 422
    assert desk.post(f"{LIST}/1/holder", {"holder": str(holder)}).status == 422, "it is under way already"
    assert confirmed(town, 2) == 303
    first, second = proxies(town)
    assert (first.state, second.state) == ("revoked", "valid")
    assert verbs(town)[-2:] == ["proxy.confirmed", "proxy.replaced"]
    assert "认到了受托人的账号" in town.as_("resident").get("/c/jinxiu/log").text
    assert cast_by_proxy(town, "resident", poll_id, 2).status == 303
    assert "只写了姓名的代理人" not in desk.get(f"{LIST}/desk").text


def test_a_tie_that_is_not_confirmed_leaves_the_paper_as_it_was(town: Town) -> None:
    recorded(town)
    confirmed(town, 1)
    holder = renamed(town, "resident", "老李")
    build.signed_in(town, "desk").post(f"{LIST}/1/holder", {"holder": str(holder)})
    build.signed_in(town, "desk2").post(f"{LIST}/2/refusal", {"note_2": "不是同一个人"})
    assert [one.state for one in proxies(town)] == ["valid", "refused"]
    again = build.signed_in(town, "desk").post(f"{LIST}/1/holder", {"holder": str(holder)})
    assert again.status == 303, "refused once, it may be recorded anew"


def test_what_the_owner_takes_back_is_not_put_in_force_again_by_its_second_record(town: Town) -> None:
    recorded(town)
    confirmed(town, 1)
    holder = renamed(town, "resident", "老李")
    desk = build.signed_in(town, "desk")
    assert desk.post(f"{LIST}/1/holder", {"holder": str(holder)}).status == 303
    assert desk.post(f"{LIST}/1/revocation").status == 303
    assert confirmed(town, 2) == 422
    assert [one.state for one in proxies(town)] == ["revoked", "revoked"]
    assert "老李" not in desk.get(f"{LIST}/desk").text


def test_the_account_of_another_name_or_of_the_owner_s_own_home_is_refused(town: Town) -> None:
    recorded(town)
    confirmed(town, 1)
    desk = build.signed_in(town, "desk")
    assert desk.post(f"{LIST}/1/holder", {"holder": str(town.cast.ids["neighbor"])}).status == 422
    assert desk.post(f"{LIST}/1/holder", {"holder": ""}).status == 422
    assert len(proxies(town)) == 1


def test_a_paper_for_one_poll_that_was_used_meanwhile_is_not_put_in_force_again(town: Town) -> None:
    poll_id = build.opened(town)
    recorded(town, scope=f"poll:{poll_id}", until="")
    assert confirmed(town, 1) == 303
    holder = renamed(town, "resident", "老李")
    assert build.signed_in(town, "desk").post(f"{LIST}/1/holder", {"holder": str(holder)}).status == 303
    build.cast(town, poll_id, {proxies(town)[0].head_key: "for"})
    with town.write("desk") as tx:
        for ballot in tx.session.exec(select(Ballot)):
            ballot.proxy_id = 1
    assert confirmed(town, 2) == 422
    assert [one.state for one in proxies(town)] == ["valid", "waiting"]


def test_a_paper_that_waits_for_the_second_clerk_ends_at_once_even_in_a_poll(town: Town) -> None:
    build.opened(town)
    recorded(town)
    assert build.signed_in(town, "desk2").post(f"{LIST}/1/revocation").status == 303
    assert proxies(town)[0].state == "revoked"


def test_what_the_owner_takes_back_does_not_come_into_force_by_the_record_that_waits(town: Town) -> None:
    build.opened(town)
    recorded(town)
    confirmed(town, 1)
    holder = renamed(town, "resident", "老李")
    build.signed_in(town, "desk").post(f"{LIST}/1/holder", {"holder": str(holder)})
    for who in ("desk", "desk2"):
        assert build.signed_in(town, who).post(f"{LIST}/1/revocation").status == 303
    assert confirmed(town, 2) == 422
    assert [one.state for one in proxies(town)] == ["revoked", "revoked"]
    assert verbs(town)[-2:] == ["proxy.revoked", "proxy.revoked"]


def _under_way(town: Town) -> None:
    """In force by name alone, and recorded once more with the account of a resident of that name."""
    recorded(town)
    confirmed(town, 1)
    holder = renamed(town, "resident", "老李")
    assert build.signed_in(town, "desk").post(f"{LIST}/1/holder", {"holder": str(holder)}).status == 303


def test_the_second_record_says_whose_place_it_takes(town: Town) -> None:
    _under_way(town)
    assert [one.second_of for one in proxies(town)] == [None, 1]


def test_another_paper_with_the_same_words_on_it_is_not_the_second_record(town: Town) -> None:
    _under_way(town)
    with town.write("desk") as tx:
        second = tx.session.get_one(Proxy, 2)
        second.second_of = None
        tx.session.add(second)
    assert confirmed(town, 2) == 422, "one for each home and subject"
    assert [one.state for one in proxies(town)] == ["valid", "waiting"]


def test_an_owner_who_takes_back_the_record_that_waits_takes_back_the_paper(town: Town) -> None:
    _under_way(town)
    assert build.signed_in(town, "owner5").post(f"{LIST}/2/revocation").status == 303
    assert [one.state for one in proxies(town)] == ["revoked", "revoked"]


def test_one_clerk_does_not_end_the_paper_in_a_poll_by_the_record_that_waits(town: Town) -> None:
    build.opened(town)
    _under_way(town)
    assert build.signed_in(town, "desk").post(f"{LIST}/2/revocation").status == 303
    first, second = proxies(town)
    assert (first.state, second.state) == ("valid", "waiting")
    assert first.ending_by == town.cast.ids["desk"]


def test_that_the_owner_takes_it_back_is_not_forgotten_when_the_second_record_is_confirmed(town: Town) -> None:
    build.opened(town)
    _under_way(town)
    assert build.signed_in(town, "desk").post(f"{LIST}/1/revocation").status == 303
    assert confirmed(town, 2) == 303
    assert proxies(town)[1].ending_by == town.cast.ids["desk"]
    assert build.signed_in(town, "desk2").post(f"{LIST}/2/revocation").status == 303
    assert proxies(town)[1].state == "revoked"


@pytest.mark.parametrize("record", ["1", "2"])
def test_a_clerk_whose_own_account_waits_for_the_paper_has_no_say_in_whether_it_stays(town: Town, record: str) -> None:
    """Against its owners they would keep it for themselves; nor are they the second who ends it."""
    build.opened(town)
    _under_way(town)
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["resident"], "desk")
    assert build.signed_in(town, "desk").post(f"{LIST}/1/revocation").status == 303
    holder = build.signed_in(town, "resident")
    assert holder.post(f"{LIST}/1/keeping").status == 422
    assert holder.post(f"{LIST}/{record}/revocation").status == 422
    first, second = proxies(town)
    assert (first.state, second.state, first.ending_by) == ("valid", "waiting", town.cast.ids["desk"])


def test_a_resident_who_has_left_meanwhile_is_refused_in_one_sentence(town: Town) -> None:
    """They stood on the page; when the form comes they are not among those of this name any more."""
    with town.write("desk") as tx:
        terms = Terms(
            holder_name="谢玉志",
            holder_phone="",
            subject=Subject(Scope.GENERAL),
            signed_at=tx.now,
            until=None,
            holder_id=town.cast.ids["neighbor"],
        )
        head = roll_queries.head(tx.session, tx.council, "Y05")
        assert head
        with pytest.raises(Refused, match="proxy_holder_gone") as refused:
            proxy_actions.record_paper(tx, head, name="王淑英", terms=terms)
    assert refused.value.facts["field"] == "holder"
