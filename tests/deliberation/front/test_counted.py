from deliberation.council.residents import queries as resident_queries
from deliberation.council.tables import Membership
from deliberation.db.engine import Tx
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build as polls
from tests.deliberation.council.build import as_csv, replaced, table

ME = "/c/jinxiu/residents/me"


def _membership(tx: Tx, account_id: int) -> Membership:
    found = resident_queries.membership_of(tx.session, tx.council, account_id)
    assert found
    return found


def test_an_owner_of_two_flats_counts_as_one_head_with_both_areas(town: Town) -> None:
    page = town.as_("resident").get(ME)
    assert "您计 1 人、200.00 ㎡" in page.text
    assert "水仙里1幢1单元0101" in page.text
    assert "水仙里1幢1单元0202" in page.text
    assert "当面核对过证件" in page.text


def test_a_tenant_learns_that_the_owner_casts_the_ballot(town: Town) -> None:
    page = town.as_("tenant").get(ME)
    assert "表决票由业主投" in page.text
    assert "刘玉雅" not in page.text


def test_english_says_the_same(town: Town) -> None:
    browser = town.as_("resident")
    browser.client.cookies.set("lang", "en")
    assert "You count as 1 head and 200.00 m²" in browser.get(ME).text


def test_who_only_sits_on_the_council_has_no_such_page(town: Town) -> None:
    assert town.as_("property").get(ME).status == 403
    assert town.as_("stranger").get(ME).status == 404


def test_the_page_says_what_one_may_do_and_why_not(town: Town) -> None:
    owner, tenant, family = (town.as_(who).get(ME).text for who in ("resident", "tenant", "family"))
    assert "在表决中投票 可以" in owner
    assert "在表决中投票 不可以 租户可以议事" in tenant
    assert "附议 可以" in tenant
    assert "在表决中投票 不可以 同住家属可以议事" in family


def test_one_s_own_line_stands_there_in_full_and_nobody_else_s(town: Town) -> None:
    page = town.as_("resident").get(ME)
    for own in ("水仙里1幢1单元0101", "谢玉志", "Y01", "已交付", "单独所有"):
        assert own in page.text
    for other in ("Y02", "张建强", "0103"):
        assert other not in page.text


def test_a_co_owner_who_is_not_the_named_one_learns_who_votes(town: Town) -> None:
    with town.write() as tx:
        tx.session.get_one(Account, town.cast.ids["owner"]).name = "郑志婷的弟弟"
    assert "这套共有的房屋由郑志婷投票" in town.as_("owner").get(ME).text


def test_who_has_parking_spaces_alone_reads_that_they_do_not_count_here(town: Town) -> None:
    rows = [*table(), ["水仙里", "地下", "", "P1", "车位", "12.50", "P09", "吴志燕", "单独所有", "吴志燕", "已交付"]]
    replaced(town, as_csv(rows))
    with town.write("moderator") as tx:
        _membership(tx, town.cast.ids["neighbor"]).head_key = "P09"
    page = town.as_("neighbor").get(ME).text
    assert "车位不计入表决" in page


def test_each_announced_or_open_poll_says_how_one_counts_in_it(town: Town) -> None:
    poll_id = polls.announced(town)
    page = town.as_("resident").get(ME)
    assert f"/polls/{poll_id}" in page.html
    assert "第 1 版名册，公告时固定" in page.text
    assert "这次表决您计 1 人、200.00 ㎡" in page.text
    town.travel(days=15, hours=1)
    assert "前都可以投票" in town.as_("resident").get(ME).text
    tenant = town.as_("tenant").get(ME).text
    assert "这一户的表决票由业主投" in tenant
    assert "这次表决的名册上没有您的表决票" not in tenant, "nothing is missing: a tenant is on no roll"
    polls.cast(town, poll_id, {"Y01": "for"})
    assert "您的表决票已投" in town.as_("resident").get(ME).text


def test_an_owner_whom_one_of_the_staff_confirmed_reads_what_to_do_with_or_without_a_poll(town: Town) -> None:
    assert "只能投纸质票" not in town.as_("neighbor").get(ME).text
    polls.confirmed_by_one(town, "neighbor")
    page = town.as_("neighbor").get(ME)
    assert "在表决中投票 只能投纸质票" in page.text
    assert "到服务台投纸质表决票" in page.text
    assert 'href="/c/jinxiu/home-code"' in page.html
    assert "核对情况 一位工作人员核对过" in page.text
    polls.opened(town)
    now_open = polls.signed_in(town, "neighbor").get(ME).text
    assert now_open.count("只有一位工作人员核对过") == 1
    assert "前都可以投票" not in now_open
