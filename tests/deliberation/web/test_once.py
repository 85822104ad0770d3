"""The same showing of a form, sent twice by a trembling thumb or a retry, is carried out once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from deliberation.council.tables import Seat
from deliberation.db.tables import Submission
from tests.conftest import Answer, Town
from tests.deliberation.council.build import verbs

FORM = {"name": "谢玉志", "phone": "13800000007", "role": "affected", "once": "this-showing"}
SEATS = "/c/jinxiu/seats"


def test_a_second_submit_is_answered_like_the_first_and_does_nothing(town: Town) -> None:
    moderator = town.as_("moderator")
    first, second = moderator.post(SEATS, FORM), moderator.post(SEATS, FORM)
    assert (first.status, second.status) == (303, 303)
    assert second.location == first.location
    assert verbs(town).count("seat.appointed") == 1


def test_two_submits_at_the_very_same_time_do_it_once(town: Town) -> None:
    start = Barrier(2)

    def send(form: dict[str, str]) -> Answer:
        moderator = town.as_("moderator")
        start.wait()
        return moderator.post(SEATS, form)

    for number, role in enumerate(("affected", "sitting_in", "committee", "desk", "property"), start=1):
        form = {**FORM, "role": role, "once": f"showing-{role}"}
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(send, [form, form]))
        assert [one.status for one in answers] == [303, 303]
        assert answers[0].location == answers[1].location
        assert sum(verbs(town).count(verb) for verb in ("seat.appointed", "seat.put")) == number


def test_a_new_showing_of_the_form_is_a_new_act(town: Town) -> None:
    moderator = town.as_("moderator")
    moderator.post(SEATS, FORM)
    answer = moderator.post(SEATS, {**FORM, "once": "another-showing"})
    assert answer.status == 422
    assert "已经是这个席位" in answer.text


def test_a_refused_form_may_be_corrected_and_sent_again(town: Town) -> None:
    moderator = town.as_("moderator")
    refused = moderator.post(SEATS, {**FORM, "role": "king"})
    assert refused.status == 422
    assert 'name="once" value="this-showing"' in refused.html
    assert moderator.post(SEATS, FORM).status == 303


def test_the_name_of_a_showing_belongs_to_the_person(town: Town) -> None:
    town.as_("moderator").post(SEATS, FORM)
    other = town.as_("other_moderator").post("/c/other/seats", FORM)
    assert other.location.startswith("/c/other/seats")


def test_the_name_of_a_showing_belongs_to_the_address(town: Town) -> None:
    """One page with several forms alike, a row each."""
    moderator = town.as_("moderator")
    for role in ("affected", "sitting_in"):
        assert moderator.post(SEATS, {**FORM, "role": role, "once": role}).status == 303
    with town.db.read() as session:
        seats = session.exec(select(Seat.id).where(Seat.account_id == town.cast.ids["resident"])).all()
    for seat_id in seats:
        assert (
            moderator.post(f"{SEATS}/{seat_id}/ending", {"once": "this-showing", "reason": "已经搬走了"}).status == 303
        )
    assert verbs(town).count("seat.ended") == 2


@pytest.mark.parametrize("once", ["", "x" * 5000])
def test_a_strange_name_of_a_showing_harms_nothing(town: Town, once: str) -> None:
    assert town.as_("moderator").post(SEATS, {**FORM, "once": once}).status == 303
    with town.db.read() as session:
        assert all(len(one) <= 100 for one in session.exec(select(Submission.once)))
