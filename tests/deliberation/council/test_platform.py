import re

import pytest
from sqlmodel import select

from deliberation.council import actions, queries
from deliberation.council.resting.actions import rest
from deliberation.council.resting.rules import Why
from deliberation.council.tables import Seat
from deliberation.people.tables import SignIn
from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD
from tests.deliberation.people.build import with_password

COUNCIL = {"name": "南苑邻里议事会", "compound": "南苑小区", "community": "南苑社区", "slug": "nanyuan"}
GUEST = {"name": "陈书记", "phone": "13611112222", "role": "moderator"}


def slip_address(html: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/[\w-]+)", html)
    assert found, html
    return found[1]


def test_the_admin_makes_a_council_and_hands_its_moderator_a_slip(town: Town) -> None:
    admin = town.as_("admin")
    page = admin.follow("/platform", COUNCIL)
    assert "主持人 空缺" in page.text
    assert "请先任命主持人" in page.text
    assert 'value="moderator" checked' in page.html
    slip = admin.post("/platform/councils/nanyuan", GUEST)
    assert slip.status == 200
    assert "<svg" in slip.html
    page = admin.get("/platform/councils/nanyuan")
    assert 'value="recorder" checked' in page.html, "the next one who is missing"
    assert '<details class="more" open>' in page.html
    guest = town.as_(None)
    guest.post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD})
    assert "陈书记" in guest.get("/c/nanyuan/seats").text
    assert guest.post("/c/nanyuan/seats", {**GUEST, "name": "", "role": "desk"}).status == 422


def test_somebody_with_an_account_is_appointed_without_a_slip(town: Town) -> None:
    with_password(town, "stranger")
    page = town.as_("admin").follow(
        "/platform/councils/other", {"name": "路人", "phone": "13700000001", "role": "supervisor"}
    )
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
    answer = town.as_("admin").post("/platform/councils/other", {**form, "role": "moderator"})
    assert answer.status == 422
    assert sentence in answer.text


def test_two_councils_never_share_an_address(town: Town) -> None:
    answer = town.as_("admin").post("/platform", {**COUNCIL, "slug": "jinxiu"})
    assert answer.status == 422
    assert "这个简称已有议事会在用" in answer.text
    assert 'value="南苑小区"' in answer.html


def never_came(town: Town, who: str) -> None:
    with town.write() as tx:
        for one in tx.session.exec(select(SignIn).where(SignIn.account_id == town.cast.ids[who])):
            tx.session.delete(one)


@pytest.mark.parametrize("who", ["moderator", "recorder", "desk", "supervisor"])
def test_whoever_works_there_and_lost_the_slip_gets_a_new_one(town: Town, who: str) -> None:
    never_came(town, who)
    address = f"/platform/councils/jinxiu/people/{town.cast.ids[who]}/link"
    admin = town.as_("admin")
    assert f'action="{address}"' in admin.get("/platform/councils/jinxiu").html
    slip = admin.post(address)
    assert town.as_(None).get(slip_address(slip.html)).status == 200
    for wrong in ("property", "resident", "other_moderator"):
        assert admin.post(address.replace(str(town.cast.ids[who]), str(town.cast.ids[wrong]))).status == 404


def test_an_officer_of_the_community_who_never_came_gets_one_too_and_who_has_a_password_none(town: Town) -> None:
    never_came(town, "stranger")
    admin = town.as_("admin")
    admin.post("/platform/councils/jinxiu", {"name": "路人", "phone": "13700000001", "role": "community"})
    address = f"/platform/councils/jinxiu/people/{town.cast.ids['stranger']}/link"
    assert town.as_(None).get(slip_address(admin.post(address).html)).status == 200
    with_password(town, "stranger")
    assert address not in admin.get("/platform/councils/jinxiu").html
    answer = admin.post(address)
    assert answer.status == 422
    assert "找回账号" in answer.text


def test_an_admin_who_works_there_gives_no_key_to_a_seat_that_another_agreed_with(town: Town) -> None:
    never_came(town, "desk")
    address = f"/platform/councils/jinxiu/people/{town.cast.ids['desk']}/link"
    with town.write("admin") as tx:
        actions.appoint(tx, town.cast.ids["admin"], "moderator")
    admin = town.as_("admin")
    answer = admin.post(address)
    assert answer.status == 422
    assert "链接不能由您给出" in answer.text
    with town.write("admin") as tx:
        (seat,) = queries.held(tx.session, town.cast.council_id, town.cast.ids["desk"], "desk")
        seat.appointed_by = town.cast.ids["admin"]
        tx.session.add(seat)
    assert town.as_(None).get(slip_address(admin.post(address).html)).status == 200
    with town.write("admin") as tx:
        (seat,) = queries.held(tx.session, town.cast.council_id, town.cast.ids["desk"], "desk")
        seat.confirmed_by = town.cast.ids["supervisor"]
        tx.session.add(seat)
    assert admin.post(address).status == 422


@pytest.mark.parametrize("who", ["moderator", "resident", "stranger"])
def test_nobody_else_sees_the_platform_s_pages(town: Town, who: str) -> None:
    for path in ("/platform", "/platform/councils/jinxiu"):
        assert town.as_(who).get(path).status == 403
        assert town.as_(who).post(path, COUNCIL).status == 403
    assert town.as_(None).get("/platform").status == 303
    assert town.as_("admin").get("/platform/councils/nowhere").status == 404


def test_where_nobody_is_missing_appointing_is_folded_away(town: Town) -> None:
    assert '<details class="more" open>' not in town.as_("admin").get("/platform/councils/jinxiu").html


class TestOfficersOfTheCommunity:
    def appointed(self, town: Town) -> str:
        """An officer of the community of all three councils; the address that ends the seat."""
        admin = town.as_("admin")
        admin.post("/platform", {**COUNCIL, "community": "锦绣社区"})
        page = admin.follow("/platform/councils/nanyuan", {"name": "路人", "phone": "13700000001", "role": "community"})
        assert "社区工作人员" in page.text
        return f"/platform/councils/nanyuan/officers/{town.cast.ids['stranger']}/ending"

    def test_read_what_members_read_in_each_council_and_change_nothing(self, town: Town) -> None:
        officer = town.as_("stranger")
        assert officer.get("/c/jinxiu/seats").status == 404
        self.appointed(town)
        for council in ("jinxiu", "nanyuan"):
            assert "社区工作人员" in officer.get(f"/c/{council}/seats").text
            assert officer.get(f"/c/{council}/residents").status == 403
            assert officer.post(f"/c/{council}/seats", {**GUEST, "role": "desk"}).status == 403
        assert officer.get("/c/jinxiu/log").status == 200

    def test_come_to_a_council_made_later_and_leave_all_at_once(self, town: Town) -> None:
        ending = self.appointed(town)
        town.as_("admin").post("/platform", {**COUNCIL, "slug": "beiyuan", "community": "锦绣社区"})
        assert town.as_("stranger").get("/c/beiyuan/seats").status == 200
        admin, field = town.as_("admin"), f"reason_{town.cast.ids['stranger']}"
        silent = admin.post(ending)
        assert silent.status == 422
        assert f'<a href="#f-{field}">' in silent.html
        assert admin.post(ending, {field: "调到别的社区去了。"}).status == 303
        assert "调到别的社区去了。" in town.as_("resident").get("/c/jinxiu/log").text
        for council in ("jinxiu", "nanyuan", "beiyuan"):
            assert town.as_("stranger").get(f"/c/{council}/seats").status == 404
        assert town.as_("admin").post(ending).status == 404

    def test_are_the_platforms_to_give_and_to_end(self, town: Town) -> None:
        self.appointed(town)
        moderator = town.as_("moderator")
        assert moderator.post("/c/jinxiu/seats", {**GUEST, "role": "community"}).status == 422
        with town.db.read() as session:
            (seat,) = queries.held(session, town.cast.council_id, town.cast.ids["stranger"], "community")
            seat_id = seat.id
        refused = moderator.post(f"/c/jinxiu/seats/{seat_id}/ending")
        assert refused.status == 422
        assert "由平台管理员任免" in refused.text
        assert moderator.post(f"/c/jinxiu/people/{town.cast.ids['stranger']}/link").status == 422
        again = town.as_("admin").post(
            "/platform/councils/jinxiu", {"name": "路人", "phone": "13700000001", "role": "community"}
        )
        assert "已经是这个席位" in again.text

    def test_nobody_but_the_admin_appoints_them(self, town: Town) -> None:
        form = {"name": "路人", "phone": "13700000001", "role": "community"}
        assert town.as_("moderator").post("/platform/councils/jinxiu", form).status == 403


def test_the_admin_signs_one_person_out_at_once_and_nobody_else(town: Town) -> None:
    lost, other = town.as_("resident"), town.as_("owner")
    page = town.as_("admin").follow("/platform/sign-outs", {"identifier": "13800000007"})
    assert "已退出登录" in page.text
    assert lost.get("/account").status == 303
    assert other.get("/account").status == 200


def test_the_admin_signs_everybody_out_but_themselves(town: Town) -> None:
    admin = town.as_("admin")
    assert admin.post("/platform/sign-outs", {"everybody": "1"}).status == 303
    assert admin.get("/platform").status == 200
    for who in ("resident", "moderator", "other_moderator"):
        assert town.as_(who).get("/account").status == 303


def test_whom_nobody_knows_is_said_at_the_field_and_an_empty_form_signs_nobody_out(town: Town) -> None:
    admin = town.as_("admin")
    answer = admin.post("/platform/sign-outs", {"identifier": "13999999999"})
    assert answer.status == 422
    assert "没有这个账号" in answer.text
    assert admin.post("/platform/sign-outs", {}).status == 422
    assert town.as_("resident").get("/account").status == 200


def test_a_seat_that_rests_is_marked_among_who_holds_what_as_the_members_see_it(town: Town) -> None:
    with town.write("admin") as tx:
        (seat,) = queries.held(tx.session, tx.council, town.cast.ids["recorder"], "recorder")
        rest(tx, tx.session.get_one(Seat, seat.id), Why.RECOVERY)
    for who, path in (("moderator", "/c/jinxiu/seats"), ("admin", "/platform/councils/jinxiu")):
        holds = town.as_(who).get(path).text.split("谁担任什么")[1]
        assert holds.count("还没有生效") == 1, path
