"""One matter from a complaint to a closed task, played in a browser by the people it takes."""

from __future__ import annotations

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

EVERY_PAIR = {("phone", "zh", True), ("phone", "en", False), ("laptop", "zh", False), ("laptop", "en", True)}
WAYS = [(size, lang, js) for size in ("phone", "laptop") for lang in LANGS for js in (True, False)]


@pytest.mark.parametrize(
    ("size", "lang", "js"),
    [
        pytest.param(
            *way,
            id=f"{way[0]}-{way[1]}-{'with' if way[2] else 'without'}-js",
            marks=[] if way in EVERY_PAIR else [pytest.mark.long],
        )
        for way in WAYS
    ],
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
