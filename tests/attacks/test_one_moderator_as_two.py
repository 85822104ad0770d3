"""Two of the staff are two people: a moderator does not open a colleague's account and confirm their own work with it."""

import re

from sqlmodel import select

from deliberation.council.tables import Roll
from tests.conftest import Town
from tests.deliberation.people.build import with_password

C = "/c/jinxiu"
NEW = {"password": "a-long-password", "again": "a-long-password"}


def test_a_moderator_gets_no_link_into_the_account_of_a_colleague_who_has_a_password(town: Town) -> None:
    colleague = with_password(town, "recorder")
    answer = town.as_("moderator").post(f"{C}/people/{town.cast.ids['recorder']}/link")
    token = re.search(r"/invitations/([\w-]+)", answer.html)
    if token:
        town.as_(None).post(f"/invitations/{token[1]}", NEW)
    assert answer.status == 422
    assert "找回账号" in answer.text
    assert colleague.get("/account").status == 200


def test_whoever_of_the_staff_has_not_signed_in_yet_gets_the_first_link_anew(town: Town) -> None:
    answer = town.as_("moderator").post(f"{C}/people/{town.cast.ids['recorder']}/link")
    assert answer.status == 200
    with town.db.read() as session:
        assert len(session.exec(select(Roll.id)).all()) == 1
