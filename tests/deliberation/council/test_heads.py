"""Owner numbers that are one head, and parts that are another: put by one of the staff, confirmed by another, with a reason."""

import pytest

from deliberation.council import dispute_actions, dispute_queries, roll_changes, roll_queries
from deliberation.council.tables import Roll
from tests.conftest import Town
from tests.deliberation.council.build import membership, verbs
from votes.refusal import Refused

WHY = "产权证核对：两套是同一人所有。"


def newest(town: Town) -> Roll:
    with town.db.read() as session:
        found = roll_queries.newest(session, town.cast.council_id)
        assert found
        return found


def put(town: Town, kind: str, lines: tuple[int, ...], owner_id: str, who: str = "desk") -> int:
    with town.write(who) as tx:
        roll = roll_queries.newest(tx.session, tx.council)
        assert roll
        edits = roll_changes.regrouped(roll_queries.voting_roll(tx.session, roll.id), lines, owner_id)
        return dispute_actions.put(tx, kind=kind, base_id=roll.id, edits=edits, reason=WHY).id


def confirmed(town: Town, number: int, who: str = "moderator") -> None:
    with town.write(who) as tx:
        dispute_actions.confirm(tx, dispute_queries.amendment(tx.session, tx.council, number))


def test_two_heads_become_one_with_both_areas_and_the_people_follow(town: Town) -> None:
    before = newest(town)
    confirmed(town, put(town, "merge", (4,), "Y01"))
    after = newest(town)
    assert verbs(town)[-1] == "roll.heads_merged"
    assert (after.heads, after.area, after.reason) == (before.heads - 1, before.area, WHY)
    assert after.fingerprint != before.fingerprint
    assert membership(town, "neighbor").head_key == "Y01"
    page = town.as_("neighbor").get("/c/jinxiu/residents/me").text
    assert "您计 1 人、280.50 ㎡" in page


def test_parts_of_one_head_become_another(town: Town) -> None:
    before = newest(town)
    confirmed(town, put(town, "split", (7,), "Y11"))
    after = newest(town)
    assert verbs(town)[-1] == "roll.heads_split"
    assert (after.heads, after.area) == (before.heads + 1, before.area)
    assert membership(town, "resident").head_key == "Y01"
    assert "您计 1 人、100.00 ㎡" in town.as_("resident").get("/c/jinxiu/residents/me").text


def test_who_put_it_does_not_confirm_it(town: Town) -> None:
    number = put(town, "merge", (4,), "Y01", "moderator")
    with pytest.raises(Refused, match="another_confirms_roll"):
        confirmed(town, number)
    assert newest(town).version == 1
