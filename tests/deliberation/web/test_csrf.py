"""A form counts only when this server showed it to this browser."""

import pytest

from deliberation.i18n.catalog import word
from tests.conftest import Town
from tests.deliberation.council.build import verbs

FORM = {"name": "谢玉志", "phone": "13800000007", "role": "affected"}
SEATS = "/c/jinxiu/seats"


@pytest.mark.parametrize("forged", ["", "0" * 64, "林"])
def test_a_forged_token_is_refused_and_the_form_kept(town: Town, forged: str) -> None:
    before = verbs(town)
    answer = town.as_("moderator").post(SEATS, {**FORM, "csrf": forged})
    assert answer.status == 403
    assert "页面放得太久了" in answer.text
    assert 'value="13800000007"' in answer.html
    assert verbs(town) == before


def test_a_token_of_another_browser_or_another_sign_in_is_refused(town: Town) -> None:
    resident, moderator = town.as_("resident"), town.as_("moderator")
    page = resident.get("/account").html
    token = page.split('name="csrf" value="')[1].split('"')[0]
    assert moderator.post(SEATS, {**FORM, "csrf": token}).status == 403


def test_a_browser_without_the_guard_cookie_has_no_valid_token(town: Town) -> None:
    moderator = town.as_("moderator")
    moderator.client.cookies.delete("guard")
    assert moderator.post(SEATS, FORM).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_s_form_is_refused_even_with_the_right_token(town: Town, headers: dict[str, str]) -> None:
    before = verbs(town)
    assert town.as_("moderator").post(SEATS, FORM, headers=headers).status == 403
    assert verbs(town) == before


@pytest.mark.parametrize("headers", [{"origin": "http://127.0.0.1"}, {"sec-fetch-site": "same-origin"}])
def test_the_site_s_own_forms_pass(town: Town, headers: dict[str, str]) -> None:
    assert town.as_("moderator").post(SEATS, FORM, headers=headers).status == 303


def test_the_token_for_signing_in_works_before_anybody_is_signed_in(town: Town) -> None:
    answer = town.as_(None).post("/sign-in", {"identifier": "13800000007", "password": "wrong-one", "csrf": "x"})
    assert answer.status == 403
    assert town.as_(None).post("/sign-in", {"identifier": "13800000007", "password": "wrong-one"}).status == 422


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"referer": "http://127.0.0.1/c/jinxiu"}, True),
        ({"sec-fetch-site": "cross-site", "referer": "http://127.0.0.1/c/jinxiu"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"referer": "http://elsewhere.example/c/jinxiu"}, False),
        ({}, False),
    ],
)
def test_nobody_s_link_makes_a_page_say_that_something_was_done(
    town: Town, headers: dict[str, str], told: bool
) -> None:
    answer = town.as_("owner").get("/c/jinxiu?said=objected", headers=headers)
    assert (word("said", "objected", "zh") in answer.text) is told
