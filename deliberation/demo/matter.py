"""The steps that every sample matter takes, so that each matter's own file tells only its story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberation.agenda import actions as agenda_actions
from deliberation.agenda import queries as agenda_queries
from deliberation.ballot import actions as ballot_actions
from deliberation.ballot import rolls
from deliberation.ballot.paper import actions as paper
from deliberation.ballot.paper.rules import Keyed
from deliberation.ballot.rules import Choice, Standing
from deliberation.council.residents.queries import membership_of
from deliberation.council.roll import queries as roll_queries
from deliberation.db.engine import Tx
from deliberation.demo.drawing import drawing
from deliberation.demo.script import Script
from deliberation.demo.town import sample_heads

Know = dict[str, int]
OBJECTION_DAYS = 15


@dataclass(frozen=True)
class Wording:
    title: str
    text: str
    law_item: int
    law_reason: str
    cost: str = ""
    income_share: str = ""
    options: tuple[str, ...] = ()
    chosen: int | None = None
    checks: tuple[tuple[str, str, str], ...] = ()
    """(kind, note, whose opinion)"""


def raised(
    script: Script,
    know: Know,
    *,
    days: int,
    by: str,
    title: str,
    text: str,
    category: str,
    place: str,
    suggestion: str = "",
    seconds: Iterable[str] = (),
    clock: str = "20:15",
    picture: str = "",
) -> None:
    @script.at(days, clock, by=by)
    def propose(tx: Tx) -> None:
        pictures = [drawing(picture)] if picture else []
        made = agenda_actions.propose(
            tx, title=title, text=text, category=category, place=place, suggestion=suggestion, pictures=pictures
        )
        know["matter"] = made.id

    moment = script.moment(days, clock)
    for number, who in enumerate(seconds, start=1):

        @script.at_moment(moment + timedelta(minutes=37 * number), by=who)
        def second(tx: Tx) -> None:
            agenda_actions.second(tx, know["matter"])


def taken_up(script: Script, know: Know, *, days: int, reason: str, kind: str, clock: str = "09:30") -> None:
    @script.at(days, clock, by="secretary")
    def accept(tx: Tx) -> None:
        know["motion"] = agenda_actions.accept(tx, know["matter"], reason=reason, kind=kind).id


def worded(script: Script, know: Know, wording: Wording, *, days: int, clock: str = "15:00") -> None:
    @script.at(days, clock, by="recorder")
    def edit(tx: Tx) -> None:
        motion = agenda_queries.motion(tx.session, tx.council, know["motion"])
        agenda_actions.edit_motion(
            tx,
            motion.id,
            version=motion.version,
            title=wording.title,
            text=wording.text,
            law_item=wording.law_item,
            law_reason=wording.law_reason,
            cost=wording.cost,
            income_share=wording.income_share,
            options=wording.options,
            chosen=wording.chosen,
        )


def checked(script: Script, know: Know, wording: Wording, *, days: int, clock: str = "16:30") -> None:
    moment = script.moment(days, clock)
    for number, (kind, note, opinion_by) in enumerate(wording.checks):

        @script.at_moment(moment + timedelta(minutes=10 * number), by="secretary")
        def check(tx: Tx, kind: str = kind, note: str = note, opinion_by: str = opinion_by) -> None:
            motion = agenda_queries.motion(tx.session, tx.council, know["motion"])
            agenda_actions.record_check(
                tx, motion.id, version=motion.version, kind=kind, outcome="holds", note=note, opinion_by=opinion_by
            )


def announced(script: Script, know: Know, *, notice: int, opens: int, closes: int) -> None:
    """Days ago of notice, opening and close; negative ones lie ahead."""

    @script.at(notice, "10:00", by="secretary")
    def announce(tx: Tx) -> None:
        motion = agenda_queries.motion(tx.session, tx.council, know["motion"])
        roll = roll_queries.newest(tx.session, tx.council)
        if roll is None:
            raise LookupError("the sample roll is missing")
        poll = ballot_actions.announce(
            tx,
            motion.id,
            standing=Standing.OFFICIAL,
            opens_at=script.moment(opens, "08:00"),
            closes_at=script.moment(closes, "20:00"),
            seen_version=motion.version,
            seen_roll_id=roll.id,
        )
        know["poll"] = poll.id

    for days, clock in ((opens, "08:00"), (closes, "20:00"), (closes - OBJECTION_DAYS, "20:01")):
        if days > 0:
            script.at(days, clock)(nothing)


def nothing(tx: Tx) -> None:
    """Stops the script at this moment, so that what is due then is done then."""


def cast(script: Script, know: Know, ballots: Iterable[tuple[str, str, str]], *, opens: int, closes: int) -> None:
    """(head, choice, channel) spread over the days between opening and close, before noon and in the evening."""
    first = script.moment(opens, "08:30")
    span = max(1, min(opens, opens - max(closes, 1)))
    rows = list(ballots)
    for number, (head_key, choice, channel) in enumerate(rows):
        hour = timedelta(hours=(number * 7) % 11, minutes=(number * 13) % 60)
        moment = first + timedelta(days=number * span // len(rows)) + hour
        if channel == "online" and head_key in _by_head(script):
            _online(script, know, moment, head_key, choice)
        else:
            _paper(script, know, moment, number, head_key, choice)


def _by_head(script: Script) -> dict[str, str]:
    return {person.head_key: key for key, person in script.people.items() if person.head_key and person.tie == "owner"}


def _online(script: Script, know: Know, moment: datetime, head_key: str, choice: str) -> None:
    who = _by_head(script)[head_key]

    @script.at_moment(moment, by=who)
    def act(tx: Tx) -> None:
        name = script.people[who].name
        member = membership_of(tx.session, tx.council, tx.actor)
        level = member.level if member else 0
        ballot_actions.cast(tx, know["poll"], head_key=head_key, choice=Choice(choice), cast_by=name, level=level)


def _paper(script: Script, know: Know, moment: datetime, number: int, head_key: str, choice: str) -> None:
    head = sample_heads()[head_key]
    read = Keyed(head_key, rolls.place(head.units[0]), choice, head.designated or head.name)
    reading: Know = {}

    @script.at_moment(moment, by="desk")
    def first(tx: Tx) -> None:
        found = paper.key_in(
            tx,
            know["poll"],
            slip_no=f"{number + 1:04d}",
            reading=read,
        )
        reading["paper"] = found.id

    @script.at_moment(moment + timedelta(minutes=3), by="desk2")
    def second(tx: Tx) -> None:
        paper.key_in_again(tx, know["poll"], reading["paper"], reading=read)
