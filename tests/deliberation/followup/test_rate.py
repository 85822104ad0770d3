import pytest
from sqlmodel import select

from deliberation.agenda.actions import accept, merge, propose
from deliberation.db.tables import Event
from deliberation.followup import queries
from deliberation.followup.actions import assign
from deliberation.followup.tables import Rating, Task
from deliberation.jobs.clock import local
from tests.conftest import Answer, Town
from tests.deliberation.followup.build import matter, task


def close(town: Town, task_id: int, who: str = "property", note: str = "八个桩都通电了") -> Answer:
    return town.as_(who).follow(f"/c/jinxiu/tasks/{task_id}/close-out", {"note": note})


def rate(town: Town, task_id: int, who: str, word: str, text: str = "") -> Answer:
    return town.as_(who).post(f"/c/jinxiu/tasks/{task_id}/rating", {"satisfied": word, "rating_text": text})


def test_a_closed_task_asks_those_who_raised_and_seconded(town: Town) -> None:
    task_id = task(town)
    assert "八个桩都通电了" in close(town, task_id).text
    for who, asked in (("resident", True), ("neighbor", True), ("owner", False), ("moderator", False)):
        assert ("您满意吗" in town.as_(who).get(f"/c/jinxiu/tasks/{task_id}").text) is asked
    assert rate(town, task_id, "resident", "yes").status == 303
    page = town.as_("resident").get(f"/c/jinxiu/tasks/{task_id}")
    assert "已评价 1 人，满意 1 人；还有 1 人没有评价" in page.text
    assert "您满意吗" not in page.text


def test_not_satisfied_opens_the_task_again_with_the_reason(town: Town) -> None:
    task_id = task(town)
    close(town, task_id)
    assert rate(town, task_id, "resident", "yes").status == 303
    assert rate(town, task_id, "neighbor", "no", "三号桩不通电").status == 303
    page = town.as_("property").get(f"/c/jinxiu/tasks/{task_id}")
    assert "重新打开：有居民不满意" in page.text
    assert "三号桩不通电" in page.text
    assert "完成 0%" in page.text
    with town.db.read() as session:
        found = session.get_one(Task, task_id)
        verbs = list(session.exec(select(Event.verb).where(Event.verb.startswith("task."))))
    assert (found.round, found.closed_out_at) == (2, None)
    assert verbs[-2:] == ["task.not_satisfied", "task.reopened"]
    close(town, task_id, note="三号桩换好了")
    assert "您满意吗" in town.as_("resident").get(f"/c/jinxiu/tasks/{task_id}").text
    assert rate(town, task_id, "neighbor", "yes").status == 303
    with town.db.read() as session:
        share = queries.satisfaction(session, town.cast.council_id)
    assert (share.satisfied, share.rated, share.asked) == (2, 2, 2)


def test_a_word_counts_once_a_round(town: Town) -> None:
    task_id = task(town)
    close(town, task_id)
    rate(town, task_id, "resident", "yes")
    again = rate(town, task_id, "resident", "no", "还是不行")
    assert again.status == 422
    assert "已经评价过" in again.text
    with town.db.read() as session:
        assert len(session.exec(select(Rating)).all()) == 1


@pytest.mark.parametrize(
    ("who", "word", "text", "sentence"),
    [
        ("owner", "yes", "", "只有提出或附议"),
        ("resident", "no", "", "请写明哪里不满意"),
        ("resident", "", "", "请填写这一项"),
        ("resident", "maybe", "", "请从列出的选项"),
    ],
)
def test_a_rating_that_does_not_fit_is_refused(town: Town, who: str, word: str, text: str, sentence: str) -> None:
    task_id = task(town)
    close(town, task_id)
    answer = rate(town, task_id, who, word, text)
    assert answer.status == 422
    assert sentence in answer.text


def test_nothing_is_rated_before_it_is_closed_out(town: Town) -> None:
    answer = rate(town, task(town), "resident", "yes")
    assert answer.status == 422
    assert "还没有办结" in answer.text


def test_a_closed_task_takes_no_more_reports(town: Town) -> None:
    task_id = task(town)
    close(town, task_id)
    for where, fields in (("progress", {"percent": "10", "text": "还有"}), ("close-out", {"note": "再办结"})):
        answer = town.as_("property").post(f"/c/jinxiu/tasks/{task_id}/{where}", fields)
        assert answer.status == 422
        assert "已经办结" in answer.text


@pytest.mark.parametrize("who", ["recorder", "desk", "resident"])
def test_only_the_moderator_or_the_assignee_closes_out(town: Town, who: str) -> None:
    assert town.as_(who).post(f"/c/jinxiu/tasks/{task(town)}/close-out", {"note": "办好了"}).status == 403


def test_residents_of_a_merged_matter_are_asked_too(town: Town) -> None:
    first = matter(town, accepted=False)
    with town.write("owner5") as tx:
        second = propose(tx, title="楼下加充电桩", text="也想在楼下充电。", category="fire").id
    with town.write("moderator") as tx:
        merge(tx, second, into_id=first, reason="同一件事")
    with town.write("moderator") as tx:
        accept(tx, first, reason="多人反映", kind="public")
    task_id = task(town, first)
    close(town, task_id)
    assert rate(town, task_id, "owner5", "yes").status == 303


def test_a_clerk_who_keyed_a_paper_in_is_not_asked(town: Town) -> None:
    with town.write("desk") as tx:
        matter_id = propose(tx, title="路灯不亮", text="三号路灯不亮了。", category="repair", channel="box").id
    with town.write("moderator") as tx:
        accept(tx, matter_id, reason="该修", kind="livelihood")
    with town.write("moderator") as tx:
        task_id = assign(tx, matter_id=matter_id, title="修好路灯", due_on=local(tx.now).date(), assignee="电工").id
    close(town, task_id, "moderator")
    assert "不需要评价" in town.as_("desk").get(f"/c/jinxiu/tasks/{task_id}").text
    assert rate(town, task_id, "desk", "yes").status == 422


def test_what_waits_for_a_resident_is_found(town: Town) -> None:
    task_id = task(town)
    close(town, task_id)
    with town.db.read() as session:
        for who, waits in (("resident", [task_id]), ("neighbor", [task_id]), ("owner", [])):
            rows = queries.to_rate(session, town.cast.council_id, town.cast.ids[who], town.now)
            assert [row.id for row in rows] == waits


def test_a_second_submit_is_done_once(town: Town) -> None:
    task_id = task(town)
    resident = town.as_("property")
    fields = {"percent": "40", "text": "线已经拉好", "once": "same"}
    first = resident.post(f"/c/jinxiu/tasks/{task_id}/progress", fields)
    second = resident.post(f"/c/jinxiu/tasks/{task_id}/progress", fields)
    assert (first.status, second.status) == (303, 303)
    with town.db.read() as session:
        assert len(queries.steps(session, task_id)) == 1
