"""Who prints slips knows the numbers of those who signed up: the last four digits of a number that has an account open nothing."""

from __future__ import annotations

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from deliberation.council.tables import Membership
from deliberation.people.actions import create_account
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.slips import (
    CODE,
    SLIPS,
    C,
    codes_on,
    no_pdf,
    release,
    released,
    roll_with_phones,
    used,
)

OWNER = "13912345678"
JOINING = {
    "tie": "owner",
    "building": "水仙里1幢1单元",
    "room": "0901",
    "password": "a-long-one",
    "again": "a-long-one",
}


@pytest.fixture(autouse=True)
def _readable(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)


def ballots(town: Town) -> list[str]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot.head_key)))


def test_a_clerk_cannot_use_a_slip_of_somebody_whose_number_the_desk_wrote_down(town: Town) -> None:
    poll_id = build.opened(town)
    desk = build.signed_in(town, "desk")
    entered = {"name": "方静淑", "phone": OWNER, **{name: JOINING[name] for name in ("tie", "building", "room")}}
    assert desk.post(f"{C}/residents/new", entered).status == 200
    code = released(town)["0901"]
    puppet = town.as_(None)
    answer = used(town, code, caller=puppet)
    assert answer.status == 422
    assert "您家登记的那个手机号已有账号。请先登录那个账号" in answer.text
    assert "您填的手机号" not in answer.text, "it is not the number that was typed"
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert ballots(town) == []


def test_a_clerk_cannot_vote_before_an_owner_by_giving_out_the_slip_anew(town: Town) -> None:
    poll_id = build.opened(town)
    owner = town.as_(None)
    assert used(town, released(town)["0901"], caller=owner, phone=OWNER).status == 303
    answer = build.signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y11"})
    release(town)
    code = codes_on(answer)["0901"]
    puppet = town.as_(None)
    assert used(town, code, caller=puppet, phone="13700009999").status == 422
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert ballots(town) == []
    # The owner's own account may.
    assert owner.post(CODE, {"code": code, "tail": "5678"}).status == 303
    assert owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"}).status == 303
    assert ballots(town) == ["Y11"]


def test_the_desk_is_not_shown_the_last_digits_of_a_number_that_was_only_claimed(town: Town) -> None:
    newcomer = town.as_(None)
    assert newcomer.post(f"{C}/join", {**JOINING, "name": "方静淑", "phone": OWNER}).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(Membership.id)))
    page = build.signed_in(town, "desk").get(f"{C}/residents/{number}").text
    assert "139********" in page
    assert "5678" not in page
    assert OWNER in build.signed_in(town, "moderator").get(f"{C}/residents/{number}").text


def test_another_owner_s_number_of_the_same_ending_stands_in_nobody_s_way(town: Town) -> None:
    with town.write() as tx:
        create_account(tx, name="陌生人", phone="13111115678")
    assert used(town, released(town)["0901"]).status == 303
