"""The first draft of minutes: what happened at the meeting, in numbered paragraphs, in the council's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deliberation.i18n import dates
from deliberation.i18n.catalog import Lang, word, words
from deliberation.meeting import rules as meeting_rules
from deliberation.meeting.record_queries import ItemRecord, Record, Said, Spoken
from deliberation.meeting.tables import Presence
from deliberation.minutes.rules import Hold, Section, Text

LANG: Lang = "zh"
"""Minutes are one document in the council's own language; pages around them follow the reader."""


@dataclass(frozen=True)
class Frame:
    """What the draft needs besides the record of the meeting."""

    serial_no: str
    recorder: str
    confirm_days: int
    law_items: Mapping[int, int]
    """motion -> its item of Civil Code article 278, 0 for none."""
    law_words: Mapping[int, str]
    journal_seq: int
    journal_hash: str


def say(code: str, **facts: object) -> str:
    return word("draft", code, LANG, **facts)


def capacity(role: str) -> str:
    """The words for what somebody was there as: a seat, a tie to the compound, or a guest."""
    known = words()
    section = next((one for one in ("role", "tie") if role in known[one]), None)
    return word(section, role, LANG) if section else say("guest")


def compose(record: Record, frame: Frame) -> list[Text]:
    return [
        *_head(record, frame),
        *_attendance(record),
        *(text for number, item in enumerate(record.items, start=1) for text in _item(number, item, frame)),
        *_tasks(record),
        *_closing(record, frame),
    ]


def _head(record: Record, frame: Frame) -> list[Text]:
    meeting = record.meeting
    begin, end = meeting.opened_at or meeting.starts_at, meeting.closed_at or meeting.starts_at
    same_day = begin.astimezone(dates.LOCAL).date() == end.astimezone(dates.LOCAL).date()
    until = dates.clock_time(end) if same_day else dates.moment(end, LANG, year=True)
    chairs = [one.name for one in record.presences if one.role == "moderator"] or [record.called_by]
    recorders = [one.name for one in record.presences if one.role == "recorder"] or [frame.recorder]
    lines = [
        say("title", serial_no=frame.serial_no, title=meeting.title),
        say("when", begin=dates.moment(begin, LANG, year=True), end=until, place=meeting.place)
        + (say("online_too") if meeting.online_link else ""),
        say("chair", chairs=_join(chairs), recorders=_join(recorders)),
    ]
    if meeting.notice_at:
        lines.append(say("called", name=record.called_by, notice=dates.moment(meeting.notice_at, LANG, year=True)))
    items = [f"{number}. {one.item.title}" for number, one in enumerate(record.items, start=1) if one.item]
    if items:
        lines.append(say("agenda", items="；".join(items)))
    return [Text(Section.HEAD, None, line) for line in lines]


def _attendance(record: Record) -> list[Text]:
    here = record.presences
    online = sum(1 for one in here if one.mode == "online")
    lines = [say("present", count=len(here), room=len(here) - online, online=online)]
    groups: dict[str, list[Presence]] = {}
    for one in here:
        groups.setdefault(one.role, []).append(one)
    for role, people in groups.items():
        named = _join([_described(one, record) for one in people])
        lines.append(say("present_as", role=capacity(role), names=named, count=len(people)))
    quorum = record.meeting.quorum
    counted = sum(meeting_rules.counts(one.role) for one in here)
    if quorum:
        lines.append(say("quorum_met" if counted >= quorum else "quorum_missed", quorum=quorum, count=counted))
        if record.meeting.short_reason:
            lines.append(say("opened_with_few", reason=record.meeting.short_reason))
    else:
        lines.append(say("no_quorum"))
    if record.heads_present:
        lines.append(
            say(
                "heads",
                have=record.heads_present,
                of=record.heads,
                area=_area(record.area_present),
                of_area=_area(record.area),
            )
        )
    if record.meeting.invited:
        lines.append(say("invited", names=record.meeting.invited))
    return [Text(Section.ATTENDANCE, None, line, Hold.KEPT) for line in lines]


def _described(one: Presence, record: Record) -> str:
    notes = [one.home] if one.home else []
    if one.mode == "online":
        notes.append(say("online"))
    closed = record.meeting.closed_at
    if one.left_at and closed and one.left_at < closed:
        notes.append(say("left", at=dates.clock_time(one.left_at)))
    return f"{one.name}（{'，'.join(notes)}）" if notes else one.name


def _item(number: int, record: ItemRecord, frame: Frame) -> list[Text]:
    item = record.item
    lines = []
    if item is None:
        lines.append(say("outside"))
    else:
        lines.append(say("item", number=number, title=item.title) + (f"\n{item.text}" if item.text else ""))
        law = frame.law_items.get(item.motion_id, 0) if item.motion_id else 0
        if law:
            lines.append(say("law", number=law, words=frame.law_words[law]))
    lines += _points(record.turns, record.statements)
    for straw in record.straws:
        counts = "，".join(f"{option} {count} 人" for option, count in straw.counts)
        lines.append(say("straw", question=straw.question, counts=counts, silent=straw.silent, present=straw.present))
    if item is not None:
        if item.conclusion:
            text = item.conclusion_text.strip()
            lines.append(say("conclusion", conclusion=say(f"conclusion_{item.conclusion}")) + (text and f"\n{text}"))
        else:
            lines.append(say("not_discussed" if item.opened_at is None else "no_conclusion"))
    item_id = item.id if item else None
    heading, *rest = lines
    return [Text(Section.ITEM, item_id, heading, Hold.KEPT), *(Text(Section.ITEM, item_id, line) for line in rest)]


def _points(turns: Sequence[Spoken], statements: Sequence[Said]) -> list[str]:
    """One paragraph for each speaker: how long, and what they put down as their main points."""
    people: dict[int, tuple[str, str]] = {one.presence_id: (one.role, one.name) for one in turns}
    for one in statements:
        people.setdefault(one.presence_id, (one.role, one.name))
    lines = []
    for presence_id, (role, name) in people.items():
        spoken = [turn.seconds for turn in turns if turn.presence_id == presence_id]
        said = [one.text.strip() for one in statements if one.presence_id == presence_id]
        who = f"{capacity(role)} {name}"
        if spoken:
            how = say("spoke", times=len(spoken), minutes=sum(spoken) // 60, seconds=sum(spoken) % 60)
            if not said:
                lines.append(say("spoke_only", who=who, how=how))
                continue
            who += f"（{how}）"
        lines.append(say("points", who=who, text="\n".join(said)))
    return lines


def _tasks(record: Record) -> list[Text]:
    points = [point for one in record.items for point in one.action_points]
    lines = [
        say(
            "task",
            number=number,
            text=point.text,
            assignee=point.assignee,
            due=dates.day(point.due_on, LANG, year=True) if point.due_on else say("no_day"),
        )
        for number, point in enumerate(points, start=1)
    ]
    return [Text(Section.TASKS, None, line) for line in lines or [say("no_tasks")]]


def _closing(record: Record, frame: Frame) -> list[Text]:
    lines = [say("corrections", days=frame.confirm_days)]
    if record.hidden_statements:
        lines.append(say("hidden", count=record.hidden_statements))
    found = [Text(Section.CLOSING, None, line) for line in lines]
    if frame.journal_hash:
        journal = say("journal", seq=frame.journal_seq, hash=frame.journal_hash)
        found.append(Text(Section.CLOSING, None, journal, Hold.SEALED))
    return found


def _join(names: Sequence[str]) -> str:
    return "、".join(names)


def _area(value: int) -> str:
    return f"{value // 100:,}.{value % 100:02d}"
