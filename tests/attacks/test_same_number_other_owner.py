"""Registers that number homes keep the number when a home is sold: the old owner's account is not the new owner."""

from __future__ import annotations

import pytest
from sqlmodel import select

from deliberation.ballot.tables import Ballot
from deliberation.council.roll.actions import keep
from deliberation.council.roll.changes import compare
from tests import cast
from tests.conftest import Town
from tests.deliberation.ballot import build
from votes.roll import Roll, from_table


def roll(owner: str = "刘玉雅", named: str | None = None) -> Roll:
    text = cast.ROLL.replace("Y07,刘玉雅,单独所有,刘玉雅", f"Y07,{owner},单独所有,{named or owner}")
    return from_table([line.split(",") for line in text.strip().splitlines()])


def sold(town: Town, after: Roll) -> None:
    town.travel(minutes=5)
    with town.write("moderator") as tx:
        keep(tx, after, file_name="new.csv")


def ballots(town: Town) -> list[str]:
    with town.db.read() as session:
        return list(session.exec(select(Ballot.head_key)))


def test_the_comparison_of_two_rolls_shows_an_owner_who_changed_under_the_same_number() -> None:
    moved = compare(roll(), roll("新业主")).moved
    assert [(one.before, one.after) for one in moved] == [("刘玉雅 Y07", "新业主 Y07")]
    assert compare(roll(), roll()).none


def test_who_sold_does_not_cast_for_who_bought(town: Town) -> None:
    sold(town, roll("新业主"))
    poll_id = build.opened(town)
    answer = build.signed_in(town, "owner7").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"})
    assert answer.status == 422
    assert "换了业主" in answer.text
    assert ballots(town) == []


def test_on_a_roll_frozen_before_the_sale_they_still_do(town: Town) -> None:
    poll_id = build.opened(town)
    sold(town, roll("新业主"))
    assert build.signed_in(town, "owner7").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303


@pytest.mark.parametrize("after", [roll("刘玉雅", "新配偶"), roll("新业主", "刘玉雅")])
def test_who_is_still_one_of_its_owners_votes_on(town: Town, after: Roll) -> None:
    sold(town, after)
    poll_id = build.opened(town)
    assert build.signed_in(town, "owner7").post(f"{build.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303
