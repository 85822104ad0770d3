"""SPEC 2.6: whose vote the unsold and the undelivered units are."""

from __future__ import annotations

import pytest

from tests.votes.make import ORDINARY, roll_of, row
from votes.ballots import Ballot
from votes.roll import Roll
from votes.rules import preset
from votes.tally import Verdict, count

NAMED = "owner_id,owner_name,area,use,delivery,co_ownership,voting_owner,note"


def weights(roll: Roll, count_parking: bool = False) -> list[tuple[str, tuple[str, ...], int]]:
    return [(head.key, head.owner_ids, head.area) for head in roll.heads(count_parking)]


def outcome(roll: Roll, *ballots: Ballot, count_parking: bool = False) -> tuple[list[tuple[str, str]], int]:
    verdict: Verdict = count(preset(ORDINARY), roll, ballots, count_parking=count_parking)
    return [(one.owner_id, one.code) for one in verdict.refused], verdict.totals.for_.heads


class TestNobodyIsTakenForTheDeveloper:
    @pytest.mark.parametrize("flats", [1, 2, 3])
    def test_for_holding_every_undelivered_unit(self, flats: int) -> None:
        roll = roll_of(row("A", 10_00), *[row("BUY", 80_00, delivery="sold_undelivered")] * flats)
        assert weights(roll) == [("A", ("A",), 10_00), ("建设单位", (), 80_00 * flats)]
        assert outcome(roll, Ballot("BUY", "for"), Ballot("A", "for")) == ([("BUY", "undelivered")], 1)

    def test_for_what_a_note_says(self) -> None:
        late = ["BUY", "李四", "80", "住宅", "已售未交付", "", "", "开发商延期交付"]
        assert weights(roll_of(late, heading=NAMED)) == [("建设单位", (), 80_00)]

    def test_for_a_stall_that_does_not_count(self) -> None:
        roll = roll_of(
            row("D1", 100_00, delivery="unsold"),
            row("O", 10_00, "parking", "unsold"),
            row("O", 100_00),
            row("P", 100_00),
        )
        assert weights(roll) == [("O", ("O",), 100_00), ("P", ("P",), 100_00), ("D1", ("D1",), 100_00)]
        assert outcome(roll, Ballot("O", "for"), Ballot("D1", "for")) == ([], 2)
        assert weights(roll, count_parking=True) == [("P", ("P",), 100_00), ("D1", ("D1", "O"), 210_00)]

    def test_for_buying_a_stall_and_a_flat_not_delivered_yet(self) -> None:
        roll = roll_of(*[row("BUY", 10_00, use, "sold_undelivered") for use in ("dwelling", "parking")], row("A", 1))
        assert outcome(roll, Ballot("BUY", "for")) == ([("BUY", "undelivered")], 0)

    def test_so_co_owners_among_buyers_of_delivered_flats_are_still_held(self) -> None:
        roll = roll_of(row("B", 80_00), *[row("B", 80_00, delivery="sold_undelivered")] * 2)
        pens = [Ballot("B", "for", cast_by="husband"), Ballot("B", "against", cast_by="wife")]
        assert [held.owner_id for held in count(preset(ORDINARY), roll, pens).held] == ["B"]


class TestTheDeveloperIs:
    def test_whoever_holds_unsold_units_that_count(self) -> None:
        roll = roll_of(
            row("D", 100_00, delivery="unsold"),
            row("D", 90_00, delivery="sold_undelivered"),
            row("buyer", 80_00, delivery="sold_undelivered"),
            row("D", 70_00),
            row("A", 60_00),
        )
        assert weights(roll) == [("A", ("A",), 60_00), ("D", ("D",), 340_00)]

    @pytest.mark.parametrize("mark", ["锦绣置业（建设单位）", "某开发商", "Developer Ltd"])
    @pytest.mark.parametrize("delivery", ["已售未交付", "已交付"])
    def test_else_whom_the_roll_calls_so_by_name(self, mark: str, delivery: str) -> None:
        rows = [
            ["K", mark, "90", "住宅", delivery, "", "", ""],
            ["B", "买受人", "80", "住宅", "已售未交付", "", "", ""],
        ]
        roll = roll_of(*rows, heading=NAMED)
        assert weights(roll) == [("K", ("K",), 170_00)]
        assert (roll.heads()[0].names, roll.heads()[0].is_developer) == ((mark,), True)

    def test_or_by_owner_id(self) -> None:
        roll = roll_of(row("开发商", 90_00), row("B", 80_00, delivery="sold_undelivered"))
        assert weights(roll) == [("开发商", ("开发商",), 170_00)]

    def test_a_name_goes_before_a_stall_that_does_not_count(self) -> None:
        roll = roll_of(
            ["K", "建设单位", "90", "住宅", "已售未交付", "", "", ""],
            ["O", "张三", "12", "车位", "未售", "", "", ""],
            heading=NAMED,
        )
        assert weights(roll) == [("K", ("K",), 90_00)]

    @pytest.mark.parametrize("kept", [0, 1])
    def test_else_whoever_holds_unsold_stalls_even_where_they_do_not_count(self, kept: int) -> None:
        rows = [row("DEV", 12_00, "parking", "unsold"), row("BUY", 100_00, delivery="sold_undelivered")]
        roll = roll_of(*rows, *[row("DEV", 50_00)] * kept, row("S", 100_00))
        assert weights(roll) == [("S", ("S",), 100_00), ("DEV", ("DEV",), 100_00 + 50_00 * kept)]
        assert outcome(roll, Ballot("DEV", "for"), Ballot("BUY", "for")) == ([("BUY", "undelivered")], 1)

    def test_nobody_where_nothing_waits_for_delivery(self) -> None:
        roll = roll_of(["K", "某开发商", "90", "商铺", "已交付", "", "", ""], heading=NAMED)
        assert [(head.key, head.is_developer) for head in roll.heads()] == [("K", False)]

    def test_one_head_under_several_ids(self) -> None:
        roll = roll_of(row("D2", 90_00, delivery="unsold"), row("D1", 10_00, delivery="unsold"))
        assert weights(roll) == [("D1", ("D1", "D2"), 100_00)]


class TestTheDevelopersOwnUnits:
    ROLL = roll_of(
        ["DEV", "锦绣置业", "100", "住宅", "未售", "", "", ""],
        ["BUY", "李四", "100", "住宅", "已售未交付", "共同共有", "李四", ""],
        ["S", "王五", "100", "住宅", "已交付", "", "", ""],
        heading=NAMED,
    )

    def test_alone_say_its_name_and_who_votes(self) -> None:
        developer = self.ROLL.heads()[-1]
        assert (developer.names, developer.ownership, developer.designated) == (("锦绣置业",), "unstated", "")
        assert developer.area == 200_00

    @pytest.mark.parametrize("pen", ["", "锦绣置业", "王经理"])
    def test_let_any_pen_of_it_vote(self, pen: str) -> None:
        assert outcome(self.ROLL, Ballot("DEV", "for", cast_by=pen)) == ([], 1)
