"""A meeting that does not take place: called off with a reason, or simply never opened."""

import pytest
from sqlmodel import col, select

from deliberation.agenda.tables import Motion
from deliberation.db.tables import Event
from deliberation.front import needs
from deliberation.front.work import queries as workbench
from deliberation.meeting import plan_actions, queries
from tests.conftest import Town
from tests.deliberation.agenda.build import worded
from tests.deliberation.meeting import build

REASON = "主持人生病，另行通知"
ALL = "/c/jinxiu/meetings"


def due(town: Town) -> dict[str, str]:
    with town.db.read() as session:
        roles = frozenset({"moderator", "desk"})
        found = workbench.due(session, town.cast.council_id, roles, town.cast.ids["moderator"], town.now)
    return {one.code: one.path for one in found}


def test_a_meeting_is_called_off_with_a_reason_that_everybody_reads(town: Town) -> None:
    motion_id = worded(town)
    built = build.announced(town)
    with town.write("moderator") as tx:
        plan_actions.add_item(tx, built.id, minutes_planned=20, motion_id=motion_id)
        matter_id = tx.session.get_one(Motion, motion_id).proposal_id
    page = town.as_("moderator").follow(f"{built.at}/calling-off", {"called_off_reason": REASON})
    assert f"这次会议已取消。理由：{REASON}" in page.text
    assert "主持台" not in page.text
    resident = town.as_("resident")
    for path in (ALL, built.at, f"{built.at}/live", f"{built.at}/sheet", "/c/jinxiu/notices"):
        text = resident.get(path).text
        assert "已取消" in text
        assert REASON in text
    assert "近期没有会议" in resident.get(ALL).text
    assert b"CANCELLED" in resident.get(f"{built.at}/calendar.ics").response.content
    with town.db.read() as session:
        assert motion_id in {one.id for one in queries.ready_motions(session, town.cast.council_id)}
        assert needs.coming(session, town.cast.council_id, town.now) is None
        verbs = session.exec(
            select(Event.verb).where(Event.meeting_id == built.id).order_by(col(Event.seq).desc()).limit(2)
        ).all()
    assert list(verbs) == ["matter.unplaced", "meeting.called_off"]
    assert f"取消会议“第一次议事会”。理由：{REASON}" in resident.get(f"/c/jinxiu/matters/{matter_id}").text
    assert not {"meeting_ahead", "not_held", "open_meeting"} & due(town).keys()


def test_nobody_signs_in_where_nothing_takes_place(town: Town) -> None:
    built = build.announced(town)
    with town.write("moderator") as tx:
        plan_actions.call_off(tx, built.id, REASON)
    town.travel(days=9, hours=23, minutes=30)
    for who, path, fields in [
        ("resident", "signing-in", {}),
        ("resident", f"door/{built.door_code}", {}),
        ("desk", "desk", {"person": "王大爷", "as_guest": "王大爷"}),
        ("moderator", "opening", {}),
        ("moderator", "notice", {}),
        ("moderator", "items", {"item_title": "又一项", "minutes_planned": "5"}),
        ("moderator", "calling-off", {"called_off_reason": REASON}),
    ]:
        answer = town.as_(who).post(f"{built.at}/{path}", fields)
        assert (answer.status, "已经取消" in answer.text) == (422, True), path
    for path in ("console", "projector", "desk", f"door/{built.door_code}"):
        assert "取消" in town.as_("moderator").get(f"{built.at}/{path}").text
    assert "快开会了" not in town.as_("resident").get("/c/jinxiu").text
    assert not due(town).keys() & {"open_meeting", "meeting_desk"}


def test_a_reason_is_asked_for_and_only_the_moderator_calls_off(town: Town) -> None:
    built = build.announced(town)
    empty = town.as_("moderator").post(f"{built.at}/calling-off", {"called_off_reason": ""})
    assert (empty.status, "请填写这一项" in empty.text) == (422, True)
    for who in ("recorder", "desk", "resident"):
        assert town.as_(who).post(f"{built.at}/calling-off", {"called_off_reason": REASON}).status == 403
    assert "取消会议" not in town.as_("recorder").get(f"{built.at}/editing").text
    assert "取消会议" in town.as_("moderator").get(f"{built.at}/editing").text


@pytest.mark.parametrize("state", ["opened", "closed"])
def test_what_was_held_is_not_called_off(town: Town, state: str) -> None:
    built = getattr(build, state)(town)
    answer = town.as_("moderator").post(f"{built.at}/calling-off", {"called_off_reason": REASON})
    assert (answer.status, "会议已经开始" in answer.text) == (422, True)


def test_a_draft_is_given_up_without_a_word_of_it_in_public(town: Town) -> None:
    built = build.draft(town)
    town.as_("moderator").follow(f"{built.at}/calling-off", {"called_off_reason": "议题合并到下一次"})
    log = town.as_("resident").get("/c/jinxiu/log")
    assert "放弃了一次准备中的会议" in log.text
    assert "议题合并到下一次" not in log.text
    assert "议题合并到下一次" not in town.as_("resident").get(ALL).text


def test_a_meeting_that_nobody_opened_was_not_held_and_asks_nobody(town: Town) -> None:
    built = build.announced(town)
    town.travel(days=10, hours=6)
    resident = town.as_("resident")
    assert "没有开成" in resident.get(ALL).text
    assert "没有开成" in resident.get(built.at).text
    assert "没有开成" in resident.get(f"{built.at}/live").text
    assert "快开会了" not in resident.get("/c/jinxiu").text
    late = resident.post(f"{built.at}/signing-in")
    assert (late.status, "没有开成" in late.text) == (422, True)
    opening = town.as_("moderator").post(f"{built.at}/opening", {"anyway": "1", "short_reason": "来得晚"})
    assert (opening.status, "请先改时间" in opening.text) == (422, True)
    assert due(town)["not_held"] == f"/meetings/{built.id}/editing"
    assert "open_meeting" not in due(town)
    row = built.row()
    fields = {"title": row.title, "place": row.place, "quorum": "3", "starts_at": "2026-03-20T19:30"}
    town.as_("moderator").follow(f"{built.at}/editing", fields)
    assert "没有开成" not in resident.get(ALL).text
