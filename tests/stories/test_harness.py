"""The harness itself: what it must notice while the stories are played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.stories.harness import Crowd, Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the whole file, whose tests write nothing."""
    running = Server(tmp_path_factory.mktemp("harness"))
    running.start()
    yield running
    running.end()


@pytest.mark.parametrize(
    "against_the_policy",
    [
        "document.querySelector('main').setAttribute('style', 'color: red')",
        "document.head.append(Object.assign(document.createElement('style'), {textContent: 'p { color: red }'}))",
        "new WebSocket('wss://elsewhere.example/')",
    ],
)
def test_what_the_content_security_policy_refuses_is_a_fault(
    browser: Browser, server: Server, against_the_policy: str
) -> None:
    someone = Crowd(browser, server).stranger()
    someone.open("/help")
    assert someone.faults == []
    someone.page.evaluate(f"() => {{ try {{ {against_the_policy}; }} catch {{ }} }}")
    for _ in range(200):
        if someone.faults:
            break
        someone.page.wait_for_timeout(100)
    assert [fault for fault in someone.faults if "Content Security Policy" in fault]
    someone.context.close()
