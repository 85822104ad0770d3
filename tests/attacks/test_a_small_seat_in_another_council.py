"""A moderator elsewhere gives a resident of ours a small seat, alone: neither does that council get a hold on their account, nor do
we lose ours."""

import pytest

from tests.conftest import Town
from tests.deliberation.council.build import membership
from tests.deliberation.council.test_recovery import begin, confirm
from tests.deliberation.people.build import with_password

ROLES = ["sitting_in", "committee", "property", "affected"]


def _seated(town: Town, role: str) -> None:
    form = {"name": "谢玉志", "phone": "13800000007", "role": role}
    assert town.as_("other_moderator").post("/c/other/seats", form).status == 303


@pytest.mark.parametrize("role", ROLES)
def test_that_council_lets_nobody_into_the_account(town: Town, role: str) -> None:
    theirs = with_password(town, "resident")
    _seated(town, role)
    form = {"checked": "本人", "present": "1"}
    answer = town.as_("other_moderator").post(f"/c/other/people/{town.cast.ids['resident']}/recovery", form)
    assert answer.status == 422
    assert "也在别的议事会登记" in answer.text
    assert theirs.get("/account").status == 200
    assert membership(town, "resident").state == "verified"


def test_their_own_council_still_lets_them_back_in(town: Town) -> None:
    with_password(town, "resident")
    _seated(town, "sitting_in")
    assert begin(town).status == 303
    assert confirm(town).status == 200


def test_their_own_council_still_gives_them_a_link(town: Town) -> None:
    with_password(town, "resident")
    _seated(town, "sitting_in")
    answer = town.as_("desk").post(f"/c/jinxiu/people/{town.cast.ids['resident']}/link")
    assert answer.status == 200
