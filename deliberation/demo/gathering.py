"""Playing a meeting from its notice to its close, as the people of the sample council did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deliberation.db.engine import Tx
from deliberation.demo.script import Script
from deliberation.meeting import floor_actions, plan_actions, presence_actions, talk_actions
from deliberation.meeting.plan_actions import Plan
from deliberation.meeting.rules import Conclusion, Mode


@dataclass
class Said:
    """One speaker's turn: who (a demo account or "desk:NAME"), and what the recorder noted or they wrote themselves."""

    who: str
    text: str
    written: bool = False


@dataclass
class Point:
    """One agenda item. `motion` names a motion in `know`; without it the item has a title of its own."""

    title: str = ""
    text: str = ""
    motion: str = ""
    minutes: int = 15
    said: tuple[Said, ...] = ()
    straw: tuple[str, tuple[str, ...], dict[str, int]] | None = None
    tasks: tuple[tuple[str, str, int], ...] = ()
    conclusion: Conclusion | None = None
    conclusion_text: str = ""


@dataclass
class Gathering:
    days: int
    clock: str
    title: str
    points: tuple[Point, ...]
    room: tuple[str, ...]
    online: tuple[str, ...] = ()
    guests: tuple[tuple[str, str, str | None], ...] = ()
    place: str = "社区党群服务中心一楼议事厅"
    quorum: int = 6
    closes: bool = True
    starts: int = 10
    notice_days: int = 8
    know: dict[str, int] = field(default_factory=dict)
    presences: dict[str, int] = field(default_factory=dict)


def hold(script: Script, gathering: Gathering) -> None:
    """Register the whole meeting; afterwards `know["meeting"]` and `know["item:N"]` are set."""
    _notice(script, gathering)
    if gathering.days >= 0:
        _doors(script, gathering)
        _talk(script, gathering)


def _notice(script: Script, gathering: Gathering) -> None:
    @script.at(gathering.days + gathering.notice_days, "10:00", by="secretary")
    def call(tx: Tx) -> None:
        plan = Plan(
            title=gathering.title,
            starts_at=script.moment(gathering.days, gathering.clock),
            place=gathering.place,
            online_link="",
            quorum=gathering.quorum,
            invited="支部、业委会、物业、利害关系业主；居务监督列席",
        )
        meeting = plan_actions.call(tx, plan)
        gathering.know["meeting"] = meeting.id
        for number, point in enumerate(gathering.points):
            motion = gathering.know[point.motion] if point.motion else None
            item = plan_actions.add_item(
                tx, meeting.id, title=point.title, text=point.text, minutes_planned=point.minutes, motion_id=motion
            )
            gathering.know[f"item:{number}"] = item.id
        plan_actions.announce(tx, meeting.id)


def _doors(script: Script, gathering: Gathering) -> None:
    begin = script.moment(gathering.days, gathering.clock)
    modes = [(who, Mode.ROOM) for who in gathering.room] + [(who, Mode.ONLINE) for who in gathering.online]
    for number, (who, mode) in enumerate(modes):

        @script.at_moment(begin - timedelta(seconds=900 - 20 * number), by=who)
        def enter(tx: Tx, who: str = who, mode: Mode = mode) -> None:
            person = script.people[who]
            presence = presence_actions.sign_in(
                tx,
                gathering.know["meeting"],
                name=person.name,
                home=person.home,
                role=person.role or person.tie or "owner",
                head_key=person.head_key,
                mode=mode,
            )
            gathering.presences[who] = presence.id

    for number, (name, home, head_key) in enumerate(gathering.guests):

        @script.at_moment(begin - timedelta(seconds=400 - 20 * number), by="desk")
        def guest(tx: Tx, name: str = name, home: str = home, head_key: str | None = head_key) -> None:
            presence = presence_actions.sign_in_at_desk(
                tx,
                gathering.know["meeting"],
                account_id=None,
                name=name,
                home=home,
                role="owner",
                head_key=head_key,
            )
            gathering.presences[f"desk:{name}"] = presence.id


def _talk(script: Script, gathering: Gathering) -> None:
    moment = script.moment(gathering.days, gathering.clock)

    @script.at_moment(moment, by="secretary")
    def begin(tx: Tx) -> None:
        floor_actions.open_meeting(tx, gathering.know["meeting"])

    for number, point in enumerate(gathering.points):
        moment = _item(script, gathering, number, point, moment + timedelta(minutes=1))
        if not gathering.closes:
            return

    @script.at_moment(moment + timedelta(minutes=2), by="secretary")
    def close(tx: Tx) -> None:
        floor_actions.close_meeting(tx, gathering.know["meeting"])


def _item(script: Script, gathering: Gathering, number: int, point: Point, moment: datetime) -> datetime:
    """Open it, speak, sound out, note tasks, conclude; returns the moment of the last act."""

    @script.at_moment(moment, by="secretary")
    def open_item(tx: Tx) -> None:
        floor_actions.open_item(tx, gathering.know["meeting"], gathering.know[f"item:{number}"])

    for said in point.said:
        moment += timedelta(minutes=2)
        _speak(script, gathering, said, moment)
    if point.straw:
        moment += timedelta(minutes=2)
        _sound_out(script, gathering, point.straw, moment)
    for task in point.tasks:
        moment += timedelta(minutes=1)
        _note_task(script, gathering, task, moment)
    if point.conclusion:
        moment += timedelta(minutes=1)
        _conclude(script, gathering, number, point.conclusion, point.conclusion_text, moment)
    return moment


def _note_task(script: Script, gathering: Gathering, task: tuple[str, str, int], moment: datetime) -> None:
    text, assignee, days = task

    @script.at_moment(moment, by="recorder")
    def note(tx: Tx) -> None:
        due_on = script.moment(days, "12:00").date()
        talk_actions.note_action_point(tx, gathering.know["meeting"], text=text, assignee=assignee, due_on=due_on)


def _conclude(
    script: Script, gathering: Gathering, number: int, conclusion: Conclusion, text: str, moment: datetime
) -> None:
    @script.at_moment(moment, by="secretary")
    def conclude(tx: Tx) -> None:
        floor_actions.conclude(tx, gathering.know["meeting"], gathering.know[f"item:{number}"], conclusion, text)


def _speak(script: Script, gathering: Gathering, said: Said, moment: datetime) -> None:
    if said.written:

        @script.at_moment(moment, by=said.who)
        def write(tx: Tx) -> None:
            talk_actions.write_statement(tx, gathering.know["meeting"], said.text)

        return

    asked: list[int] = []
    asks = "secretary" if said.who.startswith("desk:") else said.who

    @script.at_moment(moment, by=asks)
    def ask(tx: Tx) -> None:
        if said.who.startswith("desk:"):
            turn = floor_actions.put_on_list(tx, gathering.know["meeting"], gathering.presences[said.who])
        else:
            turn = floor_actions.ask_to_speak(tx, gathering.know["meeting"])
        asked.append(turn.id)

    @script.at_moment(moment + timedelta(seconds=10), by="secretary")
    def give(tx: Tx) -> None:
        floor_actions.give_floor(tx, gathering.know["meeting"], asked[0])

    @script.at_moment(moment + timedelta(seconds=100), by="recorder")
    def note(tx: Tx) -> None:
        talk_actions.note_statement(tx, gathering.know["meeting"], gathering.presences[said.who], said.text)

    @script.at_moment(moment + timedelta(seconds=110), by="secretary")
    def stop(tx: Tx) -> None:
        floor_actions.stop(tx, gathering.know["meeting"])


def _sound_out(
    script: Script, gathering: Gathering, straw: tuple[str, tuple[str, ...], dict[str, int]], moment: datetime
) -> None:
    question, options, marks = straw

    @script.at_moment(moment, by="secretary")
    def put(tx: Tx) -> None:
        gathering.know["straw"] = talk_actions.open_straw(tx, gathering.know["meeting"], question, list(options)).id

    for number, (who, choice) in enumerate(marks.items()):

        @script.at_moment(moment + timedelta(seconds=10 + number), by=who)
        def mark(tx: Tx, choice: int = choice) -> None:
            talk_actions.mark_straw(tx, gathering.know["meeting"], gathering.know["straw"], choice)

    @script.at_moment(moment + timedelta(seconds=90), by="secretary")
    def end(tx: Tx) -> None:
        talk_actions.close_straw(tx, gathering.know["meeting"], gathering.know["straw"])
