"""The motion is worded, guarded against a stale form, and stands still once its poll was announced."""

import pytest

from deliberation.agenda import actions, queries
from deliberation.agenda.tables import Motion
from tests.conftest import Town
from tests.deliberation.agenda.build import WORDED, accepted, checked, raised, verbs, worded
from votes.refusal import Refused


def at(motion: int, rest: str = "") -> str:
    return f"/c/jinxiu/motions/{motion}{rest}"


def motion_of(town: Town, number: int) -> Motion:
    with town.db.read() as session:
        return queries.motion(session, town.cast.council_id, number)


def test_the_recorder_words_a_motion_with_options_cost_and_law_item(town: Town) -> None:
    motion = accepted(town, raised(town))
    form = {**WORDED, "version": "1", "option_1": "", "option_2": "装充电桩", "option_3": "建车棚", "chosen": "2"}
    page = town.as_("recorder").follow(at(motion, "/editing"), form)
    for text in (
        "文本已保存",
        "第 2 稿",
        WORDED["text"],
        "约 8.6 万元",
        "过半数的同意",
        "第 9 项",
        "装充电桩",
        "建车棚",
    ):
        assert text in page.text
    with town.db.read() as session:
        assert [(one.text, one.chosen) for one in queries.options(session, motion)] == [
            ("装充电桩", True),
            ("建车棚", False),
        ]
    assert verbs(town, motion_of(town, motion).proposal_id)[-1] == "motion.edited"


def test_a_stale_form_keeps_what_was_typed_shows_the_newest_text_and_can_be_sent_again(town: Town) -> None:
    motion = worded(town)
    moderator = town.as_("moderator")
    typed = {**WORDED, "text": "主持人这边打的字，很长的一段。", "version": "1"}
    answer = moderator.post(at(motion, "/editing"), typed)
    assert answer.status == 422
    assert "已被别人改过" in answer.text
    assert typed["text"] in answer.html
    assert "别人刚改过的最新文本" in answer.text
    assert 'name="version" value="2"' in answer.html
    assert motion_of(town, motion).version == 2


def test_saving_without_a_change_leaves_the_draft_and_its_checks_alone(town: Town) -> None:
    motion = worded(town)
    checked(town, motion)
    same = {**WORDED, "cost": "", "law_reason": "理由", "income_share": "归全体业主。", "version": "2"}
    assert "没有改动" in town.as_("moderator").follow(at(motion, "/editing"), same).text
    assert motion_of(town, motion).version == 2
    with town.db.read() as session:
        assert queries.checks_complete(session, motion)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"law_item": "8"}, "收益归谁"),
        ({"law_reason": ""}, "请写明为什么适用这一项"),
        ({"law_item": "10"}, "0 到 9"),
        ({"title": ""}, "请填写这一项"),
        ({"text": ""}, "请填写这一项"),
        ({"option_1": "", "chosen": "1"}, "还没有写内容"),
        ({"cost": "长" * 201}, "最多 200 个字"),
    ],
)
def test_what_is_missing_is_told_at_its_field(town: Town, changed: dict[str, str], sentence: str) -> None:
    motion = accepted(town, raised(town))
    answer = town.as_("moderator").post(at(motion, "/editing"), {**WORDED, "version": "1", **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert motion_of(town, motion).version == 1


def test_before_anything_is_sent_item_8_says_that_whose_and_how_are_both_needed(town: Town) -> None:
    page = town.as_("moderator").get(at(accepted(town, raised(town)), "/editing")).text
    assert "收益归谁、怎样分？ （选第（八）项时必填） 选第（八）项时，两样都要写：归谁，怎样分。" in page


def test_item_8_shows_its_three_quarters_and_whose_the_income_is(town: Town) -> None:
    page = town.as_("neighbor").get(at(worded(town, law_item=8))).text
    assert "四分之三以上的同意" in page
    assert "第 8 项" in page
    assert "归全体业主" in page


def test_a_locked_motion_is_not_edited_until_its_poll_is_withdrawn(town: Town) -> None:
    motion = worded(town)
    with town.write("moderator") as tx:
        actions.lock(tx, motion)
    moderator = town.as_("moderator")
    assert "文本已在" in moderator.get(at(motion)).text
    assert "已锁定" in moderator.get(at(motion, "/editing")).text
    answer = moderator.post(at(motion, "/editing"), {**WORDED, "version": "2"})
    assert answer.status == 422
    assert "重新公告 15 天" in answer.text
    with town.write("moderator") as tx, pytest.raises(Refused, match="motion_locked"):
        actions.lock(tx, motion)
    with town.write("moderator") as tx:
        actions.unlock(tx, motion)
    assert moderator.post(at(motion, "/editing"), {**WORDED, "version": "2"}).status == 303


def test_what_is_not_locked_is_not_unlocked(town: Town) -> None:
    motion = worded(town)
    with town.write("moderator") as tx, pytest.raises(Refused, match="motion_not_locked"):
        actions.unlock(tx, motion)


@pytest.mark.parametrize(
    ("who", "read", "edit"),
    [
        ("neighbor", 200, 403),
        ("desk", 200, 403),
        ("supervisor", 200, 403),
        ("other_moderator", 404, 404),
        (None, 303, 303),
    ],
)
def test_members_read_and_only_moderator_and_recorder_word(town: Town, who: str | None, read: int, edit: int) -> None:
    motion = worded(town)
    caller = town.as_(who)
    assert caller.get(at(motion)).status == read
    assert caller.get(at(motion, "/editing")).status == edit
    assert caller.post(at(motion, "/editing"), {**WORDED, "version": "2"}).status == edit
    assert motion_of(town, motion).version == 2


def test_a_motion_of_another_council_is_not_there(town: Town) -> None:
    motion = worded(town)
    other = town.as_("other_moderator")
    for rest in ("", "/editing", "/checks"):
        assert other.get(f"/c/other/motions/{motion}{rest}").status == 404
    assert other.post(f"/c/other/motions/{motion}/editing", {**WORDED, "version": "2"}).status == 404
    assert other.get(f"/c/other/motions/{10**30}").status == 404
