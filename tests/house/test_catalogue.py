"""Every entry of the catalogue of attacks on the roll and on the web is held by a test that names its number."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ROLL = {
    57: "one unit twice",
    58: "one owner in two spellings",
    59: "two co-owners",
    60: "one owner of many units",
    62: "encodings",
    63: "a total that differs",
    64: "proxies",
    65: "a roll edited during a vote",
    66: "a unit sold during a vote",
    67: "owners who may not act alone",
    68: "parking and shops",
    69: "a clerk who gives slips to themselves",
    70: "a slip given anew",
}
WEB = {
    71: "a form of another page",
    72: "a change by GET, HEAD or a spoofed header",
    73: "a planted sign-in",
    74: "cookies",
    75: "signing out ends everything",
    77: "markup in what people write",
    78: "uploads that a browser would run",
    79: "formulas in tables",
    80: "numbers of another council",
    81: "fields a form does not have",
    82: "acts of another office",
    83: "sockets of others",
    84: "a sign-in that ends while a socket is open",
    85: "rude sockets",
    86: "slow clients",
    87: "paths",
    88: "workbooks that unpack",
    89: "words of a template",
    91: "time tells who is known",
    92: "guessing",
    93: "answers tell who is known",
    94: "the name a request gives this server",
    95: "the address a request gives itself",
    96: "caches",
    98: "many or long passwords",
    99: "signs of SQL",
    100: "frames",
    101: "other hosts",
}
"""The numbers are those of the list we were given; it has gaps."""
ENTRIES = ROLL | WEB


def numbers(name: str, doc: str) -> set[int]:
    """Of `test_77_and_89_...`, or of a first line that begins "80: ..." or "71, 72: ..."."""
    named = re.match(r"test_(\d+(?:_and_\d+)*)_", name)
    told = re.match(r"(\d+(?:, \d+)*): ", doc)
    return {int(one) for found in (named, told) if found for one in re.findall(r"\d+", found[1])}


@cache
def held() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    # The ballots' own entries have their own list beside their tests.
    for path in (
        path for folder in ("attacks", "house", "deliberation") for path in (TESTS / folder).rglob("test_*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for number in numbers(node.name, ast.get_docstring(node) or ""):
                    found.setdefault(number, []).append(f"{path.name}::{node.name}")
    return found


@pytest.mark.parametrize("number", ENTRIES, ids=lambda number: f"{number} {ENTRIES[number]}")
def test_every_entry_has_its_test(number: int) -> None:
    assert held().get(number), f"no test names entry {number}: {ENTRIES[number]}"


def test_the_search_tells_a_number_from_a_name() -> None:
    assert numbers("test_77_and_89_shown", "") == {77, 89}
    assert numbers("test_every_act", "71, 72: refused") == {71, 72}
    assert numbers("test_two_devices", "In 2026: nothing") == set()
