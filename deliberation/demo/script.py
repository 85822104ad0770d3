"""A script of acts: each has its moment, and they are played in the order of time, by the actions people use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deliberation.db.engine import Database, Tx
from deliberation.demo.accounts import DemoAccount
from deliberation.i18n.dates import LOCAL
from deliberation.jobs.clock import TravelClock
from deliberation.jobs.runner import Runner

Act = Callable[[Tx], None]


@dataclass
class Script:
    """`at(days, "19:30", by="secretary")` registers an act that many days before `today`; `play` runs them all."""

    today: datetime
    people: dict[str, DemoAccount] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    council_id: int | None = None
    acts: list[tuple[datetime, str | int | None, Act]] = field(default_factory=list)

    def moment(self, days: int, clock: str) -> datetime:
        """So many days ago (negative: ahead) at this time of the compound's day."""
        hour, minute = map(int, clock.split(":"))
        return (self.today.astimezone(LOCAL) - timedelta(days=days)).replace(hour=hour, minute=minute, second=0)

    def at(self, days: int, clock: str, by: str | int | None = None) -> Callable[[Act], Act]:
        return self.at_moment(self.moment(days, clock), by)

    def at_moment(self, moment: datetime, by: str | int | None = None) -> Callable[[Act], Act]:
        """`by`: the sign-in name of a demo account, or an account's number."""

        def add(act: Act) -> Act:
            self.acts.append((moment, by, act))
            return act

        return add

    def play(self, db: Database, clock: TravelClock, runner: Runner, tell: Callable[[int, int], None]) -> None:
        """What an act registers is played too, provided that its moment is still ahead."""
        done = 0
        while self.acts:
            self.acts.sort(key=lambda entry: entry[0])
            moment, by, act = self.acts.pop(0)
            clock.set(moment)
            runner.run_once()
            actor = self.accounts[by] if isinstance(by, str) else by
            with db.write(clock.now(), actor_id=actor, council_id=self.council_id) as tx:
                act(tx)
            done += 1
            tell(done, done + len(self.acts))
