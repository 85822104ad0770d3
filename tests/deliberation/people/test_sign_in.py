import pytest
from sqlmodel import select

from deliberation.people.pages import local_path
from deliberation.people.tables import SignIn
from deliberation.web.site import DemoSignIn
from tests.conftest import Town
from tests.deliberation.people.build import PASSWORD, with_password

PHONE = "13800000007"


@pytest.fixture
def known(town: Town) -> Town:
    with_password(town, "resident")
    return town


@pytest.mark.parametrize("typed", [PHONE, "138 0000 0007", "+86 138-0000-0007", "１３８０００００００７"])
def test_phone_and_password_sign_a_person_in_and_lead_on(known: Town, typed: str) -> None:
    browser = known.as_(None)
    answer = browser.post("/sign-in", {"identifier": typed, "password": PASSWORD, "next": "/c/jinxiu/roll"})
    assert (answer.status, answer.location) == (303, "/c/jinxiu/roll")
    assert "谢玉志" in browser.get("/account").text


def test_the_cookie_is_out_of_reach_of_scripts(known: Town) -> None:
    answer = known.as_(None).post("/sign-in", {"identifier": PHONE, "password": PASSWORD})
    cookie = next(one for one in answer.response.headers.get_list("set-cookie") if one.startswith("sign-in="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    with known.db.read() as session:
        kept = session.exec(select(SignIn.token_hash)).all()
    assert cookie.split("=")[1].split(";")[0] not in kept


@pytest.mark.parametrize(
    ("identifier", "password"), [(PHONE, "not-the-password"), ("13999999999", PASSWORD), (PHONE, PASSWORD * 20)]
)
def test_a_wrong_phone_and_a_wrong_password_get_the_same_sentence(known: Town, identifier: str, password: str) -> None:
    answer = known.as_(None).post("/sign-in", {"identifier": identifier, "password": password})
    assert answer.status == 422
    assert "手机号（或登录名）与密码不符" in answer.text
    assert f'value="{identifier}"' in answer.html
    assert password not in answer.html


def test_an_account_without_a_password_cannot_be_entered_with_an_empty_one(town: Town) -> None:
    answer = town.as_(None).post("/sign-in", {"identifier": PHONE, "password": ""})
    assert answer.status == 422
    assert "请填写这一项" in answer.text


def test_guessing_is_slowed_down_for_one_account_from_any_browser(known: Town) -> None:
    for _ in range(10):
        assert known.as_(None).post("/sign-in", {"identifier": PHONE, "password": "wrong-one"}).status == 422
    answer = known.as_(None).post("/sign-in", {"identifier": PHONE, "password": PASSWORD})
    assert answer.status == 429
    assert "操作太频繁" in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_signing_in_never_leads_to_another_host(known: Town, elsewhere: str) -> None:
    answer = known.as_(None).post("/sign-in", {"identifier": PHONE, "password": PASSWORD, "next": elsewhere})
    assert (answer.status, answer.location) == (303, "/")


def test_a_page_that_needs_a_person_sends_to_the_sign_in_page_and_back(known: Town) -> None:
    browser = known.as_(None)
    answer = browser.get("/account")
    assert (answer.status, answer.location) == (303, "/sign-in?next=%2Faccount")
    assert 'name="next" value="/account"' in browser.get(answer.location).html


def test_who_has_no_account_yet_goes_from_there_to_the_code_on_their_slip_or_asks_to_join(known: Town) -> None:
    browser = known.as_(None)
    page = browser.get("/sign-in?next=/c/jinxiu/matters/new%3Fkind=1").html
    for way in ("home-code", "join"):
        assert f'href="/c/jinxiu/{way}"' in page
        assert browser.get(f"/c/jinxiu/{way}").status == 200
    assert "home-code" not in browser.get("/sign-in?next=/account").html, "it is not known of which council"


def test_who_is_signed_in_is_sent_on(town: Town) -> None:
    assert town.as_("resident").get("/sign-in?next=/account").location == "/account"


def test_a_sign_in_ends_after_thirty_days(town: Town) -> None:
    town.travel(days=29)
    assert town.as_("resident").get("/account").status == 200
    town.travel(days=2)
    assert town.as_("resident").get("/account").status == 303


def test_signing_out_ends_it_for_that_token_for_ever(town: Town) -> None:
    browser = town.as_("resident")
    assert browser.post("/sign-out").location == "/"
    assert town.as_("resident").get("/account").status == 303


def test_demo_accounts_stand_on_the_demo_s_sign_in_page_only(known: Town) -> None:
    known.site.demo_accounts = (DemoSignIn("业主甲", "Owner A", PHONE, PASSWORD),)
    assert "业主甲" not in known.as_(None).get("/sign-in").text
    object.__setattr__(known.site.settings, "demo", True)
    page = known.as_(None).get("/sign-in")
    assert "业主甲" in page.text
    assert f'name="identifier" value="{PHONE}"' in page.html


@pytest.mark.parametrize(
    "away", ["//evil.example", "/\\evil.example", "/\t/evil.example", "\t//evil.example", "/\r\n/evil.example"]
)
def test_nobody_is_led_elsewhere_also_where_a_browser_leaves_letters_out(away: str) -> None:
    assert local_path(away) == "/"
    assert local_path("/c/jinxiu/议题?x=1") == "/c/jinxiu/议题?x=1"
