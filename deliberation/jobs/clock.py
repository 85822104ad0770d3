"""The one place that reads the time of day; everything else is handed a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from deliberation.i18n.dates import LOCAL


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC, to the second."""
        ...

    def wall(self) -> datetime:
        """What phones and other servers show meanwhile: the demo's own clock may have leapt ahead of them."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    def wall(self) -> datetime:
        return self.now()


class TravelClock:
    """A clock that can be set and moved: for tests, and for the demo, whose notice periods take weeks."""

    def __init__(
        self, base: Clock | None = None, *, at: datetime | None = None, offset: timedelta = timedelta()
    ) -> None:
        self._base = base
        self._at = at
        self.offset = offset

    def now(self) -> datetime:
        start = self._at if self._at is not None else (self._base or SystemClock()).now()
        return start + self.offset

    def wall(self) -> datetime:
        return self.now() if self._at is not None else (self._base or SystemClock()).wall()

    def travel(self, by: timedelta) -> None:
        self.offset += by

    def set(self, at: datetime) -> None:
        self.offset += at.astimezone(UTC) - self.now()


def local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL)
