"""Every act on minutes stands in the journal, under its own verb and in words."""

import json

from sqlmodel import col, select

from deliberation.db.tables import Event
from deliberation.i18n.catalog import word
from deliberation.minutes import actions
from deliberation.minutes.rules import Word
from deliberation.story.timeline import sentence
from tests.conftest import Town
from tests.deliberation.minutes.build import drafted


def test_every_act_from_the_draft_to_the_freeze(town: Town) -> None:
    built = drafted(town)
    number = next(one.position for one in built.paragraphs() if "我家在二楼" in one.text)
    with town.write("recorder") as tx:
        actions.change(tx, built.id, version=1, at=1, text="改一改")
        actions.insert(tx, built.id, version=2, after=number, text="新的一段")
        actions.move(tx, built.id, version=3, at=number + 1, up=True)
        gone = actions.remove(tx, built.id, version=4, at=number).id
        actions.restore(tx, built.id, gone, version=5)
        actions.put_up(tx, built.id)
        actions.take_back(tx, built.id)
    built.put_up()
    assert built.say("owner", Word.OBJECTED, number, "不是这样").status == 303
    built.all_confirm()
    with town.write("recorder") as tx:
        actions.freeze(tx, built.id)
    with town.db.read() as session:
        found = session.exec(select(Event).where(col(Event.verb).startswith("minutes.")).order_by(col(Event.seq))).all()
    assert [event.verb for event in found] == [
        "minutes.drafted",
        *["minutes.edited"] * 5,
        "minutes.put_up",
        "minutes.taken_back",
        "minutes.put_up",
        "minutes.objected",
        *["minutes.confirmed"] * 3,
        "minutes.frozen",
    ]
    edits = [json.loads(event.facts)["minutes_edit"] for event in found if event.verb == "minutes.edited"]
    assert edits == ["changed", "inserted", "moved", "removed", "restored"]
    for event in found:
        for lang in ("zh", "en"):
            assert sentence(event.verb, event.facts, "X", lang) != word(
                "actor", "did", lang, actor="X", verb=event.verb
            ), event.verb
