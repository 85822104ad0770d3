"""A page asks the database as often with a thousand residents as with ten."""

from __future__ import annotations

from datetime import timedelta

from deliberation.council.actions import appoint
from deliberation.council.rules import Role
from deliberation.council.tables import HomeSlip, Membership, SlipBatch
from deliberation.db.tables import Reading
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build

C = "/c/jinxiu"
MOST = {
    C: 50,
    f"{C}/polls/1": 30,
    f"{C}/polls/1/ballot": 20,
    f"{C}/residents": 25,
    f"{C}/residents?state=by_one": 25,
    f"{C}/residents?state=verified": 25,
    f"{C}/work": 40,
    f"{C}/log/readings": 20,
    f"{C}/my-building": 20,
    f"{C}/seats": 20,
}
READER = {f"{C}/residents": "desk", f"{C}/work": "desk", f"{C}/my-building": "tenant", f"{C}/seats": "moderator"}


def residents(town: Town, count: int) -> None:
    """Each in a home with a slip, confirmed by one of the staff or waiting, and read about once."""
    with town.write("desk") as tx:
        batch = SlipBatch(
            council_id=tx.council,
            roll_id=town.cast.roll_id,
            slips=count,
            without_phone=0,
            digest="x",
            printed_by=tx.actor,
            printed_at=tx.now,
            expires_at=tx.now + timedelta(days=60),
            confirmed_at=tx.now,
        )
        tx.session.add(batch)
        people = [Account(name=f"住户{number}", created_at=tx.now) for number in range(count)]
        tx.session.add_all(people)
        tx.session.flush()
        for number, one in enumerate(people):
            tx.session.add(
                Membership(
                    council_id=tx.council,
                    account_id=one.id,
                    tie="owner",
                    home=f"水仙里1幢1单元{number}",
                    head_key=f"Z{one.id}",
                    state="verified" if number % 2 else "waiting",
                    level=1,
                    decided_by=tx.actor,
                    asked_at=tx.now,
                )
            )
            tx.session.add(
                HomeSlip(council_id=tx.council, batch_id=batch.id, head_key=f"Z{one.id}", code_hash=f"x{one.id}")
            )
            tx.session.add(
                Reading(
                    council_id=tx.council,
                    reader_id=one.id,
                    thing="roll",
                    thing_id=0,
                    day=tx.now.date(),
                    at=tx.now,
                )
            )


def test_pages_ask_as_often_with_a_thousand_residents_as_with_ten(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["tenant"], Role.BUILDING, building="水仙里1幢1单元")
    build.opened(town)
    callers = {who: build.signed_in(town, who) for who in ("owner7", "desk", "tenant", "moderator")}

    def asked() -> dict[str, int]:
        found = {}
        for page in MOST:
            caller = callers[READER.get(page.partition("?")[0], "owner7")]
            assert caller.get(page).status == 200, page
            with town.asking() as sent:
                caller.get(page)
            found[page] = len(sent)
        return found

    residents(town, 10)
    few = asked()
    residents(town, 1000)
    many = asked()
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} == {}
    assert {page: count for page, count in many.items() if count > MOST[page]} == {}
