"""Whoever is to lose a seat does not keep it by refusing each time, and one moderator does not refuse what another put forward."""

import pytest
from sqlmodel import select

from deliberation.council.actions import appoint
from deliberation.council.tables import SeatChange
from tests.conftest import Town
from tests.deliberation.council.build import verbs
from tests.deliberation.council.test_seating import agree, put
from tests.deliberation.council.test_seats import WHY, ending

SEATS = "/c/jinxiu/seats"
PLATFORM = "/platform/councils/jinxiu"


def _number(town: Town) -> int:
    with town.db.read() as session:
        return max(session.exec(select(SeatChange.id)).all())


def _second_moderator(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["stranger"], "moderator")


@pytest.mark.parametrize(("who", "name"), [("supervisor", "监督员"), ("stranger", "路人")])
def test_the_one_whose_seat_is_to_end_cannot_say_no(town: Town, who: str, name: str) -> None:
    _second_moderator(town)
    moderator = town.as_("moderator")
    assert moderator.post(ending(moderator.get(SEATS).html, name), WHY).status == 303
    number = _number(town)
    assert f"changes/{number}/refusal" not in town.as_(who).get(SEATS).html
    assert town.as_(who).post(f"{SEATS}/changes/{number}/refusal").status == 422
    assert verbs(town)[-1] == "seat.end_put"
    assert agree(town, "admin", number, PLATFORM).status == 303
    assert verbs(town)[-1] == "seat.end_agreed"
    assert f"changes/{number}/refusal" not in moderator.get(SEATS).html


def test_a_moderator_takes_back_their_own_and_leaves_a_colleagues_to_the_second_person(town: Town) -> None:
    _second_moderator(town)
    number = put(town, {"name": "吴志燕", "phone": "13800000008", "role": "desk"})
    answer = town.as_("stranger").post(f"{SEATS}/changes/{number}/refusal")
    assert answer.status == 422
    assert "这是别人提出的" in answer.text
    assert town.as_("moderator").post(f"{SEATS}/changes/{number}/refusal").status == 303
