"""The platform's admin makes a council, seats somebody of another council there alone, and has puppets let "them" back in."""

from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.council.actions import appoint
from deliberation.council.seating.queries import seated_by_two
from deliberation.council.tables import Seat
from tests.conftest import Answer, Town
from tests.deliberation.council.build import verbs
from tests.deliberation.council.test_recovery import by_platform, confirm
from tests.deliberation.council.test_seating import agree
from tests.deliberation.people.build import with_password

PUPPETS = "/platform/councils/other"


def _seated_by_two(town: Town) -> None:
    """The clerk's seat at home, as seats are given from the second on."""
    with town.write() as tx:
        found = select(Seat).where(Seat.account_id == town.cast.ids["desk"], Seat.council_id == town.cast.council_id)
        for seat in tx.session.exec(found):
            seat.confirmed_by = town.cast.ids["supervisor"]
            tx.session.add(seat)


def _begun(town: Town) -> Answer:
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["desk"], "recorder")
    return town.as_("admin").post(f"{PUPPETS}/people/{town.cast.ids['desk']}/recovery", {"checked": "视频里核对了本人"})


def test_whom_two_have_seated_elsewhere_is_not_let_in_where_the_admin_alone_seated_them(town: Town) -> None:
    _seated_by_two(town)
    clerk = with_password(town, "desk")
    answer = _begun(town)
    assert answer.status == 422
    assert "请到那个议事会办理" in answer.text
    assert clerk.get("/account").status == 200
    assert "account.recovery_started" not in verbs(town)


def test_what_was_begun_before_they_were_seated_by_two_is_not_confirmed(town: Town) -> None:
    assert _begun(town).status == 303
    _seated_by_two(town)
    answer = town.as_("other_moderator").post("/c/other/recoveries/1/confirmation", {"present": "1"})
    assert answer.status == 422


def _seated_by_two_puppets(town: Town) -> Answer:
    """One puppet puts the clerk forward in the other council, another agrees; nobody has asked the clerk."""
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["stranger"], "supervisor")
    form = {"name": "服务台甲", "phone": "13800000002", "role": "recorder"}
    assert town.as_("other_moderator").post("/c/other/seats", form).status == 303
    assert agree(town, "stranger", 1, "/c/other/seats").status == 303
    return town.as_("admin").post(f"{PUPPETS}/people/{town.cast.ids['desk']}/recovery", {"checked": "视频里核对了本人"})


def test_two_puppets_who_seat_them_there_too_make_it_no_home(town: Town) -> None:
    _seated_by_two(town)
    town.travel(days=1)
    answer = _seated_by_two_puppets(town)
    assert answer.status == 422
    assert "请到那个议事会办理" in answer.text
    assert by_platform(town, "desk").status == 303, "where they have sat longest they are let in"


def test_where_two_have_seated_them_later_they_are_let_in_once_nobody_is_left_at_home(town: Town) -> None:
    _seated_by_two(town)
    town.travel(days=1)
    with town.write() as tx:
        for seat in tx.session.exec(select(Seat).where(Seat.council_id == town.cast.council_id)):
            if seat.role == "moderator":
                seat.until = tx.now
                tx.session.add(seat)
    assert _seated_by_two_puppets(town).status == 303


def test_at_home_they_are_let_in_as_before(town: Town) -> None:
    _seated_by_two(town)
    assert _begun(town).status == 422
    assert by_platform(town, "desk").status == 303
    assert confirm(town, "moderator").status == 200


@pytest.mark.parametrize("left", ["nobody", "by one"])
def test_nobody_is_locked_out_by_that(town: Town, left: str) -> None:
    """Where no other moderator is at home, or the seat there is the platform's alone as well, it goes as before."""
    if left == "nobody":
        _seated_by_two(town)
        with town.write() as tx:
            for seat in tx.session.exec(select(Seat).where(Seat.council_id == town.cast.council_id)):
                if seat.role == "moderator":
                    seat.until = tx.now
                    tx.session.add(seat)
    assert _begun(town).status == 303


def test_only_an_office_that_counts_and_that_two_have_given_makes_a_home_and_the_longest_is_first(town: Town) -> None:
    me, here, there = town.cast.ids["stranger"], town.cast.council_id, town.cast.other_council_id
    first, second = town.cast.ids["moderator"], town.cast.ids["supervisor"]
    with town.write() as tx:
        appoint(tx, me, "recorder", appointed_by=first, confirmed_by=second)
    with town.write(None, there) as tx:
        later = appoint(tx, me, "recorder", appointed_by=first, confirmed_by=second)
        later.since = tx.now - timedelta(days=1)
        assert seated_by_two(tx.session, me) == [there, here]
        for name, value in (("rests_since", tx.now), ("until", tx.now), ("confirmed_by", None), ("role", "affected")):
            before = getattr(later, name)
            setattr(later, name, value)
            assert seated_by_two(tx.session, me) == [here], name
            setattr(later, name, before)


def test_the_only_moderator_at_home_is_no_colleague_of_their_own(town: Town) -> None:
    _seated_by_two(town)
    with town.write() as tx:
        for seat in tx.session.exec(select(Seat).where(Seat.council_id == town.cast.council_id)):
            if seat.role == "moderator":
                seat.account_id = town.cast.ids["desk"]
                tx.session.add(seat)
    assert _begun(town).status == 303
