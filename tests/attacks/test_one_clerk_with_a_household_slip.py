"""A slip is a ballot for whoever uses it: no clerk alone may turn one into a vote of an owner who never came."""

import re

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.slips import (
    CODE,
    SLIPS,
    C,
    codes_on,
    form,
    no_pdf,
    printed,
    release,
    released,
    roll_with_phones,
    used,
)


@pytest.fixture(autouse=True)
def _readable(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)


def ballots(town: Town) -> list[tuple[str, int]]:
    with town.db.read() as session:
        return [(one.head_key, one.level) for one in session.exec(select(Ballot))]


def test_whoever_prints_cannot_use_what_they_print(town: Town) -> None:
    poll_id = build.opened(town)
    code = printed(town)["0901"]
    puppet = town.as_(None)
    assert used(town, code, caller=puppet).status == 422
    assert release(town, who="desk").status == 403
    puppet.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert ballots(town) == []


def test_the_printer_is_shown_no_phone_number_anywhere(town: Town) -> None:
    released(town)
    desk = build.signed_in(town, "desk")
    for path in ("/roll", "/roll?q=0901", "/residents", "/residents/new", "/home-slips?head=0901", "/work"):
        page = desk.get(f"{C}{path}")
        assert page.status == 200
        assert "5678" not in re.sub(r'name="csrf" value="[^"]*"|\?v=[0-9a-f]+|name="once" value="[^"]*"', "", page.html)


def test_who_releases_is_shown_no_code(town: Town) -> None:
    code = printed(town)["0901"]
    for who in ("moderator", "recorder"):
        page = build.signed_in(town, who).get(SLIPS).html
        assert code not in page
        assert code.replace(" ", "") not in page
        assert build.signed_in(town, who).post(f"{SLIPS}/printing", {"place": "all"}).status == 403


def test_a_slip_of_the_frozen_roll_opens_the_running_poll_and_its_level_is_stamped(town: Town) -> None:
    poll_id = build.opened(town)
    code = released(town)["0901"]
    owner = town.as_(None)
    assert used(town, code, caller=owner).status == 303
    assert f"{build.PATH}/{poll_id}/ballot" in owner.get(f"{build.PATH}/{poll_id}").html
    assert owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303
    assert ballots(town) == [("Y11", 1)]


def test_whom_one_clerk_confirmed_after_the_notice_votes_online_only_with_a_slip(town: Town) -> None:
    poll_id = build.opened(town)
    joined = town.as_(None)
    joining = {
        "tie": "owner",
        "building": "水仙里1幢1单元",
        "room": "0901",
        "password": "a-long-one",
        "again": "a-long-one",
    }
    joined.post(f"{C}/join", {**joining, "name": "方静淑", "phone": "13700001111"})
    from tests.deliberation.council.slips import membership_of_phone

    member = membership_of_phone(town)
    assert member is not None
    desk = build.signed_in(town, "desk")
    desk.post(f"{C}/residents/{member.id}/confirmation", {"tie": "owner", "head_key": "Y11", "in_person": "1"})
    refused = joined.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert refused.status == 422
    assert "家庭验证码纸条" in refused.text
    answer = desk.post(f"{SLIPS}/reissue", {"head_key": "Y11"})
    release(town)
    assert joined.post(CODE, {"code": codes_on(answer)["0901"], "tail": "5678"}).status == 303
    assert joined.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303
    assert ballots(town) == [("Y11", 1)]


def test_a_slip_for_a_home_that_is_not_on_the_frozen_roll_opens_only_later_polls(town: Town) -> None:
    from deliberation.council.roll.actions import keep
    from tests import cast
    from votes.roll import from_table

    with town.write("moderator") as tx:
        keep(tx, from_table([line.split(",") for line in cast.ROLL.strip().splitlines()]), file_name="before.csv")
    poll_id = build.opened(town)
    roll_with_phones(town)
    code = released(town)["0901"]
    owner = town.as_(None)
    assert used(town, code, caller=owner).status == 303
    refused = owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert "名册上没有这一户" in refused.text
    assert ballots(town) == []


def test_a_new_link_or_another_head_takes_the_slip_s_standing_away(town: Town) -> None:
    """Before a poll; while one is on its way, nobody alone moves an owner who votes online."""
    code = released(town)["0901"]
    owner = town.as_(None)
    used(town, code, caller=owner)
    from tests.deliberation.council.slips import membership_of_phone

    member = membership_of_phone(town)
    assert member is not None
    desk = build.signed_in(town, "desk")
    moved = {"tie": "owner", "head_key": "Y12", "note": "说是她妹妹家"}
    assert desk.post(f"{C}/residents/{member.id}/confirmation", moved).status == 303
    after = membership_of_phone(town)
    assert after is not None
    assert (after.head_key, after.slip_id) == ("Y12", None)
    poll_id = build.opened(town)
    refused = owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert refused.status == 422
    assert ballots(town) == []


def test_one_head_has_one_ballot_however_many_slips(town: Town) -> None:
    poll_id = build.opened(town)
    code = released(town)["0901"]
    first, second = town.as_(None), town.as_(None)
    used(town, code, caller=first)
    assert first.post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303
    answer = build.signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y11"})
    release(town)
    second.post(CODE, form(codes_on(answer)["0901"], phone="13700004444"))
    second.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"})
    assert ballots(town) == [("Y11", 1)]
