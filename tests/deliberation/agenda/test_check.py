"""Competence, legality and safety are recorded for the very text that goes to the owners."""

import pytest
from sqlmodel import select

from deliberation.agenda import actions, queries
from deliberation.agenda.rules import Check
from deliberation.agenda.tables import PreCheck
from deliberation.db import photos
from tests.conftest import Town
from tests.deliberation.agenda.build import WORDED, checked, photo, verbs, worded

NOTE = {"check": "safety", "outcome": "holds", "note": "消防站已看过图纸。", "opinion_by": "消防站", "version": "2"}


def at(motion: int, rest: str = "/checks") -> str:
    return f"/c/jinxiu/motions/{motion}{rest}"


def complete(town: Town, motion: int) -> bool:
    with town.db.read() as session:
        return queries.checks_complete(session, motion)


def in_the_way(town: Town, motion: int) -> str | None:
    with town.db.read() as session:
        return queries.before_poll(session, motion)


def test_three_checks_that_hold_open_the_way_to_a_poll(town: Town) -> None:
    motion = worded(town)
    moderator = town.as_("moderator")
    for kind in Check:
        assert (complete(town, motion), in_the_way(town, motion)) == (False, "checks_missing")
        moderator.follow(at(motion), {**NOTE, "check": kind})
    assert (complete(town, motion), in_the_way(town, motion)) == (True, None)
    page = moderator.get(at(motion, "")).text
    assert "可以公告表决" in page
    assert "消防站的意见" in page
    with town.db.read() as session:
        matter = queries.motion(session, town.cast.council_id, motion).proposal_id
    assert verbs(town, matter)[-3:] == ["motion.checked"] * 3


@pytest.mark.parametrize("outcome", ["needs_change", "does_not_hold"])
def test_a_check_that_does_not_hold_stands_in_the_way_until_it_is_recorded_anew(town: Town, outcome: str) -> None:
    motion = worded(town)
    checked(town, motion)
    moderator = town.as_("moderator")
    moderator.follow(at(motion), {**NOTE, "outcome": outcome})
    assert in_the_way(town, motion) == "checks_missing"
    moderator.follow(at(motion), NOTE)
    assert in_the_way(town, motion) is None
    with town.db.read() as session:
        kept = session.exec(select(PreCheck).where(PreCheck.kind == "safety")).all()
    assert [one.outcome for one in kept] == ["holds", outcome, "holds"]


def test_a_changed_text_needs_its_checks_again_and_says_so(town: Town) -> None:
    motion = worded(town)
    checked(town, motion)
    assert "重新记录" in town.as_("recorder").get(at(motion, "/editing")).text
    town.as_("recorder").follow(at(motion, "/editing"), {**WORDED, "text": "改成各装 12 个充电桩。", "version": "2"})
    assert not complete(town, motion)
    page = town.as_("neighbor").get(at(motion, "")).text
    assert page.count("是对旧稿做的") == 3


def test_a_check_of_a_text_that_changed_meanwhile_is_not_recorded(town: Town) -> None:
    motion = worded(town)
    answer = town.as_("moderator").post(at(motion), {**NOTE, "version": "1"})
    assert answer.status == 422
    assert "您审查的文本刚刚改过" in answer.text
    assert NOTE["note"] in answer.html


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"note": ""}, "请填写这一项"),
        ({"outcome": ""}, "请填写这一项"),
        ({"outcome": "maybe"}, "请从列出的选项中选一项"),
        ({"note": "长" * 501}, "最多 500 个字"),
    ],
)
def test_a_check_needs_its_outcome_and_its_reason(town: Town, changed: dict[str, str], sentence: str) -> None:
    motion = worded(town)
    answer = town.as_("moderator").post(at(motion), {**NOTE, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert "消防、用电、结构安全吗" in answer.text


def test_the_written_opinion_is_kept_as_photos(town: Town) -> None:
    motion = worded(town)
    assert town.as_("moderator").post(at(motion), NOTE, files=[("photos", photo())]).status == 303
    with town.db.read() as session:
        check = session.exec(select(PreCheck)).one()
        (number,) = photos.of(session, town.cast.council_id, "check", [check.id])[check.id]
    assert f"/photos/{number}" in town.as_("neighbor").get(at(motion, "")).html


def test_the_safety_check_reminds_of_what_the_fire_administration_said(town: Town) -> None:
    motion = worded(town)
    assert "不得停放电动自行车或充电" in town.as_("moderator").get(at(motion, "/checks?check=safety")).text


def test_a_locked_text_is_not_checked_again(town: Town) -> None:
    motion = worded(town)
    checked(town, motion)
    with town.write("moderator") as tx:
        actions.lock(tx, motion)
    assert town.as_("moderator").post(at(motion), {**NOTE, "outcome": "does_not_hold"}).status == 422
    assert complete(town, motion)
    assert in_the_way(town, motion) == "motion_locked"


def test_a_motion_without_a_law_item_goes_to_no_poll(town: Town) -> None:
    motion = worded(town, law_item=0)
    checked(town, motion)
    assert in_the_way(town, motion) == "law_item_missing"


@pytest.mark.parametrize(
    ("who", "status"), [("recorder", 403), ("resident", 403), ("other_moderator", 404), (None, 303)]
)
def test_only_the_moderator_records_checks(town: Town, who: str | None, status: int) -> None:
    motion = worded(town)
    assert town.as_(who).get(at(motion)).status == status
    assert town.as_(who).post(at(motion), NOTE).status == status
    with town.db.read() as session:
        assert session.exec(select(PreCheck)).all() == []


@pytest.mark.parametrize(
    ("title", "category", "asked"),
    [
        ("加装楼梯扶手", "elders", False),
        ("架空层设充电桩", "fire", True),
        ("楼道里有人给电动车充电", "order", True),
        ("重新划线", "parking", True),
    ],
)
def test_the_rule_on_charging_is_shown_only_where_it_matters(
    town: Town, title: str, category: str, asked: bool
) -> None:
    with town.write("resident") as tx:
        matter = actions.propose(tx, title=title, text="请议事会管一管。", category=category).id
    with town.write("moderator") as tx:
        motion = actions.accept(tx, matter, reason="多人反映").id
    page = town.as_("moderator").get(at(motion, "/checks?check=safety")).text
    assert ("国家消防救援局" in page) is asked
    assert ("请懂行的单位出书面意见" in page) is not asked
