"""Statements, straw polls and action points."""

import pytest
from sqlmodel import col, select

from deliberation.db.tables import Event
from deliberation.meeting import record_queries
from deliberation.meeting.rules import Conclusion
from deliberation.meeting.tables import Statement, StrawMark
from tests.conftest import Town
from tests.deliberation.meeting import build
from tests.deliberation.meeting.build import Built


@pytest.fixture
def built(town: Town) -> Built:
    found = build.opened(town)
    found.present("resident", "owner")
    found.open_item()
    return found


def test_a_written_statement_stands_with_name_and_capacity(town: Town, built: Built) -> None:
    page = town.as_("resident").follow(f"{built.at}/statements", {"statement": "第一行\n\n<b>第二段</b>"})
    assert "谢玉志 业主" in page.text
    assert "&lt;b&gt;第二段&lt;/b&gt;" in page.html


@pytest.mark.parametrize(
    ("who", "text", "sentence"),
    [
        ("resident", "  ", "请填写这一项"),
        ("resident", "长" * 501, "最多 500 个字"),
        ("tenant", "我没有签到", "请先签到"),
    ],
)
def test_a_statement_that_does_not_fit_is_kept_in_its_box(
    town: Town, built: Built, who: str, text: str, sentence: str
) -> None:
    answer = town.as_(who).post(f"{built.at}/statements", {"statement": text})
    assert (answer.status, sentence in answer.text) == (422, True)
    assert (text.strip() in answer.html) or who == "tenant"
    with town.db.read() as session:
        assert session.exec(select(Statement)).all() == []


def test_the_same_form_sent_twice_is_one_statement(town: Town, built: Built) -> None:
    caller = town.as_("resident")
    for _ in range(2):
        assert caller.post(f"{built.at}/statements", {"statement": "一次", "once": "abcdef"}).status == 303
    with town.db.read() as session:
        assert len(session.exec(select(Statement)).all()) == 1


def test_the_recorder_writes_down_what_somebody_said(town: Town, built: Built) -> None:
    presences = built.present("owner")
    page = town.as_("recorder").follow(
        f"{built.at}/statements/noted", {"speaker": str(presences["owner"]), "note": "担心噪声"}
    )
    assert "郑志婷 业主" in page.text
    assert town.as_("owner").post(f"{built.at}/statements/noted", {"speaker": "1", "note": "x"}).status == 403


def test_a_hidden_statement_shows_its_reason_to_all_and_its_text_to_none(town: Town, built: Built) -> None:
    statement = built.write("owner", "不文明的话")
    answer = town.as_("moderator").post(f"{built.at}/statements/{statement}/hiding", {"reason": ""})
    assert (answer.status, "请填写这一项" in answer.text) == (422, True)
    town.as_("moderator").follow(f"{built.at}/statements/{statement}/hiding", {"reason": "人身攻击"})
    page = town.as_("owner").get(f"{built.at}/live")
    assert "已由主持人隐藏，理由：人身攻击" in page.text
    assert "不文明的话" not in page.html
    with town.db.read() as session:
        event = session.exec(select(Event).where(Event.verb == "statement.hidden")).one()
        assert "人身攻击" in event.facts
        assert record_queries.record_of(session, town.cast.council_id, built.id).hidden_statements == 1


def test_a_straw_poll_shows_its_figures_only_when_closed(town: Town, built: Built) -> None:
    town.as_("moderator").follow(f"{built.at}/straws", {"question": "试一个月？", "options": "同意\n反对"})
    page = town.as_("resident").follow(f"{built.at}/straws/1/marks", {"choice": "0"})
    assert "不具约束力" in page.text
    assert "已有 1 人表示意向" in page.text
    assert "同意 1" not in page.text
    town.as_("resident").follow(f"{built.at}/straws/1/marks", {"choice": "1"})
    town.as_("owner").follow(f"{built.at}/straws/1/marks", {"choice": "1"})
    town.as_("moderator").follow(f"{built.at}/straws/1/closing")
    assert "同意 0 反对 2" in town.as_("tenant").get(f"{built.at}/live").text
    late = town.as_("owner").post(f"{built.at}/straws/1/marks", {"choice": "0"})
    assert (late.status, "已经结束" in late.text) == (422, True)


def test_a_straw_poll_says_how_many_were_silent_wherever_it_is_read(town: Town, built: Built) -> None:
    built.present("tenant", "family")
    straw = built.straw()
    town.as_("resident").follow(f"{built.at}/straws/{straw}/marks", {"choice": "0"})
    # Who has marked and left was asked; who comes after the close was not.
    town.as_("resident").follow(f"{built.at}/leaving")
    town.as_("moderator").follow(f"{built.at}/straws/{straw}/closing")
    built.present("neighbor", "committee")
    for who, at in (("owner", "live"), ("moderator", "console"), ("desk", "projector")):
        assert "3 人没有表示" in town.as_(who).get(f"{built.at}/{at}").text
    built.conclude(conclusion=Conclusion.NONE)
    built.close()
    assert "3 人没有表示" in town.as_("owner").get(built.at).text
    with town.db.read() as session:
        (result,) = record_queries.record_of(session, town.cast.council_id, built.id).items[0].straws
    assert (result.marked, result.present, result.silent) == (1, 4, 3)


def test_who_marked_what_is_never_in_the_journal(town: Town, built: Built) -> None:
    straw = built.straw()
    town.as_("resident").follow(f"{built.at}/straws/{straw}/marks", {"choice": "1"})
    with town.db.read() as session:
        assert session.exec(select(StrawMark.choice)).all() == [1]
        facts = session.exec(select(Event.facts).where(Event.verb == "straw.marked")).one()
    assert facts == f'{{"straw_id":{straw}}}'


@pytest.mark.parametrize(
    ("who", "choice", "sentence"),
    [("resident", "2", "请从列出的选项"), ("resident", "x", "整数"), ("tenant", "0", "请先签到")],
)
def test_a_mark_that_does_not_fit_is_refused(town: Town, built: Built, who: str, choice: str, sentence: str) -> None:
    straw = built.straw()
    answer = town.as_(who).post(f"{built.at}/straws/{straw}/marks", {"choice": choice})
    assert (answer.status, sentence in answer.text) == (422, True)


def test_one_straw_poll_runs_at_a_time_with_two_to_six_options(town: Town, built: Built) -> None:
    console = town.as_("moderator")
    answer = console.post(f"{built.at}/straws", {"question": "试？", "options": "只有一个"})
    assert (answer.status, "2 到 6 个选项" in answer.text, "只有一个" in answer.html) == (422, True, True)
    built.straw()
    answer = console.post(f"{built.at}/straws", {"question": "再试？", "options": "好\n不好"})
    assert (answer.status, "请先结束它" in answer.text) == (422, True)


def test_an_action_point_has_a_task_somebody_and_a_day_ahead(town: Town, built: Built) -> None:
    console = town.as_("moderator")
    for data, sentence in [
        ({"task": "", "assignee": "物业"}, "请填写这一项"),
        ({"task": "看现场", "assignee": ""}, "请填写这一项"),
        ({"task": "看现场", "assignee": "物业", "due_on": "2020-01-01"}, "今天或以后"),
        ({"task": "看现场", "assignee": "物业", "due_on": "明天"}, "请填写日期"),
    ]:
        answer = console.post(f"{built.at}/action-points", data)
        assert (answer.status, sentence in answer.text) == (422, True)
    page = console.follow(f"{built.at}/action-points", {"task": "看现场", "assignee": "物业", "due_on": "2026-03-20"})
    assert "看现场 · 物业 · 3月20日（周五）" in page.text
    assert "看现场 · 物业" in town.as_("resident").get(f"{built.at}/live").text
    page = console.follow(f"{built.at}/action-points/1/removing")
    assert "看现场" not in page.text
    with town.db.read() as session:
        verbs = session.exec(select(Event.verb).order_by(col(Event.seq).desc()).limit(2)).all()
    assert list(verbs) == ["action_point.removed", "action_point.noted"]
