"""Nobody is asked to vote where the ballot would be refused; where paper still helps, that is said instead."""

import pytest
from sqlmodel import select

from deliberation.ballot import rules
from deliberation.ballot.rules import Standing
from deliberation.ballot.tables import Poll
from deliberation.council.tables import Council, Membership
from tests.conftest import Answer, Town
from tests.deliberation.ballot import build

HOME = "/c/jinxiu"


def _matter(town: Town, poll_id: int) -> str:
    with town.db.read() as session:
        return f"{HOME}/matters/{session.get_one(Poll, poll_id).matter_id}"


def _tells_both_ways(page: Answer) -> None:
    assert "只有一位工作人员核对过" in page.text
    assert f'href="{HOME}/home-code"' in page.html
    assert f'href="{HOME}/seats#place"' in page.html


def test_whom_one_of_the_staff_confirmed_is_led_to_a_second_one_or_to_paper_everywhere(town: Town) -> None:
    poll_id = build.opened(town)
    build.confirmed_by_one(town, "owner7")
    owner = build.signed_in(town, "owner7")
    ballot = owner.get(f"{build.PATH}/{poll_id}/ballot")
    page = owner.get(f"{build.PATH}/{poll_id}")
    assert ballot.status == 422
    _tells_both_ways(ballot)
    _tells_both_ways(page)
    assert page.text.count("只有一位工作人员核对过") == 1
    assert f"{build.PATH}/{poll_id}/ballot" not in page.html
    home = owner.get(HOME)
    assert "请投票：" not in home.text
    assert "还差一步，就能在手机上投票：架空层设充电桩" in home.text
    assert f'href="{build.PATH}/{poll_id}"' in home.html
    dossier = owner.get(_matter(town, poll_id)).text
    assert "请到服务台投纸质票" in dossier


def test_they_read_so_from_the_notice_on_while_there_is_time_for_it(town: Town) -> None:
    poll_id = build.announced(town)
    assert "还差一步" not in town.as_("owner7").get(HOME).text
    build.confirmed_by_one(town, "owner7")
    owner = town.as_("owner7")
    assert "还差一步，就能在手机上投票：架空层设充电桩" in owner.get(HOME).text
    _tells_both_ways(owner.get(f"{build.PATH}/{poll_id}"))


def test_the_first_page_asks_for_it_once_and_for_the_poll_that_is_open(town: Town) -> None:
    build.opened(town, title="换电梯")
    build.announced(town, title="刷外墙")
    build.confirmed_by_one(town, "owner7")
    home = build.signed_in(town, "owner7").get(HOME).text
    assert home.count("还差一步") == 1
    assert "还差一步，就能在手机上投票：换电梯" in home


def test_where_that_cannot_help_it_is_not_said(town: Town) -> None:
    """Signed papers alone decide, or the ballot is in, or the roll has no such head."""
    aid = build.announced(town, standing=Standing.AID)
    poll_id = build.opened(town, title="换电梯")
    build.cast(town, poll_id, {"Y07": "for"})
    build.confirmed_by_one(town, "owner7")
    owner = build.signed_in(town, "owner7")
    for page in (owner.get(f"{build.PATH}/{aid}"), owner.get(f"{build.PATH}/{poll_id}"), owner.get(HOME)):
        assert "只有一位工作人员核对过" not in page.text
        assert "还差一步" not in page.text
    with town.write() as tx:
        tie = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner7"])).one()
        tie.head_key = "Y99"
    assert "只有一位工作人员核对过" not in owner.get(f"{build.PATH}/{poll_id}").text


@pytest.mark.parametrize("days", [0, 15])
def test_nor_to_a_co_owner_in_whose_stead_another_is_named(town: Town, days: int) -> None:
    """However well they are known, the ballot of the home is not theirs to cast."""
    with town.write("moderator") as tx:
        tie = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["family"])).one()
        tie.tie, tie.head_key, tie.level = "owner", "Y04", 1
        tx.session.add(tie)
    poll_id = build.announced(town)
    town.travel(days=days, hours=1)
    co_owner = build.signed_in(town, "family")
    for page in (co_owner.get(f"{build.PATH}/{poll_id}"), co_owner.get(HOME)):
        assert "只有一位工作人员核对过" not in page.text
        assert "还差一步" not in page.text


def test_where_the_desk_is_stands_under_that_address(town: Town) -> None:
    with town.write() as tx:
        tx.session.get_one(Council, town.cast.council_id).contact = "一楼服务台，每天 8:30 起"
    page = town.as_("owner7").get(f"{HOME}/seats")
    assert page.html.index('id="place"') < page.html.index("一楼服务台，每天 8:30 起")


def test_a_co_owner_beside_the_named_one_is_not_asked(town: Town) -> None:
    with town.write("moderator") as tx:
        tie = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["family"])).one()
        tie.tie, tie.head_key = "owner", "Y04"
        tx.session.add(tie)
    poll_id = build.opened(town)
    co_owner = build.signed_in(town, "family")
    page = co_owner.get(f"{build.PATH}/{poll_id}")
    assert "由郑志婷投票" in page.text
    assert f"{build.PATH}/{poll_id}/ballot" not in page.html
    home = co_owner.get(HOME).text
    assert "请投票：" not in home
    assert "投纸质票：" not in home
    assert "轮到您投票了" not in co_owner.get(_matter(town, poll_id)).text


def test_who_can_vote_is_asked_on_every_page(town: Town) -> None:
    poll_id = build.opened(town)
    owner = build.signed_in(town, "owner7")
    assert f"{build.PATH}/{poll_id}/ballot" in owner.get(f"{build.PATH}/{poll_id}").html
    assert "请投票：架空层设充电桩" in owner.get(HOME).text
    assert "轮到您投票了。 投票" in owner.get(_matter(town, poll_id)).text


def test_where_the_signed_papers_decide_nobody_votes_online(town: Town) -> None:
    poll_id = build.opened(town, standing=Standing.AID)
    owner = build.signed_in(town, "owner7")
    refused = owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert refused.status == 422
    assert "以业主签字的纸质表决票为准" in refused.text
    page = owner.get(f"{build.PATH}/{poll_id}")
    assert "请到服务台领票、签字" in page.text
    assert "在这一页投" not in page.text
    assert f"{build.PATH}/{poll_id}/ballot" not in page.html
    assert "请到服务台投纸质票" in owner.get(HOME).text
    sheet = town.as_(None).get(f"{build.PATH}/{poll_id}/sheet").text
    assert "在纸质表决票上签字，交到服务台" in sheet
    assert "扫" not in sheet
    keyed = {"slip_no": "1", "room": "水仙里1幢1单元0102", "choice": "for", "cast_by": "张建强"}
    assert build.signed_in(town, "desk").post(f"{build.PATH}/{poll_id}/paper", keyed).status == 303


def test_what_a_standing_means_is_said_once() -> None:
    assert [rules.binds(one) for one in Standing] == [True, False, True]
    assert [rules.takes_online(one) for one in Standing] == [True, True, False]


def test_a_withdrawn_poll_s_sheet_says_so_first_and_invites_nobody(town: Town) -> None:
    poll_id = build.announced(town)
    sheet = town.as_(None).get(f"{build.PATH}/{poll_id}/sheet")
    assert 'class="slip-qr"><svg' in sheet.html
    assert "扫码登录后投票" in sheet.text
    town.as_("moderator").follow(f"{build.PATH}/{poll_id}/withdrawal", {"reason": "费用写错了"})
    sheet = town.as_(None).get(f"{build.PATH}/{poll_id}/sheet")
    assert (
        sheet.text.index("撤回，不再投票") < sheet.text.index("费用写错了") < sheet.text.index("架空层各装 12 个充电桩")
    )
    for invitation in ("开始投票", "截止", "服务台", "扫码"):
        assert invitation not in sheet.text
    assert 'class="slip-qr"><svg' not in sheet.html
    board = town.as_(None).get(f"{HOME}/notices")
    assert "费用写错了" in board.text
    assert "投票时间" not in board.text
