"""What somebody typed to find a home on the roll."""

import pytest

from deliberation.council.roll import search_rules
from deliberation.council.roll.search_rules import sought
from tests.conftest import Town
from votes import table

LINE = "水仙里1幢1单元0101王淑英Y01"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("0101", True),
        ("０１０１ 王 淑英", True),
        ("淑英 0101", True),
        ("y01", True),
        ("0101 0101", True),
        ("0101 李", False),
        ("%", False),
        ("_101", False),
        ("", True),
        ("  ", True),
    ],
)
def test_every_word_has_to_stand_in_the_line(search: str, found: bool) -> None:
    assert sought(search)(LINE) is found


def test_a_very_long_search_reads_each_line_once_and_looks_once_for_each_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """5,000 times the same word kept a core busy for ten seconds on a roll of 3,000 lines."""
    read: list[str] = []
    looked: list[object] = []
    plain = table.key

    class Read(str):
        def __contains__(self, word: object) -> bool:
            looked.append(word)
            return super().__contains__(str(word))

    def key(text: str) -> str:
        read.append(text)
        return Read(plain(text))

    holds = sought("1 " * 5_000)
    monkeypatch.setattr(search_rules, "key", key)
    assert holds(LINE)
    assert (read, looked) == ([LINE], ["1"])


@pytest.mark.parametrize("page", ["roll?q=", "home-slips?head=", "roll/disputes?q=", "residents?q="])
@pytest.mark.parametrize("text", ["%25", "_", "1" * 10_000, "1+" * 5_000, "%00", "%F0%9F%98%80", "%22%3E%3Cscript%3E"])
def test_odd_searches_find_or_find_nothing_in_a_whole_page(town: Town, page: str, text: str) -> None:
    answer = town.as_("desk").get(f"/c/jinxiu/{page}{text}")
    assert answer.status == 200
    assert '"><script>' not in answer.html
