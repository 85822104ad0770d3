"""A page that says no: in the reader's language, knowing who reads, kept by no cache."""

import re

import pytest

from tests.conftest import Town

LATIN = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,}){2,}")


@pytest.mark.parametrize("path", ["/nope", "/c/nowhere", "/c/jinxiu/motions/999", "/c/jinxiu/settings"])
def test_a_page_that_says_no_says_it_in_chinese(town: Town, path: str) -> None:
    answer = town.as_("resident").get(path)
    assert answer.status in {403, 404}
    assert LATIN.findall(answer.text) == []


def test_an_unknown_address_still_knows_who_is_signed_in(town: Town) -> None:
    answer = town.as_("resident").get("/nope")
    assert 'href="/account"' in answer.html
    assert answer.response.headers["cache-control"] == "no-store"
