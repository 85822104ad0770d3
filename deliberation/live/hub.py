"""Who is shown what: topics, the sockets that follow them, one rendering for all of them.

Everything here runs in the server's event loop; only `publish` is called from other threads. A listener holds at most one
message that waits to be sent: when a newer one comes, it is replaced by a full snapshot, so a slow phone skips what lies
between and costs nobody memory or time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from deliberation.i18n.catalog import Lang
from deliberation.live import wire
from deliberation.live.wire import Frame

log = logging.getLogger(__name__)

Source = Callable[[Set[Lang]], Mapping[Lang, Frame]]
"""Reads the newest state and renders it in the languages asked for; called in a worker thread."""

BREATH = 0.05
"""Seconds between two renderings of one topic: changes that come in a burst are told together."""
MOST_PER_ACCOUNT = 24


@dataclass(eq=False)
class Listener:
    lang: Lang
    account_id: int
    fresh: bool = True
    waiting: str | None = None
    own_part: bool = False
    closing: int | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, message: str) -> None:
        self.waiting = message
        self.wake.set()

    def close(self, code: int) -> None:
        self.closing = code
        self.wake.set()


class Channel:
    """One view of one topic: `topic` says when it changes, `source` what it shows."""

    def __init__(self, topic: str, source: Source) -> None:
        self.topic = topic
        self.listeners: set[Listener] = set()
        self._source = source
        self._told: dict[Lang, Frame] = {}
        self._changed = False
        self._round: asyncio.Task[None] | None = None

    def touch(self) -> None:
        self._changed = True
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._rounds())

    async def _rounds(self) -> None:
        while self._changed and self.listeners:
            self._changed = False
            langs = {listener.lang for listener in self.listeners}
            try:
                frames = await run_in_threadpool(self._source, langs)
            except Exception:
                log.exception("a live view could not be rendered: %s", self.topic)
                # They come back by themselves and are then shown what is there.
                for listener in self.listeners:
                    listener.close(wire.TRY_LATER)
                return
            for lang, frame in frames.items():
                self._tell(lang, frame)
            await asyncio.sleep(BREATH)

    def _tell(self, lang: Lang, frame: Frame) -> None:
        news = wire.message(frame, self._told.get(lang))
        snapshot: str | None = None
        for listener in self.listeners:
            if listener.lang != lang:
                continue
            if listener.fresh or (listener.waiting is not None and news is not None):
                snapshot = snapshot or wire.message(frame)
                listener.fresh = False
                listener.offer(snapshot or "")
            elif news is not None:
                listener.offer(news)
        self._told[lang] = frame


class Hub:
    """Made inside the running loop, by the application's lifespan."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._channels: dict[tuple[str, str], Channel] = {}
        self._accounts: dict[int, set[Listener]] = {}
        self.closed = False

    def publish(self, topic: str) -> None:
        """Called after a commit, from any thread."""
        if not self.closed:
            try:
                self._loop.call_soon_threadsafe(self._touched, topic)
            except RuntimeError:
                log.debug("the loop is gone; nobody is left to be told of %s", topic)

    def _touched(self, topic: str) -> None:
        kind, _, number = topic.partition(":")
        if kind == "account" and number.isdigit():
            for listener in self._accounts.get(int(number), ()):
                listener.own_part = True
                listener.wake.set()
            return
        for channel in list(self._channels.values()):
            if channel.topic == topic:
                channel.touch()

    def join(self, topic: str, view: str, source: Source, lang: Lang, account_id: int) -> Listener | None:
        """A new listener, to be shown everything at once; None when this person has too many open already."""
        mine = self._accounts.setdefault(account_id, set())
        if len(mine) >= MOST_PER_ACCOUNT:
            return None
        listener = Listener(lang, account_id)
        mine.add(listener)
        channel = self._channels.setdefault((topic, view), Channel(topic, source))
        channel.listeners.add(listener)
        channel.touch()
        return listener

    def part(self, topic: str, view: str, listener: Listener) -> None:
        channel = self._channels[topic, view]
        channel.listeners.discard(listener)
        if not channel.listeners:
            del self._channels[topic, view]
        mine = self._accounts[listener.account_id]
        mine.discard(listener)
        if not mine:
            del self._accounts[listener.account_id]

    @property
    def count(self) -> int:
        return sum(len(channel.listeners) for channel in self._channels.values())

    async def close(self) -> None:
        """The server stops: browsers are told to come back."""
        self.closed = True
        for channel in self._channels.values():
            for listener in channel.listeners:
                listener.close(wire.RESTART)
        for _ in range(40):
            if not self._channels:
                return
            await asyncio.sleep(BREATH)
