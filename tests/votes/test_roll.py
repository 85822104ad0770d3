"""SPEC 2: the roll."""

from __future__ import annotations

import pytest

from tests.votes.make import SAMPLE, csv_bytes, roll_of, roll_rows, row
from votes.refusal import Refused
from votes.roll import COLUMNS, Roll, Unusable, decode, from_table, need_area, read
from votes.unit import parse_area

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
        assert roll.notices == ()

    def test_has_this_fingerprint_for_good(self) -> None:
        assert read(SAMPLE).fingerprint() == "6d1cce7728b83597008870a55ad6ffbb8e5bcf635dfebb940dcd7f4a07da805b"

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
        assert roll.undelivered_buyers == {"buyer"}
        assert roll.heads()[1].owner_ids == ("D",)

    def test_a_buyer_with_another_delivered_flat_keeps_that_one(self) -> None:
        roll = roll_of(row("D", 9_00, delivery="unsold"), row("B", 80_00, delivery="sold_undelivered"), row("B", 70_00))
        assert keys(roll) == [("B", 70_00), ("D", 89_00)]

    def test_a_buyer_alone_is_not_the_developer(self) -> None:
        roll = roll_of(row("A", 60_00), row("B", 80_00, delivery="sold_undelivered"))
        assert keys(roll) == [("A", 60_00), ("建设单位", 80_00)]
        assert roll.heads()[1].owner_ids == ()
        assert roll.developer_ids == frozenset()

    def test_two_buyers_are_not_the_developer(self) -> None:
        roll = roll_of(row("B", 60_00, delivery="sold_undelivered"), row("C", 80_00, delivery="sold_undelivered"))
        assert keys(roll) == [("建设单位", 140_00)]
        assert roll.undelivered_buyers == {"b", "c"}

    @pytest.mark.parametrize("mark", ["锦绣置业（建设单位）", "某开发商", "Developer Ltd"])
    def test_without_unsold_units_the_developer_is_whom_the_roll_calls_so(self, mark: str) -> None:
        rows = [["K", mark, "90", "住宅", "已售未交付"], ["B", "买受人", "80", "住宅", "已售未交付"]]
        roll = roll_of(*rows, heading="owner_id,owner_name,area,use,delivery")
        assert roll.developer_ids == {"k"}
        assert keys(roll) == [("K", 170_00)]
        assert roll.heads()[0].names == (mark,)

    def test_without_unsold_units_one_id_on_several_undelivered_ones_is_the_developer(self) -> None:
        roll = roll_of(*[row("K", 90_00, delivery="sold_undelivered")] * 2, row("A", 10_00))
        assert keys(roll) == [("A", 10_00), ("K", 180_00)]
        assert roll.developer_ids == {"k"}

    def test_several_ids_on_unsold_units_are_one_head_and_said_aloud(self) -> None:
        roll = roll_of(row("D2", 90_00, delivery="unsold"), row("D1", 10_00, delivery="unsold"))
        assert keys(roll) == [("D1", 100_00)]
        assert roll.heads()[0].owner_ids == ("D1", "D2")
        assert [(n.code, n.lines, n.value) for n in roll.notices] == [("several_developers", (2, 3), "d2 / d1")]

    def test_parking_is_left_out_unless_asked_for(self) -> None:
        roll = roll_of(row("A", 90_00), row("A", 13_00, "parking"), row("P", 13_00, "parking"))
        assert keys(roll) == [("A", 90_00)]
        assert keys(roll, count_parking=True) == [("A", 103_00), ("P", 13_00)]
        assert (roll.area(), roll.area(count_parking=True)) == (90_00, 116_00)
        assert roll.heads() == roll.heads(count_parking=False) != roll.heads(count_parking=True)

    def test_shops_count(self) -> None:
        assert keys(roll_of(row("A", 41_26, "shop"))) == [("A", 41_26)]

    def test_spellings_of_one_id_are_one_head_and_said_aloud(self) -> None:
        roll = roll_of(row("y1", 10_00), row("Y１", 20_00), row("Y 1", 30_00))
        assert [(head.area, head.owner_ids) for head in roll.heads()] == [(60_00, ("Y 1",))]
        assert [(n.code, n.lines, n.value) for n in roll.notices] == [
            ("same_id_spelled_twice", (2, 3, 4), "y1 / Y1 / Y 1"),
        ]

    def test_one_person_under_two_ids_is_said_aloud_and_stays_two_heads(self) -> None:
        heading = "owner_id,owner_name,id_tail,area,use,delivery"
        rows = [["A", "李 某", "123X", "10", "住宅", "已交付"], ["B", "李某", "123x", "10", "住宅", "已交付"]]
        roll = roll_of(*rows, heading=heading)
        assert len(roll.heads()) == 2
        assert [(n.code, n.lines, n.value) for n in roll.notices] == [("same_person_two_ids", (2, 3), "a / b")]

    def test_a_shared_name_alone_says_nothing(self) -> None:
        heading = "owner_id,owner_name,id_tail,area,use,delivery"
        nameless = [["A", "", "1234", "10", "住宅", "已交付"], ["B", "", "1234", "10", "住宅", "已交付"]]
        numberless = [["A", "李某", "", "10", "住宅", "已交付"], ["B", "李某", "", "10", "住宅", "已交付"]]
        assert roll_of(*nameless, heading=heading).notices == roll_of(*numberless, heading=heading).notices == ()

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
            heading=heading,
        )
        assert [(h.key, h.name, h.ownership, h.designated) for h in roll.heads()] == [
            ("A", "甲", "sole", "甲"),
            ("B", "乙", "co", "乙"),
            ("C", "丙", "co", ""),
            ("D", "戊", "unstated", ""),
        ]

    def test_a_head_without_a_name_is_called_by_its_number(self) -> None:
        assert roll_of(row("A", 10_00)).heads()[0].name == "A"


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
        assert [p.code for p in unusable.value.problems] == ["not_csv"]

    def test_at_most_two_hundred_problems_are_listed(self) -> None:
        assert len(problems(roll_rows([["A", "x", "dwelling", "delivered"]] * 300))) == 200

    def test_a_very_long_cell_is_refused(self) -> None:
        assert problems(roll_rows([["A" * 401, "1", "住宅", "已交付"]])) == [(2, "owner_id", "cell_too_long")]
        assert len(roll_of(["A" * 400, "1", "住宅", "已交付"]).units) == 1

    def test_too_large_a_file_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("votes.table.MAX_BYTES", 40)
        monkeypatch.setattr("votes.table.MAX_ROWS", 3)
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


class TestBodiesThatCountHeadsAlone:
    def test_must_be_asked_for(self) -> None:
        with pytest.raises(Unusable):
            read(b"owner_id\nA\n")
        assert len(read(b"owner_id\nA\n", heads_only=True).people) == 1

    def test_need_only_the_owner_id_and_let_a_household_share_a_room(self) -> None:
        roll = from_table([["owner_id", "room", "area"], ["A", "101", ""], ["B", "101", "89.37"]], heads_only=True)
        assert [head.key for head in roll.people] == ["A", "B"]

    def test_still_name_a_wrong_area_and_a_missing_id(self) -> None:
        rows = [["owner_id", "area"], ["A", "89,37"], ["", "1"]]
        assert problems(rows, heads_only=True) == [(2, "area", "comma_in_number"), (3, "owner_id", "missing")]

    def test_their_roll_is_refused_where_area_counts(self) -> None:
        with pytest.raises(Refused) as refused:
            need_area(from_table([["owner_id", "area"], ["B", "1"], ["A", ""]], heads_only=True))
        assert (refused.value.code, refused.value.facts) == ("roll_without_area", {"line": 3})
        need_area(from_table([["owner_id", "area"], ["B", "1"]], heads_only=True))


def test_csv_and_table_give_one_roll() -> None:
    rows = roll_rows([row("A", 100_00), row("B", 1)])
    assert read(csv_bytes(rows)) == from_table(rows)


def test_a_refusal_says_what_it_knows() -> None:
    assert str(Refused("not_on_roll", owner_id="Y1")) == "not_on_roll (owner_id=Y1)"
    assert str(Refused("empty_roll")) == "empty_roll"
