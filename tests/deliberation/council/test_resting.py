"""What a seat that rests does not count for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.council import queries
from deliberation.council.actions import appoint
from deliberation.council.buildings.queries import led
from deliberation.council.resting.actions import rest
from deliberation.council.resting.rules import Why
from deliberation.council.seating.queries import watching
from deliberation.council.tables import Seat
from deliberation.followup.actions import assign
from deliberation.followup.offers import seat_holders
from deliberation.meeting.who import invitees
from tests.conftest import Town
from tests.deliberation.council.build import PASSWORD
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.council.test_seating import NEW, PLATFORM, SEATS, agree, put
from tests.deliberation.followup.build import matter
from votes.refusal import Refused


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


def test_who_holds_a_resting_seat_alone_is_neither_invited_nor_given_a_task(town: Town) -> None:
    me, about = town.cast.ids["stranger"], matter(town)
    with town.write("admin") as tx:
        seat = appoint(tx, me, "desk")
        assert me in {one.account_id for one in invitees(tx.session, tx.council)}
        assert (me, "路人", "desk") in seat_holders(tx.session, tx.council)
        rest(tx, seat, Why.KEY)
        assert me not in {one.account_id for one in invitees(tx.session, tx.council)}
        assert me not in {one[0] for one in seat_holders(tx.session, tx.council)}
        with pytest.raises(Refused, match="not_a_choice"):
            assign(tx, matter_id=about, title="换灯", due_on=tx.now.date() + timedelta(days=9), assignee_id=me)


def test_a_resident_whose_seat_rests_comes_to_the_meeting_as_a_resident(town: Town) -> None:
    me = town.cast.ids["resident"]
    with town.write("admin") as tx:
        rest(tx, appoint(tx, me, "desk"), Why.KEY)
        (found,) = [one for one in invitees(tx.session, tx.council) if one.account_id == me]
    assert (found.role, found.head_key) == ("owner", "Y01")


def test_the_platform_sees_which_seats_do_not_count_yet(town: Town) -> None:
    admin = town.as_("admin")
    for page in ("/platform", "/platform/councils/jinxiu"):
        assert "还没有生效" not in admin.get(page).text
    with town.write("admin") as tx:
        (seat,) = queries.held(tx.session, tx.council, town.cast.ids["moderator"], "moderator")
        rest(tx, seat, Why.RECOVERY)
    assert "林主持 还没有生效" in admin.get("/platform").text
    assert "林主持 还没有生效" in admin.get("/platform/councils/jinxiu").text
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["stranger"], "moderator")
    assert "林主持、路人 林主持还没有生效" in admin.get("/platform").text


def test_the_number_is_asked_for_once_there_can_be_one(town: Town) -> None:
    """Until the link is opened no phone shows a number."""
    slip = agree(town, "supervisor", put(town, NEW))
    with town.db.read() as session:
        (seat,) = [one for one in queries.seats(session, town.cast.council_id) if one.rests_for]
    field = f'name="number_{seat.id}"'
    for who, page in (("moderator", SEATS), ("admin", PLATFORM)):
        before = town.as_(who).get(page)
        assert field not in before.html
        assert "新记录还没有打开链接" in before.text
    town.as_(None).post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD})
    for who, page in (("moderator", SEATS), ("admin", PLATFORM)):
        after = town.as_(who).get(page)
        assert field in after.html
        assert "还没有打开链接" not in after.text
