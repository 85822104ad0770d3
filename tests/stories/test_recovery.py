"""The server is stopped or killed while people are at it: nothing acknowledged is lost, and open pages recover by themselves."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.harness import Crowd, Server, Someone
from tests.stories.until_minutes import (
    MOTION,
    is_called_to_a_meeting,
    is_raised_and_seconded,
    is_worded_and_checked,
    sign_in_to_the_meeting,
    to_matter,
    to_meeting,
)
from tests.stories.until_settled import give_notice

pytestmark = pytest.mark.browser

STOPPED, KILLED = signal.SIGTERM, signal.SIGKILL


@pytest.fixture
def crowd(browser: Browser, server: Server) -> Iterator[Crowd]:
    people = Crowd(browser, server, size="laptop")
    is_raised_and_seconded(people)
    is_worded_and_checked(people)
    yield people
    people.close()


def goes_and_comes_back(server: Server, how: signal.Signals, *watching: Someone) -> None:
    server.stop(how)
    for someone in watching:
        expect(someone.page.locator("#connection")).to_be_visible()
    server.start()


def test_a_meeting_goes_on_after_the_server_was_stopped_and_after_it_was_killed(crowd: Crowd, server: Server) -> None:
    is_called_to_a_meeting(crowd)
    sign_in_to_the_meeting(crowd, server)
    moderator, owner, wall = crowd["moderator"], crowd["owner"], crowd["desk2"]
    to_meeting(moderator)
    moderator.follow("Moderator's console", "main")
    moderator.press("Open the meeting", live=True)
    expect(owner.button(owner.say("I want to speak"))).to_be_visible()
    owner.fill(statement="断线以前写的意见。")

    goes_and_comes_back(server, STOPPED, moderator, owner, wall)
    # Meanwhile something happens, by somebody whose page was not open.
    recorder = crowd["recorder"]
    to_meeting(recorder)
    moderator.press("Take up this item", live=True)
    for someone, place in ((moderator, ".console-floor h1"), (owner, "#item h1"), (wall, "#wall-item h1")):
        expect(someone.page.locator("#connection")).to_be_hidden()
        expect(someone.page.locator(place)).to_have_text(MOTION)
    expect(wall.page.locator("#wall-here")).to_contain_text("3 / 9")
    owner.press("Send", live=True)
    for someone in (owner, moderator):
        expect(someone.page.locator(".statements")).to_contain_text("断线以前写的意见。")

    owner.fill(statement="又一次断线以前写的。")
    goes_and_comes_back(server, KILLED, moderator, owner, wall)
    owner.press("Send", live=True)
    for someone in (owner, moderator):
        expect(someone.page.locator("#connection")).to_be_hidden()
        for words in ("断线以前写的意见。", "又一次断线以前写的。"):
            expect(someone.page.locator(".statements")).to_contain_text(words)
    owner.press("I want to speak", live=True)
    expect(moderator.page.locator(".queue")).to_contain_text("郑志婷")
    expect(wall.page.locator("#wall-here")).to_contain_text("3 / 9")


def slip_of(someone: Someone) -> str | None:
    someone.page.reload()
    return someone.page.locator(".slip-code").get_attribute("data-text")


def test_a_ballot_just_cast_outlives_the_server(crowd: Crowd, server: Server) -> None:
    moderator, owner, neighbor, fifth = (crowd[who] for who in ("moderator", "owner", "neighbor", "owner5"))
    moderator.follow("Give notice of the poll", "main")
    give_notice(moderator)
    for someone in (owner, neighbor, fifth):
        someone.asked("vote")
        someone.follow("Vote", "main")
        someone.choose("choice", "for")
        someone.press("Next: read it back")
    owner.press("Yes, cast my ballot")
    slips = {"owner": owner.page.locator(".slip-code").get_attribute("data-text")}
    for how, waiting in ((STOPPED, "neighbor"), (KILLED, "owner5")):
        goes_and_comes_back(server, how)
        # A form that was on the screen before can be sent, and is counted once.
        crowd[waiting].press("Yes, cast my ballot")
        crowd[waiting].reads(crowd[waiting].say("Your ballot is recorded. Keep this slip."))
        assert {who: slip_of(crowd[who]) for who in slips} == slips
        slips[waiting] = crowd[waiting].page.locator(".slip-code").get_attribute("data-text")
    owner.follow("Back to the poll", "main")
    owner.reads(owner.say("The ballot for your home is cast"))
    to_matter(moderator)
    moderator.later("fortnight")
    moderator.later("day")
    moderator.follow("Poll", ".line")
    moderator.follow("See the result", "main")
    expect(moderator.page.locator(".tests .twin-row b").first).to_have_text("3")
