"""Minutes of a sample meeting: drafted, put up, and confirmed by those who were there."""

from __future__ import annotations

from datetime import timedelta

from deliberation.db.engine import Tx
from deliberation.demo.gathering import Gathering
from deliberation.demo.script import Script
from deliberation.minutes import actions as minutes_actions
from deliberation.minutes.rules import Word


def put_up(script: Script, gathering: Gathering, *, days: int) -> None:
    @script.at(days, "09:00", by="recorder")
    def draft(tx: Tx) -> None:
        gathering.know["minutes"] = minutes_actions.draft(tx, gathering.know["meeting"]).id

    @script.at(days, "10:00", by="recorder")
    def show(tx: Tx) -> None:
        gathering.know["version"] = minutes_actions.put_up(tx, gathering.know["minutes"]).version


def confirmed(script: Script, gathering: Gathering, *, days: int) -> None:
    """All confirm within two days; the last day freezes it by itself."""
    put_up(script, gathering, days=days)
    moment = script.moment(days, "18:00")
    for number, who in enumerate((*gathering.room, *gathering.online), start=1):

        @script.at_moment(moment + timedelta(minutes=41 * number), by=who)
        def attest(tx: Tx, who: str = who) -> None:
            minutes_actions.attest(
                tx,
                gathering.know["minutes"],
                gathering.presences[who],
                version=gathering.know["version"],
                word=Word.CONFIRMED,
                account_id=tx.actor,
            )
