"""The platform's admin alone opens nobody's account: not a moderator's, not a resident's through a seat that was made for it."""

import re

import pytest

from deliberation.council.actions import appoint, appoint_officer, make_council
from tests.conftest import Town
from tests.deliberation.council.build import membership, verbs
from tests.deliberation.people.build import with_password


def test_a_moderator_who_has_signed_in_gets_no_link_from_the_admin(town: Town) -> None:
    """Else the admin puts something forward as the moderator, and agrees as the admin."""
    theirs = with_password(town, "moderator")
    admin = town.as_("admin")
    path = f"/platform/councils/jinxiu/people/{town.cast.ids['moderator']}/link"
    assert path not in admin.get("/platform/councils/jinxiu").html
    answer = admin.post(path)
    assert answer.status == 422
    assert "/invitations/" not in answer.html
    assert theirs.get("/account").status == 200


@pytest.mark.parametrize("role", ["recorder", "community"])
def test_a_council_made_for_it_opens_no_residents_account(town: Town, role: str) -> None:
    theirs = with_password(town, "resident")
    me = town.cast.ids["resident"]
    with town.write("admin") as tx:
        made = make_council(tx, slug="made-up", name="空", compound="空", community="空")
        tx.council_id = made.id
        if role == "community":
            appoint_officer(tx, "空", me)
        else:
            appoint(tx, me, role)
    answer = town.as_("admin").post(f"/platform/councils/made-up/people/{me}/recovery", {"checked": "视频"})
    assert not re.search(r"/recovery/[\w-]{20}", answer.html)
    assert answer.status == 303
    assert membership(town, "resident").state == "verified"
    assert theirs.get("/account").status == 200
    # Where they live, everybody reads that it was begun.
    assert verbs(town)[-1] == "account.recovery_started"
