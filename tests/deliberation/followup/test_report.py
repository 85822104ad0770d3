import io
import re

import pytest
from PIL import Image

from tests.conftest import Town
from tests.deliberation.followup.build import task
from tests.deliberation.followup.test_rate import close


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("who", ["property", "moderator", "recorder", "desk"])
def test_the_assignee_and_the_staff_report_progress(town: Town, who: str) -> None:
    task_id = task(town)
    page = town.as_(who).follow(f"/c/jinxiu/tasks/{task_id}/progress", {"percent": "40", "text": "线已经拉好"})
    assert "完成 40%" in page.text
    assert "线已经拉好" in page.text
    assert "办理中" in town.as_("resident").get("/c/jinxiu/tasks").text


def test_photos_stand_with_their_report(town: Town) -> None:
    task_id = task(town)
    page = town.as_("property").follow(
        f"/c/jinxiu/tasks/{task_id}/progress",
        {"percent": "10", "text": "看过现场"},
        files=[("photos", ("a.jpg", picture(), "image/jpeg")), ("photos", ("b.jpg", picture(), "image/jpeg"))],
    )
    assert page.html.count("/c/jinxiu/photos/") == 4


@pytest.mark.parametrize(
    ("fields", "files", "sentence"),
    [
        ({"percent": "101", "text": "x"}, [], "请填写 0 到 100 之间的数"),
        ({"percent": "很多", "text": "x"}, [], "请填写一个整数"),
        ({"percent": "10", "text": ""}, [], "请填写这一项"),
        ({"percent": "10", "text": "x"}, [("photos", ("a.jpg", b"no picture", "image/jpeg"))], "不是照片"),
    ],
)
def test_a_wrong_report_is_told_at_its_field(
    town: Town, fields: dict[str, str], files: list[object], sentence: str
) -> None:
    answer = town.as_("property").post(f"/c/jinxiu/tasks/{task(town)}/progress", fields, files=files or None)
    assert answer.status == 422
    assert sentence in answer.text


@pytest.mark.parametrize(("who", "status"), [("resident", 403), ("committee", 403), ("stranger", 404), (None, 303)])
def test_nobody_else_reports(town: Town, who: str | None, status: int) -> None:
    answer = town.as_(who).post(f"/c/jinxiu/tasks/{task(town)}/progress", {"percent": "10", "text": "x"})
    assert answer.status == status
    assert not answer.location.startswith("/c/")


def test_another_council_does_not_know_the_task(town: Town) -> None:
    task_id = task(town)
    other = town.as_("other_moderator")
    assert other.get(f"/c/other/tasks/{task_id}").status == 404
    assert other.post(f"/c/other/tasks/{task_id}/progress", {"percent": "10", "text": "x"}).status == 404
    assert other.get(f"/c/jinxiu/tasks/{task_id}").status == 404


def test_an_overdue_task_is_marked(town: Town) -> None:
    task(town, days=2)
    town.travel(days=2)
    assert "已逾期" not in town.as_("resident").get("/c/jinxiu/tasks").text
    town.travel(days=1)
    assert "已逾期" in town.as_("resident").get("/c/jinxiu/tasks").text


def test_the_moderator_sets_another_day_and_nobody_else(town: Town) -> None:
    task_id = task(town, days=2)
    path = f"/c/jinxiu/tasks/{task_id}"
    page = town.as_("moderator").follow(f"{path}/due-date", {"new_due_on": "2026-03-20"})
    assert "3月20日" in page.text
    assert "新的期限已定好" in page.text
    assert town.as_("property").post(f"{path}/due-date", {"new_due_on": "2026-03-21"}).status == 403
    past = town.as_("moderator").post(f"{path}/due-date", {"new_due_on": "2026-02-01"})
    assert past.status == 422
    assert "新的期限：期限不能早于今天" in past.text


def test_the_form_for_a_new_day_is_open_when_a_reopened_task_is_late(town: Town) -> None:
    task_id = task(town, days=2)
    close(town, task_id)
    town.travel(days=3)
    assert (
        town.as_("resident")
        .post(f"/c/jinxiu/tasks/{task_id}/rating", {"satisfied": "no", "rating_text": "二号楼还没有装。"})
        .status
        == 303
    )
    html = town.as_("moderator").get(f"/c/jinxiu/tasks/{task_id}").html
    assert re.search(r'<details class="more" open><summary>.*?改期限', html, re.DOTALL)
    assert town.as_("moderator").post(f"/c/jinxiu/tasks/{task_id}/close-out", {"note": "都装好了"}).status == 303
    assert "改期限" not in town.as_("moderator").get(f"/c/jinxiu/tasks/{task_id}").text
