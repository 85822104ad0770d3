"""The smallest valid matter and motion, made through the same actions that people use."""

from __future__ import annotations

import io

from PIL import Image
from sqlmodel import col, select

from deliberation.agenda import actions
from deliberation.agenda.rules import Check, Outcome
from deliberation.db.tables import Event
from tests.conftest import Town

RAISED = {
    "title": "请在架空层装充电桩",
    "category": "fire",
    "text": "大家从楼上拉线充电，很不安全。",
    "suggestion": "",
    "place": "",
}
"""A filled-in form."""

WORDED = {
    "title": "在架空层安装充电桩",
    "text": "在三栋楼的架空层各装 10 个充电桩。",
    "cost": "约 8.6 万元",
    "law_item": "9",
    "law_reason": "全体业主共同的重大事项。",
    "income_share": "",
}


def raised(town: Town, who: str = "resident", *, title: str = RAISED["title"]) -> int:
    with town.write(who) as tx:
        return actions.propose(tx, title=title, text=RAISED["text"], category="fire").id


def seconded(town: Town, proposal_id: int, *people: str) -> None:
    for who in people:
        with town.write(who) as tx:
            actions.second(tx, proposal_id)


def accepted(town: Town, proposal_id: int) -> int:
    """Returns the motion's number."""
    with town.write("moderator") as tx:
        return actions.accept(tx, proposal_id, reason="大家都关心。").id


def worded(town: Town, *, law_item: int = 9, title: str = RAISED["title"]) -> int:
    """A motion in its second draft, with a law item; returns its number."""
    motion_id = accepted(town, raised(town, title=title))
    with town.write("moderator") as tx:
        actions.edit_motion(
            tx,
            motion_id,
            version=1,
            title=WORDED["title"],
            text=WORDED["text"],
            law_item=law_item,
            law_reason="理由",
            income_share="归全体业主。",
        )
    return motion_id


def checked(town: Town, motion_id: int, *, version: int = 2) -> None:
    with town.write("moderator") as tx:
        for kind in Check:
            actions.record_check(tx, motion_id, version=version, kind=kind, outcome=Outcome.HOLDS, note="没有问题。")


def verbs(town: Town, matter_id: int) -> list[str]:
    """What the journal says happened to a matter, in order."""
    with town.db.read() as session:
        return list(session.exec(select(Event.verb).where(Event.matter_id == matter_id).order_by(col(Event.seq))))


def photo(colour: str = "red") -> tuple[str, bytes, str]:
    """An upload as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return ("photo.png", out.getvalue(), "image/png")
