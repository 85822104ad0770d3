"""The demo's clock: the real one plus a distance that visitors may lengthen, since a notice period takes weeks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select
from starlette.responses import Response
from starlette.routing import Route

from deliberation.jobs.clock import SystemClock, TravelClock
from deliberation.people.pages import local_path
from deliberation.people.tables import SignIn
from deliberation.web.routing import act
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "fortnight": timedelta(days=15)}


class DemoClock(TravelClock):
    """Remembers in the data folder how far it has travelled, so that a restart does not turn back time."""

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / "demo-clock"
        seconds = int(self._file.read_text()) if self._file.exists() else 0
        super().__init__(SystemClock(), offset=timedelta(seconds=seconds))

    def travel(self, by: timedelta) -> None:
        super().travel(by)
        self._file.write_text(str(int(self.offset.total_seconds())))


def travel(visit: Visit) -> Response:
    step = visit.form.choice("to", tuple(STEPS))
    visit.form.check()
    clock = visit.site.clock
    if isinstance(clock, TravelClock):
        by = STEPS[step]
        # Otherwise two leaps over a notice period would sign everybody out.
        for one in visit.tx.session.exec(select(SignIn).where(col(SignIn.revoked_at).is_(None))):
            one.expires_at += by
        clock.travel(by)
        visit.end()
        visit.site.runner.run_once()
    return visit.to(local_path(visit.form.raw("back") or "/"), said=f"later_{step}")


routes: list[Route] = [act("/demo/clock", travel, needs=ANYONE)]
