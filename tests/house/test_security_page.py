"""docs/security.md answers every requirement of ASVS 5.0, levels 1 and 2, and the tests that it names are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
SECTIONS = """
1.1 22
1.2 1111122223
1.3 112222222223
1.4 222
1.5 123
2.1 122
2.2 112
2.3 12223
2.4 23
3.1 3
3.2 113
3.3 12223
3.4 11222233
3.5 11122333
3.6 3
3.7 22333
4.1 12233
4.2 23333
4.3 22
4.4 1222
5.1 2
5.2 112333
5.3 113
5.4 222
6.1 122
6.2 111111112222
6.3 11223333
6.4 112233
6.5 22222333
6.6 2223
6.7 33
6.8 2222
7.1 222
7.2 1111
7.3 22
7.4 11222
7.5 223
7.6 22
8.1 1233
8.2 1123
8.3 133
8.4 23
9.1 111
9.2 1222
10.1 22
10.2 223
10.3 22223
10.4 1111122222233333
10.5 22222
10.6 22
10.7 222
11.1 2233
11.2 22233
11.3 11233
11.4 1222
11.5 23
11.6 23
11.7 33
12.1 12233
12.2 11
12.3 22223
13.1 2333
13.2 222223
13.3 2233
13.4 1222233
14.1 22
14.2 12223333
14.3 122
15.1 12233
15.2 12233
15.3 1222222
15.4 3333
16.1 2
16.2 22222
16.3 2222
16.4 222
16.5 2223
17.1 23
17.2 22223333
17.3 22
"""
"""Each section of the standard with the levels of its requirements, in order."""


def asked() -> dict[str, str]:
    """Number -> level, for levels 1 and 2."""
    rows = (line.split() for line in SECTIONS.strip().splitlines())
    return {f"{name}.{n}": level for name, levels in rows for n, level in enumerate(levels, 1) if level in "12"}


def answers() -> dict[str, tuple[str, str, str, str]]:
    """Number -> level, answer, words, proof."""
    found = re.findall(r"^\| ([0-9.]+) \| (\d) \| (.+?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    assert len(found) == len({row[0] for row in found}), "a number is answered twice"
    return {row[0]: (row[1], row[2], row[3].strip(), row[4].strip()) for row in found}


def names_of_tests() -> set[str]:
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_the_standard_has_70_requirements_of_level_1_and_183_of_level_2() -> None:
    levels = list(asked().values())
    assert (levels.count("1"), levels.count("2")) == (70, 183)


def test_every_requirement_has_its_answer() -> None:
    assert {number: row[0] for number, row in answers().items()} == asked()


@pytest.mark.parametrize("answer", ["yes", "n/a", "**no**"])
def test_each_kind_of_answer_says_enough(answer: str) -> None:
    rows = {number: row for number, row in answers().items() if row[1] == answer}
    assert rows
    known, headings = (
        names_of_tests(),
        {re.sub(r"\s+", "-", one.lower()) for one in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)},
    )
    for number, (_, _, words, proof) in rows.items():
        assert len(words) >= 3, number
        if answer == "n/a":
            assert proof == "", number
            continue
        named, linked = re.findall(r"`(\w+)`", proof), re.findall(r"\(#([\w-]+)\)", proof)
        assert named or linked, f"{number}: no proof"
        assert set(named) <= known, f"{number}: {set(named) - known}"
        assert set(linked) <= headings, f"{number}: {set(linked) - headings}"
        if answer == "**no**":
            assert named, f"{number}: what holds instead?"
            assert "risks-we-take" in linked, number


def test_no_other_answer_is_given() -> None:
    assert {row[1] for row in answers().values()} == {"yes", "n/a", "**no**"}


def test_what_is_not_held_is_a_decision_that_says_what_holds_instead() -> None:
    decided = re.findall(r"^\| ([0-9., ]+) \| (.{20,}?) \| (.{20,}?) \| (.{20,}?) \|$", PAGE, re.MULTILINE)
    numbers = {number for row in decided for number in row[0].split(", ")}
    assert numbers == {number for number, row in answers().items() if row[1] == "**no**"}
