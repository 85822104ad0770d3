import re

import pytest

from deliberation.council import actions
from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD, asked, verbs
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.people.build import with_password
from votes.refusal import Refused

SEATS = "/c/jinxiu/seats"
NEW = {"name": "新委员", "phone": "13611112222", "role": "committee"}


def ending(html: str, name: str) -> str:
    """The address that ends this person's first seat."""
    row = next(part for part in html.split('<li class="seat">')[1:] if f">{name}<" in part)
    found = re.search(r"/c/jinxiu/seats/\d+/ending", row)
    assert found
    return found[0]


def test_every_member_reads_who_sits_and_as_what(town: Town) -> None:
    for who in ("resident", "tenant", "property"):
        page = town.as_(who).get(SEATS)
        assert "林主持" in page.text
        assert "居务监督" in page.text
        assert "任命席位" not in page.text
        assert "13800000000" not in page.text
    for who in ("stranger", "other_moderator", "other_resident"):
        assert town.as_(who).get(SEATS).status == 404
    assert town.as_(None).get(SEATS).status == 303


def test_the_moderator_seats_somebody_new_with_a_slip(town: Town) -> None:
    slip = town.as_("moderator").post(SEATS, NEW)
    assert slip.status == 200
    assert "新委员" in slip.text
    guest = town.as_(None)
    guest.post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD})
    assert "业主委员会" in guest.get("/account").text
    assert verbs(town)[-1] == "seat.appointed"


def test_one_person_may_hold_several_seats(town: Town) -> None:
    with_password(town, "neighbor")
    for role in ("affected", "sitting_in"):
        form = {"name": "吴志燕", "phone": "13800000008", "role": role}
        assert "已任命" in town.as_("moderator").follow(SEATS, form).text
    page = town.as_("neighbor").get("/account")
    assert page.status == 303
    assert town.as_("moderator").get(SEATS).text.count("吴志燕") == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"phone": "13800000008"}, "登记的是另一个姓名"),
        ({"name": "业主甲", "phone": "12"}, "请填写 11 位手机号"),
        ({"role": "king"}, "请从列出的选项中选一项"),
        ({"role": ""}, "请填写这一项"),
        ({"name": "张建强", "phone": "13800000006"}, "已经是这个席位"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused_at_its_field(
    town: Town, changed: dict[str, str], sentence: str
) -> None:
    before = verbs(town)
    answer = town.as_("moderator").post(SEATS, {**NEW, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert verbs(town) == before


def test_a_seat_ends_and_its_rights_with_it(town: Town) -> None:
    moderator = town.as_("moderator")
    address = ending(moderator.get(SEATS).html, "服务台甲")
    assert town.as_("desk").get("/c/jinxiu/residents").status == 200
    assert "这个席位已结束" in moderator.follow(address).text
    assert town.as_("desk").get("/c/jinxiu/residents").status == 404
    assert verbs(town)[-1] == "seat.ended"
    assert moderator.post(address).status == 404


def test_the_last_moderator_cannot_leave_the_council_without_one(town: Town) -> None:
    moderator = town.as_("moderator")
    answer = moderator.post(ending(moderator.get(SEATS).html, "林主持"))
    assert answer.status == 422
    assert "至少要有一位主持人" in answer.text


@pytest.mark.parametrize("who", ["recorder", "desk", "resident", "committee"])
def test_only_the_moderator_appoints_and_ends(town: Town, who: str) -> None:
    address = ending(town.as_("moderator").get(SEATS).html, "服务台乙")
    assert town.as_(who).post(SEATS, NEW).status == 403
    assert town.as_(who).post(address).status == 403


def test_a_seat_of_another_council_is_out_of_reach(town: Town) -> None:
    address = ending(town.as_("moderator").get(SEATS).html, "服务台乙").replace("jinxiu", "other")
    assert town.as_("other_moderator").post(address).status == 404


def test_the_desk_hands_a_resident_a_link_and_it_is_written_down(town: Town) -> None:
    slip = town.as_("desk").post(f"/c/jinxiu/people/{town.cast.ids['resident']}/link")
    assert "谢玉志" in slip.text
    assert town.as_(None).get(slip_address(slip.html)).status == 200
    assert verbs(town)[-1] == "account.link_given"


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("desk", "recorder", 422),
        ("desk", "moderator", 422),
        ("desk", "desk", 422),
        ("moderator", "desk", 422),
        ("moderator", "property", 200),
        ("moderator", "admin", 404),
        ("desk", "stranger", 404),
        ("desk", "other_moderator", 404),
        ("resident", "neighbor", 403),
        ("supervisor", "neighbor", 403),
    ],
)
def test_a_link_is_given_only_downwards(town: Town, who: str, whom: str, status: int) -> None:
    assert town.as_(who).post(f"/c/jinxiu/people/{town.cast.ids[whom]}/link").status == status


def test_a_council_gives_no_link_for_somebody_who_sits_on_another(town: Town) -> None:
    asked(town, "other_moderator")
    answer = town.as_("moderator").post(f"/c/jinxiu/people/{town.cast.ids['other_moderator']}/link")
    assert answer.status == 422
    assert "不能由您给出新密码的链接" in answer.text


def test_whoever_loses_a_seat_is_told_on_open_pages_at_once(town: Town) -> None:
    told: list[str] = []
    town.db.publish = told.append
    page = town.as_("moderator").get(SEATS)
    assert town.as_("moderator").post(ending(page.html, "物业经理")).status == 303
    assert f"account:{town.cast.ids['property']}" in told


@pytest.mark.parametrize(("who", "role"), [("moderator", "supervisor"), ("supervisor", "desk")])
def test_who_watches_the_count_is_none_of_the_staff(town: Town, who: str, role: str) -> None:
    with pytest.raises(Refused, match="watches_or_works"), town.write("moderator") as tx:
        actions.appoint(tx, town.cast.ids[who], role)
