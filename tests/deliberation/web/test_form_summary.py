"""What stands at the head of a refused form, and what a field says of itself when it may stay empty."""

import re
from pathlib import Path

import pytest

from deliberation.i18n.catalog import words
from tests.conftest import Town
from tests.deliberation.people.build import with_password
from tests.deliberation.web.build import jpeg

TEMPLATES = Path(__file__).parents[3] / "deliberation/templates"


def test_the_summary_names_each_field_and_leads_to_it(town: Town) -> None:
    shown = town.as_("resident").post("/c/jinxiu/matters", {})
    summary = re.findall(r'<li><a href="#f-(\w+)">([^<]+)</a>', shown.html)
    assert summary == [
        ("title", "标题：请填写这一项。"),
        ("category", "类别：请填写这一项。"),
        ("text", "内容：请填写这一项。"),
    ]
    for name, _ in summary:
        assert f'id="f-{name}"' in shown.html


def test_chosen_photos_are_asked_for_again(town: Town) -> None:
    photos = [("photos", ("a.jpg", jpeg(), "image/jpeg"))]
    shown = town.as_("resident").post("/c/jinxiu/matters", {"title": "灯坏了一个月"}, files=photos)
    assert shown.status == 422
    assert '<a href="#f-photos">照片：要重新选一次。</a>' in shown.html
    without = town.as_("resident").post("/c/jinxiu/matters", {"title": "灯坏了一个月"})
    assert "要重新选一次" not in without.text


def test_every_field_of_a_summary_has_a_name() -> None:
    named = {
        name.rstrip("_")
        for path in TEMPLATES.glob("**/*.html")
        for fields in re.findall(r"form_errors\(\[([^\]]+)\]\)", path.read_text("utf-8"))
        for name in re.findall(r'"(\w+)"', fields)
    }
    assert len(named) > 50
    assert named - set(words()["field"]) == set()


def test_a_field_needed_in_one_case_names_the_case_and_is_not_called_optional(town: Town) -> None:
    page = town.as_("moderator").get("/c/jinxiu/tasks/new")
    label = re.search(r'<label class="field-label" for="f-assignee">(.*?)</label>', page.html)
    assert label
    assert "（两项填一项）" in label[1]
    assert "选填" not in label[1]


@pytest.mark.parametrize("lang", [0, 1])
def test_the_present_password_is_called_so_at_its_field_and_in_the_summary(town: Town, lang: int) -> None:
    caller = with_password(town, "resident")
    caller.client.cookies.set("lang", ("zh", "en")[lang])
    name = words()["field"]["current"][lang]
    for page in ("/account/password", "/account/closing", "/account/second-step"):
        shown = caller.post(
            page, {"current": "wrong", "for_good": "1", "password": "long-enough", "again": "long-enough"}
        )
        label = re.search(r'<label[^>]*for="f-current[\w-]*">\s*([^<]+?)\s*<', shown.html)
        assert label, page
        assert label[1] == name
