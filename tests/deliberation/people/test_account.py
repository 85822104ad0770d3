import re

from deliberation.agenda.actions import propose
from deliberation.council.actions import appoint
from tests.conftest import Town
from tests.deliberation.people.build import PASSWORD, with_password

NEW = {"current": PASSWORD, "password": "another-good-one", "again": "another-good-one"}


def test_my_page_names_my_councils_my_home_and_my_devices(town: Town) -> None:
    page = with_password(town, "resident").get("/account")
    for words in ("谢玉志", "13800000007", "锦绣邻里议事会", "业主 · 已确认", "水仙里1幢1单元0101", "手机", "Chrome"):
        assert words in page.text


def test_a_device_is_seen_when_something_is_done_with_it_at_most_once_an_hour(town: Town) -> None:
    device = with_password(town, "resident")

    def last_used() -> str:
        return device.get("/account").text.split("最近使用")[1].split("本机")[0][:24]

    first = last_used()
    town.travel(hours=2)
    assert last_used() == first
    device.post("/c/jinxiu/matters", {})
    assert last_used() == first
    with town.write("owner") as tx:
        matter = propose(tx, title="请在架空层装充电桩", text="大家从楼上拉线充电。", category="fire").id
    assert device.post(f"/c/jinxiu/proposals/{matter}/seconding", {}).status == 303
    second = last_used()
    assert second != first
    town.travel(minutes=30)
    assert device.post(f"/c/jinxiu/proposals/{matter}/seconding/withdrawal", {}).status == 303
    assert last_used() == second


def test_a_new_password_signs_out_all_other_devices_but_this(town: Town) -> None:
    here, there = with_password(town, "resident"), town.as_("resident")
    page = here.follow("/account/password", NEW)
    assert "密码已改好" in page.text
    assert there.get("/account").status == 303
    other = town.as_(None)
    assert other.post("/sign-in", {"identifier": "13800000007", "password": PASSWORD}).status == 422
    assert other.post("/sign-in", {"identifier": "13800000007", "password": "another-good-one"}).status == 303


def test_the_password_until_now_must_be_right(town: Town) -> None:
    answer = with_password(town, "resident").post("/account/password", {**NEW, "current": "a-guess-of-mine"})
    assert answer.status == 422
    assert "现在的密码不对" in answer.text
    assert "新密码" in answer.text


def test_who_has_no_password_chooses_one_and_is_told_before_signing_out(town: Town) -> None:
    """The household slip lets people in without a password: the way to have one later must not ask for it."""
    here = town.as_("resident")
    assert "您还没有密码" in here.get("/account").text
    page = here.get("/account/password")
    assert 'name="current"' not in page.html
    chosen = here.follow("/account/password", {**NEW, "current": ""})
    assert chosen.status == 200
    assert "密码已设好" in chosen.text
    assert "密码已改好" not in chosen.text
    assert "您还没有密码" not in here.get("/account").text
    assert 'name="current"' in here.get("/account/password").html
    known = {"identifier": "13800000007", "password": "another-good-one"}
    assert town.as_(None).post("/sign-in", known).status == 303


def test_two_different_new_passwords_are_refused(town: Town) -> None:
    answer = with_password(town, "resident").post("/account/password", {**NEW, "again": "something-else"})
    assert answer.status == 422
    assert "两次填写的密码不一样" in answer.text


def sign_in_numbers(html: str) -> list[str]:
    return re.findall(r"/account/sign-ins/(\d+)/ending", html)


def test_one_other_device_can_be_signed_out(town: Town) -> None:
    here, there = with_password(town, "neighbor"), town.as_(None)
    there.post("/sign-in", {"identifier": "13800000008", "password": PASSWORD})
    [number] = sign_in_numbers(here.get("/account").html)
    assert "那台设备已退出" in here.follow(f"/account/sign-ins/{number}/ending").text
    assert there.get("/account").status == 303
    assert here.get("/account").status == 200


def test_nobody_signs_out_a_device_of_somebody_else(town: Town) -> None:
    here, there = with_password(town, "neighbor"), town.as_(None)
    there.post("/sign-in", {"identifier": "13800000008", "password": PASSWORD})
    [number] = sign_in_numbers(here.get("/account").html)
    assert town.as_("stranger").post(f"/account/sign-ins/{number}/ending").status == 404
    assert there.get("/account").status == 200


def test_all_devices_can_be_signed_out_at_once(town: Town) -> None:
    here = with_password(town, "resident")
    answer = here.post("/account/sign-ins/ending")
    assert answer.location.startswith("/sign-in")
    assert here.get("/account").status == 303


def test_the_page_of_an_account_is_kept_by_no_cache(town: Town) -> None:
    assert town.as_("resident").get("/account").response.headers["cache-control"] == "no-store"


def test_one_s_own_pages_keep_the_tabs_of_the_one_council_one_belongs_to(town: Town) -> None:
    for path in ("/account", "/account/data", "/account/password"):
        page = town.as_("desk").get(path).html
        for tab in ("matters", "meetings", "notices", "work"):
            assert f'href="/c/jinxiu/{tab}"' in page, path
    assert 'href="/c/jinxiu/work"' not in town.as_("resident").get("/account").html
    assert 'href="/c/jinxiu/matters"' in town.as_("resident").get("/account").html


def test_who_belongs_to_no_council_or_to_several_has_none_of_them_on_one_s_own_page(town: Town) -> None:
    assert 'class="site-nav' in town.as_("stranger").get("/account").html
    assert "/matters" not in town.as_("stranger").get("/account").html
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["desk"], "desk")
    assert '/matters"' not in town.as_("desk").get("/account").html


def test_who_tries_the_present_password_on_all_pages_that_ask_for_it_has_as_many_tries_as_on_one(town: Town) -> None:
    """A phone left unlocked: the right one is not told from wrong ones once there were too many."""
    thief = with_password(town, "resident")
    wrong = {**NEW, "current": "a-guess-of-mine", "for_good": "1"}
    for page in ("/account/password", "/account/closing"):
        for _ in range(5):
            assert thief.post(page, wrong).status == 422
    for page in ("/account/password", "/account/closing"):
        assert thief.post(page, {**wrong, "current": PASSWORD}).status == 429
