"""One clerk alone takes no owner's proxy back while a poll is on its way, and nobody does so unnoticed."""

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Proxy
from deliberation.council.tables import Membership
from deliberation.people.tables import AccountNotice
from deliberation.web.sms import Texts
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.ballot.test_proxies import LIST, cast_by_proxy, given, proxies
from tests.deliberation.council.build import membership, verbs

END, KEEP = f"{LIST}/1/revocation", f"{LIST}/1/keeping"


def _told(town: Town, who: str) -> list[str]:
    with town.db.read() as session:
        rows = session.exec(select(AccountNotice.code).where(AccountNotice.account_id == town.cast.ids[who]))
        return [one for one in rows if one.startswith("proxy_")]


def _open(town: Town) -> int:
    poll_id = build.announced(town)
    given(town, "owner5", "neighbor")
    town.travel(days=15, hours=1)
    return poll_id


def test_while_a_poll_is_open_it_waits_for_a_colleague_and_can_be_used(town: Town) -> None:
    poll_id = _open(town)
    assert "等另一位同事确认后生效" in build.signed_in(town, "desk").follow(END).text
    assert verbs(town)[-1] == "proxy.end_asked"
    assert proxies(town)[0].state == "valid"
    again = build.signed_in(town, "desk").post(END)
    assert again.status == 422
    assert "请另一位同事核对后确认" in again.text
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 303


def test_two_take_it_back_and_owner_and_holder_are_told_of_both_steps(town: Town) -> None:
    _open(town)
    build.signed_in(town, "desk").follow(END)
    for who in ("owner5", "neighbor"):
        assert _told(town, who) == ["proxy_end_asked"]
    assert "等您确认" in build.signed_in(town, "desk2").get("/c/jinxiu/work").text
    assert "/proxies/desk" not in build.signed_in(town, "desk").get("/c/jinxiu/work").html, (
        "who said so cannot confirm it"
    )
    assert "说业主要撤回" in build.signed_in(town, "desk2").get(f"{LIST}/desk").text
    build.signed_in(town, "desk2").follow(END)
    assert proxies(town)[0].state == "revoked"
    assert verbs(town)[-1] == "proxy.revoked"
    for who in ("owner5", "neighbor"):
        assert _told(town, who) == ["proxy_end_asked", "proxy_ended"]


def test_a_ballot_that_was_cast_by_it_stands(town: Town) -> None:
    poll_id = _open(town)
    assert cast_by_proxy(town, "neighbor", poll_id, 1).status == 303
    build.signed_in(town, "desk").follow(END)
    build.signed_in(town, "desk2").follow(END)
    assert [one.head_key for one in build.ballots(town, poll_id)] == ["Y05"]


@pytest.mark.parametrize("who", ["owner5", "desk", "desk2"])
def test_the_owner_or_the_staff_leave_it_as_it_was(town: Town, who: str) -> None:
    _open(town)
    build.signed_in(town, "desk").follow(END)
    assert "不撤回" in build.signed_in(town, "owner5").get(LIST).text
    assert "委托仍然有效" in build.signed_in(town, who).follow(KEEP).text
    assert verbs(town)[-1] == "proxy.kept"
    assert build.signed_in(town, "desk2").follow(END).status == 200
    assert proxies(town)[0].state == "valid"


@pytest.mark.parametrize("who", ["neighbor", "resident"])
def test_nobody_else_does(town: Town, who: str) -> None:
    _open(town)
    build.signed_in(town, "desk").follow(END)
    for at in (END, KEEP):
        assert build.signed_in(town, who).post(at).status == 404


def test_a_clerk_does_not_act_through_an_account_tied_to_the_home_by_them_alone(town: Town) -> None:
    _open(town)
    with town.write("desk") as tx:
        member = tx.session.get_one(Membership, membership(town, "owner7").id)
        member.head_key, member.level, member.slip_id = "Y05", 1, None
        tx.session.add(member)
    build.signed_in(town, "desk").follow(END)
    for at in (END, KEEP):
        answer = build.signed_in(town, "owner7").post(at)
        assert answer.status == 422
        assert "只有一位工作人员核对过" in answer.text
    assert (proxies(town)[0].state, proxies(town)[0].ending_by) == ("valid", town.cast.ids["desk"])


def test_whoever_holds_it_is_no_second_person(town: Town) -> None:
    _open(town)
    with town.write("desk") as tx:
        proxy = tx.session.get_one(Proxy, 1)
        proxy.holder_id = town.cast.ids["desk2"]
        tx.session.add(proxy)
    build.signed_in(town, "desk").follow(END)
    for at in (END, KEEP):
        assert build.signed_in(town, "desk2").post(at).status == 422
    assert proxies(town)[0].ending_by == town.cast.ids["desk"], "the holder would keep it against its owners"


def test_without_a_poll_on_its_way_one_is_enough_and_both_are_told(town: Town) -> None:
    given(town, "owner5", "neighbor")
    build.signed_in(town, "desk").follow(END)
    assert proxies(town)[0].state == "revoked"
    assert _told(town, "owner5") == _told(town, "neighbor") == ["proxy_ended"]


def test_the_owners_own_taking_back_needs_nobody_and_the_holder_reads_it(town: Town) -> None:
    _open(town)
    build.signed_in(town, "owner5").follow(END)
    assert proxies(town)[0].state == "revoked"
    assert (_told(town, "owner5"), _told(town, "neighbor")) == ([], ["proxy_ended"])


def test_both_get_a_text_where_there_is_a_gateway(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    """On paper they need not have signed in for months."""
    town.site.texts = Texts("console", "")
    _open(town)
    build.signed_in(town, "desk").follow(END)
    town.site.texts.wait()
    said = capfd.readouterr().out
    for phone in ("13800000010", "13800000008"):
        assert f"text → {phone}: 邻里议事会：服务台在办理撤回" in said
    build.signed_in(town, "desk2").follow(END)
    town.site.texts.wait()
    assert "投票委托已撤回" in capfd.readouterr().out
