"""Where household slips, merged heads and a roll frozen at a notice meet: nobody votes for a home that was not theirs then."""

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.slips import CODE, SLIPS, codes_on, no_pdf, release, released, roll_with_phones, used
from tests.deliberation.council.test_heads import confirmed, put


@pytest.fixture(autouse=True)
def _readable(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)


def test_who_came_with_a_slip_does_not_cast_for_the_head_theirs_was_merged_into(town: Town) -> None:
    """On the frozen roll Y01 is the neighbor's two flats alone, whatever the newest roll says."""
    poll_id = build.opened(town)
    owner = town.as_(None)
    assert used(town, released(town)["0901"], caller=owner).status == 303
    confirmed(town, put(town, "merge", (12,), "Y01", who="recorder"))
    refused = owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"})
    assert refused.status == 422
    with town.db.read() as session:
        assert session.exec(select(Ballot.head_key)).all() == []


def test_nor_with_a_slip_of_the_merged_head(town: Town) -> None:
    """It was printed for all the flats together; the frozen roll has only the neighbor's under that number."""
    poll_id = build.opened(town)
    owner = town.as_(None)
    assert used(town, released(town)["0901"], caller=owner).status == 303
    confirmed(town, put(town, "merge", (12,), "Y01", who="recorder"))
    answer = build.signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y01"})
    assert release(town).status == 303
    code = next(iter(codes_on(answer).values()))
    assert owner.post(CODE, {"code": code, "tail": "5678"}).status == 303
    assert owner.post(f"{build.PATH}/{poll_id}/casting", {"choice": "against"}).status == 422
    with town.db.read() as session:
        assert session.exec(select(Ballot.head_key)).all() == []


def test_the_desk_is_told_of_a_slip_that_was_used_for_the_head_that_was_merged(town: Town) -> None:
    """Or it would hand out another one for a home that is taken."""
    assert used(town, released(town)["0901"], caller=town.as_(None)).status == 303
    confirmed(town, put(town, "merge", (12,), "Y01", who="recorder"))
    desk = build.signed_in(town, "desk")
    assert "这一户的纸条用过：" in desk.get(f"{SLIPS}?head=0901").text
