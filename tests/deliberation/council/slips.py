"""A roll with phone numbers, slips printed from it, and the codes read off them as a neighbor would."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlmodel import col, or_, select

from deliberation.council.roll.actions import keep
from deliberation.council.tables import HomeSlip, Membership
from deliberation.people.tables import Account
from deliberation.web import pdf
from tests import cast
from tests.conftest import Answer, Caller, Town
from votes.roll import from_table

C = "/c/jinxiu"
SLIPS, CODE = f"{C}/home-slips", f"{C}/home-code"
SILENT = {
    "Y11": ("水仙里", "0901", "方静淑", "13912345678"),
    "Y12": ("水仙里", "0902", "何玉梅", "139 8765 4321／0596-1234567"),
    "Y13": ("水仙里", "0903", "沈无电", ""),
}
"""Owners nobody has been confirmed for: the last one has no phone on the roll."""
TAIL = {"Y11": "5678", "Y12": "4321"}


def roll_with_phones(town: Town) -> None:
    rows = [line.split(",") for line in cast.ROLL.strip().splitlines()]
    rows[0].append("联系电话")
    for row in rows[1:]:
        row.append("")
    for owner_id, (group, room, name, phone) in SILENT.items():
        rows.append([group, "1幢", "1单元", room, "住宅", "100.00", owner_id, name, "单独所有", name, "已交付", phone])
    with town.write("moderator") as tx:
        keep(tx, from_table(rows), file_name="roll.csv")


def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet as a page, so that a test can read the codes."""
    monkeypatch.setattr(pdf, "_library", lambda: False)


def codes_on(answer: Answer) -> dict[str, str]:
    """By room, as printed: "1234 5678 9012 3456"."""
    found = {}
    for part in answer.html.split('<section class="home-slip">')[1:]:
        room = re.search(r"<h2>(.*?)</h2>", part)
        code = re.search(r'class="home-slip-code"[^>]*>(.*?)</p>', part, re.DOTALL)
        assert room is not None
        found[room[1][-4:]] = " ".join(re.findall(r"[0-9]{4}", code[1])) if code else ""
    return found


def printed(town: Town, *, place: str = "水仙里1幢1单元", who: str = "desk") -> dict[str, str]:
    """By room: the code on the slip, empty where there is none."""
    answer = signed_in(town, who).post(f"{SLIPS}/printing", {"place": place})
    assert answer.status == 200, answer.text
    return codes_on(answer)


def release(town: Town, *, who: str = "recorder", counted: int | None = None) -> Answer:
    with town.db.read() as session:
        batch_id = session.exec(select(HomeSlip.batch_id).order_by(col(HomeSlip.id).desc())).first()
        count = len(session.exec(select(HomeSlip.id).where(HomeSlip.batch_id == batch_id)).all())
    form = {f"counted_{batch_id}": str(count if counted is None else counted)}
    return signed_in(town, who).post(f"{SLIPS}/{batch_id}/release", form)


def released(town: Town, **options: Any) -> dict[str, str]:
    codes = printed(town, **options)
    answer = release(town)
    assert answer.status == 303, answer.text
    return codes


def form(code: str, tail: str = "5678", **changed: str) -> dict[str, str]:
    return {"code": code, "tail": tail, "name": "方静淑", "phone": "13700001111", **changed}


def used(town: Town, code: str, *, caller: Caller | None = None, **changed: str) -> Answer:
    return (caller or town.as_(None)).post(CODE, form(code, **changed))


def signed_in(town: Town, who: str) -> Caller:
    from deliberation.people.actions import sign_in

    with town.write() as tx:
        return Caller(town.app, sign_in(tx, town.cast.ids[who], "tests"))


def membership_of_phone(town: Town, phone: str = "13700001111") -> Membership | None:
    with town.db.read() as session:
        found = session.exec(
            select(Membership)
            .join(Account, col(Account.id) == col(Membership.account_id))
            .where(or_(col(Account.phone) == phone, col(Account.claimed_phone) == phone))
        ).first()
        if found:
            session.expunge(found)
        return found
