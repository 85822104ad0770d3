"""Neighbors stand behind a matter, once each, and may take it back until it is decided on."""

import pytest

from deliberation.agenda import actions, queries
from tests.conftest import Town
from tests.deliberation.agenda.build import accepted, raised, seconded, verbs


def support(town: Town, matter_id: int) -> int:
    with town.db.read() as session:
        return queries.support(session, [matter_id]).get(matter_id, 0)


def post(matter_id: int) -> str:
    return f"/c/jinxiu/proposals/{matter_id}/seconding"


def test_neighbors_second_and_the_third_one_makes_it_enough(town: Town) -> None:
    matter = raised(town)
    assert "再有 3 人附议" in town.as_("neighbor").get(f"/c/jinxiu/matters/{matter}").text
    page = town.as_("neighbor").follow(post(matter))
    assert "附议成功" in page.text
    assert "您已附议" in page.text
    seconded(town, matter, "owner", "tenant")
    assert support(town, matter) == 3
    assert verbs(town, matter) == ["proposal.raised", *["proposal.seconded"] * 3, "proposal.supported"]
    assert "够数了：议事会要求 3 人" in town.as_("resident").get(f"/c/jinxiu/matters/{matter}").text


def test_it_is_told_once_that_the_council_s_number_is_reached_also_when_others_join_by_a_merge(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor", "owner")
    other = raised(town, "tenant")
    with town.write("moderator") as tx:
        actions.merge(tx, other, into_id=matter, reason="同一件事。")
    assert verbs(town, matter)[-2:] == ["proposal.joined", "proposal.supported"]
    town.as_("neighbor").follow(f"{post(matter)}/withdrawal")
    town.as_("neighbor").follow(post(matter))
    assert verbs(town, matter).count("proposal.supported") == 1


def test_nobody_seconds_twice(town: Town) -> None:
    matter = raised(town)
    neighbor = town.as_("neighbor")
    assert neighbor.post(post(matter)).status == 303
    again = neighbor.post(post(matter))
    assert again.status == 422
    assert "您已经附议过了" in again.text
    assert support(town, matter) == 1


def test_nobody_seconds_their_own(town: Town) -> None:
    matter = raised(town, "resident")
    answer = town.as_("resident").post(post(matter))
    assert (answer.status, support(town, matter)) == (422, 0)
    assert "这是您自己提的" in answer.text


def test_a_second_can_be_taken_back_until_the_matter_is_decided_on(town: Town) -> None:
    matter = raised(town)
    seconded(town, matter, "neighbor", "owner")
    page = town.as_("neighbor").follow(f"{post(matter)}/withdrawal")
    assert "已撤回附议" in page.text
    assert support(town, matter) == 1
    assert town.as_("neighbor").post(f"{post(matter)}/withdrawal").status == 422
    accepted(town, matter)
    late = town.as_("owner").post(f"{post(matter)}/withdrawal")
    assert (late.status, support(town, matter)) == (422, 1)
    assert "不能再附议或撤回附议" in late.text


def test_what_is_decided_on_is_not_seconded(town: Town) -> None:
    matter = raised(town)
    accepted(town, matter)
    assert town.as_("neighbor").post(post(matter)).status == 422
    assert support(town, matter) == 0


@pytest.mark.parametrize(
    ("who", "status"), [("moderator", 403), ("supervisor", 403), ("other_resident", 404), (None, 303)]
)
def test_only_verified_residents_second(town: Town, who: str | None, status: int) -> None:
    matter = raised(town)
    assert town.as_(who).post(post(matter)).status == status
    assert support(town, matter) == 0


def test_a_matter_of_another_council_is_not_there(town: Town) -> None:
    matter = raised(town)
    assert town.as_("other_resident").post(f"/c/other/proposals/{matter}/seconding").status == 404
    assert support(town, matter) == 0
