"""From its notice until the result is final a binding poll keeps two people at work and a supervisor."""

import pytest
from sqlmodel import select

from deliberation.ballot.rules import Standing
from deliberation.council import actions
from deliberation.council.seating import actions as seating
from deliberation.council.tables import Seat, SeatChange
from deliberation.db.engine import Tx
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import verbs
from tests.deliberation.council.test_seats import WHY, ending
from tests.deliberation.decision.build import PASSING, decided, path
from votes.refusal import Refused

SEATS = "/c/jinxiu/seats"


def seat_of(tx: Tx, town: Town, who: str) -> Seat:
    return tx.session.exec(select(Seat).where(Seat.account_id == town.cast.ids[who], Seat.role != "building")).one()


def only_two(town: Town) -> None:
    """The desk is empty: moderator and recorder do the work."""
    for who in ("desk", "desk2"):
        with town.write("moderator") as tx:
            actions.end_seat(tx, seat_of(tx, town, who))


def test_the_second_person_at_work_stays_while_the_poll_is_on_its_way(town: Town) -> None:
    only_two(town)
    build.announced(town)
    moderator = town.as_("moderator")
    answer = moderator.post(ending(moderator.get(SEATS).html, "陈记录"), WHY)
    assert answer.status == 422
    assert "架空层设充电桩" in answer.text
    assert "请先让接任的人就任" in answer.text


def test_with_a_successor_the_seat_may_end(town: Town) -> None:
    only_two(town)
    build.announced(town)
    with town.write("admin") as tx:
        actions.appoint(tx, town.cast.ids["stranger"], "recorder")
    moderator = town.as_("moderator")
    assert moderator.post(ending(moderator.get(SEATS).html, "陈记录"), WHY).status == 303


def test_the_last_supervisor_stays_even_when_a_second_person_agrees(town: Town) -> None:
    with town.write("moderator") as tx:
        seating.end(tx, seat_of(tx, town, "supervisor"))
    build.announced(town)
    with town.db.read() as session:
        change = session.exec(select(SeatChange.id)).one()
    with pytest.raises(Refused, match="poll_needs_hands"), town.write("supervisor") as tx:
        seating.agree(tx, change)
    moderator = town.as_("moderator")
    answer = moderator.post(ending(moderator.get(SEATS).html, "监督员"), WHY)
    assert answer.status == 422
    assert verbs(town).count("seat.end_put") == 1


def test_that_is_said_to_who_puts_it_and_nothing_waits(town: Town) -> None:
    build.announced(town)
    moderator = town.as_("moderator")
    answer = moderator.post(ending(moderator.get(SEATS).html, "监督员"), WHY)
    assert answer.status == 422
    assert "请先让接任的人就任" in answer.text
    assert "seat.end_put" not in verbs(town)


def test_after_the_final_result_and_for_an_opinion_the_seat_is_free(town: Town) -> None:
    only_two(town)
    build.announced(town, standing=Standing.CONSULTATION)
    with town.write("moderator") as tx:
        actions.check_end(tx, seat_of(tx, town, "recorder"))
    build.announced(town, title="改造大门")
    for span in ({"days": 15, "hours": 1}, {"days": 8}):
        town.travel(**span)
        with pytest.raises(Refused, match="poll_needs_hands"), town.write("moderator") as tx:
            actions.check_end(tx, seat_of(tx, town, "recorder"))
    town.travel(days=16)
    assert "decision.final" in verbs(town)
    with town.write("moderator") as tx:
        actions.check_end(tx, seat_of(tx, town, "recorder"))


def test_a_result_without_its_supervisor_is_not_final_before_there_is_one(town: Town) -> None:
    """A seat that was left empty in another way: the count stands, and waits."""
    decision = decided(town, PASSING)
    with town.write() as tx:
        seat_of(tx, town, "supervisor").until = tx.now
    town.travel(days=20)
    assert "decision.final" not in verbs(town)
    page = build.signed_in(town, "resident").get(path(decision))
    assert "要有两位工作人员和一位居务监督在任" in page.text
    with town.write("admin") as tx:
        actions.appoint(tx, town.cast.ids["supervisor"], "supervisor")
    town.travel(hours=1)
    assert "decision.final" in verbs(town)
