"""The sample council 锦绣 and its matters, one at every stage, made through the actions people use."""

from __future__ import annotations

from datetime import timedelta

from deliberation import steps
from deliberation.db.engine import Database
from deliberation.demo import charging, ended, going, town
from deliberation.demo.script import Script
from deliberation.jobs.clock import Clock, TravelClock
from deliberation.jobs.runner import Runner
from deliberation.people.queries import anybody
from deliberation.settings import Settings


def load_sample(settings: Settings, clock: Clock) -> None:
    """Load once; a demo that has data is left as it is."""
    db = Database(settings.database_url)
    try:
        with db.read() as session:
            if anybody(session):
                return
        today = clock.now()
        script = Script(today)
        town.found(script, settings.secret)
        ended.corridor_lights(script)
        ended.gate(script)
        charging.piles(script)
        going.tell(script)
        past = TravelClock(at=today - timedelta(days=201))
        script.play(db, past, Runner(db, past, steps.dues()), _tell)
        print(flush=True)
    finally:
        db.close()


def _tell(done: int, total: int) -> None:
    if done % 25 == 0 or done == total:
        print(f"\r正在准备锦绣小区的示范数据 / preparing the sample council: {done}/{total}", end="", flush=True)
