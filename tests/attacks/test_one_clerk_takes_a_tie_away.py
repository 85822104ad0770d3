"""One of the staff alone robs no owner of their ballot: not by ending the tie, not with a new link, not with a slip in doubt."""

from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.council.actions import appoint
from deliberation.council.residents import queries as resident_queries
from deliberation.council.tables import HomeSlip, SlipBatch
from deliberation.db.engine import Tx
from deliberation.people.tables import Account, AccountNotice
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import membership, verbs
from tests.deliberation.people.build import with_password

C = "/c/jinxiu"
WHY = {"reason": "听说搬走了。"}


def address(town: Town, who: str, act: str) -> str:
    return f"{C}/residents/{membership(town, who).id}/{act}"


def told(town: Town, who: str) -> list[str]:
    with town.db.read() as session:
        wanted = select(AccountNotice.code).where(AccountNotice.account_id == town.cast.ids[who])
        return list(session.exec(wanted.order_by(AccountNotice.id)))  # type: ignore[arg-type]


def batch(tx: Tx, town: Town) -> int:
    found = SlipBatch(
        council_id=town.cast.council_id,
        roll_id=town.cast.roll_id,
        slips=1,
        without_phone=0,
        digest="x",
        printed_by=tx.actor,
        printed_at=tx.now,
        expires_at=tx.now + timedelta(days=60),
        confirmed_at=tx.now,
    )
    tx.session.add(found)
    tx.session.flush()
    return found.id


def tied_by_slip(town: Town) -> None:
    """The neighbor's tie is one that a household slip made."""
    with town.write("desk") as tx:
        slip = HomeSlip(council_id=town.cast.council_id, batch_id=batch(tx, town), head_key="Y03", code_hash="x")
        slip.used_at = tx.now
        tx.session.add(slip)
        tx.session.flush()
        member = tx.session.merge(membership(town, "neighbor"))
        member.slip_id, member.level = slip.id, 1


def test_between_notice_and_close_an_owners_tie_ends_only_by_two(town: Town) -> None:
    poll_id = build.opened(town)
    desk, colleague = build.signed_in(town, "desk"), build.signed_in(town, "desk2")
    page = desk.follow(address(town, "resident", "ending"), WHY)
    assert "等另一位同事也提出结束后生效" in page.text
    assert verbs(town)[-1] == "resident.end_asked"
    assert membership(town, "resident").state == "verified"
    build.cast(town, poll_id, {"Y01": "for"})
    again = desk.post(address(town, "resident", "ending"), WHY)
    assert again.status == 422
    assert "请另一位同事决定" in again.text
    assert told(town, "resident") == ["tie_end_asked"]
    assert "有工作人员提出结束您的业主身份" in build.signed_in(town, "resident").get(C).text
    assert colleague.post(address(town, "resident", "ending"), WHY).status == 303
    assert membership(town, "resident").state == "ended"
    assert verbs(town)[-1] == "resident.ended"
    assert colleague.post(address(town, "resident", "restoring")).status == 422


def test_what_one_asked_for_is_left_as_it_was_by_a_colleague(town: Town) -> None:
    build.announced(town)
    build.signed_in(town, "desk").post(address(town, "resident", "ending"), WHY)
    page = build.signed_in(town, "desk2").get(f"{C}/residents/{membership(town, 'resident').id}")
    assert "正有表决在进行，要另一位同事也提出才生效" in page.text
    assert build.signed_in(town, "desk2").post(address(town, "resident", "restoring")).status == 303
    after = membership(town, "resident")
    assert (after.ending_by, after.note) == (None, "")
    assert told(town, "resident") == ["tie_end_asked", "tie_put_back"]
    account = town.as_("resident").get("/account").text
    assert "已恢复原样" in account
    assert "有工作人员提出结束您的业主身份" not in account
    assert verbs(town)[-1] == "resident.put_back"


def test_whose_tie_is_confirmed_anew_is_not_half_way_out_any_more(town: Town) -> None:
    build.announced(town)
    assert town.as_("desk").post(address(town, "resident", "ending"), WHY).status == 303
    seen = {"tie": "owner", "head_key": "Y01", "in_person": "1"}
    assert town.as_("recorder").post(address(town, "resident", "confirmation"), seen).status == 303
    page = town.as_("desk2").follow(address(town, "resident", "ending"), WHY)
    assert "等另一位同事也提出结束后生效" in page.text
    assert membership(town, "resident").state == "verified"


def test_the_slip_of_one_home_stands_behind_no_tie_to_another(town: Town) -> None:
    """It took two to print and to release it, for the home that it names."""
    tied_by_slip(town)
    other = {"tie": "owner", "head_key": "Y04", "note": "本人说换了房"}
    assert town.as_("desk").post(address(town, "neighbor", "confirmation"), other).status == 303
    with town.db.read() as session:
        assert not resident_queries.by_two(session, town.cast.council_id, town.cast.ids["neighbor"])


def test_nobody_puts_back_their_own(town: Town) -> None:
    """One of the staff who lives here, and whose tie a colleague wants to end."""
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["resident"], "desk")
    build.announced(town)
    assert town.as_("desk").post(address(town, "resident", "ending"), WHY).status == 303
    answer = town.as_("resident").post(address(town, "resident", "restoring"))
    assert answer.status == 422
    assert membership(town, "resident").ending_by == town.cast.ids["desk"]


def test_a_tenant_s_tie_carries_no_ballot_and_ends_at_once(town: Town) -> None:
    build.announced(town)
    assert town.as_("desk").post(address(town, "tenant", "ending"), WHY).status == 303
    assert membership(town, "tenant").state == "ended"


def test_a_poll_that_was_withdrawn_holds_nobody(town: Town) -> None:
    poll_id = build.announced(town)
    town.as_("moderator").follow(f"{build.PATH}/{poll_id}/withdrawal", {"reason": "费用写错了"})
    assert town.as_("desk").post(address(town, "resident", "ending"), WHY).status == 303
    assert membership(town, "resident").state == "ended"


def test_a_tie_ended_before_a_notice_comes_back_as_it_was_and_votes_online(town: Town) -> None:
    before = membership(town, "resident")
    town.as_("desk").post(address(town, "resident", "ending"), WHY)
    assert membership(town, "resident").state == "ended"
    assert told(town, "resident") == ["tie_ended"]
    poll_id = build.opened(town)
    page = build.signed_in(town, "desk").follow(address(town, "resident", "restoring"))
    assert "已恢复原样" in page.text
    after = membership(town, "resident")
    assert (after.state, after.head_key, after.level, after.decided_at) == (
        "verified",
        before.head_key,
        before.level,
        before.decided_at,
    )
    build.cast(town, poll_id, {"Y01": "for"})


def test_a_tie_that_came_with_a_slip_comes_back_with_it(town: Town) -> None:
    with town.write("desk") as tx:
        slip = HomeSlip(council_id=town.cast.council_id, batch_id=batch(tx, town), head_key="Y01", code_hash="x")
        tx.session.add(slip)
        tx.session.flush()
        member = tx.session.merge(membership(town, "resident"))
        member.slip_id, member.level = slip.id, 1
    town.as_("desk").post(address(town, "resident", "ending"), WHY)
    assert membership(town, "resident").slip_id is None
    town.as_("desk").post(address(town, "resident", "restoring"))
    after = membership(town, "resident")
    assert (after.slip_id, after.level) == (1, 1)


def test_whoever_had_confirmed_a_tie_does_not_overrule_the_colleague_who_ended_it(town: Town) -> None:
    with town.write("desk") as tx:
        member = tx.session.merge(membership(town, "resident"))
        member.decided_by = town.cast.ids["desk"]
    town.as_("desk2").post(address(town, "resident", "ending"), WHY)
    assert town.as_("desk").post(address(town, "resident", "restoring")).status == 422
    assert town.as_("resident").post(address(town, "resident", "restoring")).status in {403, 404}
    assert town.as_("desk2").post(address(town, "resident", "restoring")).status == 303


def test_a_new_link_suspends_no_owner_during_a_poll(town: Town) -> None:
    with_password(town, "resident")
    build.announced(town)
    path = f"{C}/people/{town.cast.ids['resident']}/link"
    answer = town.as_("desk").post(path)
    assert answer.status == 422
    assert "找回账号" in answer.text
    assert membership(town, "resident").state == "verified"
    assert told(town, "resident") == []


def test_before_a_poll_a_new_link_is_told_to_the_person(town: Town) -> None:
    with_password(town, "resident")
    assert town.as_("desk").post(f"{C}/people/{town.cast.ids['resident']}/link").status == 200
    assert told(town, "resident") == ["tie_suspended"]


def test_who_enters_with_a_new_link_has_proved_no_phone(town: Town) -> None:
    with town.write() as tx:
        tx.session.get_one(Account, town.cast.ids["resident"]).phone_proved_at = tx.now
    assert town.as_("desk").post(f"{C}/people/{town.cast.ids['resident']}/link").status == 200
    with town.db.read() as session:
        assert session.get_one(Account, town.cast.ids["resident"]).phone_proved_at is None


def test_a_slip_in_doubt_suspends_no_owner_during_a_poll(town: Town) -> None:
    tied_by_slip(town)
    build.announced(town)
    answer = town.as_("desk").post(f"{C}/home-slips/reissue", {"head_key": "Y03", "disputed": "1"})
    assert answer.status == 422
    assert "不能由一个人暂停业主身份" in answer.text
    assert membership(town, "neighbor").state == "verified"


@pytest.mark.parametrize(
    "form",
    [
        {"tie": "owner", "head_key": "Y07", "note": "电话里问过"},
        {"tie": "owner", "head_key": "Y07", "note": "说是他的", "in_person": "1"},
        {"tie": "tenant", "head_key": "Y01", "note": "", "in_person": "1"},
    ],
)
def test_confirming_anew_takes_no_owners_online_vote_during_a_poll(town: Town, form: dict[str, str]) -> None:
    poll_id = build.opened(town)
    answer = build.signed_in(town, "desk").post(address(town, "resident", "confirmation"), form)
    assert answer.status == 422
    assert "不能由一个人让业主失去网上投票的资格" in answer.text
    assert (membership(town, "resident").level, membership(town, "resident").head_key) == (2, "Y01")
    again = {"tie": "owner", "head_key": "Y01", "note": "电话里问过"}
    assert build.signed_in(town, "desk").post(address(town, "resident", "confirmation"), again).status == 303
    build.cast(town, poll_id, {"Y01": "for"})


def test_a_new_link_suspends_no_owner_who_came_with_a_slip_and_chose_no_password(town: Town) -> None:
    build.announced(town)
    assert build.signed_in(town, "resident").get(C).status == 200
    assert build.signed_in(town, "desk").post(f"{C}/people/{town.cast.ids['resident']}/link").status == 422
    assert membership(town, "resident").state == "verified"
