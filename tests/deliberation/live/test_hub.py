"""Topics, one rendering for all who look, and slow listeners who cost the others nothing."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping, Set

import pytest

from deliberation.i18n.catalog import Lang
from deliberation.live import hub as hub_module
from deliberation.live import wire
from deliberation.live.hub import Hub, Listener
from deliberation.live.wire import Frame
from tests.serving import PATIENCE, come_true

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Shown:
    """A source whose state a test sets, and that counts how often it is asked."""

    def __init__(self) -> None:
        self.blocks = {"floor": "甲", "here": "1"}
        self.asked: list[Set[Lang]] = []

    def __call__(self, langs: Set[Lang]) -> Mapping[Lang, Frame]:
        self.asked.append(frozenset(langs))
        return {lang: Frame(len(self.asked), {k: f"{v}-{lang}" for k, v in self.blocks.items()}) for lang in langs}


def join(
    hub: Hub, source: hub_module.Source, lang: Lang = "zh", account_id: int = 1, topic: str = "meeting:7"
) -> Listener:
    listener = hub.join(topic, "phone", source, lang, account_id)
    assert listener is not None
    return listener


async def take(listener: Listener) -> dict[str, object]:
    async with asyncio.timeout(PATIENCE):
        while listener.waiting is None:
            listener.wake.clear()
            await listener.wake.wait()
    message, listener.waiting = listener.waiting, None
    found: dict[str, object] = json.loads(message)
    return found


async def settled() -> None:
    """Long enough for what must not come to have come on most machines; what must come is waited for."""
    await asyncio.sleep(hub_module.BREATH * 4)


async def test_who_joins_is_shown_everything_and_then_what_changes() -> None:
    hub, source = Hub(), Shown()
    listener = join(hub, source)
    first = await take(listener)
    assert "甲-zh" in str(first["content"])
    assert "1-zh" in str(first["content"])
    source.blocks["here"] = "2"
    hub.publish("meeting:7")
    second = await take(listener)
    assert "2-zh" in str(second["content"])
    assert "甲" not in str(second["content"])


async def test_a_hundred_listeners_cost_one_rendering_in_each_language() -> None:
    hub, source = Hub(), Shown()
    listeners = [join(hub, source, "en" if number % 4 == 0 else "zh", number) for number in range(100)]
    for listener in listeners:
        await take(listener)
    asked = len(source.asked)
    source.blocks["floor"] = "乙"
    hub.publish("meeting:7")
    told = [await take(listener) for listener in listeners]
    assert len(source.asked) == asked + 1
    assert source.asked[-1] == {"zh", "en"}
    assert sum("乙-en" in str(one["content"]) for one in told) == 25


async def test_a_burst_of_changes_is_told_together_and_ends_with_the_newest() -> None:
    hub, source = Hub(), Shown()
    listener = join(hub, source)
    await take(listener)
    asked = len(source.asked)
    for number in range(200):
        source.blocks["here"] = str(number)
        hub.publish("meeting:7")
    while "199-zh" not in str((await take(listener))["content"]):
        pass
    assert len(source.asked) - asked <= 3


async def test_a_listener_that_takes_nothing_holds_one_message_and_delays_nobody() -> None:
    hub, source = Hub(), Shown()
    stalled, good = join(hub, source, account_id=1), join(hub, source, account_id=2)
    await take(good)
    for number in range(5):
        source.blocks["here"] = str(number)
        hub.publish("meeting:7")
        assert f"{number}-zh" in str((await take(good))["content"])
    # One message waits for the stalled one, and it is a whole one: all blocks in their newest state.
    waiting = await take(stalled)
    assert "甲-zh" in str(waiting["content"])
    assert "4-zh" in str(waiting["content"])
    assert stalled.waiting is None


async def test_publishing_from_another_thread_reaches_the_loop() -> None:
    hub, source = Hub(), Shown()
    listener = join(hub, source)
    await take(listener)
    source.blocks["floor"] = "丙"
    thread = threading.Thread(target=hub.publish, args=("meeting:7",))
    thread.start()
    assert "丙-zh" in str((await take(listener))["content"])
    thread.join()


async def test_another_topic_is_not_rendered() -> None:
    hub, mine, other = Hub(), Shown(), Shown()
    await take(join(hub, mine))
    await take(join(hub, other, topic="meeting:8"))
    asked = len(other.asked)
    mine.blocks["floor"] = "丁"
    hub.publish("meeting:7")
    await settled()
    assert len(other.asked) == asked


async def test_a_person_s_own_topic_wakes_that_person_s_listeners_alone() -> None:
    hub, source = Hub(), Shown()
    mine, other = join(hub, source, account_id=5), join(hub, source, account_id=6)
    hub.publish("account:5")
    await come_true(lambda: mine.own_part)
    assert not other.own_part


async def test_one_person_keeps_a_bounded_number_of_listeners() -> None:
    hub, source = Hub(), Shown()
    for _ in range(hub_module.MOST_PER_ACCOUNT):
        join(hub, source)
    assert hub.join("meeting:7", "phone", source, "zh", 1) is None
    assert hub.join("meeting:7", "phone", source, "zh", 2) is not None


async def test_who_parts_is_forgotten_and_an_empty_topic_is_not_rendered() -> None:
    hub, source = Hub(), Shown()
    listener = join(hub, source)
    await take(listener)
    hub.part("meeting:7", "phone", listener)
    assert hub.count == 0
    asked = len(source.asked)
    hub.publish("meeting:7")
    await settled()
    assert len(source.asked) == asked


async def test_a_view_that_cannot_be_rendered_sends_its_listeners_away_to_come_back() -> None:
    def broken(langs: Set[Lang]) -> Mapping[Lang, Frame]:
        raise ValueError(langs)

    hub = Hub()
    listener = join(hub, broken)
    await come_true(lambda: listener.closing is not None)
    assert listener.closing == wire.TRY_LATER


async def test_a_hub_that_closes_tells_everybody_to_come_back_and_publishing_is_harmless_then() -> None:
    hub, source = Hub(), Shown()
    listener = join(hub, source)
    closing = asyncio.create_task(hub.close())
    await asyncio.sleep(0)
    assert listener.closing == wire.RESTART
    hub.part("meeting:7", "phone", listener)
    await closing
    hub.publish("meeting:7")
    assert hub.closed
