"""Changes of the seats wait for a while and not in any number."""

import pytest

from deliberation.council.actions import appoint
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import rules
from tests.conftest import Town
from tests.deliberation.council.build import verbs
from tests.deliberation.council.test_seating import NEIGHBOR, SEATS, put
from tests.deliberation.council.test_seats import WHY, ending
from votes.refusal import Refused


def test_what_nobody_decides_for_a_month_falls_away_and_may_be_put_forward_anew(town: Town) -> None:
    number = put(town, NEIGHBOR)
    town.travel(days=29)
    assert verbs(town)[-1] == "seat.put"
    town.travel(days=2)
    assert verbs(town)[-1] == "seat.change_over"
    with town.write("supervisor") as tx, pytest.raises(Refused, match="seat_change_over"):
        seating_actions.agree(tx, number)
    with town.write("moderator") as tx:
        assert seating_actions.put(tx, town.cast.ids["neighbor"], "desk").id != number


def test_no_more_wait_than_can_be_read(town: Town) -> None:
    def people(who: str, first: int, count: int) -> None:
        for one in range(first, first + count):
            form = {"name": f"第{one}位", "phone": f"136000000{one:02d}", "role": "desk"}
            assert town.as_(who).post(SEATS, form).status == 303

    people("moderator", 0, rules.MOST_BY_ONE)
    answer = town.as_("moderator").post(SEATS, NEIGHBOR)
    assert answer.status == 422
    assert "先处理或收回几件再提" in answer.text
    with town.write("admin") as tx:
        for who in ("stranger", "owner", "owner6"):
            appoint(tx, town.cast.ids[who], "moderator")
    people("stranger", 20, rules.MOST_BY_ONE)
    people("owner", 40, rules.MOST_WAITING - 2 * rules.MOST_BY_ONE)
    full = town.as_("owner").post(SEATS, NEIGHBOR)
    assert full.status == 422
    assert f"已有 {rules.MOST_WAITING} 件" in full.text
    # Three who fill the list keep no other moderator from putting anything forward, nor from having one of their seats ended.
    moderator = town.as_("owner6")
    assert moderator.post(ending(moderator.get(SEATS).html, "路人"), WHY).status == 303
    assert verbs(town)[-1] == "seat.end_put"
    people("owner6", 60, rules.ALWAYS_ROOM - 1)
    assert moderator.post(SEATS, NEIGHBOR).status == 422
