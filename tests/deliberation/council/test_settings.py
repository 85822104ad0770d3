import pytest

from deliberation.council.roll.queries import newest
from deliberation.council.tables import Council
from tests.conftest import Town
from tests.deliberation.council.build import as_csv, replaced, table, verbs

SETTINGS = "/c/jinxiu/settings"
FILLED = {
    "contact": "一楼服务台",
    "rules_text": "一、对事不对人。\n\n二、每人三分钟。",
    "seconds_needed": "5",
    "objection_days": "15",
    "confirm_days": "３",
    "meeting_quorum": "20",
}


def council(town: Town) -> Council:
    with town.db.read() as session:
        return session.get_one(Council, town.cast.council_id)


def test_the_moderator_sets_the_numbers_and_everybody_reads_the_rules(town: Town) -> None:
    assert "已保存" in town.as_("moderator").follow(SETTINGS, FILLED).text
    kept = council(town)
    assert (kept.seconds_needed, kept.confirm_days, kept.meeting_quorum) == (5, 3, 20)
    assert verbs(town)[-1] == "council.settings_changed"
    for page in (town.as_(None).get("/c/jinxiu/join"), town.as_("tenant").get("/c/jinxiu/seats")):
        assert "二、每人三分钟。" in page.text


def test_saving_what_is_so_already_writes_nothing(town: Town) -> None:
    town.as_("moderator").post(SETTINGS, FILLED)
    before = verbs(town)
    assert "没有改动" in town.as_("moderator").follow(SETTINGS, FILLED).text
    assert verbs(town) == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"seconds_needed": "0"}, "1 到 200 之间"),
        ({"seconds_needed": "三"}, "请填写一个整数"),
        ({"objection_days": "91"}, "1 到 90 之间"),
        ({"confirm_days": ""}, "请填写这一项"),
        ({"contact": "字" * 201}, "最多 200 个字"),
    ],
)
def test_a_number_out_of_range_keeps_the_form(town: Town, changed: dict[str, str], sentence: str) -> None:
    answer = town.as_("moderator").post(SETTINGS, {**FILLED, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert "二、每人三分钟。" in answer.text
    assert council(town).seconds_needed == 3


def test_counting_parking_makes_a_new_version_of_the_roll_with_other_totals(town: Town) -> None:
    rows = [*table(), ["水仙里", "地下", "", "P01", "车位", "12.50", "Y09", "李车位", "单独所有", "李车位", "已交付"]]
    replaced(town, as_csv(rows))
    with town.db.read() as session:
        before = newest(session, town.cast.council_id)
    town.as_("moderator").post(SETTINGS, {**FILLED, "count_parking": "1"})
    with town.db.read() as session:
        after = newest(session, town.cast.council_id)
    assert before
    assert after
    assert (before.version, before.heads, before.area) == (2, 9, 93050)
    assert (after.version, after.heads, after.area) == (3, 10, 94300)
    assert before.fingerprint == after.fingerprint
    assert verbs(town)[-1] == "roll.counted_anew"


@pytest.mark.parametrize("who", ["recorder", "desk", "resident", "supervisor"])
def test_only_the_moderator_changes_them(town: Town, who: str) -> None:
    assert town.as_(who).get(SETTINGS).status == 403
    assert town.as_(who).post(SETTINGS, FILLED).status == 403
    assert town.as_("other_moderator").post(SETTINGS, FILLED).status == 404
