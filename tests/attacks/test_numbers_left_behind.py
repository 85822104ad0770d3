"""A phone number stays nowhere longer, and proves nothing longer, than its owner has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from deliberation.council.residents import queries as resident_queries
from deliberation.council.tables import Membership
from deliberation.people.tables import Account, PhoneCode
from tests.conftest import Caller, Town
from tests.deliberation.council.slips import CODE, C, form, no_pdf, released, roll_with_phones
from tests.deliberation.council.test_recovery import NEW, begin, confirm, link_of

JOINING = {"tie": "tenant", "building": "红茶里2幢1单元", "room": "0102", "name": "新来", "phone": "13812345678"}
PASSWORD = {"password": "a-long-password", "again": "a-long-password"}


def newest_account(town: Town) -> Account:
    with town.db.read() as session:
        return session.exec(select(Account).order_by(col(Account.id).desc()).limit(1)).one()


def test_a_closed_account_keeps_no_number_that_was_only_claimed(town: Town) -> None:
    newcomer = Caller(town.app, None)
    assert newcomer.post(f"{C}/join", {**JOINING, **PASSWORD}).status == 303
    assert newest_account(town).claimed_phone == "13812345678"
    closing = {"for_good": "1", "current": PASSWORD["password"]}
    assert newcomer.post("/account/closing", closing).status == 303
    account = newest_account(town)
    assert (account.claimed_phone, account.phone_proved_at) == (None, None)


def test_who_came_with_a_slip_and_chose_no_password_can_close_the_account(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)
    owner = town.as_(None)
    assert owner.post(CODE, form(released(town)["0901"])).status == 303
    page = owner.get("/account/data").html
    assert 'name="for_good"' in page
    assert 'name="current"' not in page
    assert owner.post("/account/closing", {}).status == 422
    assert owner.post("/account/closing", {"for_good": "1"}).status == 303
    assert newest_account(town).phone is None


def proved(town: Town) -> None:
    with town.write() as tx:
        account = tx.session.get_one(Account, town.cast.ids["resident"])
        account.phone_proved_at = tx.now
        tx.session.add(account)


def level_of(town: Town) -> int:
    with town.db.read() as session:
        number = session.exec(select(Membership.id).where(Membership.account_id == town.cast.ids["resident"])).one()
        found = resident_queries.resident(session, town.cast.council_id, number)
        assert found
        return found.level


def test_whoever_was_let_back_in_without_the_phone_has_not_proved_it(town: Town) -> None:
    proved(town)
    assert level_of(town) == 3
    begin(town)
    assert town.as_(None).post(link_of(confirm(town)), NEW).status == 303
    assert level_of(town) == 2


def test_nor_has_whoever_holds_a_new_link(town: Town) -> None:
    proved(town)
    assert town.as_("desk").post(f"/c/jinxiu/people/{town.cast.ids['resident']}/link").status == 200
    with town.db.read() as session:
        assert session.get_one(Account, town.cast.ids["resident"]).phone_proved_at is None


def test_codes_that_were_texted_are_removed_with_the_number_they_went_to(town: Town) -> None:
    with town.write() as tx:
        tx.session.add(
            PhoneCode(
                account_id=town.cast.ids["resident"],
                phone="13812345678",
                code_hash="x",
                created_at=tx.now,
                expires_at=tx.now + timedelta(minutes=5),
            )
        )
    town.travel(days=31)
    with town.db.read() as session:
        assert session.exec(select(PhoneCode)).all() == []
