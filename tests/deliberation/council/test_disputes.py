"""A resident says that the roll is wrong: one of the staff answers, another confirms, and a correction is a new version."""

import pytest

from deliberation.council.actions import appoint
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.roll import queries as roll_queries
from tests.conftest import Answer, Town
from tests.deliberation.ballot import build as polls
from tests.deliberation.council.build import SAMPLE, newest_roll, replaced, uploaded, verbs

ME = "/c/jinxiu/residents/me"
LIST = "/c/jinxiu/roll/disputes"
TEXT = "0103 的面积应当是 88.50。"
FOUND = "看过产权证，登记簿是 88.50。"


def line_of(town: Town, place: str) -> int:
    with town.db.read() as session:
        units = roll_queries.voting_roll(session, newest_roll(town).id).units
    return next(one.line for one in units if one.place == place)


def raised(town: Town, who: str = "neighbor", text: str = TEXT) -> None:
    assert "已记下" in town.as_(who).follow(f"{ME}/dispute", {"text": text}).text


def answered(town: Town, who: str = "desk", *, kind: str = "correct", **changes: str) -> Answer:
    """The answer to dispute 1, from the form as its page fills it for the flat 0103."""
    unit = {
        "unit": str(line_of(town, "水仙里1幢1单元0103")),
        "owner_id": "Y03",
        "owner_name": "吴志燕",
        "co_ownership": "sole",
        "voting_owner": "吴志燕",
        "area": "80.50",
        "area_basis": "",
        "use": "dwelling",
        "delivery": "delivered",
    }
    form = {"kind": kind, "reason": FOUND, "base": str(newest_roll(town).id), **unit, **changes}
    return town.as_(who).post(f"{LIST}/1/answer", form)


def test_a_correction_goes_through_two_of_the_staff_and_changes_the_fingerprint(town: Town) -> None:
    before = newest_roll(town)
    raised(town)
    assert verbs(town)[-1] == "roll.disputed"
    page = town.as_("desk").get(f"{LIST}/1?unit={line_of(town, '水仙里1幢1单元0103')}")
    assert TEXT in page.text
    assert 'value="80.50"' in page.html
    assert answered(town, area="88.50").status == 303
    assert verbs(town)[-1] == "roll.change_put"
    assert newest_roll(town).fingerprint == before.fingerprint
    waiting = town.as_("moderator").get(LIST).text
    assert "80.50 → 88.50" in waiting
    assert "新的名册已生效" in town.as_("moderator").follow("/c/jinxiu/roll/changes/1/confirmation").text
    assert verbs(town)[-2:] == ["roll.corrected", "roll.dispute_answered"]
    after = newest_roll(town)
    assert (after.version, after.area, after.origin) == (2, before.area + 800, "correct")
    assert after.fingerprint != before.fingerprint
    assert (after.imported_by, after.confirmed_by) == (town.cast.ids["desk"], town.cast.ids["moderator"])
    mine = town.as_("neighbor").get(ME).text
    assert "您计 1 人、88.50 ㎡" in mine
    assert "已更正，名册有了新版本" in mine
    assert "更改名册" in mine
    assert "导入名册" not in mine, "nobody imported anything"
    assert FOUND in mine


def test_an_answer_that_changes_nothing_also_needs_a_second_person(town: Town) -> None:
    raised(town)
    assert answered(town, "moderator", kind="stays").status == 303
    alone = town.as_("moderator").post("/c/jinxiu/roll/changes/1/confirmation")
    assert alone.status == 422
    assert "名册要由两个人经手" in alone.text
    assert "还没有答复" in town.as_("neighbor").get(ME).text
    assert "答复已确认" in town.as_("recorder").follow("/c/jinxiu/roll/changes/1/confirmation").text
    assert "名册不变" in town.as_("neighbor").get(ME).text
    assert newest_roll(town).version == 1


def test_a_change_that_is_not_confirmed_leaves_the_question_open_and_can_be_put_again(town: Town) -> None:
    raised(town)
    answered(town, area="88.50")
    assert answered(town, area="89.00").status == 422
    town.as_("recorder").follow("/c/jinxiu/roll/changes/1/refusal", {"note_1": "登记簿是 88.05"})
    assert verbs(town)[-1] == "roll.change_refused"
    assert newest_roll(town).version == 1
    assert answered(town, area="88.05").status == 303
    town.as_("recorder").follow("/c/jinxiu/roll/changes/2/confirmation")
    assert newest_roll(town).area == 93_050 + 755


def test_a_change_put_on_an_older_version_is_not_confirmed(town: Town) -> None:
    raised(town)
    answered(town, area="88.50")
    replaced(town, SAMPLE)
    answer = town.as_("moderator").post("/c/jinxiu/roll/changes/1/confirmation")
    assert answer.status == 422
    assert "已有人导入了新的名册" in answer.text
    assert newest_roll(town).version == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"area": "很大"}, "请写成 89.37 这样大于零的数"),
        ({"owner_id": ""}, "名册就不能用了"),
        ({}, "没有要改的"),
        ({"unit": "999"}, "请先选出"),
        ({"area": "88.50", "reason": ""}, "请填写这一项"),
    ],
)
def test_what_could_be_no_roll_is_refused_and_the_form_kept(town: Town, changes: dict[str, str], sentence: str) -> None:
    raised(town)
    answer = answered(town, **changes)
    assert answer.status == 422
    assert sentence in answer.text
    assert dispute_count(town) == 1


def dispute_count(town: Town) -> int:
    with town.db.read() as session:
        return dispute_queries.open_count(session, town.cast.council_id)


def test_nobody_answers_or_confirms_in_their_own_case(town: Town) -> None:
    """The committee member sits as recorder here, and 0102 is their own home."""
    with town.write("moderator") as tx:
        appoint(tx, town.cast.ids["committee"], "recorder")
    raised(town, "committee", "0102 的面积不对。")
    assert "涉及您自己" in answered(town, "committee", kind="stays").text
    own = {"unit": str(line_of(town, "水仙里1幢1单元0102")), "owner_id": "Y02", "owner_name": "张建强"}
    assert answered(town, voting_owner="张建强", area="101.00", **own).status == 303
    answer = town.as_("committee").post("/c/jinxiu/roll/changes/1/confirmation")
    assert answer.status == 422
    assert "涉及您自己" in answer.text
    town.as_("moderator").follow("/c/jinxiu/roll/changes/1/confirmation")
    assert newest_roll(town).version == 2


def test_one_question_at_a_time_and_everybody_reads_how_many_are_open(town: Town) -> None:
    raised(town)
    again = town.as_("neighbor").post(f"{ME}/dispute", {"text": "还有一处。"})
    assert again.status == 422
    assert "还没有答复" in again.text
    raised(town, "tenant", "我其实是业主。")
    page = town.as_("resident").get("/c/jinxiu/roll").text
    assert "居民对名册有 2 件疑问还没有答复" in page
    assert TEXT not in page


@pytest.mark.parametrize("text", ["", "短", "字" * 301])
def test_a_question_is_one_sentence(town: Town, text: str) -> None:
    assert town.as_("neighbor").post(f"{ME}/dispute", {"text": text}).status == 422
    assert dispute_count(town) == 0


def test_after_the_notice_the_fixed_roll_governs_and_the_page_says_what_that_means(town: Town) -> None:
    poll_id = polls.announced(town)
    page = town.as_("neighbor").get(ME).text
    assert "更正从下次表决起算" in page
    raised(town)
    assert "架空层设充电桩：公告时名册已经固定" in town.as_("desk").get(f"{LIST}/1").text
    answered(town, area="88.50")
    town.as_("moderator").follow("/c/jinxiu/roll/changes/1/confirmation")
    page = town.as_("neighbor").get(ME).text
    assert "您计 1 人、88.50 ㎡" in page
    assert "这次表决您计 1 人、80.50 ㎡" in page
    assert "现在的名册是另一版" in page
    assert "80.50" in town.as_("neighbor").get(f"{polls.PATH}/{poll_id}").text


def test_open_questions_are_shown_before_a_notice_and_counted_for_everybody_after_it(town: Town) -> None:
    raised(town)
    raised(town, "owner5", "0201 的业主写错了。")
    motion_id = polls.motion(town)
    page = town.as_("moderator").get(f"/c/jinxiu/motions/{motion_id}/poll").text
    assert "2 位居民说名册有误，还没有答复" in page
    with town.write("moderator") as tx:
        poll_id = polls.announce(tx, motion_id).id
    polls.later(town, minutes=1)
    answered(town, kind="stays")
    town.as_("moderator").follow("/c/jinxiu/roll/changes/1/confirmation")
    page = town.as_("property").get(f"{polls.PATH}/{poll_id}").text
    assert "公告时，对名册还有 2 件疑问没有答复" in page
    assert "居民对名册有 1 件疑问" in town.as_("property").get("/c/jinxiu/roll").text


def test_open_questions_are_on_the_workbench(town: Town) -> None:
    raised(town)
    assert "1 位居民说名册有误" in town.as_("desk").get("/c/jinxiu/work").text
    answered(town, area="88.50")
    assert "位居民说名册有误" not in town.as_("desk").get("/c/jinxiu/work").text
    assert "1 项更改或答复等您确认" in town.as_("recorder").get("/c/jinxiu/work").text
    assert "项更改或答复等您确认" not in town.as_("desk").get("/c/jinxiu/work").text


def test_the_supervisor_reads_the_questions_and_answers_none(town: Town) -> None:
    raised(town)
    watcher = town.as_("supervisor")
    assert TEXT in watcher.get(LIST).text
    assert watcher.post(f"{LIST}/1/answer").status == 403
    assert watcher.post("/c/jinxiu/roll/changes/1/confirmation").status == 403
    assert town.as_("resident").get(LIST).status == 403
    assert town.as_("other_moderator").get(LIST).status == 404


def test_an_unread_upload_is_not_disturbed_by_a_correction(town: Town) -> None:
    address = uploaded(town.as_("recorder"), SAMPLE)
    raised(town)
    answered(town, area="88.50")
    town.as_("moderator").follow("/c/jinxiu/roll/changes/1/confirmation")
    assert "请重新比对再决定" in town.as_("moderator").get(address).text
