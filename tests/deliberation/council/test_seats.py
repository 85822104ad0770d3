import re

import pytest

from deliberation.council import actions, queries
from deliberation.council.tables import Seat
from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD, asked, seat_of, verbs
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.people.build import with_password
from votes.refusal import Refused

SEATS = "/c/jinxiu/seats"
NEW = {"name": "新委员", "phone": "13611112222", "role": "committee"}


WHY = {"reason": "任期到了，本人也同意。"}


def ending(html: str, name: str) -> str:
    """The address that ends this person's first seat; it wants WHY."""
    found = re.search(rf'href="(/c/jinxiu/seats/\d+)">{name}<', html)
    assert found
    return f"{found[1]}/ending"


def test_every_member_reads_who_sits_and_as_what(town: Town) -> None:
    for who in ("resident", "tenant", "property"):
        page = town.as_(who).get(SEATS)
        assert "林主持" in page.text
        assert "居务监督" in page.text
        assert "任命席位" not in page.text
        assert town.as_(who).get(f"{SEATS}/new").status == 403
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


def test_whoever_holds_what_stands_in_one_row_a_role_and_an_empty_one_says_so(town: Town) -> None:
    with town.write("admin") as tx:
        (seat,) = queries.held(tx.session, town.cast.council_id, town.cast.ids["supervisor"], "supervisor")
        actions.end_seat(tx, seat)
    page = town.as_("recorder").get(SEATS)
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page.html, re.DOTALL)
    shown = {role: re.findall(r">([^<>]+)</a>", names) for role, names in rows}
    assert shown["服务台"] == ["服务台甲", "服务台乙"]
    assert shown["记录人"] == ["陈记录"]
    assert "空缺" in next(names for role, names in rows if role == "居务监督")
    assert page.text.index("陈记录 您") < page.text.index("以前的席位")


def test_what_waits_for_its_reader_stands_before_who_holds_what(town: Town) -> None:
    town.as_("moderator").post(SEATS, {"name": "吴志燕", "phone": "13800000008", "role": "desk"})
    page = town.as_("supervisor").get(SEATS).text
    assert page.index("有 1 件席位变动等您同意") < page.index("谁担任什么")
    other = town.as_("recorder").get(SEATS).text
    assert "等您同意" not in other
    assert other.index("有 1 件席位变动等另一位同意") < other.index("谁担任什么")


def test_a_seat_has_a_page_that_says_what_it_is_for_and_who_gave_it(town: Town) -> None:
    number = seat_of(town, "property")
    page = town.as_("resident").get(f"{SEATS}/{number}")
    assert "物业经理" in page.text
    assert "代表物业服务企业" in page.text
    assert "结束这个席位" not in page.text
    assert f"{SEATS}/{number}/ending" in town.as_("moderator").get(f"{SEATS}/{number}").html
    assert town.as_("resident").get(f"{SEATS}/99999").status == 404
    assert town.as_("other_moderator").get(f"/c/other/seats/{number}").status == 404


def test_no_seat_ends_without_a_reason_and_what_is_typed_stays(town: Town) -> None:
    number = seat_of(town, "property")
    moderator = town.as_("moderator")
    for reason in ("", "走了"):
        answer = moderator.post(f"{SEATS}/{number}/ending", {"reason": reason})
        assert answer.status == 422
        assert f'value="{reason}"' in answer.html
        assert '<a href="#f-reason">' in answer.html
        assert '<details class="more" open>' in answer.html
    assert "seat.ended" not in verbs(town)
    assert moderator.post(f"{SEATS}/{number}/ending", WHY).status == 303
    page = town.as_("resident").get(f"{SEATS}/{number}")
    assert WHY["reason"] in page.text
    assert "这个席位已经结束" in page.text
    assert f"理由：{WHY['reason']}" in town.as_("resident").get("/c/jinxiu/log").text


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("property", "席位马上结束，不能撤销：要回来，得重新任命。"),
        ("desk", "席位马上结束，不能撤销：要回来，得重新任命，还要另一位同意。"),
        ("supervisor", "这个席位要居务监督、社区工作人员或平台管理员同意后才结束"),
        ("moderator", "席位马上结束，您就不能再做这项工作。"),
    ],
)
def test_before_a_seat_ends_its_page_says_what_that_means(town: Town, who: str, sentence: str) -> None:
    assert sentence in town.as_("moderator").get(f"{SEATS}/{seat_of(town, who)}").text


def test_an_ending_that_waits_is_not_put_twice(town: Town) -> None:
    moderator = town.as_("moderator")
    number = seat_of(town, "supervisor")
    moderator.post(f"{SEATS}/{number}/ending", WHY)
    page = moderator.get(f"{SEATS}/{number}")
    assert "已经有人提出结束这个席位" in page.text
    assert f"{SEATS}/{number}/ending" not in page.html


def test_an_end_of_before_reasons_were_asked_for_is_told_without_one(town: Town) -> None:
    with town.write("moderator") as tx:
        actions.end_seat(tx, tx.session.get_one(Seat, seat_of(town, "property")))
    assert "理由：没有写明" in town.as_("resident").get("/c/jinxiu/log").text


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
    assert "这个席位已结束" in moderator.follow(address, WHY).text
    assert town.as_("desk").get("/c/jinxiu/residents").status == 404
    assert verbs(town)[-1] == "seat.ended"
    assert moderator.post(address, WHY).status == 404


def test_the_last_moderator_cannot_leave_the_council_without_one(town: Town) -> None:
    moderator = town.as_("moderator")
    answer = moderator.post(ending(moderator.get(SEATS).html, "林主持"), WHY)
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
    assert town.as_("moderator").post(ending(page.html, "物业经理"), WHY).status == 303
    assert f"account:{town.cast.ids['property']}" in told


@pytest.mark.parametrize(("who", "role"), [("moderator", "supervisor"), ("supervisor", "desk")])
def test_who_watches_the_count_is_none_of_the_staff(town: Town, who: str, role: str) -> None:
    with pytest.raises(Refused, match="watches_or_works"), town.write("moderator") as tx:
        actions.appoint(tx, town.cast.ids[who], role)
