"""What a seat that rests does not count for."""

from __future__ import annotations

from sqlmodel import select

from deliberation.council.actions import appoint
from deliberation.council.buildings.queries import led
from deliberation.council.resting.actions import rest
from deliberation.council.resting.rules import Why
from deliberation.council.seating.queries import watching
from deliberation.council.tables import Seat
from tests.conftest import Town


def test_a_supervisor_whose_seat_rests_is_nobody_s_second_person(town: Town) -> None:
    with town.write("admin") as tx:
        seat = tx.session.exec(select(Seat).where(Seat.role == "supervisor", Seat.council_id == tx.council)).one()
        assert seat.account_id in {one.account_id for one in watching(tx.session, tx.council)}
        rest(tx, seat, Why.RECOVERY)
        assert seat.account_id not in {one.account_id for one in watching(tx.session, tx.council)}


def test_a_building_leader_whose_seat_rests_leads_no_building(town: Town) -> None:
    me = town.cast.ids["stranger"]
    with town.write("admin") as tx:
        seat = appoint(tx, me, "building", building="水仙里1幢")
        assert led(tx.session, tx.council, me) == ["水仙里1幢"]
        rest(tx, seat, Why.KEY)
        assert led(tx.session, tx.council, me) == []
