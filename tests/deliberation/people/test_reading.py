import pytest

from tests.conftest import Town


def test_language_is_chosen_without_an_account_and_remembered(town: Town) -> None:
    browser = town.as_(None)
    assert "登录" in browser.get("/sign-in").text
    answer = browser.get("/reading?lang=en&back=/sign-in%3Fnext%3D/account")
    assert (answer.status, answer.location) == (303, "/sign-in?next=/account")
    page = browser.get("/sign-in")
    assert "Password" in page.text
    assert '<html lang="en"' in page.html


@pytest.mark.parametrize("size", ["s", "m", "l"])
def test_text_size_is_remembered(town: Town, size: str) -> None:
    browser = town.as_(None)
    browser.get(f"/reading?size={size}&back=/sign-in")
    assert f'data-size="{size}"' in browser.get("/sign-in").html


@pytest.mark.parametrize("query", ["lang=de", "size=xxl", "lang=", ""])
def test_what_is_not_offered_changes_nothing(town: Town, query: str) -> None:
    answer = town.as_(None).get(f"/reading?{query}&back=/sign-in")
    cookies = [one for one in answer.response.headers.get_list("set-cookie") if one.startswith(("lang=", "size="))]
    assert cookies == []


def test_the_way_back_stays_on_this_server(town: Town) -> None:
    assert town.as_(None).get("/reading?lang=en&back=https://evil.example").location == "/"
