import pytest
from sqlmodel import select

from deliberation.agenda.actions import decline
from deliberation.db.tables import Event
from deliberation.followup.tables import Task
from deliberation.meeting.tables import ActionPoint, Meeting
from tests.conftest import Town
from tests.deliberation.followup.build import matter

WANTED = {"title": "装好八个充电桩", "assignee_id": "", "assignee": "", "due_on": "2026-03-20", "text": ""}


def form(town: Town, **fields: object) -> dict[str, object]:
    return {**WANTED, "assignee_id": town.cast.ids["property"], **fields}


def test_the_moderator_gives_a_task_to_a_seat_holder(town: Town) -> None:
    matter_id = matter(town)
    shown = town.as_("moderator").get(f"/c/jinxiu/tasks/new?matter={matter_id}")
    assert shown.status == 200
    assert "架空层加装充电桩" in shown.text
    page = town.as_("moderator").follow("/c/jinxiu/tasks/new", form(town, matter=matter_id))
    assert "装好八个充电桩" in page.text
    assert "物业经理" in page.text
    with town.db.read() as session:
        task = session.exec(select(Task)).one()
        event = session.exec(select(Event).where(Event.verb == "task.assigned")).one()
    assert (task.assignee_id, task.matter_id) == (town.cast.ids["property"], matter_id)
    assert event.matter_id == matter_id


def test_a_task_may_go_to_somebody_without_an_account_by_name(town: Town) -> None:
    page = town.as_("moderator").follow(
        "/c/jinxiu/tasks/new", form(town, matter=matter(town), assignee_id="", assignee="某施工单位")
    )
    assert "某施工单位" in page.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"assignee_id": "", "assignee": ""}, "请选一位负责人"),
        ({"assignee": "某施工单位"}, "上面已经选了负责人"),
        ({"due_on": "2026-02-28"}, "期限不能早于今天"),
        ({"due_on": "明天"}, "请填写日期"),
        ({"title": ""}, "请填写这一项"),
        ({"assignee_id": "999"}, "请从列出的选项中选一项"),
        ({"matter": "99999"}, None),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_is_kept(
    town: Town, fields: dict[str, object], sentence: str | None
) -> None:
    answer = town.as_("moderator").post(
        "/c/jinxiu/tasks/new", form(town, **{"matter": matter(town), "text": "请先看现场", **fields})
    )
    if sentence is None:
        assert answer.status == 404
        return
    assert answer.status == 422
    assert sentence in answer.text
    assert "请先看现场" in answer.html


def test_a_matter_that_was_declined_has_no_tasks(town: Town) -> None:
    matter_id = matter(town, accepted=False)
    with town.write("moderator") as tx:
        decline(tx, matter_id, reason="不属于小区事务")
    answer = town.as_("moderator").post("/c/jinxiu/tasks/new", form(town, matter=matter_id))
    assert answer.status == 422
    assert "没有受理" in answer.text


@pytest.mark.parametrize("who", ["recorder", "desk", "resident", "tenant", "property"])
def test_only_the_moderator_gives_tasks_out(town: Town, who: str) -> None:
    assert town.as_(who).get("/c/jinxiu/tasks/new").status == 403
    assert town.as_(who).post("/c/jinxiu/tasks/new", form(town, matter=matter(town))).status == 403


def test_a_point_agreed_in_a_meeting_is_given_out_once(town: Town) -> None:
    matter_id = matter(town)
    with town.write("moderator") as tx:
        meeting = Meeting(
            council_id=tx.council, title="三月议事", starts_at=tx.now, place="党群活动中心",
            called_by=tx.actor, door_code="x",
        )  # fmt: skip
        tx.session.add(meeting)
        tx.session.flush()
        point = ActionPoint(
            council_id=tx.council, meeting_id=meeting.id, text="请物业三日内清走楼道杂物", assignee="物业经理",
            noted_by=tx.actor, noted_at=tx.now,
        )  # fmt: skip
        tx.session.add(point)
        tx.session.flush()
        point_id = point.id
    moderator = town.as_("moderator")
    shown = moderator.get(f"/c/jinxiu/tasks/new?matter={matter_id}&action_point={point_id}")
    assert "请物业三日内清走楼道杂物" in shown.html
    moderator.follow("/c/jinxiu/tasks/new", form(town, matter=matter_id, action_point=point_id))
    again = moderator.post("/c/jinxiu/tasks/new", form(town, matter=matter_id, action_point=point_id))
    assert again.status == 422
    assert "已经交办" in again.text


def test_an_empty_list_says_what_comes_next(town: Town) -> None:
    assert "表决通过" in town.as_("resident").get("/c/jinxiu/tasks").text
    assert "还没有办结" in town.as_("resident").get("/c/jinxiu/tasks?show=closed").text
