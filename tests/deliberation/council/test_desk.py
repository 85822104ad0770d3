import re

import pytest

from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD, verbs
from tests.deliberation.council.test_platform import slip_address

NEW = "/c/jinxiu/residents/new"
GRANDMOTHER = {"name": "陈阿婆", "tie": "owner", "building": "水仙里1幢1单元", "room": "0104"}


def test_somebody_without_a_phone_is_entered_and_confirmed_without_a_slip(town: Town) -> None:
    page = town.as_("desk").follow(NEW, GRANDMOTHER)
    assert "陈阿婆申请加入" in page.text
    assert "已登记，请另一位同事核对确认" in page.text
    assert "须由另一位同事核对确认" in page.text
    assert "/confirmation" not in page.html, "who entered somebody cannot confirm them, and is not led to try"
    own = re.search(r"/c/jinxiu/residents/\d+", page.html)
    assert own
    assert "郑志婷" in town.as_("desk2").get(own[0]).text
    assert verbs(town)[-1] == "resident.asked"


@pytest.mark.parametrize("way", [{"phone": "13611112222"}, {"sign_in_name": "陈阿婆"}])
def test_who_can_sign_in_gets_a_slip_and_the_desk_goes_on_to_confirm(town: Town, way: dict[str, str]) -> None:
    slip = town.as_("desk").post(NEW, {**GRANDMOTHER, **way})
    assert slip.status == 200
    assert "继续：请同事核对确认" in slip.text
    guest = town.as_(None)
    assert guest.post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD}).status == 303
    assert "陈阿婆" in guest.get("/account").text


def test_somebody_who_has_an_account_is_found_by_phone_and_name(town: Town) -> None:
    page = town.as_("desk").follow(NEW, {**GRANDMOTHER, "name": "路人", "phone": "13700000001"})
    assert "路人申请加入" in page.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"phone": "13700000001"}, "登记的是另一个姓名"),
        ({"name": "谢玉志", "phone": "13800000007"}, "已经是这个议事会的成员"),
        ({"phone": "12"}, "请填写 11 位手机号"),
        ({"sign_in_name": "13611112222"}, "不能全是数字"),
        ({"name": ""}, "请填写这一项"),
        ({"tie": ""}, "请填写这一项"),
    ],
)
def test_a_fault_keeps_the_form(town: Town, changed: dict[str, str], sentence: str) -> None:
    before = verbs(town)
    answer = town.as_("desk").post(NEW, {**GRANDMOTHER, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert 'value="0104"' in answer.html
    assert verbs(town) == before


def test_two_people_of_one_name_without_a_phone_are_two_people(town: Town) -> None:
    first = town.as_("desk").post(NEW, GRANDMOTHER)
    second = town.as_("desk").post(NEW, GRANDMOTHER)
    assert first.location.split("?")[0] != second.location.split("?")[0]
