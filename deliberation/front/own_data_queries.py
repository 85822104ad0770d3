"""What is kept of one person, as they read it: the rows of the file, in groups, in words instead of codes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Session, SQLModel, select

from deliberation.front.belongings_queries import Belongings, Rows
from deliberation.i18n import dates
from deliberation.i18n.catalog import Lang, word, words
from deliberation.people.queries import names
from deliberation.people.rules import device
from deliberation.story.timeline import sentence
from deliberation.web.render import area_text, in_fours

GROUPS: dict[str, tuple[str, ...]] = {
    "person": ("account", "membership", "roll_unit", "home_slip", "roll_dispute", "seat", "seat_change"),
    "signing_in": (
        "sign_in",
        "known_device",
        "account_notice",
        "second_step",
        "paper_code",
        "passkey",
        "provider_tie",
        "phone_code",
        "one_time_link",
        "recovery",
    ),
    "seen": ("reading",),
    "matters": ("proposal", "photo", "seconding", "rating", "progress"),
    "meetings": ("presence", "statement", "attestation"),
    "polls": ("ballot", "proxy", "dispute", "objection"),
    "office": (
        "roll",
        "roll_upload",
        "roll_amendment",
        "slip_batch",
        "motion",
        "pre_check",
        "meeting",
        "action_point",
        "minutes",
        "poll",
        "paper_ballot",
        "paper_reading",
        "recount",
        "task",
    ),
    "journal": ("event",),
}
"""Every table that may name a person, in the order of the page; a test finds one that was forgotten."""

HANDLED = {"reading": "looked"}
"""Tables that need other words where the person is not whom they are about."""
MOST = 300
"""Rows of one table on a page and a PDF; a secretary's journal of years would keep both from being made."""

WORDED = {
    "one_time_link.purpose": "own_value",
    "seat.rests_for": "own_value",
    "photo.subject": "own_value",
    "proposal.channel": "intake",
    "proposal.category": "category",
    "proposal.kind": "kind",
    "proposal.state": "proposal_state",
    "recovery.how": "recovery_how",
    "seat.role": "role",
    "seat_change.role": "role",
    "seat_change.kind": "own_value",
    "seat_change.state": "own_value",
    "account_notice.code": "account_notice",
    "roll_dispute.outcome": "dispute_outcome",
    "roll_unit.use": "unit_use",
    "roll_unit.area_basis": "area_basis",
    "roll_unit.co_ownership": "co_ownership",
    "roll_unit.delivery": "delivery",
    "presence.role": "capacity",
    "presence.mode": "mode",
    "attestation.word": "own_value",
    "membership.tie": "tie",
    "membership.state": "member_state",
    "membership.level": "level",
    "proxy.scope": "own_value",
    "proxy.state": "own_value",
    "ballot.channel": "channel",
    "ballot.level": "level",
    "objection.done": "objection_done",
}
"""Columns that hold a code -> the section with its words."""
DEVICES = {"sign_in.device", "account_notice.agent"}
FILE_ONLY = {
    "id": "the record's number",
    "head_key": "the roll's way to tell heads apart; the homes stand beside it",
    "line": "the line in the roll's file",
    "before": "how a tie was before, so that it can be put back",
    "paragraph_key": "the number of a record",
    "version": "of the text, for the programs",
    "thing": "always one's own page",
    "thing_id": "the number of a record",
    "subject_id": "the number of a record",
    "width": "of a picture, which is shown on its page",
    "height": "of a picture, which is shown on its page",
    "prev": "a link of the chain",
    "verb": "said by the sentence of the act",
    "facts": "said by the sentence of the act",
    "matter_id": "the number of a record",
    "meeting_id": "of an act: the number of a record",
    "credential_id": "what a passkey is called between programs",
    "sign_count": "how a copied passkey is noticed",
    "last_step": "how a code used twice is noticed",
}
"""Columns that the page leaves to the file, and why; besides the numbers of other records and of other people."""


@dataclass(frozen=True)
class Part:
    """`table`: its words (section belonging); `count`: the file's rows, of which the `earlier` are only there; each row is what
    there is to say of it, with its label."""

    table: str
    count: int
    earlier: int
    rows: list[list[tuple[str, str]]]


def told(session: Session, me: int, found: Belongings, lang: Lang) -> dict[str, list[Part]]:
    """Group -> its tables that have a row, the newest row first. What was only handled stands with the offices."""
    known = _Known(session, me, found.together(), lang)
    groups = {
        group: [_part(known, name, found.about[name]) for name in tables if name in found.about]
        for group, tables in GROUPS.items()
    }
    groups["office"] = [
        replace(_part(known, name, rows), table=HANDLED.get(name, name)) for name, rows in found.handled.items()
    ]
    return {group: parts for group, parts in groups.items() if parts}


def _part(known: _Known, table: str, rows: list[dict[str, Any]]) -> Part:
    """What reads alike is said once, with how many there are of it, such as a home that stands on several versions of the roll;
    what says nothing, not at all."""
    newest = rows[: -MOST - 1 : -1]
    said = Counter(tuple(known.row(table, row)) for row in newest)
    shown = [[*row, *known.alike(count)] for row, count in said.items() if row]
    return Part(table, len(rows), len(rows) - len(newest), shown)


def label(table: str, column: str, lang: Lang) -> str:
    """A column's own words in this table, or those it has in all of them."""
    own = f"own_{table}_{column}"
    return word("own_column", own if own in words()["own_column"] else column, lang)


def titled(column: Column[Any]) -> str:
    """The table of things with a title that this column points at, or ""."""
    tables = [key.column.table for key in column.foreign_keys]
    return next((table.name for table in tables if "title" in table.c), "")


def on_page(column: Column[Any]) -> bool:
    """Whether the page tells of it. Of what it points at, only what has a title; of other people only who looked."""
    if column.foreign_keys:
        return bool(titled(column)) or column.name in {"council_id", "reader_id"}
    return column.name not in FILE_ONLY


class _Known:
    """What the rows point at, looked up once."""

    def __init__(self, session: Session, me: int, rows: Rows, lang: Lang) -> None:
        self.lang = lang
        councils = {row["council_id"] for some in rows.values() for row in some if row.get("council_id")}
        self.several = len(councils) > 1
        """Of a single council there is no need to name it with every row."""
        self.tables = SQLModel.metadata.tables
        wanted: dict[str, set[int]] = {}
        for table, some in rows.items():
            for column in self.tables[table].c:
                target = "council" if column.name == "council_id" else titled(column)
                if target:
                    wanted.setdefault(target, set()).update(row[column.name] for row in some if row.get(column.name))
        self.titles = {target: self._titles(session, target, ids) for target, ids in wanted.items()}
        self.readers = names(session, [row.get("reader_id") for row in rows.get("reading", [])])
        self.my_name = names(session, [me])[me]

    def _titles(self, session: Session, target: str, ids: set[int]) -> dict[int, str]:
        table = self.tables[target]
        title = table.c.name if target == "council" else table.c.title
        return {
            number: str(text) for number, text in session.execute(select(table.c.id, title).where(table.c.id.in_(ids)))
        }

    def alike(self, count: int) -> list[tuple[str, str]]:
        if count == 1:
            return []
        return [(word("own_value", "alike", self.lang), word("own_value", "records", self.lang, count=count))]

    def row(self, table: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        columns = self.tables[table].c
        found = [
            (label(table, name, self.lang), text)
            for name, value in row.items()
            if on_page(columns[name])
            and (name != "council_id" or self.several)
            and (text := self._said(table, columns[name], value))
        ]
        if table == "account_notice" and row.get("facts"):
            found += self._noticed(json.loads(row["facts"]))
        if table == "event":
            act = sentence(row["verb"], row["facts"], self.my_name, self.lang)
            found.insert(0, (label("event", "verb", self.lang), act))
        return found

    def _noticed(self, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What a notice was about, as it was told."""
        named = {"council_id": facts.get("council"), "home": facts.get("home"), "reason": facts.get("reason")}
        return [(label("account_notice", name, self.lang), text) for name, text in named.items() if text]

    def _said(self, table: str, column: Column[Any], value: Any) -> str:
        """In words; "" where there is nothing to say."""
        name = f"{table}.{column.name}"
        if value is None or value == "" or (name == "account.platform_admin" and not value):
            return ""
        if column.foreign_keys:
            if column.name == "reader_id":
                return self.readers.get(value, "")
            return self.titles["council" if column.name == "council_id" else titled(column)].get(value, "")
        if name in WORDED:
            section, code = WORDED[name], str(value)
            return word(section, code, self.lang) if code in words()[section] else code
        if name in DEVICES:
            kind, browser = device(value)
            return " · ".join(filter(None, (word("device", kind, self.lang), browser)))
        if isinstance(value, bool):
            return word("own_value", "yes" if value else "no", self.lang)
        if isinstance(value, datetime):
            return dates.moment(value, self.lang, year=True)
        if isinstance(value, date):
            return dates.day(value, self.lang, year=True)
        if name == "ballot.receipt":
            return in_fours(value)
        return word("own_value", "area", self.lang, area=area_text(value)) if column.name == "area" else str(value)
