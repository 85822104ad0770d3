"""SPEC 2: the roll."""

from __future__ import annotations

import pytest

from tests.votes.make import SAMPLE, roll_of, row
from votes.roll import COLUMNS, Roll, Unit, Unusable, decode, from_table, read

TEXT = SAMPLE.decode("utf-8-sig")
PLACED = "group,building,entrance,room,owner_id,area,use,delivery"


def problems(rows: list[list[str]], heads_only: bool = False) -> list[tuple[int, str, str]]:
    with pytest.raises(Unusable) as unusable:
        from_table(rows, heads_only=heads_only)
    return [(p.line, p.column, p.code) for p in unusable.value.problems]


def keys(roll: Roll, count_parking: bool = False) -> list[tuple[str, int]]:
    return [(head.key, head.area) for head in roll.heads(count_parking)]


class TestSample:
    def test_has_the_figures_of_the_rules(self) -> None:
        roll = read(SAMPLE)
        assert (len(roll.units), len(roll.heads()), roll.area()) == (194, 175, 2045942)
        developer = roll.heads()[-1]
        assert (developer.key, developer.is_developer, len(developer.units), developer.area) == (
            "K0001",
            True,
            8,
            95078,
        )
        assert sum(1 for head in roll.heads() if len(head.units) > 1 and not head.is_developer) == 11
        assert roll.notices(roll.heads()) == ()

    def test_has_this_fingerprint_for_good(self) -> None:
        assert read(SAMPLE).fingerprint() == "6d1cce7728b83597008870a55ad6ffbb8e5bcf635dfebb940dcd7f4a07da805b"

    def test_takes_its_fingerprint_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A roll never changes, and every count names its fingerprint."""
        roll, first = read(SAMPLE), read(SAMPLE).fingerprint()
        assert roll.fingerprint() == first
        monkeypatch.setattr(Unit, "canonical", lambda unit: pytest.fail("taken twice"))
        assert roll.fingerprint() == first

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
    def test_reads_the_same_in_every_encoding(self, encoding: str) -> None:
        assert read(TEXT.encode(encoding)).fingerprint() == read(SAMPLE).fingerprint()

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_reads_the_same_with_every_line_ending(self, ending: str) -> None:
        text = ending.join(TEXT.splitlines())
        assert read(text.encode()).fingerprint() == read(SAMPLE).fingerprint()

    @pytest.mark.parametrize("delimiter", ["\t", ";"])
    def test_reads_the_same_with_tabs_or_semicolons(self, delimiter: str) -> None:
        assert read(TEXT.replace(",", delimiter).encode()).fingerprint() == read(SAMPLE).fingerprint()

    def test_reads_the_same_under_english_headings(self) -> None:
        rows = decode(SAMPLE)
        rows[0] = [english for _, english in COLUMNS]
        assert from_table(rows).fingerprint() == read(SAMPLE).fingerprint()

    def test_reads_the_same_upside_down_and_with_columns_in_another_order(self) -> None:
        rows = decode(SAMPLE)
        assert from_table([rows[0], *rows[:0:-1]]).fingerprint() == read(SAMPLE).fingerprint()
        assert from_table([cells[::-1] for cells in rows]).fingerprint() == read(SAMPLE).fingerprint()

    def test_reads_the_same_with_full_width_digits_and_short_room_numbers(self) -> None:
        wide = TEXT.replace("89.37", "８９．３７㎡").replace(",0101,", ",101,")
        assert read(wide.encode()).fingerprint() == read(SAMPLE).fingerprint()

    @pytest.mark.parametrize(
        "change", [("89.37", "89.38"), ("Y0003", "Y0403"), ("已售未交付", "未售"), ("谢玉志", "谢玉")]
    )
    def test_any_change_shows_in_the_fingerprint(self, change: tuple[str, str]) -> None:
        assert read(TEXT.replace(*change, 1).encode()).fingerprint() != read(SAMPLE).fingerprint()


class TestHeads:
    def test_one_owner_with_six_flats_is_one_head_with_all_the_area(self) -> None:
        roll = roll_of(*[row("six", 100_00)] * 6, *[row(f"s{n}", 100_00) for n in range(24)])
        assert len(roll.heads()) == 25
        assert dict(keys(roll))["six"] == 600_00
        assert roll.area() == 3000_00

    def test_the_developers_unsold_and_undelivered_units_are_one_head(self) -> None:
        roll = roll_of(
            row("D", 100_00, delivery="unsold"),
            row("D", 90_00, delivery="sold_undelivered"),
            row("buyer", 80_00, delivery="sold_undelivered"),
            row("D", 70_00),
            row("A", 60_00),
        )
        assert keys(roll) == [("A", 60_00), ("D", 340_00)]
        assert roll.heads()[1].owner_ids == ("D",)

    def test_a_buyer_with_another_delivered_flat_keeps_that_one(self) -> None:
        roll = roll_of(row("D", 9_00, delivery="unsold"), row("B", 80_00, delivery="sold_undelivered"), row("B", 70_00))
        assert keys(roll) == [("B", 70_00), ("D", 89_00)]

    def test_parking_is_left_out_unless_asked_for(self) -> None:
        roll = roll_of(row("A", 90_00), row("A", 13_00, "parking"), row("P", 13_00, "parking"))
        assert keys(roll) == [("A", 90_00)]
        assert keys(roll, count_parking=True) == [("A", 103_00), ("P", 13_00)]
        assert (roll.area(), roll.area(count_parking=True)) == (90_00, 116_00)
        assert roll.heads() == roll.heads(count_parking=False) != roll.heads(count_parking=True)

    def test_shops_count(self) -> None:
        assert keys(roll_of(row("A", 41_26, "shop"))) == [("A", 41_26)]

    def test_people_are_owner_ids_whatever_they_own(self) -> None:
        roll = roll_of(row("A", 10_00), row("A", 20_00), row("P", 13_00, "parking"), row("B", 9_00, delivery="unsold"))
        assert [(head.key, head.area, head.is_developer) for head in roll.people] == [
            ("A", 0, False),
            ("B", 0, False),
            ("P", 0, False),
        ]

    def test_co_ownership_and_the_designated_voter_come_from_all_units(self) -> None:
        heading = "owner_id,owner_name,area,use,delivery,co_ownership,voting_owner"
        roll = roll_of(
            ["A", "甲", "1", "住宅", "已交付", "单独所有", "甲"],
            ["B", "乙", "1", "住宅", "已交付", "共同共有", "乙"],
            ["B", "乙", "1", "住宅", "已交付", "单独所有", "乙 "],
            ["C", "丙", "1", "住宅", "已交付", "按份共有", "丙"],
            ["C", "丙", "1", "住宅", "已交付", "按份共有", "丁"],
            ["D", "戊", "1", "住宅", "已交付", "", "—"],
            ["E", "己", "1", "住宅", "已交付", "夫妻", ""],
            ["F", "庚", "1", "住宅", "已交付", "—", ""],
            ["G", "辛", "1", "住宅", "已交付", "Sole", ""],
            ["H", "壬", "1", "住宅", "已交付", "单独所有", ""],
            ["H", "壬", "1", "住宅", "已交付", "", ""],
            heading=heading,
        )
        assert [(h.key, h.name, h.ownership, h.designated) for h in roll.heads()] == [
            ("A", "甲", "sole", "甲"),
            ("B", "乙", "co", "乙"),
            ("C", "丙", "co", ""),
            ("D", "戊", "unstated", ""),
            ("E", "己", "co", ""),
            ("F", "庚", "unstated", ""),
            ("G", "辛", "sole", ""),
            ("H", "壬", "unstated", ""),
        ]

    def test_a_head_without_a_name_is_called_by_its_number(self) -> None:
        assert roll_of(row("A", 10_00)).heads()[0].name == "A"
