"""What the roll does in a poll: one head one weight (59, 60), fixed once the notice is out (65, 66), by the written rule (68)."""

import pytest
from sqlmodel import col, select

from deliberation.ballot import queries, rolls
from deliberation.ballot.tables import Poll
from deliberation.council.roll import queries as roll_queries
from deliberation.council.tables import Council, Membership, RollUnit
from deliberation.decision.actions import DoesNotFit, counted
from tests.conftest import Town
from tests.deliberation.ballot import build
from tests.deliberation.council.build import as_csv, asked, replaced, table
from votes.tally import Verdict

SOLD = ["Y88", "林新主", "单独所有", "林新主"]


def verdict(town: Town, poll_id: int) -> Verdict:
    with town.db.read() as session:
        return counted(session, queries.poll(session, town.cast.council_id, poll_id))


def poll_of(town: Town, poll_id: int) -> Poll:
    with town.db.read() as session:
        found = session.get_one(Poll, poll_id)
        session.expunge(found)
        return found


def cast(town: Town, who: str, poll_id: int, choice: str = "for") -> tuple[int, str]:
    answer = build.signed_in(town, who).post(f"{build.PATH}/{poll_id}/casting", {"choice": choice})
    return answer.status, answer.text


def with_parking(town: Town) -> None:
    stall = ["水仙里", "地下", "", "P01", "车位", "12.50", "Y01", "谢玉志", "单独所有", "谢玉志", "已交付"]
    alone = ["水仙里", "地下", "", "P02", "车位", "10.00", "P09", "李车位", "单独所有", "李车位", "已交付"]
    replaced(town, as_csv([*table(), stall, alone]))


def test_59_two_co_owners_have_one_weight_the_first_ballot_counts_and_both_read_so(town: Town) -> None:
    with town.write("moderator") as tx:
        for who in ("owner5", "owner6"):
            member = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids[who])).one()
            member.head_key = "Y05"
    poll_id = build.opened(town)
    assert "一人一票，以先投的为准" in build.signed_in(town, "owner6").get("/c/jinxiu/residents/me").text
    assert cast(town, "owner5", poll_id, "for")[0] == 303
    status, text = cast(town, "owner6", poll_id, "against")
    assert status == 422
    assert "先到的有效" in text
    totals = verdict(town, poll_id).totals
    assert (totals.for_.as_json(), totals.against.heads) == ({"heads": 1, "area": 10_000}, 0)


def test_60_an_owner_of_several_units_is_one_head_with_their_summed_area(town: Town) -> None:
    poll_id = build.opened(town)
    build.cast(town, poll_id, {"Y01": "for"})
    assert verdict(town, poll_id).totals.for_.as_json() == {"heads": 1, "area": 20_000}


def test_65_a_new_roll_during_a_vote_changes_nothing_in_it(town: Town) -> None:
    poll_id = build.opened(town)
    before = poll_of(town, poll_id)
    build.cast(town, poll_id, {"Y03": "for"})
    rows = table()
    rows[3][5] = "500.00"
    replaced(town, as_csv(rows[:-1]))
    after = poll_of(town, poll_id)
    assert (after.roll_id, after.roll_fingerprint) == (before.roll_id, before.roll_fingerprint)
    found = verdict(town, poll_id).totals
    assert found.for_.as_json() == {"heads": 1, "area": 8_050}
    assert found.roll.as_json() == {"heads": 9, "area": 93_050}


def test_65_a_row_of_the_fixed_roll_edited_in_the_database_stops_the_count(town: Town) -> None:
    poll_id = build.opened(town)
    with town.write() as tx:
        unit = tx.session.exec(
            select(RollUnit).where(RollUnit.roll_id == town.cast.roll_id, col(RollUnit.room) == "0103")
        ).one()
        unit.area += 1
    with pytest.raises(DoesNotFit, match="roll"):
        verdict(town, poll_id)


def test_66_a_unit_sold_while_voting_is_on_is_voted_for_by_the_owner_on_the_fixed_roll(town: Town) -> None:
    poll_id = build.opened(town)
    rows = table()
    rows[3][6:10] = SOLD
    replaced(town, as_csv(rows))
    page = build.signed_in(town, "neighbor").get("/c/jinxiu/residents/me").text
    assert "这次表决您计 1 人、80.50 ㎡" in page
    assert "公告以后的变动，从下次表决起算" in page
    buyer = asked(town)
    form = {"tie": "owner", "head_key": "Y88", "note": "看过新产权证"}
    town_desk = build.signed_in(town, "desk")
    assert town_desk.post(f"/c/jinxiu/residents/{buyer}/confirmation", form).status == 303
    status, text = cast(town, "stranger", poll_id)
    assert status == 422
    assert "名册在公告那天就固定了" in text
    assert cast(town, "neighbor", poll_id)[0] == 303
    assert verdict(town, poll_id).totals.for_.as_json() == {"heads": 1, "area": 8_050}


def test_66_the_change_of_the_roll_stands_in_the_public_journal_between_notice_and_close(town: Town) -> None:
    build.opened(town)
    rows = table()
    rows[3][6:10] = SOLD
    replaced(town, as_csv(rows))
    assert "第 2 版名册" in build.signed_in(town, "resident").get("/c/jinxiu/log").text


@pytest.mark.parametrize(("rule", "heads", "area"), [(False, 9, 93_050), (True, 10, 95_300)])
def test_68_parking_counts_by_the_council_s_rule_alone_and_shops_always(
    town: Town, rule: bool, heads: int, area: int
) -> None:
    with town.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).count_parking = rule
    with_parking(town)
    poll_id = build.opened(town)
    build.cast(town, poll_id, {"Y01": "for", "Y08": "for"})
    found = verdict(town, poll_id).totals
    assert found.roll.as_json() == {"heads": heads, "area": area}
    assert found.for_.as_json() == {"heads": 2, "area": 26_000 + (1_250 if rule else 0)}


def test_68_another_rule_set_while_voting_is_on_counts_from_the_next_poll_on(town: Town) -> None:
    with_parking(town)
    poll_id = build.opened(town)
    with town.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).count_parking = True
    with town.db.read() as session:
        poll = queries.poll(session, town.cast.council_id, poll_id)
        assert sum(one.area for one in rolls.heads_of(session, poll)) == 93_050
        head = roll_queries.head(session, town.cast.council_id, "Y01")
    assert head
    assert head.area == 21_250


def test_whom_one_part_of_a_head_names_to_vote_stands_on_the_roll_though_another_part_names_somebody_else(
    town: Town,
) -> None:
    rows = table()
    rows[1][9], rows[6][9] = "甲手", "乙手"
    replaced(town, as_csv(rows))
    poll_id = build.opened(town)
    town.travel(minutes=5)
    rows[5][5] = "101.00"
    replaced(town, as_csv(rows))
    with town.db.read() as session:
        poll = session.get_one(Poll, poll_id)
        head = rolls.head_of(session, poll, "Y01")
        assert head
        assert head.designated == ""
        for name, changed in (("乙手", False), ("甲手", False), ("谢玉志", False), ("别人", True)):
            assert rolls.changed_hands(session, poll, head, name=name, tied_at=town.now) is changed


def test_who_is_tied_to_another_home_after_casting_does_not_cast_for_that_one_too(town: Town) -> None:
    """As when the desk put right which home is theirs: one person's phone, one head's ballot."""
    poll_id = build.opened(town)
    assert cast(town, "owner5", poll_id)[0] == 303
    with town.write("moderator") as tx:
        member = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids["owner5"])).one()
        member.head_key = "Y08"
    status, text = cast(town, "owner5", poll_id)
    assert status == 422
    assert "已经为另一户投过票" in text
    assert "投纸质票：" in build.signed_in(town, "owner5").get("/c/jinxiu").text
