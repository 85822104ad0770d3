"""What a household slip makes of a tie that was there before, and which ties keep a home from being given one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from deliberation.council.slips import queries as slip_queries
from deliberation.council.slips.rules import MOST_TRIES
from deliberation.council.tables import Membership
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.council.build import membership
from tests.deliberation.council.slips import no_pdf, printed, released, roll_with_phones, signed_in, used

HOME = "水仙里1幢1单元0901"


@pytest.fixture(autouse=True)
def _slips(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)


def tied(town: Town, **changed: Any) -> None:
    """The stranger is the owner of a silent home, or nearly."""
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids["stranger"]).name = "方静淑"
        facts = {"tie": "owner", "home": HOME, "head_key": "Y11", "state": "verified", "level": 2, **changed}
        tx.session.add(
            Membership(council_id=tx.council, account_id=town.cast.ids["stranger"], asked_at=tx.now, **facts)
        )


def by_slip(town: Town) -> Membership:
    """The stranger's tie after the slip of that home was used."""
    town.travel(days=1)
    assert used(town, released(town)["0901"], caller=signed_in(town, "stranger")).status == 303
    return membership(town, "stranger")


def test_the_owner_of_the_home_hears_of_another_account_that_a_slip_brought_and_sees_it(town: Town) -> None:
    """Whoever took the slip from the letterbox has to bear the owner's name."""
    codes = released(town)
    tied(town)
    owner = signed_in(town, "stranger")
    assert used(town, codes["0901"]).status == 303
    home = owner.get("/c/jinxiu").text
    assert "又有一个账号确认为您这一户的业主" in home
    assert "一户只有一张表决票" in home
    assert "别的账号也可以投这张表决票：方静淑" in owner.get("/c/jinxiu/residents/me").text
    assert "又有一个账号" not in signed_in(town, "owner").get("/c/jinxiu").text


def test_a_tenant_who_proves_to_be_the_owner_begins_anew(town: Town) -> None:
    """What two of the staff saw was a tenant."""
    tied(town, tie="tenant", seen_by=town.cast.ids["desk"], note="租约看过")
    member = by_slip(town)
    assert (member.tie, member.level, member.seen_by, member.note) == ("owner", 1, None, "")
    assert member.decided_at == town.now


def test_who_waited_for_another_home_has_the_one_of_the_slip_and_was_prepared_by_nobody(town: Town) -> None:
    asked = {"home": "红茶里2幢1单元0101", "head_key": None, "state": "waiting", "level": 0}
    tied(town, **asked, prepared_by=town.cast.ids["desk"], note="等着看房产证")
    member = by_slip(town)
    assert (member.state, member.head_key, member.home, member.note) == ("verified", "Y11", HOME, "")
    assert (member.decided_at, member.prepared_by) == (town.now, None)


def test_an_owner_whom_two_have_seen_is_known_as_well_as_before_and_as_long(town: Town) -> None:
    before = town.now
    tied(town, head_key=None)
    released_for_all = released(town)
    with town.write("desk") as tx:
        member = tx.session.merge(membership(town, "stranger"))
        member.head_key, member.decided_at = "Y11", before
    town.travel(days=1)
    assert used(town, released_for_all["0901"], caller=signed_in(town, "stranger")).status == 303
    member = membership(town, "stranger")
    assert (member.level, member.decided_at) == (2, before)


def test_a_number_that_was_only_claimed_is_theirs_with_the_slip(town: Town) -> None:
    tied(town, head_key=None, state="waiting", level=0)
    with town.write("desk") as tx:
        account = tx.session.get_one(Account, town.cast.ids["stranger"])
        account.phone, account.claimed_phone = None, "13700001111"
    by_slip(town)
    with town.db.read() as session:
        account = session.get_one(Account, town.cast.ids["stranger"])
    assert (account.phone, account.claimed_phone) == ("13700001111", None)


@pytest.mark.parametrize(("changed", "given"), [({}, False), ({"state": "ended"}, True), ({"tie": "tenant"}, True)])
def test_a_home_with_a_confirmed_owner_alone_is_given_none(town: Town, changed: dict[str, str], given: bool) -> None:
    tied(town, **changed)
    assert ("0901" in printed(town)) is given


@pytest.mark.parametrize(("state", "holds"), [("verified", True), ("ended", False)])
def test_a_starred_out_number_may_be_that_of_whoever_is_tied_to_the_home(town: Town, state: str, holds: bool) -> None:
    tied(town, state=state)
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids["stranger"]).phone = "13700005678"
    with town.db.read() as session:
        found = slip_queries.holders(session, town.cast.council_id, "Y11", "5678")
    assert found == ({town.cast.ids["stranger"]} if holds else set())


def test_a_code_that_fits_is_not_used_up_by_a_slip_of_the_pen_in_the_name(town: Town) -> None:
    code = released(town)["0901"]
    for _ in range(MOST_TRIES):
        assert used(town, code, name="方静叔").status == 422
    assert used(town, code).status == 303


def test_names_are_not_tried_without_end_with_a_code_that_fits(town: Town) -> None:
    code = released(town)["0901"]
    for _ in range(2):
        assert {used(town, code, name="方静叔").status for _ in range(5)} == {422}
        town.travel(minutes=2)
    assert used(town, code).status == 429
    with town.db.read() as session:
        assert session.exec(select(Account.id).where(Account.name == "方静淑")).first() is None
