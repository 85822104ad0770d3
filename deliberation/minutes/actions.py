"""Drafting minutes, editing them, putting them up, the attendees' word, and freezing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from deliberation.agenda.tables import Motion
from deliberation.council.queries import settings_of
from deliberation.db.engine import Tx
from deliberation.db.journal import record
from deliberation.db.tables import Event
from deliberation.jobs.clock import local
from deliberation.meeting.record_queries import Record, record_of
from deliberation.minutes import queries, rules
from deliberation.minutes.draft import LANG, Frame, compose
from deliberation.minutes.rules import Text, Word
from deliberation.minutes.tables import Attestation, Minutes, Paragraph, RemovedParagraph
from deliberation.people.queries import names
from votes.refusal import Refused
from votes.rules import MATTERS


def draft(tx: Tx, meeting_id: int) -> Minutes:
    """Write the first version from what happened."""
    happened = record_of(tx.session, tx.council, meeting_id)
    meeting = happened.meeting
    rules.may_draft(
        closed=meeting.closed_at is not None,
        drafted=queries.of_meeting(tx.session, tx.council, meeting_id) is not None,
    )
    year = local(meeting.opened_at or meeting.starts_at).year
    serial_no = rules.serial_no(year, queries.count_of_year(tx.session, tx.council, year))
    minutes = Minutes(
        council_id=tx.council,
        meeting_id=meeting_id,
        serial_no=serial_no,
        title=meeting.title,
        drafted_by=tx.actor,
        drafted_at=tx.now,
    )
    tx.session.add(minutes)
    tx.session.flush()
    texts = compose(happened, _frame(tx, happened, serial_no))
    _write(tx, minutes, [replace(text, key=key) for key, text in enumerate(texts, start=1)])
    record(tx, "minutes.drafted", meeting_id=meeting_id, minutes_id=minutes.id, serial_no=serial_no)
    return minutes


def _frame(tx: Tx, happened: Record, serial_no: str) -> Frame:
    motions = [one.item.motion_id for one in happened.items if one.item and one.item.motion_id]
    last = tx.session.exec(
        select(Event)
        .where(Event.council_id == tx.council, Event.meeting_id == happened.meeting.id)
        .order_by(col(Event.seq).desc())
        .limit(1)
    ).first()
    return Frame(
        serial_no=serial_no,
        recorder=names(tx.session, [tx.actor])[tx.actor],
        confirm_days=settings_of(tx.session, tx.council).confirm_days,
        law_items=dict(tx.session.exec(select(Motion.id, Motion.law_item).where(col(Motion.id).in_(motions))).all()),
        law_words={one.number: one.words(LANG) for one in MATTERS},
        journal_seq=last.seq if last else 0,
        journal_hash=last.hash if last else "",
    )


def _write(tx: Tx, minutes: Minutes, texts: Sequence[Text]) -> None:
    """Fit the numbered rows to these texts: numbers stay 1, 2, 3 … whatever was moved."""
    rows = queries.paragraphs(tx.session, minutes.id)
    for row, text in zip(rows, texts, strict=False):
        row.section, row.item_id, row.text, row.hold = text.section, text.item_id, text.text, text.hold
        row.key = text.key
        tx.session.add(row)
    for row in rows[len(texts) :]:
        tx.session.delete(row)
    tx.session.add_all(
        Paragraph(
            minutes_id=minutes.id,
            position=number,
            key=text.key,
            section=text.section,
            item_id=text.item_id,
            text=text.text,
            hold=text.hold,
        )
        for number, text in enumerate(texts[len(rows) :], start=len(rows) + 1)
    )
    tx.session.flush()


def _editable(tx: Tx, minutes_id: int, version: int) -> tuple[Minutes, list[Text]]:
    minutes = queries.minutes(tx.session, tx.council, minutes_id, drafts=True)
    rules.may_edit(queries.state(minutes), version=minutes.version, seen_version=version)
    return minutes, queries.texts(queries.paragraphs(tx.session, minutes_id))


def _keep(tx: Tx, minutes: Minutes, texts: Sequence[Text], what: str, number: int) -> None:
    _write(tx, minutes, texts)
    minutes.version += 1
    tx.session.add(minutes)
    record(
        tx,
        "minutes.edited",
        meeting_id=minutes.meeting_id,
        minutes_id=minutes.id,
        minutes_edit=what,
        number=number,
        version=minutes.version,
    )


def change(tx: Tx, minutes_id: int, *, version: int, at: int, text: str) -> None:
    minutes, texts = _editable(tx, minutes_id, version)
    _keep(tx, minutes, rules.changed(texts, at, text), "changed", at)


def insert(tx: Tx, minutes_id: int, *, version: int, after: int, text: str) -> None:
    minutes, texts = _editable(tx, minutes_id, version)
    key = rules.next_key([*(one.key for one in texts), *(one.key for one in queries.removed(tx.session, minutes.id))])
    _keep(tx, minutes, rules.inserted(texts, after, text, key), "inserted", after + 1)


def remove(tx: Tx, minutes_id: int, *, version: int, at: int) -> RemovedParagraph:
    minutes, texts = _editable(tx, minutes_id, version)
    left = rules.removed(texts, at)
    gone = texts[at - 1]
    kept = RemovedParagraph(
        minutes_id=minutes.id,
        position=at,
        key=gone.key,
        section=gone.section,
        item_id=gone.item_id,
        text=gone.text,
        removed_at=tx.now,
    )
    tx.session.add(kept)
    _keep(tx, minutes, left, "removed", at)
    return kept


def restore(tx: Tx, minutes_id: int, removed_id: int, *, version: int) -> int:
    """Bring back what was removed; its number."""
    minutes, texts = _editable(tx, minutes_id, version)
    gone = queries.removed_paragraph(tx.session, minutes.id, removed_id)
    back, number = rules.restored(texts, Text(gone.section, gone.item_id, gone.text, key=gone.key), gone.position)
    tx.session.delete(gone)
    _keep(tx, minutes, back, "restored", number)
    return number


def move(tx: Tx, minutes_id: int, *, version: int, at: int, up: bool) -> None:
    minutes, texts = _editable(tx, minutes_id, version)
    _keep(tx, minutes, rules.moved(texts, at, up=up), "moved", at)


def put_up(tx: Tx, minutes_id: int) -> Minutes:
    """Ask those who were there for their word, for as many days as the council has set."""
    minutes = queries.minutes(tx.session, tx.council, minutes_id, drafts=True)
    rules.may_put_up(queries.state(minutes))
    minutes.put_up_at = tx.now
    minutes.confirm_until = tx.now + timedelta(days=settings_of(tx.session, tx.council).confirm_days)
    tx.session.add(minutes)
    record(
        tx,
        "minutes.put_up",
        meeting_id=minutes.meeting_id,
        minutes_id=minutes.id,
        serial_no=minutes.serial_no,
        version=minutes.version,
        confirm_until=minutes.confirm_until.isoformat(),
    )
    return minutes


def take_back(tx: Tx, minutes_id: int) -> None:
    """Back to the recorder; once the text is changed, words given on it are outdated and everybody is asked again."""
    minutes = queries.minutes(tx.session, tx.council, minutes_id, drafts=True)
    rules.may_take_back(queries.state(minutes))
    minutes.put_up_at = None
    tx.session.add(minutes)
    record(
        tx,
        "minutes.taken_back",
        meeting_id=minutes.meeting_id,
        minutes_id=minutes.id,
        serial_no=minutes.serial_no,
    )


def attest(
    tx: Tx,
    minutes_id: int,
    presence_id: int,
    *,
    version: int,
    word: Word,
    position: int | None = None,
    note: str = "",
    account_id: int | None,
) -> Attestation:
    """One attendee's word, by themselves or, without an account, entered at the desk. A later word replaces it."""
    minutes = queries.minutes(tx.session, tx.council, minutes_id)
    rules.may_attest(
        queries.state(minutes),
        version=minutes.version,
        seen_version=version,
        moment=tx.now,
        until=minutes.confirm_until,
    )
    keys = {row.position: row.key for row in queries.paragraphs(tx.session, minutes_id)}
    if word is Word.OBJECTED and position not in keys:
        raise Refused("no_such_paragraph", field="position")
    found = queries.attestation(tx.session, minutes_id, presence_id) or Attestation(
        council_id=tx.council,
        minutes_id=minutes_id,
        presence_id=presence_id,
        account_id=account_id,
        entered_by=tx.actor,
        word=word,
        version=version,
        at=tx.now,
    )
    found.word, found.version, found.at, found.entered_by = word, version, tx.now, tx.actor
    found.paragraph_key = keys[position] if word is Word.OBJECTED and position else None
    found.note = note if word is Word.OBJECTED else ""
    tx.session.add(found)
    tx.session.flush()
    verb = "minutes.objected" if word is Word.OBJECTED else "minutes.confirmed"
    record(
        tx,
        verb,
        meeting_id=minutes.meeting_id,
        minutes_id=minutes_id,
        serial_no=minutes.serial_no,
        version=version,
        **({"number": position} if word is Word.OBJECTED else {}),
        **({} if account_id else {"at_desk": True}),
    )
    return found


def freeze(tx: Tx, minutes_id: int) -> Minutes:
    """From now on nothing changes; the hash is over the text and every word given on it."""
    minutes = queries.minutes(tx.session, tx.council, minutes_id, drafts=True)
    missing = queries.missing(queries.answers(tx.session, minutes))
    rules.may_freeze(queries.state(minutes), moment=tx.now, until=minutes.confirm_until, missing=len(missing))
    minutes.frozen_at = tx.now
    tx.session.add(minutes)
    tx.session.flush()
    minutes.sha256 = queries.fingerprint(tx.session, minutes)
    tx.session.add(minutes)
    record(
        tx,
        "minutes.frozen",
        meeting_id=minutes.meeting_id,
        minutes_id=minutes.id,
        serial_no=minutes.serial_no,
        sha256=minutes.sha256,
    )
    return minutes
