"""The time for a second step is over, and somebody has found the password out: by setting one up they do not get the seat."""

import pytest
from sqlmodel import select, update

from deliberation.council.actions import change_settings
from deliberation.council.tables import Council, Seat
from deliberation.people.tables import SignIn
from tests.conftest import Caller, Town
from tests.deliberation.council.build import begin_seat, verbs
from tests.deliberation.council.test_recovery import NEW, begin, confirm, link_of
from tests.deliberation.people.build import with_password
from tests.deliberation.people.test_second_step import begun

C = "/c/jinxiu"


def _wanted(town: Town) -> None:
    with town.write() as tx:
        council = tx.session.get_one(Council, town.cast.council_id)
        council.staff_second_step = True
        tx.session.add(council)
        # Everybody else here has set theirs up in time.
        tx.session.exec(update(SignIn).values(strong=True))


def _late(town: Town, who: str = "recorder") -> Caller:
    _wanted(town)
    town.travel(days=15)
    return with_password(town, who)


def test_a_thief_with_the_password_sets_up_a_second_step_and_has_no_seat(town: Town) -> None:
    thief = _late(town)
    assert "/account/second-step" in thief.get(f"{C}/residents").location
    begun(town, thief)
    assert verbs(town)[-1] == "seat.rests"
    assert thief.get(f"{C}/residents").location == f"{C}/resting"
    assert "只凭密码设的" in thief.get(f"{C}/resting").text


@pytest.mark.parametrize("by", ["moderator", "supervisor"])
def test_one_colleague_who_sees_the_person_is_enough(town: Town, by: str) -> None:
    person = _late(town)
    begun(town, person)
    begin_seat(town, person, by=by)
    assert person.get(f"{C}/residents").status == 200


def test_within_the_time_nobody_is_asked(town: Town) -> None:
    _wanted(town)
    person = with_password(town, "recorder")
    begun(town, person)
    town.travel(days=15)
    assert "seat.rests" not in verbs(town)
    assert person.get(f"{C}/residents").status == 200


def test_whom_two_have_let_back_in_sets_it_up_without_being_seen_a_third_time(town: Town) -> None:
    _late(town)
    assert begin(town, "desk", "recorder").status == 303
    person = town.as_(None)
    assert person.post(link_of(confirm(town, "moderator")), NEW).status == 303
    begun(town, person, current=NEW["password"])
    assert person.get(f"{C}/residents").status == 200


def test_a_council_that_wants_no_second_step_sees_no_difference(town: Town) -> None:
    town.travel(days=15)
    person = with_password(town, "recorder")
    begun(town, person)
    with town.db.read() as session:
        assert session.exec(select(Seat.id).where(Seat.rests_for != "")).all() == []


def test_where_a_council_begins_to_want_it_whoever_sits_already_has_the_time_too(town: Town) -> None:
    town.travel(days=20)
    with town.write("moderator") as tx:
        change_settings(tx, {"staff_second_step": True})
    person = with_password(town, "recorder")
    begun(town, person)
    assert person.get(f"{C}/residents").status == 200
    assert "seat.rests" not in verbs(town)
