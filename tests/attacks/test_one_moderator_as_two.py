"""Two of the staff are two people: a moderator does not open a colleague's account and confirm their own work with it."""

import re

from sqlmodel import select

from deliberation.council import queries
from deliberation.council.actions import appoint
from deliberation.council.residents.actions import join
from deliberation.council.tables import SeatChange
from deliberation.people.queries import by_identifier
from deliberation.people.tables import Recovery
from tests.conftest import Town
from tests.deliberation.council.test_seats import WHY, ending
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


def test_whoever_of_the_staff_has_not_signed_in_yet_gets_no_link_from_the_moderator_alone_either(town: Town) -> None:
    """Else the key that the second person handed out would be replaced by the moderator's own before it is used."""
    moderator = town.as_("moderator")
    answer = moderator.post(f"{C}/people/{town.cast.ids['recorder']}/link")
    assert answer.status == 422
    assert "/invitations/" not in answer.html
    begun = town.as_("desk").post(
        f"{C}/people/{town.cast.ids['recorder']}/recovery", {"checked": "本人", "present": "1"}
    )
    assert begun.status == 303
    with town.db.read() as session:
        number = session.exec(select(Recovery.id)).one()
    slip = moderator.post(f"{C}/recoveries/{number}/confirmation", {"present": "1"})
    assert "/recovery/" in slip.html


PUPPET = {"name": "假记录", "phone": "13611112222", "role": "recorder"}


def test_a_moderator_does_not_become_their_own_recorder_with_an_account_they_made(town: Town) -> None:
    made = town.as_("moderator").post(f"{C}/seats", PUPPET)
    assert "/invitations/" not in made.html
    account = town.as_("desk").post(f"{C}/residents/new", {"name": "假记录", "phone": "13611112222"})
    assert "/invitations/" not in account.html
    with town.db.read() as session:
        found = by_identifier(session, "13611112222")
        assert found
        assert not queries.roles_of(session, town.cast.council_id, found.id)


def test_an_account_the_moderator_opened_earlier_gets_a_new_password_before_it_holds_a_seat(town: Town) -> None:
    """Made at the desk by the moderator, who chose its password; the supervisor, who knows the real person, hands over the key."""
    moderator, puppet = town.as_("moderator"), town.as_(None)
    person = {"name": "假记录", "phone": "13611112222", "tie": "tenant", "building": "水仙里1幢1单元", "room": "0104"}
    link = re.search(r"/invitations/([\w-]+)", moderator.post(f"{C}/residents/new", person).html)
    assert link
    puppet.post(f"/invitations/{link[1]}", NEW)
    assert puppet.get("/account").status == 200
    moderator.post(f"{C}/seats", PUPPET)
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    slip = town.as_("supervisor").post(f"{C}/seats/changes/{number}/confirmation", {f"known_{number}": "1"})
    assert "/invitations/" in slip.html
    assert puppet.get("/account").status == 303


def test_a_colleague_whose_seat_was_ended_is_no_door_to_their_account(town: Town) -> None:
    colleague = with_password(town, "recorder")
    moderator = town.as_("moderator")
    assert moderator.post(ending(moderator.get(f"{C}/seats").html, "陈记录"), WHY).status == 303
    answer = moderator.post(f"{C}/people/{town.cast.ids['recorder']}/link")
    assert "/invitations/" not in answer.html
    with town.write("recorder") as tx:
        join(tx, town.cast.ids["recorder"], tie="tenant", home="水仙里1幢1单元0104")
    answer = moderator.post(f"{C}/people/{town.cast.ids['recorder']}/link")
    assert answer.status == 422
    assert "找回账号" in answer.text
    again = moderator.post(f"{C}/seats", {"name": "陈记录", "phone": "13800000001", "role": "recorder"})
    assert "/invitations/" not in again.html
    assert colleague.get("/account").status == 200
    assert colleague.get(f"{C}/residents").status == 404


def test_a_moderator_who_is_also_the_platforms_admin_is_still_one_person(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "moderator")
    admin = town.as_("admin")
    answer = admin.post("/platform/councils/jinxiu", PUPPET)
    assert "/invitations/" not in answer.html
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    for base in (f"{C}/seats", "/platform/councils/jinxiu"):
        assert admin.post(f"{base}/changes/{number}/confirmation", {f"known_{number}": "1"}).status in {403, 422}
    with_password(town, "moderator")
    taken = admin.post(f"/platform/councils/jinxiu/people/{town.cast.ids['moderator']}/link")
    assert "/invitations/" not in taken.html


def test_two_puppets_from_before_seats_took_two_are_one_person(town: Town) -> None:
    """One puts it forward, the other agrees; behind both stands the moderator who gave them their seats alone."""
    with town.write("moderator") as tx:
        appoint(tx, town.cast.ids["neighbor"], "moderator")
        appoint(tx, town.cast.ids["owner"], "supervisor")
    assert town.as_("neighbor").post(f"{C}/seats", PUPPET).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    form = {f"known_{number}": "1"}
    answer = town.as_("owner").post(f"{C}/seats/changes/{number}/confirmation", form)
    assert answer.status == 422
    assert "请找社区工作人员或平台管理员" in answer.text
    assert town.as_("supervisor").post(f"{C}/seats/changes/{number}/confirmation", form).status == 200


def test_a_supervisor_whom_the_moderator_let_back_in_is_no_second_person_to_them(town: Town) -> None:
    """The platform begins it, the moderator confirms and is shown the link: who uses it nobody knows."""
    supervisor = town.cast.ids["supervisor"]
    begun = town.as_("admin").post(f"/platform/councils/jinxiu/people/{supervisor}/recovery", {"checked": "视频"})
    assert begun.status == 303
    moderator = town.as_("moderator")
    with town.db.read() as session:
        number = session.exec(select(Recovery.id)).one()
    link = re.search(
        r"/recovery/[\w-]{20,}", moderator.post(f"{C}/recoveries/{number}/confirmation", {"present": "1"}).html
    )
    assert link
    thief = town.as_(None)
    assert thief.post(link[0], NEW).status == 303
    moderator.post(f"{C}/seats", PUPPET)
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    form = {f"known_{number}": "1"}
    answer = thief.post(f"{C}/seats/changes/{number}/confirmation", form)
    assert answer.status == 422
    assert "用提出的人给的链接打开的" in answer.text
    agreed = town.as_("admin").post(f"/platform/councils/jinxiu/changes/{number}/confirmation", form)
    assert agreed.status == 200


def test_an_admin_who_works_here_neither_agrees_nor_refuses_from_the_platform(town: Town) -> None:
    """What the real moderator put forward is not theirs to decide either: they would be a colleague, not somebody from outside."""
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "desk")
    town.as_("moderator").post(f"{C}/seats", PUPPET)
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    at = f"/platform/councils/jinxiu/changes/{number}"
    for act in ("confirmation", "refusal"):
        assert town.as_("admin").post(f"{at}/{act}", {f"known_{number}": "1"}).status == 422
    with town.db.read() as session:
        assert session.get_one(SeatChange, number).state == "waiting"
