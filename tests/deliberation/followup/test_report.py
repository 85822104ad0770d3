import io

import pytest
from PIL import Image

from tests.conftest import Town
from tests.deliberation.followup.build import task


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
