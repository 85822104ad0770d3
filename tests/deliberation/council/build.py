"""Rolls, workbooks and requests to join, as small as they can be."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlmodel import select

from deliberation.council.residents import actions as resident_actions
from deliberation.council.roll import queries as roll_queries
from deliberation.council.roll import reader as roll_reader
from deliberation.council.tables import Membership, Roll, Seat
from deliberation.db.tables import Event
from tests import cast
from tests.conftest import Answer, Caller, Town

SAMPLE = (Path(__file__).parents[2] / "votes/data/roll_sample.csv").read_bytes()
PASSWORD = "eight-letters"
JOINING = {
    "name": "林新来",
    "phone": "13811112222",
    "password": PASSWORD,
    "again": PASSWORD,
    "tie": "owner",
    "building": "水仙里1幢1单元",
    "room": "0104",
}
"""A filled-in form to join."""


def workbook(rows: Sequence[Sequence[Any]], *, title: str = "名册") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sample_workbook() -> bytes:
    """The sample as a workbook: areas as numbers, all else as text."""
    rows: list[list[Any]] = [list(row) for row in csv.reader(io.StringIO(SAMPLE.decode("utf-8-sig")))]
    for row in rows[1:]:
        row[5] = float(row[5])
    return workbook(rows)


def table() -> list[list[str]]:
    """The cast's roll as rows."""
    return [line.split(",") for line in cast.ROLL.strip().splitlines()]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def resting_seat(town: Town, council_id: int | None = None) -> Seat:
    """The newest that rests."""
    with town.db.read() as session:
        wanted = select(Seat).where(Seat.council_id == (council_id or town.cast.council_id), Seat.rests_for != "")
        found = max(session.exec(wanted), key=lambda one: one.id)
        session.expunge(found)
        return found


def number_shown(holder: Caller, council: str = "/c/jinxiu") -> str:
    """On the phone of whoever holds a seat that rests."""
    found = re.search(r"\b(\d{3}) (\d{3})\b", holder.get(f"{council}/resting").text)
    assert found
    return "".join(found.groups())


def begin_seat(town: Town, holder: Caller, *, by: str) -> None:
    """Somebody who sees the person types the number."""
    seat = resting_seat(town).id
    base = "/platform/councils/jinxiu" if by == "admin" else "/c/jinxiu"
    answer = town.as_(by).follow(f"{base}/seats/{seat}/seeing", {f"number_{seat}": number_shown(holder)})
    assert "席位开始生效" in answer.text


def asked(town: Town, who: str = "stranger", *, tie: str = "owner", home: str = "水仙里1幢1单元0104") -> int:
    """A request to join that waits; returns its number."""
    with town.write(who) as tx:
        return resident_actions.join(tx, town.cast.ids[who], tie=tie, home=home).id


def membership(town: Town, who: str) -> Membership:
    with town.db.read() as session:
        found = session.exec(
            select(Membership).where(
                Membership.account_id == town.cast.ids[who], Membership.council_id == town.cast.council_id
            )
        ).one()
        session.expunge(found)
        return found


def uploaded(caller: Caller, body: bytes, *, name: str = "roll.csv", **register: str) -> str:
    """Send a roll file, wait until it is read; returns the address of its preview."""
    answer = caller.post(
        "/c/jinxiu/roll/import", {"record_date": "2026-02-20", **register}, files={"file": (name, body)}
    )
    assert answer.status == 303, answer.text
    roll_reader.wait()
    return answer.location


def confirmed(caller: Caller, address: str) -> Answer:
    """By another than who uploaded it, since the cast has a roll already."""
    return caller.follow(f"{address}/confirmation", {"reason": "逐栋核对过，登记簿总数另附。"})


def replaced(town: Town, body: bytes) -> None:
    """A new version of the roll: the recorder brings it, the moderator confirms it."""
    confirmed(town.as_("moderator"), uploaded(town.as_("recorder"), body))


def verbs(town: Town, council_id: int | None = None) -> list[str]:
    """What the journal says happened, in order."""
    with town.db.read() as session:
        wanted = council_id or town.cast.council_id
        return list(session.exec(select(Event.verb).where(Event.council_id == wanted).order_by("seq")))


def newest_roll(town: Town) -> Roll:
    with town.db.read() as session:
        found = roll_queries.newest(session, town.cast.council_id)
        assert found
        return found


def seat_of(town: Town, who: str) -> int:
    with town.db.read() as session:
        return session.exec(select(Seat.id).where(Seat.account_id == town.cast.ids[who])).one()
