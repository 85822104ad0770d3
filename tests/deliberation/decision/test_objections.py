"""Objections, their answers, and when a decision is final."""

import pytest

from deliberation.decision import queries, rules
from deliberation.decision.rules import DecisionState
from deliberation.decision.tables import Decision
from tests.conftest import Town
from tests.deliberation.ballot import build as ballot
from tests.deliberation.decision import build
from votes.refusal import Refused

TEXT = {"text": "红茶里2幢0102的票没有算进去，请核对。"}


@pytest.fixture
def decision(town: Town) -> Decision:
    return build.decided(town, build.PASSING)


def stage(town: Town, decision: Decision) -> DecisionState:
    with town.db.read() as session:
        found = queries.decision(session, town.cast.council_id, decision.id)
        return queries.pending(session, found).state(town.now)


def first_objection(town: Town, decision: Decision) -> int:
    with town.db.read() as session:
        return queries.objections(session, decision.id)[0].id


def answer(
    town: Town,
    decision: Decision,
    who: str = "moderator",
    text: str = "已核对，票已计入。",
    done: str = "explained",
) -> int:
    one = first_objection(town, decision)
    path = f"{build.path(decision)}/objections/{one}/answer"
    return ballot.signed_in(town, who).post(path, {f"answer_{one}": text, f"done_{one}": done}).status


def recount(town: Town, decision: Decision, outcome: str, who: str = "supervisor") -> int:
    fields = {"recount": outcome, "note": "在另一台电脑上算了一遍。"}
    return ballot.signed_in(town, who).post(f"{build.path(decision)}/recount", fields).status


def test_without_objections_a_decision_is_final_when_the_days_are_over(town: Town, decision: Decision) -> None:
    assert stage(town, decision) is DecisionState.PRELIMINARY
    town.travel(days=14, hours=23)
    assert stage(town, decision) is DecisionState.PRELIMINARY
    town.travel(hours=2)
    assert stage(town, decision) is DecisionState.FINAL
    assert "结果已确定" in town.as_(None).get(build.path(decision)).text


def test_an_objection_is_shown_to_members_answered_and_then_the_decision_becomes_final(
    town: Town, decision: Decision
) -> None:
    neighbor = ballot.signed_in(town, "neighbor")
    page = neighbor.follow(f"{build.path(decision)}/objections", TEXT)
    assert "异议已收到" in page.text
    assert TEXT["text"] in page.text
    town.travel(days=16)
    assert stage(town, decision) is DecisionState.WAITING
    assert "还差 1 条" in town.as_(None).get(build.path(decision)).text
    assert answer(town, decision) == 303
    town.travel(minutes=1)
    assert stage(town, decision) is DecisionState.FINAL
    assert "已核对" in ballot.signed_in(town, "tenant").get(build.path(decision)).text


def test_after_the_days_are_over_no_objection_is_taken(town: Town, decision: Decision) -> None:
    ballot.later(town, days=15)
    refused = ballot.signed_in(town, "neighbor").post(f"{build.path(decision)}/objections", TEXT)
    assert refused.status == 422
    assert "异议期已过" in refused.text


def test_a_text_that_says_nothing_is_refused_and_kept(town: Town, decision: Decision) -> None:
    refused = ballot.signed_in(town, "neighbor").post(f"{build.path(decision)}/objections", {"text": "不对"})
    assert refused.status == 422
    assert "至少 10 个字" in refused.text
    assert "不对</textarea>" in refused.html


@pytest.mark.parametrize(("who", "status"), [("supervisor", 403), ("stranger", 404), ("other_resident", 404)])
def test_only_verified_residents_object(town: Town, decision: Decision, who: str, status: int) -> None:
    assert ballot.signed_in(town, who).post(f"{build.path(decision)}/objections", TEXT).status == status


def test_only_the_moderator_answers_and_only_once(town: Town, decision: Decision) -> None:
    ballot.signed_in(town, "neighbor").post(f"{build.path(decision)}/objections", TEXT)
    assert answer(town, decision, who="recorder") == 403
    assert answer(town, decision, who="neighbor") == 403
    assert answer(town, decision, text="") == 422
    assert answer(town, decision, done="") == 422
    assert answer(town, decision, done="ignored") == 422
    assert answer(town, decision) == 303
    assert answer(town, decision) == 422


def test_nobody_answers_their_own_objection() -> None:
    with pytest.raises(Refused) as refused:
        rules.check_answer(answered=False, own=True, done=rules.Done.EXPLAINED, recounted=False)
    assert refused.value.code == "own_objection"


def test_only_after_the_supervisor_has_recorded_a_recount_can_an_answer_say_that_there_was_one(
    town: Town, decision: Decision
) -> None:
    ballot.signed_in(town, "neighbor").post(f"{build.path(decision)}/objections", TEXT)
    assert answer(town, decision, done="recounted") == 422
    one = first_objection(town, decision)
    refused = ballot.signed_in(town, "moderator").post(
        f"{build.path(decision)}/objections/{one}/answer", {f"answer_{one}": "已重新计票", f"done_{one}": "recounted"}
    )
    assert refused.text.count("居务监督还没有记录重新计票") == 1
    assert recount(town, decision, "same", who="moderator") == 403
    assert recount(town, decision, "") == 422
    assert recount(town, decision, "same") == 303
    assert answer(town, decision, done="recounted") == 303
    page = ballot.signed_in(town, "neighbor").get(build.path(decision)).text
    assert "居务监督已重新计票" in page
    assert "结果相同" in page
    assert "在另一台电脑上算了一遍" in page
    assert "在另一台电脑上算了一遍" not in town.as_(None).get(build.path(decision)).text


def test_a_result_that_a_recount_contradicts_is_marked_and_waits_until_a_count_confirms_it(
    town: Town, decision: Decision
) -> None:
    recount(town, decision, "different")
    assert "这个结果有疑问" in town.as_(None).get(build.path(decision)).text
    town.travel(days=16)
    assert stage(town, decision) is DecisionState.WAITING
    assert "重新计票查清疑问后" in town.as_(None).get(build.path(decision)).text
    recount(town, decision, "same")
    town.travel(minutes=1)
    assert stage(town, decision) is DecisionState.FINAL


def test_the_supervisor_finds_open_objections_on_the_first_page(town: Town, decision: Decision) -> None:
    ballot.signed_in(town, "neighbor").post(f"{build.path(decision)}/objections", TEXT)
    home = ballot.signed_in(town, "supervisor").get("/c/jinxiu")
    assert "1 条异议待答复" in home.text
    assert f"{build.path(decision)}#objections" in home.html
    assert "条异议待答复" not in ballot.signed_in(town, "neighbor").get("/c/jinxiu").text
    answer(town, decision)
    assert "条异议待答复" not in ballot.signed_in(town, "supervisor").get("/c/jinxiu").text
