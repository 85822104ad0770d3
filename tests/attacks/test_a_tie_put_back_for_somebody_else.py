"""One of the staff ends an owner's tie, opens the account meanwhile with a new link, and puts the tie back as two had seen it."""

import re

from sqlmodel import select

from deliberation.ballot.tables import Ballot
from tests.attacks.test_one_clerk_takes_a_tie_away import tied_by_slip
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import membership
from tests.deliberation.people.build import with_password

C = "/c/jinxiu"
WHY = {"reason": "听说搬走了。"}
NEW = {"password": "a-long-password", "again": "a-long-password"}


def test_the_tie_of_an_account_that_a_link_has_opened_is_not_put_back_by_who_gave_it(town: Town) -> None:
    with_password(town, "resident")
    at = f"{C}/residents/{membership(town, 'resident').id}"
    clerk = town.as_("desk")
    assert clerk.post(f"{at}/ending", WHY).status == 303
    link = re.search(r"/invitations/([\w-]+)", clerk.post(f"{C}/people/{town.cast.ids['resident']}/link").html)
    thief = town.as_(None)
    if link:
        thief.post(f"/invitations/{link[1]}", NEW)
    clerk.post(f"{at}/restoring")
    assert membership(town, "resident").state != "verified"
    poll_id = build.opened(town)
    again = town.as_(None)
    again.post("/sign-in", {"identifier": "13800000007", "password": NEW["password"]})
    again.post(f"{C}/polls/{poll_id}/casting", {"choice": "for"})
    with town.db.read() as session:
        assert session.exec(select(Ballot.id)).all() == []


def test_during_a_poll_no_link_takes_away_that_a_tie_can_be_put_back(town: Town) -> None:
    with_password(town, "resident")
    at = f"{C}/residents/{membership(town, 'resident').id}"
    assert town.as_("desk").post(f"{at}/ending", WHY).status == 303
    build.announced(town)
    answer = build.signed_in(town, "desk").post(f"{C}/people/{town.cast.ids['resident']}/link")
    assert answer.status == 422
    assert "找回账号" in answer.text
    assert build.signed_in(town, "desk2").post(f"{at}/restoring").status == 303
    assert membership(town, "resident").level == 2


def test_a_slip_in_doubt_stands_behind_no_tie_that_is_put_back(town: Town) -> None:
    """The tie that came with it was ended by one when a colleague found the slip stolen."""
    tied_by_slip(town)
    at = f"{C}/residents/{membership(town, 'neighbor').id}"
    assert town.as_("recorder").post(f"{at}/ending", WHY).status == 303
    town.as_("desk").post(f"{C}/home-slips/reissue", {"head_key": "Y03", "disputed": "1"})
    assert town.as_("recorder").post(f"{at}/restoring").status == 303
    after = membership(town, "neighbor")
    assert (after.state, after.slip_id, after.level) == ("verified", None, 1)
