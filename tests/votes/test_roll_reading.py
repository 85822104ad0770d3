"""SPEC 2: reading a roll from files and tables, and saying what is wrong with it."""

from __future__ import annotations

import pytest

from tests.votes.make import SAMPLE, csv_bytes, roll_of, roll_rows, row
from votes.refusal import Refused
from votes.roll import Roll, Unusable, decode, from_table, need_area, read
from votes.unit import parse_area

TEXT = SAMPLE.decode("utf-8-sig")
PLACED = "group,building,entrance,room,owner_id,area,use,delivery"


def problems(rows: list[list[str]], heads_only: bool = False) -> list[tuple[int, str, str]]:
    with pytest.raises(Unusable) as unusable:
        from_table(rows, heads_only=heads_only)
    return [(p.line, p.column, p.code) for p in unusable.value.problems]


def keys(roll: Roll, count_parking: bool = False) -> list[tuple[str, int]]:
    return [(head.key, head.area) for head in roll.heads(count_parking)]


class TestReading:
    def test_keeps_what_the_columns_say(self) -> None:
        unit = read(SAMPLE).units[1]
        assert (unit.line, unit.group, unit.building, unit.entrance, unit.room) == (3, "水仙里", "1幢", "1单元", "0102")
        assert (unit.use, unit.area, unit.area_basis, unit.delivery) == ("dwelling", 8937, "register", "delivered")
        assert (unit.owner_id, unit.owner_name, unit.id_tail) == ("Y0002", "张建强", "3467")
        assert (unit.co_ownership, unit.share, unit.voting_owner) == ("joint", "100%", "张建强")
        assert (unit.title_no, unit.phone, unit.note) == ("350603135293228670F00000002", "13900000001", "")
        assert unit.place == "水仙里1幢1单元0102"
        assert read(SAMPLE).units[-1].place == "紫荆里商铺S06"

    def test_keeps_words_it_does_not_know_where_nothing_hangs_on_them(self) -> None:
        heading = "owner_id,area,use,delivery,area_basis,co_ownership"
        unit = roll_of(["A", "1", "住宅", "已交付", "图纸", "其他"], heading=heading).units[0]
        assert (unit.area_basis, unit.co_ownership) == ("图纸", "其他")

    @pytest.mark.parametrize(
        ("text", "area"),
        [
            ("89.37", 8937),
            ("89.3", 8930),
            ("89", 8900),
            ("0.01", 1),
            ("89.37 m2", 8937),
            ("89.37平方米", 8937),
            ("89.37㎡", 8937),
            ("89.37 m²", 8937),
            ("89.37M^2", 8937),
            ("100000", 10_000_000),
        ],
    )
    def test_areas_are_read_to_the_last_place(self, text: str, area: int) -> None:
        assert parse_area(text) == area

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("89,37", "comma_in_number"),
            ("1,234.50", "comma_in_number"),
            ("89、37", "comma_in_number"),
            ("89.375", "too_many_decimals"),
            ("89.370", "too_many_decimals"),
            ("0", "not_positive"),
            ("0.00", "not_positive"),
            ("-1", "not_positive"),
            ("-89.37", "not_positive"),
            ("100000.01", "too_large"),
            ("99999999999", "too_large"),
            ("9" * 300, "too_large"),
            ("1e3", "not_a_number"),
            ("+5", "not_a_number"),
            ("nan", "not_a_number"),
            (".5", "not_a_number"),
            ("5.", "not_a_number"),
            ("八十九", "not_a_number"),
            ("89.37亩", "not_a_number"),
            ("8 9", "not_a_number"),
            ("٣", "not_a_number"),
            ("89.3²", "not_a_number"),
            ("①⑨", "not_a_number"),
            ("½", "not_a_number"),
            ("89.3₂", "not_a_number"),
            ("89³", "not_a_number"),
            ("８９，３７", "comma_in_number"),
        ],
    )
    def test_what_is_not_an_area_is_named(self, text: str, code: str) -> None:
        assert parse_area(text) == code
        assert problems(roll_rows([["A", text, "dwelling", "delivered"]])) == [(2, "area", code)]

    def test_every_problem_is_reported_with_line_and_column_as_the_file_calls_it(self) -> None:
        heading = "业主编号,专有部分面积（㎡）,用途,交付状态"
        rows = [["", "89.37", "住宅", "已交付"], ["A", "", "厂房", "半交付"], ["B", "1", "", ""]]
        assert problems(roll_rows(rows, heading)) == [
            (2, "业主编号", "missing"),
            (3, "专有部分面积（㎡）", "missing"),
            (3, "交付状态", "unknown_delivery"),
            (3, "用途", "unknown_use"),
            (4, "交付状态", "missing"),
            (4, "用途", "missing"),
        ]

    def test_the_sentences_name_line_and_column(self) -> None:
        with pytest.raises(Unusable) as unusable:
            from_table(roll_rows([["A", "89,37", "dwelling", "delivered"]]))
        assert unusable.value.code == "unusable"
        assert unusable.value.facts == {"problems": 1}
        assert unusable.value.sentences("zh") == [
            "第 2 行“area”列：“89,37”里有逗号，请用小数点，写成 89.37，千位不加逗号。"
        ]
        assert unusable.value.sentences("en") == [
            "Line 2, column area: “89,37” has a comma; use a point as in 89.37, and no thousands separator."
        ]

    def test_an_unquoted_decimal_comma_is_named_as_such(self) -> None:
        data = b"owner_id,area,use,delivery\nA,89,37,dwelling,delivered\n"
        with pytest.raises(Unusable) as unusable:
            read(data)
        assert [(p.line, p.column, p.code, p.value) for p in unusable.value.problems] == [
            (2, "area", "comma_in_number", "89,37")
        ]

    def test_cells_beyond_the_heading_are_refused_unless_blank(self) -> None:
        assert problems(roll_rows([["A", "89.37", "住宅", "已交付", "", "多"]])) == [(2, "#6", "too_many_cells")]
        assert len(roll_of(["A", "89.37", "住宅", "已交付", "", " "]).units) == 1

    def test_a_blank_cell_at_the_end_makes_no_split_number_of_two_neighbours(self) -> None:
        roll = roll_of(["A", "89", "101", "住宅", "已交付", ""], heading="owner_id,area,room,use,delivery")
        assert [(unit.area, unit.room) for unit in roll.units] == [(89_00, "101")]

    def test_a_short_row_lacks_its_last_cells(self) -> None:
        assert problems(roll_rows([["A", "89.37", "住宅"]])) == [(2, "delivery", "missing")]

    @pytest.mark.parametrize(
        "second",
        [
            ["水仙里", "1幢", "1单元", "101"],
            ["水仙里", "1幢", "1单元", "0101"],
            ["水仙里", "１幢", "1 单元", "101"],
            ["", "", "", "101"],
        ],
    )
    def test_one_place_listed_twice_is_refused(self, second: list[str]) -> None:
        first = ["水仙里", "1幢", "1单元", "0101", "A", "89.37", "住宅", "已交付"]
        assert problems(roll_rows([first, [*second, "B", "89.37", "住宅", "已交付"]], PLACED)) == [
            (3, "room", "duplicate_unit")
        ]

    def test_columns_that_are_absent_are_empty_and_never_something_else(self) -> None:
        unit = roll_of(row("A", 10_00)).units[0]
        texts = ("group", "building", "entrance", "room", "area_basis", "title_no", "owner_name", "id_tail")
        more = ("co_ownership", "share", "voting_owner", "phone", "note")
        assert [getattr(unit, field) for field in (*texts, *more)] == [""] * 13

    def test_the_first_row_has_nothing_above_to_carry_down(self) -> None:
        unit = roll_of(["", "", "", "101", "A", "1", "住宅", "已交付"], heading=PLACED).units[0]
        assert (unit.group, unit.building, unit.entrance) == ("", "", "")

    def test_words_it_cannot_read_are_quoted(self) -> None:
        with pytest.raises(Unusable) as unusable:
            roll_of(["A", "1", "厂房", "半交付"], ["B", "1", "", "已交付"])
        assert [(p.line, p.column, p.value) for p in unusable.value.problems] == [
            (2, "delivery", "半交付"),
            (2, "use", "厂房"),
            (3, "use", ""),
        ]

    def test_what_is_listed_twice_is_quoted(self) -> None:
        first = ["水仙里", "1幢", "1单元", "0101", "A", "89.37", "住宅", "已交付", "T1"]
        with pytest.raises(Unusable) as unusable:
            roll_of(first, first, heading=f"{PLACED},title_no")
        assert [p.value for p in unusable.value.problems] == ["水仙里1幢1单元0101", "T1"]

    def test_a_stall_may_have_a_flats_number(self) -> None:
        flat = ["水仙里", "1幢", "1单元", "0101", "A", "89.37", "住宅", "已交付"]
        stall = ["水仙里", "1幢", "1单元", "0101", "A", "13", "车位", "已交付"]
        assert len(roll_of(flat, stall, heading=PLACED).units) == 2

    def test_one_title_number_twice_is_refused_and_dashes_are_none(self) -> None:
        heading = "owner_id,area,use,delivery,title_no"
        rows = [["A", "1", "住宅", "已交付", "T1"], ["B", "1", "住宅", "已交付", "t1"]]
        assert problems(roll_rows(rows, heading)) == [(3, "title_no", "duplicate_title")]
        rows = [["A", "1", "住宅", "已交付", "—"], ["B", "1", "住宅", "已交付", "—"], ["C", "1", "住宅", "已交付", ""]]
        assert len(roll_of(*rows, heading=heading).units) == 3

    def test_equal_rows_without_a_place_are_two_units(self) -> None:
        assert len(roll_of(row("A", 100), row("A", 100)).units) == 2

    def test_merged_cells_are_carried_down_while_what_stands_above_agrees(self) -> None:
        roll = roll_of(
            ["水仙里", "1幢", "1单元", "101", "A", "1", "住宅", "已交付"],
            ["", "", "", "102", "B", "1", "住宅", "已交付"],
            ["", "", "2单元", "101", "C", "1", "住宅", "已交付"],
            ["", "2幢", "", "101", "D", "1", "住宅", "已交付"],
            ["", "", "", "102", "E", "1", "住宅", "已交付"],
            ["红茶里", "", "", "101", "F", "1", "住宅", "已交付"],
            ["", "", "", "", "G", "1", "住宅", "已交付"],
            heading=PLACED,
        )
        assert [unit.place for unit in roll.units] == [
            "水仙里1幢1单元101",
            "水仙里1幢1单元102",
            "水仙里1幢2单元101",
            "水仙里2幢101",
            "水仙里2幢102",
            "红茶里101",
            "",
        ]

    def test_blank_lines_are_skipped_and_line_numbers_stay_those_of_the_file(self) -> None:
        data = b"\n\nowner_id,area,use,delivery\n\n,,,\nA,1,dwelling,delivered\n\nB,x,dwelling,delivered\n"
        with pytest.raises(Unusable) as unusable:
            read(data)
        assert [(p.line, p.value) for p in unusable.value.problems] == [(8, "x")]

    def test_a_line_break_inside_a_cell_keeps_line_numbers_true(self) -> None:
        data = b'owner_id,area,use,delivery,note\nA,1,dwelling,delivered,"two\nlines"\nB,x,dwelling,delivered,\n'
        with pytest.raises(Unusable) as unusable:
            read(data)
        assert [(p.line, p.value) for p in unusable.value.problems] == [(4, "x")]

    def test_missing_columns_are_named_in_the_language_of_the_heading(self) -> None:
        assert problems([["业主编号", "面积依据"]]) == [
            (1, "专有部分面积", "missing_column"),
            (1, "交付状态", "missing_column"),
            (1, "用途", "missing_column"),
        ]
        assert problems([["Owner_ID", "room"]]) == [
            (1, "area", "missing_column"),
            (1, "delivery", "missing_column"),
            (1, "use", "missing_column"),
        ]

    def test_a_column_twice_is_refused(self) -> None:
        assert problems(
            [["owner_id", "area", "use", "delivery", "专有部分面积"], ["A", "1", "住宅", "已交付", "2"]]
        ) == [(1, "专有部分面积", "duplicate_column")]

    def test_columns_it_does_not_know_are_ignored(self) -> None:
        assert (
            len(roll_of(["A", "1", "住宅", "已交付", "挂号信"], heading="owner_id,area,use,delivery,送达方式").units)
            == 1
        )

    @pytest.mark.parametrize("data", [b"", b"\n\n", b" , ,\n", "\ufeff".encode()])
    def test_an_empty_file_is_refused(self, data: bytes) -> None:
        with pytest.raises(Unusable) as unusable:
            read(data)
        assert [(p.line, p.code) for p in unusable.value.problems] == [(1, "empty")]

    def test_a_heading_alone_is_refused(self) -> None:
        assert problems([[], ["owner_id", "area", "use", "delivery"]]) == [(2, "", "empty")]

    def test_bytes_in_no_known_encoding_are_refused_where_they_stand(self) -> None:
        with pytest.raises(Unusable) as unusable:
            read(b"owner_id,area\nA,1\n\xff\xfe\xff")
        assert [(p.line, p.code) for p in unusable.value.problems] == [(3, "encoding")]
        assert unusable.value.sentences("zh") == ["第 3 行：看不懂文件的编码，请另存为 UTF-8 的 CSV。"]
        assert unusable.value.sentences("en") == ["Line 3: the file's encoding cannot be read; save it as a UTF-8 CSV."]

    def test_a_runaway_quote_is_refused(self) -> None:
        with pytest.raises(Unusable) as unusable:
            read(b'owner_id,area\n"' + b"x" * 200_000)
        assert [p.code for p in unusable.value.problems] == ["open_quote"]

    def test_a_cell_too_long_for_a_table_is_refused(self) -> None:
        with pytest.raises(Unusable) as unusable:
            read(b'owner_id,area\nA,1\nB,"' + b"x" * 200_000 + b'"\n')
        assert [(p.line, p.column, p.code) for p in unusable.value.problems] == [(3, "", "not_csv")]

    def test_at_most_two_hundred_problems_are_listed(self) -> None:
        assert len(problems(roll_rows([["A", "x", "dwelling", "delivered"]] * 300))) == 200

    def test_a_note_may_be_long_and_not_endless(self) -> None:
        heading = "owner_id,area,use,delivery,note"
        assert len(roll_of(["A", "1", "住宅", "已交付", "记" * 2000], heading=heading).units[0].note) == 2000
        longer = ["A", "1", "住宅", "已交付", "记" * 2001]
        assert problems(roll_rows([longer], heading)) == [(2, "note", "cell_too_long")]

    def test_a_very_long_cell_is_refused(self) -> None:
        assert problems(roll_rows([["A" * 401, "1", "住宅", "已交付"]])) == [(2, "owner_id", "cell_too_long")]
        assert len(roll_of(["A" * 400, "1", "住宅", "已交付"]).units) == 1

    def test_too_large_a_file_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("votes.rows.MAX_BYTES", 40)
        monkeypatch.setattr("votes.rows.MAX_ROWS", 3)
        assert len(decode(b"a" * 40)) == 1
        assert len(decode(b"a\nb\nc\n")) == 3
        for data in (b"a" * 41, b"a\nb\nc\nd\n"):
            with pytest.raises(Unusable) as unusable:
                decode(data)
            assert [p.code for p in unusable.value.problems] == ["file_too_large"]

    @pytest.mark.parametrize(
        ("word", "use"),
        [("商铺", "shop"), ("店面", "shop"), ("车库", "parking"), ("Shop", "shop"), (" 住 宅", "dwelling")],
    )
    def test_common_words_for_the_use_are_known(self, word: str, use: str) -> None:
        assert roll_of(["A", "1", word, "已交付"]).units[0].use == use

    @pytest.mark.parametrize(
        ("word", "delivery"),
        [("已登记", "delivered"), ("已交付未登记", "delivered"), ("未交付", "sold_undelivered"), ("UNSOLD", "unsold")],
    )
    def test_common_words_for_delivery_are_known(self, word: str, delivery: str) -> None:
        assert roll_of(["A", "1", "住宅", word]).units[0].delivery == delivery

    @pytest.mark.parametrize("dash", ["-", "－", "—", "——", "–", "/", "无", " / "])
    def test_a_dash_is_no_owner(self, dash: str) -> None:
        assert problems(roll_rows([[dash, "1", "住宅", "已交付"]])) == [(2, "owner_id", "missing")]

    def test_signs_that_only_look_like_digits_keep_ids_apart(self) -> None:
        assert len(roll_of(row("Y19", 10_00), row("Y①⑨", 10_00), row("Ｙ１９", 10_00)).heads()) == 2


class TestBodiesThatCountHeadsAlone:
    def test_must_be_asked_for(self) -> None:
        with pytest.raises(Unusable):
            read(b"owner_id\nA\n")
        assert len(read(b"owner_id\nA\n", heads_only=True).people) == 1

    def test_do_not_look_at_area_use_and_delivery(self) -> None:
        rows = [["owner_id", "area", "use", "delivery"], ["A", "abc", "居住", "x"], ["B", "0", "", "n/a"]]
        units = from_table(rows, heads_only=True).units
        assert [(unit.area, unit.use, unit.delivery) for unit in units] == [(0, "dwelling", "delivered")] * 2
        assert problems([rows[0], ["A", "89", "37", "住宅", "已交付"]], heads_only=True) == [
            (2, "#5", "too_many_cells")
        ]

    def test_need_only_the_owner_id_and_let_a_household_share_a_room(self) -> None:
        roll = from_table([["owner_id", "room", "area"], ["A", "101", ""], ["B", "101", "89.37"]], heads_only=True)
        assert [head.key for head in roll.people] == ["A", "B"]
        assert [(unit.area, unit.use, unit.delivery) for unit in roll.units] == [
            (0, "dwelling", "delivered"),
            (0, "dwelling", "delivered"),
        ]
        assert from_table([["owner_id"], ["A"]], heads_only=True).units[0].area == 0

    def test_still_name_a_missing_id(self) -> None:
        assert problems([["owner_id", "area"], ["A", "89,37"], ["", "1"]], heads_only=True) == [
            (3, "owner_id", "missing")
        ]

    def test_their_roll_is_refused_where_area_counts(self) -> None:
        with pytest.raises(Refused) as refused:
            need_area(from_table([["owner_id", "area"], ["B", "1"], ["A", ""]], heads_only=True))
        assert (refused.value.code, refused.value.facts) == ("roll_without_area", {"line": 2})
        need_area(roll_of(row("B", 1)))


def test_csv_and_table_give_one_roll() -> None:
    rows = roll_rows([row("A", 100_00), row("B", 1)])
    assert read(csv_bytes(rows)) == from_table(rows)


def test_a_refusal_says_what_it_knows() -> None:
    assert str(Refused("not_on_roll", owner_id="Y1")) == "not_on_roll (owner_id=Y1)"
    assert str(Refused("empty_roll")) == "empty_roll"
