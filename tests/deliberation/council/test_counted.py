from tests.conftest import Town

ME = "/c/jinxiu/residents/me"


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
    assert "You count as 1 head and 200.00 ㎡" in browser.get(ME).text


def test_who_only_sits_on_the_council_has_no_such_page(town: Town) -> None:
    assert town.as_("property").get(ME).status == 403
    assert town.as_("stranger").get(ME).status == 404
