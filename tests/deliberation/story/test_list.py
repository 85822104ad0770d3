"""The list of matters: filters, search, pages, and the same few queries however long it is."""

import pytest

from deliberation.agenda import actions
from tests.conftest import Town
from tests.deliberation.agenda.build import accepted, raised, seconded
from tests.deliberation.story import build

LIST = "/c/jinxiu/matters"


def many(town: Town, count: int) -> None:
    with town.write("resident") as tx:
        for number in range(count):
            actions.propose(tx, title=f"第 {number:03d} 件事情", text="情况说明在这里，请看。", category="repair")


def test_each_row_says_where_the_matter_stands_and_how_many_second_it(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor", "owner")
    page = town.as_("tenant").get(LIST)
    assert "请在架空层装充电桩" in page.text
    assert "2 人附议" in page.text
    assert "消防安全" in page.text
    assert 'class="mini' in page.html
    assert "3月1日（周日）" in page.text


def test_state_category_and_words_narrow_the_list(town: Town) -> None:
    waiting = raised(town)
    taken = raised(town, title="楼道灯坏了没有人修理")
    accepted(town, taken)
    ended = raised(town, title="请问垃圾几点清运")
    with town.write("moderator") as tx:
        actions.answer(tx, ended, reason="每天早上七点。")
    resident = town.as_("resident")

    def found(query: str) -> set[int]:
        html = resident.get(f"{LIST}?{query}").html
        return {number for number in (waiting, taken, ended) if f'href="{LIST}/{number}"' in html}

    assert found("") == {waiting, taken, ended}
    assert found("state=waiting") == {waiting}
    assert found("state=under_way") == {taken}
    assert found("state=ended") == {ended}
    assert found("state=nonsense") == {waiting, taken, ended}
    assert found("category=fire") == {waiting, taken, ended}
    assert found("category=order") == set()
    assert found("q=垃圾") == {ended}
    assert found("q=%25") == found("q=_") == set()
    assert "没有找到" in resident.get(f"{LIST}?q=飞碟").text


def test_long_lists_come_in_pages_of_thirty_and_keep_their_filter(town: Town) -> None:
    many(town, 65)
    resident = town.as_("resident")
    first = resident.get(f"{LIST}?category=repair")
    assert first.html.count('class="matter"') == 30
    assert "第 064 件事情" in first.text
    assert "category=repair&amp;page=2" in first.html
    last = resident.get(f"{LIST}?page=3")
    assert last.html.count('class="matter"') == 5
    for odd in ("0", "-1", "99", "x", "9" * 40):
        assert resident.get(f"{LIST}?page={odd}").status == 200


def test_a_long_list_asks_the_database_no_more_often_than_a_short_one(town: Town) -> None:
    first = raised(town)
    meeting = build.meeting(town, first)
    build.minutes(town, meeting)
    resident = town.as_("resident")
    resident.get(LIST)
    with town.asking() as short:
        resident.get(LIST)
    many(town, 29)
    with town.asking() as long:
        resident.get(LIST)
    assert len(long) <= len(short)
    assert len(long) < 25


def test_an_empty_list_says_what_comes(town: Town) -> None:
    assert "还没有人提出事情" in town.as_("resident").get(LIST).text


@pytest.mark.parametrize(
    ("who", "status"), [(None, 303), ("stranger", 404), ("other_resident", 404), ("supervisor", 200), ("desk", 200)]
)
def test_the_list_is_for_members(town: Town, who: str | None, status: int) -> None:
    assert town.as_(who).get(LIST).status == status


def test_who_may_not_raise_is_not_offered_it(town: Town) -> None:
    assert "/matters/new" not in town.as_("supervisor").get(LIST).html
    assert "/matters/new" in town.as_("desk").get(LIST).html
