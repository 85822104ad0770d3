"""The platform alone gives a council its first ones, each seat once. An admin who moderates alone does not go on so."""

from sqlmodel import select

from deliberation.council.actions import appoint
from deliberation.council.tables import Seat, SeatChange
from deliberation.people.tables import Account
from tests.conftest import Answer, Town
from tests.deliberation.council.build import verbs
from tests.deliberation.council.test_seats import WHY
from tests.deliberation.people.build import with_password

OTHER = "/platform/councils/other"
JINXIU = "/platform/councils/jinxiu"


def _seat(town: Town, at: str, role: str, number: int) -> Answer:
    return town.as_("admin").post(at, {"name": f"第{number}位", "phone": f"1361111222{number}", "role": role})


def _born(town: Town) -> None:
    """A council whose only moderator is the platform's admin."""
    with town.write("admin", town.cast.other_council_id) as tx:
        for seat in tx.session.exec(select(Seat).where(Seat.council_id == town.cast.other_council_id)):
            tx.session.delete(seat)
        appoint(tx, town.cast.ids["admin"], "moderator")


def test_after_the_first_ones_the_admin_who_moderates_alone_gives_no_seat_alone(town: Town) -> None:
    _born(town)
    for number, role in enumerate(("recorder", "desk", "supervisor")):
        assert "/invitations/" in _seat(town, OTHER, role, number).html
    before = verbs(town, town.cast.other_council_id)
    for number, role in enumerate(("recorder", "desk", "supervisor"), 4):
        answer = _seat(town, OTHER, role, number)
        assert answer.status == 422
        assert "请议事会的另一位主持人提出" in answer.text
    assert verbs(town, town.cast.other_council_id) == before


def test_ending_a_seat_makes_no_room_for_another_by_the_admin_alone(town: Town) -> None:
    _born(town)
    _seat(town, OTHER, "recorder", 0)
    with town.db.read() as session:
        seat = max(session.exec(select(Seat.id).where(Seat.role == "recorder")).all())
    assert town.as_("admin").post(f"/c/other/seats/{seat}/ending", WHY).status == 303
    assert _seat(town, OTHER, "recorder", 1).status == 422


def test_an_admin_who_put_somebody_forward_and_asks_again_is_not_told_to_agree_with_it(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "moderator")
    assert _seat(town, JINXIU, "recorder", 1).status == 303
    again = _seat(town, JINXIU, "recorder", 1)
    assert again.status == 422
    assert "已经有人提出过，正等另一位同意" in again.text
    assert "请在本页上面同意" not in again.text


def test_they_seat_one_other_moderator_who_puts_forward_what_the_supervisor_agrees_with(town: Town) -> None:
    """The way out: two people who are not the admin."""
    _born(town)
    for who, role in (("stranger", "moderator"), ("owner7", "supervisor"), ("owner6", "recorder")):
        form = {"name": _name(town, who), "phone": _phone(town, who), "role": role}
        assert town.as_("admin").post(OTHER, form).status == 303
    form = {"name": "新记录", "phone": "13611119999", "role": "recorder"}
    assert town.as_("stranger").post("/c/other/seats", form).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    agreed = town.as_("owner7").post(f"/c/other/seats/changes/{number}/confirmation", {f"known_{number}": "1"})
    assert agreed.status == 200
    assert _seat(town, OTHER, "moderator", 3).status == 422


def test_an_admin_from_outside_gives_no_second_recorder_alone_either(town: Town) -> None:
    """The council's supervisor agrees, or the council puts it forward itself."""
    answer = _seat(town, JINXIU, "recorder", 0)
    assert answer.status == 303
    assert verbs(town)[-1] == "seat.put"


def test_a_council_whose_moderators_are_all_gone_gets_one_from_the_platform(town: Town) -> None:
    assert _seat(town, JINXIU, "moderator", 0).status == 303
    assert verbs(town)[-1] == "seat.put"
    town.travel(days=31)
    form = {"name": "新主持", "phone": "13611112229", "role": "moderator"}
    assert "/invitations/" in with_password(town, "admin").post(JINXIU, form).html
    assert verbs(town)[-1] == "seat.appointed"


def _phone(town: Town, who: str) -> str:
    with town.db.read() as session:
        return session.exec(select(Account.phone).where(Account.id == town.cast.ids[who])).one() or ""


def _name(town: Town, who: str) -> str:
    with town.db.read() as session:
        return session.exec(select(Account.name).where(Account.id == town.cast.ids[who])).one()


def test_a_moderator_seated_of_late_is_waited_for_before_they_ever_came(town: Town) -> None:
    town.travel(days=31)
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["stranger"], "moderator")
    form = {"name": "新主持", "phone": "13611112229", "role": "moderator"}
    assert with_password(town, "admin").post(JINXIU, form).status == 303
    assert verbs(town)[-1] == "seat.put"


def test_a_moderator_of_long_ago_who_still_comes_is_not_passed_over(town: Town) -> None:
    town.travel(days=31)
    with_password(town, "moderator")
    form = {"name": "新主持", "phone": "13611112229", "role": "moderator"}
    assert with_password(town, "admin").post(JINXIU, form).status == 303
    assert verbs(town)[-1] == "seat.put"
