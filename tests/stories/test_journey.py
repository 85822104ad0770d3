"""One matter from a complaint to a closed task, played in a browser by the people it takes."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser

from deliberation.i18n.catalog import LANGS, Lang
from tests.stories.harness import Crowd, Server
from tests.stories.until_minutes import (
    has_minutes,
    is_called_to_a_meeting,
    is_discussed,
    is_raised_and_seconded,
    is_worded_and_checked,
    sign_in_to_the_meeting,
)
from tests.stories.until_settled import is_carried_out, is_decided, is_put_to_the_owners, is_voted_on

pytestmark = pytest.mark.browser

EVERY_PAIR: list[tuple[str, Lang, bool]]
EVERY_PAIR = [("phone", "zh", True), ("phone", "en", False), ("laptop", "zh", False), ("laptop", "en", True)]
"""Each size in each language, each of them with and without JavaScript."""
EVERY_WAY = [(size, lang, js) for size in ("phone", "laptop") for lang in LANGS for js in (True, False)]
WAYS = EVERY_WAY if os.environ.get("JOURNEYS") == "all" else EVERY_PAIR
"""The other four are played by `make long`."""


@pytest.mark.parametrize(
    ("size", "lang", "js"),
    [pytest.param(*way, id=f"{way[0]}-{way[1]}-{'with' if way[2] else 'without'}-js") for way in WAYS],
)
def test_a_matter_goes_from_a_complaint_to_a_closed_task(
    browser: Browser, server: Server, size: str, lang: Lang, *, js: bool
) -> None:
    crowd = Crowd(browser, server, lang=lang, size=size, js=js)
    is_raised_and_seconded(crowd)
    is_worded_and_checked(crowd)
    is_called_to_a_meeting(crowd)
    sign_in_to_the_meeting(crowd, server)
    is_discussed(crowd)
    has_minutes(crowd)
    is_put_to_the_owners(crowd)
    is_voted_on(crowd)
    is_decided(crowd)
    is_carried_out(crowd)
    crowd.close()
