"""SPEC 2.9: what a person should look at reaches whoever counts."""

from __future__ import annotations

from collections.abc import Sequence

from tests.votes.make import ORDINARY, roll_of, row
from votes.roll import Roll, from_table
from votes.rules import preset
from votes.tally import count

PERSONS = "owner_id,owner_name,id_tail,area,use,delivery"


def told(roll: Roll, count_parking: bool = False) -> list[tuple[str, tuple[int, ...], str]]:
    verdict = count(preset(ORDINARY), roll, [], count_parking=count_parking)
    assert verdict.notices == roll.notices(roll.heads(count_parking))
    return [(n.code, n.lines, n.value) for n in verdict.notices]


def persons(*rows: Sequence[str]) -> Roll:
    return roll_of(*[[*row, "10", "住宅", "已交付"] for row in rows], heading=PERSONS)


def test_spellings_of_one_id_are_one_head() -> None:
    roll = roll_of(row("y1", 10_00), row("Y１", 20_00), row("Y 1", 30_00))
    assert [(head.area, head.owner_ids) for head in roll.heads()] == [(60_00, ("Y 1",))]
    assert told(roll) == [("same_id_spelled_twice", (2, 3, 4), "y1 / Y1 / Y 1")]


def test_one_person_under_two_ids_stays_two_heads() -> None:
    roll = persons(["A", "李 某", "123X"], ["B", "李某", "123x"])
    assert len(roll.heads()) == 2
    assert told(roll) == [("same_person_two_ids", (2, 3), "A / B")]


def test_a_shared_name_or_number_alone_says_nothing() -> None:
    assert told(persons(["A", "", "1234"], ["B", "", "1234"])) == []
    assert told(persons(["A", "李某", ""], ["B", "李某", ""])) == []


def test_one_id_under_two_names_stays_one_head() -> None:
    roll = persons(["A", "张三", ""], ["A", "", ""], ["a", "张 三", ""], ["A", "李四", ""])
    assert len(roll.heads()) == 1
    assert told(roll)[1:] == [("one_id_two_names", (2, 5), "张三 / 李四")]


def test_several_developers_are_one_head() -> None:
    roll = roll_of(row("D2", 90_00, delivery="unsold"), row("D1", 10_00, delivery="unsold"), row("A", 1))
    assert told(roll) == [("several_developers", (2, 3), "D2 / D1")]


def test_a_developer_nobody_names_is_asked_for() -> None:
    roll = roll_of(row("A", 60_00), row("B", 80_00, delivery="sold_undelivered"), row("C", 1, "parking", "unsold"))
    assert told(roll_of(row("A", 60_00), row("B", 80_00, delivery="sold_undelivered"))) == [
        ("developer_unknown", (3,), "B")
    ]
    assert told(roll) == []
    buyers = roll_of(row("B", 60_00, delivery="sold_undelivered"), row("C", 80_00, delivery="sold_undelivered"))
    assert told(buyers) == [("developer_unknown", (2, 3), "B / C")]


def test_stalls_speak_only_where_they_count() -> None:
    roll = roll_of(row("A", 60_00), row("B", 12_00, "parking", "sold_undelivered"))
    assert told(roll) == []
    assert told(roll, count_parking=True) == [("developer_unknown", (3,), "B")]


def test_bodies_that_count_heads_alone_have_no_developer() -> None:
    people = from_table([["owner_id", "delivery"], ["A", "unsold"], ["B", "unsold"], ["a", ""]], heads_only=True)
    verdict = count(preset("residents-assembly"), people, [])
    assert [(n.code, n.lines) for n in verdict.notices] == [("same_id_spelled_twice", (2, 4))]
