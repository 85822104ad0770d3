"""Web entries of the catalogue of attacks: fields that a form does not have, and acts of another's office."""

from __future__ import annotations

from sqlmodel import select

from deliberation.agenda.tables import Proposal
from deliberation.ballot.tables import Ballot
from deliberation.council.tables import Council, Membership, Seat
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.council.build import JOINING

C = "/c/jinxiu"
MORE = {
    "role": "moderator",
    "roles": "moderator",
    "platform_admin": "1",
    "level": "3",
    "state": "verified",
    "head_key": "Y03",
    "weight": "99999",
    "area": "99999",
    "council_id": "2",
    "account_id": "1",
    "actor_id": "1",
    "id": "1",
    "seq": "1",
    "cast_at": "2020-01-01T00:00",
    "created_at": "2020-01-01T00:00",
    "decided_by": "1",
    "prepared_by": "",
    "accepted": "1",
}
"""What no form of a resident has."""


def test_81_asking_to_join_gives_nothing_but_a_request(town: Town) -> None:
    assert town.as_(None).post(f"{C}/join", {**MORE, **JOINING}).status == 303
    with town.db.read() as session:
        account = session.exec(select(Account).where(Account.claimed_phone == JOINING["phone"])).one()
        member = session.exec(select(Membership).where(Membership.account_id == account.id)).one()
        seats = session.exec(select(Seat).where(Seat.account_id == account.id)).all()
    assert (account.platform_admin, account.phone) == (False, None)
    assert (member.state, member.level, member.head_key, member.council_id) == ("waiting", 0, None, 1)
    assert member.decided_by is None
    assert seats == []


def test_81_a_ballot_weighs_what_the_frozen_roll_says(town: Town) -> None:
    poll = ballots.opened(town)
    owner = ballots.signed_in(town, "owner")
    assert owner.post(f"{ballots.PATH}/{poll}/casting", {**MORE, "choice": "for"}).status == 303
    with town.db.read() as session:
        ballot = session.exec(select(Ballot)).one()
        seats = session.exec(select(Seat).where(Seat.account_id == town.cast.ids["owner"])).all()
    assert (ballot.head_key, ballot.level, ballot.seq) == ("Y04", 2, 1)
    assert ballot.cast_at.year == 2026
    assert seats == []


def test_81_a_matter_is_raised_by_who_is_signed_in_and_waits_like_any_other(town: Town) -> None:
    form = {"title": "楼道灯坏了一个月", "category": "repair", "text": "三单元的灯坏了，晚上看不见路。"}
    resident = town.as_("resident")
    assert resident.post(f"{C}/matters", {**MORE, **form}).status == 303
    with town.db.read() as session:
        raised = session.exec(select(Proposal)).all()
    assert {(one.council_id, one.author_id, one.state) for one in raised} == {(1, town.cast.ids["resident"], "raised")}


def test_81_the_settings_of_a_council_leave_its_name_and_address_alone(town: Town) -> None:
    with town.db.read() as session:
        before = session.get_one(Council, 1)
        kept = (before.slug, before.compound, before.created_at)
    town.as_("moderator").post(f"{C}/settings", {**MORE, "slug": "stolen", "compound": "别处"})
    with town.db.read() as session:
        after = session.get_one(Council, 1)
    assert (after.slug, after.compound, after.created_at) == kept


def test_82_who_moderates_may_not_do_what_another_office_does(town: Town) -> None:
    """Opening a disputed ballot is the supervisor's, keeping a task going the assignee's, councils the platform's."""
    moderator = town.as_("moderator")
    assert moderator.get("/platform").status == 403
    assert moderator.post("/platform", {"slug": "mine", "name": "我的议事会"}).status == 403
    assert moderator.post("/platform/councils/jinxiu", {"name": "林", "phone": "13811112222"}).status == 403
    for who in ("recorder", "desk", "property", "committee", "supervisor"):
        assert town.as_(who).post(f"{C}/seats", {"role": "moderator", "account_id": "1"}).status == 403


def test_82_the_platforms_admin_sees_no_council_from_inside(town: Town) -> None:
    admin = town.as_("admin")
    poll = ballots.opened(town)
    for path in ("log", "log.jsonl", "residents", "roll", f"polls/{poll}/slip", f"polls/{poll}/disputes", "work"):
        assert admin.get(f"{C}/{path}").status == 404
