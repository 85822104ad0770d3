import pytest

from deliberation.front.finding import around
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.followup import build as followup
from tests.deliberation.meeting import build as meetings
from tests.deliberation.minutes import build as minutes


def found(town: Town, text: str, who: str = "resident") -> str:
    return town.as_(who).get(f"/c/jinxiu/search?q={text}").html


def test_everything_a_member_may_read_is_found(town: Town) -> None:
    matter_id = followup.matter(town)
    task_id = followup.task(town, matter_id)
    poll_id = ballots.announced(town)
    html = found(town, "充电桩")
    for path in (f"/c/jinxiu/matters/{matter_id}", f"/c/jinxiu/tasks/{task_id}", f"/c/jinxiu/polls/{poll_id}"):
        assert f'href="{path}"' in html


def test_minutes_are_found_by_paragraph_once_they_are_put_up(town: Town) -> None:
    built = minutes.drafted(town)
    assert f"/c/jinxiu/minutes/{built.id}" not in found(town, "担心噪声")
    built.put_up()
    html = found(town, "担心噪声")
    assert f"/c/jinxiu/minutes/{built.id}#p" in html
    assert "我家在二楼" in html


def test_a_meeting_is_found_once_it_is_announced(town: Town) -> None:
    meetings.draft(town, title="水泵专题会")
    assert "水泵专题会" not in found(town, "水泵")
    meetings.announced(town, title="水泵第二会")
    assert "水泵第二会" in found(town, "水泵")


@pytest.mark.parametrize("text", ["%25", "_", "%5C", "'", "%3Cscript%3E", "%00"])
def test_signs_mean_only_themselves(town: Town, text: str) -> None:
    followup.matter(town)
    answer = town.as_("resident").get(f"/c/jinxiu/search?q={text}")
    assert answer.status == 200
    assert "没有找到" in answer.text or "架空层" not in answer.text
    assert "<script>" not in answer.html


def test_nothing_asked_nothing_searched(town: Town) -> None:
    assert "可以查议题" in town.as_("resident").get("/c/jinxiu/search").text


def test_search_stays_inside_the_council(town: Town) -> None:
    followup.matter(town)
    assert "架空层" not in town.as_("other_resident").get("/c/other/search?q=充电").text
    assert town.as_("stranger").get("/c/jinxiu/search?q=充电").status == 404


def test_an_excerpt_shows_the_words_around(town: Town) -> None:
    text = "一" * 60 + "充电桩" + "二" * 60
    assert around("充电桩", "没有", text) == "…" + "一" * 24 + "充电桩" + "二" * 24 + "…"
    assert around("充电桩", "充电桩很好") == "充电桩很好"
    assert around("水泵", text) == ""
