import re

import pytest

from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD
from tests.deliberation.people.build import with_password

COUNCIL = {"name": "南苑邻里议事会", "compound": "南苑小区", "community": "南苑社区", "slug": "nanyuan"}
GUEST = {"name": "陈书记", "phone": "13611112222"}


def slip_address(html: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/[\w-]+)", html)
    assert found, html
    return found[1]


def test_the_admin_makes_a_council_and_hands_its_moderator_a_slip(town: Town) -> None:
    admin = town.as_("admin")
    page = admin.follow("/platform", COUNCIL)
    assert "还没有主持人" in page.text
    slip = admin.post("/platform/councils/nanyuan", GUEST)
    assert slip.status == 200
    assert "<svg" in slip.html
    guest = town.as_(None)
    guest.post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD})
    assert "陈书记" in guest.get("/c/nanyuan/seats").text
    assert guest.post("/c/nanyuan/seats", {**GUEST, "name": "", "role": "desk"}).status == 422


def test_somebody_with_an_account_is_appointed_without_a_slip(town: Town) -> None:
    with_password(town, "stranger")
    page = town.as_("admin").follow("/platform/councils/other", {"name": "路人", "phone": "13700000001"})
    assert "已任命" in page.text
    assert "路人" in page.text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "别人", "phone": "13700000001"}, "登记的是另一个姓名"),
        ({"name": "外区主持", "phone": "13900000001"}, "已经是这个席位"),
        ({"name": "", "phone": "13900000001"}, "请填写这一项"),
    ],
)
def test_a_wrong_name_or_a_second_appointment_is_refused(town: Town, form: dict[str, str], sentence: str) -> None:
    answer = town.as_("admin").post("/platform/councils/other", form)
    assert answer.status == 422
    assert sentence in answer.text


def test_two_councils_never_share_an_address(town: Town) -> None:
    answer = town.as_("admin").post("/platform", {**COUNCIL, "slug": "jinxiu"})
    assert answer.status == 422
    assert "这个简称已有议事会在用" in answer.text
    assert 'value="南苑小区"' in answer.html


def test_the_admin_lets_a_moderator_choose_a_password_anew(town: Town) -> None:
    number = town.cast.ids["other_moderator"]
    slip = town.as_("admin").post(f"/platform/councils/other/moderators/{number}/link")
    assert town.as_(None).get(slip_address(slip.html)).status == 200
    for who in ("moderator", "resident"):
        wrong = town.cast.ids[who]
        assert town.as_("admin").post(f"/platform/councils/other/moderators/{wrong}/link").status == 404


@pytest.mark.parametrize("who", ["moderator", "resident", "stranger"])
def test_nobody_else_sees_the_platform_s_pages(town: Town, who: str) -> None:
    for path in ("/platform", "/platform/councils/jinxiu"):
        assert town.as_(who).get(path).status == 403
        assert town.as_(who).post(path, COUNCIL).status == 403
    assert town.as_(None).get("/platform").status == 303
    assert town.as_("admin").get("/platform/councils/nowhere").status == 404
