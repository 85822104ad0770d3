import html
import re

import pytest

from deliberation.council.roll.actions import keep
from deliberation.council.roll.queries import PAGE
from tests.conftest import Town
from tests.deliberation.council.build import table
from votes.roll import from_table

ROLL = "/c/jinxiu/roll"


@pytest.mark.parametrize("who", ["resident", "tenant", "committee", "property"])
def test_members_read_the_posted_roll_without_a_single_name(town: Town, who: str) -> None:
    page = town.as_(who).get(ROLL)
    assert "名册共 9 人、930.50 ㎡" in page.text
    assert "水仙里1幢1单元0101" in page.text
    for personal in ("张建强" if who != "committee" else "郑志婷", "王淑英", "Y05"):
        assert personal not in page.html


@pytest.mark.parametrize("who", ["moderator", "recorder", "desk", "supervisor"])
def test_staff_and_the_supervisor_read_it_with_names(town: Town, who: str) -> None:
    page = town.as_(who).get(ROLL)
    assert "王淑英" in page.text
    assert "Y05" in page.text


def test_parts_of_one_head_carry_one_number(town: Town) -> None:
    text = town.as_("resident").get(ROLL).text
    assert "水仙里1幢1单元0101 住宅 100.00 ㎡ 1" in text
    assert "水仙里1幢1单元0202 住宅 100.00 ㎡ 1" in text
    assert "水仙里1幢1单元0102 住宅 100.00 ㎡ 2" in text


def test_members_search_places_and_only_staff_search_names(town: Town) -> None:
    assert "水仙里1幢1单元0103" in town.as_("resident").get(f"{ROLL}?q=0103").text
    assert "没有找到" in town.as_("resident").get(f"{ROLL}?q=王淑英").text
    found = town.as_("supervisor").get(f"{ROLL}?q=王淑英").text
    assert "水仙里1幢1单元0201" in found
    assert "水仙里1幢1单元0103" not in found


@pytest.mark.parametrize("page", ["2", "0", "-1", "many", "99999999999"])
def test_a_page_that_is_not_there_shows_an_empty_or_the_first_one(town: Town, page: str) -> None:
    assert town.as_("resident").get(f"{ROLL}?page={page}").status == 200


def test_a_version_that_is_not_there_is_not_found(town: Town) -> None:
    assert town.as_("resident").get(f"{ROLL}?version=9").status == 404


def test_a_council_without_a_roll_says_what_it_is_for(town: Town) -> None:
    page = town.as_("other_moderator").get("/c/other/roll")
    assert "还没有名册" in page.text
    assert "导入名册" in page.text


def test_strangers_see_no_roll(town: Town) -> None:
    assert town.as_("stranger").get(ROLL).status == 404
    assert town.as_("other_moderator").get(ROLL).status == 404
    assert town.as_(None).get(ROLL).status == 303


def test_the_roll_comes_in_short_pages_and_building_by_building(town: Town) -> None:
    """With names it is read on phones too, where each part is a card of its own."""
    with town.write("recorder") as tx:
        lines = [
            f"水仙里,3幢,{one // 30 + 1}单元,{one:04d},住宅,90.00,Z{one},业主{one},单独所有,业主{one},已交付"
            for one in range(60)
        ]
        rows = [*table(), *(line.split(",") for line in lines)]
        keep(tx, from_table(rows), file_name="roll.csv")
    desk = town.as_("desk")
    first, second = desk.get(ROLL), desk.get(f"{ROLL}?version=2&page=2")
    assert first.html.count("<tr>") == 1 + PAGE
    assert "水仙里3幢1单元0009" in first.text
    assert "水仙里3幢1单元0010" in second.text
    assert "按楼栋看" in first.text
    address = re.search(r'href="([^"]+)">水仙里3幢2单元<', first.html)
    assert address
    one = desk.get(html.unescape(address[1]))
    assert "水仙里3幢2单元0030 住宅 90.00 ㎡ 40 业主30" in one.text, (
        "the head has the number that it has on the whole roll"
    )
    assert "3幢1单元0" not in one.text.split("版本 2")[-1]
    onward = re.search(r'href="([^"]+page=2)"', one.html)
    assert onward
    rest = desk.get(html.unescape(onward[1])).text
    assert "水仙里3幢2单元0059" in rest
    assert "1单元0" not in rest
    assert "0031" in desk.get(f"{ROLL}?version=2&building=水仙里3幢2单元&q=0031").text
    assert "没有找到" in desk.get(f"{ROLL}?version=2&building=水仙里3幢2单元&q=0001").text
