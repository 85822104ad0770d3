"""The number of a page of a list comes from the address bar, where anybody may write anything."""

import pytest

from tests.conftest import Town

LISTS = ("/matters", "/polls", "/notices", "/roll", "/residents", "/log")


@pytest.mark.parametrize("asked", ["0", "-1", "x", "", "²", "9" * 300, "10000", "1e3", "９"])
@pytest.mark.parametrize("path", LISTS)
def test_a_page_that_is_none_still_shows_a_list(town: Town, path: str, asked: str) -> None:
    assert town.as_("moderator").get(f"/c/jinxiu{path}", params={"page": asked}).status == 200
