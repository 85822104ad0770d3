"""Chinese first: also when something is not found, not allowed or broken."""

import pytest
from starlette.testclient import TestClient

from deliberation.meeting import queries
from tests.conftest import Town

ENGLISH = ("The address may be wrong", "Please go back", "Nothing was", "To the first page", "tell the desk")


@pytest.mark.parametrize("path", ["/nothing-here", "/c/jinxiu/matters/999", "/c/jinxiu/work", "/sign-out"])
def test_a_page_that_says_no_says_it_in_chinese(town: Town, path: str) -> None:
    text = town.as_("resident").get(path).text
    assert not [one for one in ENGLISH if one in text]


def test_a_broken_page_says_so_in_chinese(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(queries, "meetings", broken)
    caller = town.as_("resident")
    client = TestClient(
        town.app, base_url="http://127.0.0.1", raise_server_exceptions=False, cookies=caller.client.cookies
    )
    answer = client.get("/c/jinxiu/meetings")
    assert answer.status_code == 500
    assert not [one for one in ENGLISH if one in answer.text]
