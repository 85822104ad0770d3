"""Minutes as they are read: paragraphs with the objections beside them, and who has answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from deliberation.council.tables import Council
from deliberation.meeting.queries import attendees, presences
from deliberation.meeting.tables import Presence
from deliberation.minutes import rules
from deliberation.minutes.rules import State, Text, Word
from deliberation.minutes.tables import Attestation, Minutes, Paragraph, RemovedParagraph
from deliberation.people.queries import names
from deliberation.web.viewer import NotHere


@dataclass(frozen=True)
class Answer:
    """One attendee and their word, if any. `current`: given on the text as it stands."""

    presence_id: int
    account_id: int | None
    name: str
    role: str
    word: str | None
    number: int | None
    """Where the paragraph they object to stands now; None when it was deleted, and for any other word."""
    deleted_text: str
    """What that paragraph said when it was deleted."""
    note: str
    at: datetime | None
    version: int | None
    current: bool
    entered_by: str
    """Who keyed it in for them at the desk; empty when they did it themselves."""


@dataclass(frozen=True)
class Part:
    """A numbered paragraph with the objections against it."""

    number: int
    section: str
    opens: bool
    item_id: int | None
    text: str
    hold: str
    objections: tuple[Answer, ...]


def state(minutes: Minutes) -> State:
    return rules.state(
        put_up=minutes.put_up_at is not None,
        put_up_before=minutes.confirm_until is not None,
        frozen=minutes.frozen_at is not None,
    )


def minutes(session: Session, council_id: int, minutes_id: int, *, drafts: bool = False) -> Minutes:
    """`drafts`: the reader works on them; everybody else sees them once they were put up."""
    found = session.get(Minutes, minutes_id)
    if found is None or found.council_id != council_id or (not drafts and state(found) is State.DRAFT):
        raise NotHere
    return found


def of_meeting(session: Session, council_id: int, meeting_id: int) -> Minutes | None:
    return session.exec(
        select(Minutes).where(Minutes.council_id == council_id, Minutes.meeting_id == meeting_id)
    ).first()


def count_of_year(session: Session, council_id: int, year: int) -> int:
    return session.exec(
        select(func.count())
        .select_from(Minutes)
        .where(Minutes.council_id == council_id, col(Minutes.serial_no).startswith(f"{year}-"))
    ).one()


def paragraphs(session: Session, minutes_id: int) -> list[Paragraph]:
    return list(
        session.exec(select(Paragraph).where(Paragraph.minutes_id == minutes_id).order_by(col(Paragraph.position)))
    )


def texts(rows: Iterable[Paragraph]) -> list[Text]:
    return [Text(row.section, row.item_id, row.text, row.hold, row.key) for row in rows]


def removed(session: Session, minutes_id: int) -> list[RemovedParagraph]:
    """In the order in which they stood."""
    return list(
        session.exec(
            select(RemovedParagraph)
            .where(RemovedParagraph.minutes_id == minutes_id)
            .order_by(col(RemovedParagraph.position), col(RemovedParagraph.id))
        )
    )


def removed_paragraph(session: Session, minutes_id: int, removed_id: int) -> RemovedParagraph:
    found = session.get(RemovedParagraph, removed_id)
    if found is None or found.minutes_id != minutes_id:
        raise NotHere
    return found


def attestation(session: Session, minutes_id: int, presence_id: int) -> Attestation | None:
    return session.exec(
        select(Attestation).where(Attestation.minutes_id == minutes_id, Attestation.presence_id == presence_id)
    ).first()


def answers(session: Session, found: Minutes) -> list[Answer]:
    """Everybody who was there, in the order they signed in, with their word."""
    given = {
        one.presence_id: one
        for one in session.exec(select(Attestation).where(Attestation.minutes_id == found.id)).all()
    }
    clerks = names(session, [one.entered_by for one in given.values() if one.entered_by != one.account_id])
    numbers = {row.key: row.position for row in paragraphs(session, found.id)}
    gone = {row.key: row.text for row in removed(session, found.id)}
    # The first format counted everybody who had signed in at all.
    there = attendees if found.record_format > 1 else presences
    rows = []
    for here in there(session, found.meeting_id):
        one = given.get(here.id)
        key = one.paragraph_key if one else None
        rows.append(
            Answer(
                here.id,
                here.account_id,
                here.name,
                here.role,
                one.word if one else None,
                numbers.get(key) if key else None,
                gone.get(key, "") if key else "",
                one.note if one else "",
                one.at if one else None,
                one.version if one else None,
                one is not None and one.version == found.version,
                clerks.get(one.entered_by, "") if one and one.entered_by != one.account_id else "",
            )
        )
    return rows


def parts(rows: Iterable[Paragraph], given: Iterable[Answer]) -> list[Part]:
    against: dict[int, list[Answer]] = {}
    for one in given:
        if one.word == Word.OBJECTED and one.number is not None:
            against.setdefault(one.number, []).append(one)
    found: list[Part] = []
    before: tuple[str, int | None] | None = None
    for row in rows:
        key = (row.section, row.item_id)
        objections = tuple(against.get(row.position, ()))
        found.append(Part(row.position, row.section, key != before, row.item_id, row.text, row.hold, objections))
        before = key
    return found


def to_deleted(given: Iterable[Answer]) -> list[Answer]:
    """Objections to paragraphs that were deleted since."""
    return [one for one in given if one.word == Word.OBJECTED and one.number is None]


@dataclass(frozen=True)
class Result:
    """What those who were there said of the text as it stands."""

    confirmed: int
    objected: int
    silent: int


def result(given: Iterable[Answer]) -> Result:
    words = [one.word if one.current else None for one in given]
    return Result(words.count(Word.CONFIRMED), words.count(Word.OBJECTED), words.count(None))


def missing(given: Iterable[Answer]) -> list[Answer]:
    return [one for one in given if not one.current]


def canonical(session: Session, found: Minutes) -> bytes:
    """The frozen minutes as the bytes whose SHA-256 is printed on them: one JSON text, keys sorted, no spaces."""
    given = answers(session, found)
    body: dict[str, object] = {
        "format": f"deliberation-minutes-{found.record_format}",
        "council": session.get_one(Council, found.council_id).name,
        "meeting": found.meeting_id,
        "serial_no": found.serial_no,
        "title": found.title,
        "version": found.version,
        "frozen_at": _utc(found.frozen_at),
        "paragraphs": [
            {"number": row.position, "section": row.section, "text": row.text} for row in paragraphs(session, found.id)
        ],
        "present": [
            {
                "name": one.name,
                "role": one.role,
                "word": one.word if one.current else None,
                "paragraph": one.number if one.current else None,
                "note": one.note if one.current else "",
                "at": _utc(one.at) if one.current else None,
            }
            for one in given
        ],
    }
    if found.record_format > 1:
        # An objection is part of the record although the text was changed, or its paragraph deleted, after it was made.
        body["objections"] = [
            {
                "name": one.name,
                "paragraph": one.number,
                "deleted_text": one.deleted_text if one.number is None else None,
                "note": one.note,
                "version": one.version,
                "at": _utc(one.at),
            }
            for one in given
            if one.word == Word.OBJECTED
        ]
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(session: Session, found: Minutes) -> str:
    return hashlib.sha256(canonical(session, found)).hexdigest()


def _utc(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None


def presence_without_account(session: Session, meeting_id: int, presence_id: int) -> Presence:
    found = session.get(Presence, presence_id)
    if found is None or found.meeting_id != meeting_id or found.account_id is not None:
        raise NotHere
    return found


# --- what waits ---------------------------------------------------------------------------------------------------------
