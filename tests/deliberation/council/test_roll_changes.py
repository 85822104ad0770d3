import pytest

from deliberation.council.roll.changes import Edit, amended, compare, rows_of
from tests.deliberation.council.build import as_csv, table
from votes.refusal import Refused
from votes.roll import Roll, from_table, read


def roll(rows: list[list[str]]) -> Roll:
    return read(as_csv(rows))


def test_a_roll_is_unchanged_whatever_the_order_of_its_rows() -> None:
    rows = table()
    assert compare(roll(rows), roll([rows[0], *reversed(rows[1:])])).none


def test_each_kind_of_change_is_told_by_place() -> None:
    rows = table()
    after = [list(row) for row in rows]
    after[1][6:8] = ["Y99", "新业主"]
    after[2][5] = "101.00"
    after[3][3] = "103"
    del after[4]
    after.append(["红茶里", "2幢", "1单元", "0401", "住宅", "90.00", "Y50", "林某", "单独所有", "林某", "已交付"])
    found = compare(roll(rows), roll(after))
    assert [(one.place, one.before, one.after) for one in found.moved] == [
        ("水仙里1幢1单元0101", "谢玉志 Y01", "新业主 Y99")
    ]
    assert found.changed == (("水仙里1幢1单元0102", (("area", "100.00", "101.00"),)),)
    assert found.removed == ("水仙里1幢1单元0104",)
    assert found.added == ("红茶里2幢1单元0401",)
    assert not found.none


def test_a_roll_without_rooms_is_compared_owner_by_owner() -> None:
    head = ["用途", "专有部分面积", "业主编号", "交付状态"]
    before = [head, ["住宅", "90", "A", "已交付"], ["住宅", "80", "A", "已交付"], ["住宅", "70", "B", "已交付"]]
    after = [head, ["住宅", "90", "A", "已交付"], ["住宅", "85", "A", "已交付"], ["住宅", "70", "C", "已交付"]]
    found = compare(roll(before), roll(after))
    assert (found.added, found.removed, found.changed) == (("C",), ("B",), (("A", (("area", "80.00", "85.00"),)),))


def test_the_written_report_counts_all_and_lists_some() -> None:
    rows = table()
    report = compare(roll(rows[:2]), roll(rows)).as_json(3)
    assert report["added"] == {
        "count": 9,
        "first": ["水仙里1幢1单元0102", "水仙里1幢1单元0103", "水仙里1幢1单元0104"],
    }


def test_a_part_without_a_group_below_one_with_a_group_is_read_back_as_it_stands() -> None:
    """A blank cell before a room is what a merged cell leaves, and would be filled from above; a dash says that it is blank."""
    rows = [*table()[:2], ["—", "3幢", "—", "0101", "住宅", "50.00", "Y77", "某", "单独所有", "某", "已交付"]]
    whole = roll(rows)
    assert whole.units[1].place == "3幢0101"
    assert from_table(rows_of(whole)).fingerprint() == whole.fingerprint()
    after = amended(whole, [Edit(whole.units[1].line, "area", "51.00")])
    assert [(unit.place, unit.area) for unit in after.units] == [("水仙里1幢1单元0101", 10_000), ("3幢0101", 5_100)]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit(2, "area", "100.00"), "nothing_to_change"),
        (Edit(2, "area", "0"), "unusable_area"),
        (Edit(2, "use", "仓库"), "unusable_cell"),
        (Edit(99, "area", "1"), "unit_gone"),
    ],
)
def test_what_would_be_no_roll_is_no_change(edit: Edit, code: str) -> None:
    with pytest.raises(Refused, match=code):
        amended(roll(table()), [edit])
