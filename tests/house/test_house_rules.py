"""Rules of this house that no linter knows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "deliberation"
# Migrations are written by Alembic and as long as the tables are many.
CODE = [
    path
    for path in [*ROOT.glob("*.py"), *APP.rglob("*.py"), *(ROOT / "votes").rglob("*.py")]
    if "migrations" not in path.parts
]
TESTS = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
TEMPLATES = [path for path in (APP / "templates").rglob("*") if path.is_file()]
STYLES = list((APP / "static").rglob("*.css"))
SCRIPTS = [path for path in (APP / "static").rglob("*.js") if "vendor" not in path.parts]
LONGEST_FILE = 400
# A test file is read one test at a time: it may hold a table of cases or a whole journey.
LONGEST_TESTS = 450
# An auditor reads this one from top to bottom; issue C grants it 500 lines so that it needs no other file.
LONGER = {"votes/audit.py": 500}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def places(paths: list[Path], pattern: str) -> list[str]:
    """file:line of every match, so that a failure says where to go."""
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(pattern, line):
                found.append(f"{named(path)}:{number}: {line.strip()[:90]}")
    return found


def test_there_is_something_to_hold_the_rules_against() -> None:
    assert len(CODE) > 30
    assert len(TEMPLATES) > 5
    assert STYLES
    assert SCRIPTS


NEEDS_EVAL = {
    "a js: value": (r"hx-(vals|headers|confirm)=.(js|javascript):", '<a hx-vals="js:{a: 1}">'),
    "a trigger filter": (r"hx-trigger=\"[a-z]+\[", '<a hx-trigger="click[ctrlKey]">'),
}


@pytest.mark.parametrize(("pattern", "example"), NEEDS_EVAL.values(), ids=NEEDS_EVAL)
def test_no_htmx_attribute_needs_eval_which_the_content_security_policy_forbids(pattern: str, example: str) -> None:
    assert re.search(pattern, example)
    assert places(TEMPLATES, pattern) == []


def test_styles_and_scripts_ask_no_other_host() -> None:
    assert places(STYLES, r"url\(\s*['\"]?(https?:)?//|@import") == []
    assert places(SCRIPTS, r"['\"`](https?|wss?)://(?!www\.w3\.org/)") == []


def test_scripts_use_no_eval() -> None:
    assert places(SCRIPTS, r"\beval\(|new Function\(|innerHTML\s*=") == []


def test_chinese_text_is_never_justified() -> None:
    assert places([*STYLES, *TEMPLATES], r"text-align:\s*justify|text-justify") == []


def test_tables_do_not_postpone_annotations_because_sqlmodel_reads_them() -> None:
    assert places([path for path in CODE if path.name == "tables.py"], r"from __future__ import annotations") == []


def test_nothing_is_left_for_later() -> None:
    assert (
        places(
            [*CODE, *TESTS, *TEMPLATES, *STYLES, *SCRIPTS], r"\b(TODO|FIXME|XXX|NotImplementedError)\b|[Ll]orem ipsum"
        )
        == []
    )


def test_no_test_is_marked_to_be_skipped() -> None:
    assert places([path for path in TESTS if path.name != "test_strict.py"], r"mark\.(skip|skipif|xfail)\b") == []


def test_every_file_is_short_enough_to_know_by_heart() -> None:
    most = {named(path): LONGER.get(named(path), LONGEST_FILE) for path in CODE} | dict.fromkeys(
        map(named, TESTS), LONGEST_TESTS
    )
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in most}
    assert {name: length for name, length in lengths.items() if length > most[name]} == {}


def test_every_package_says_what_is_in_it_by_its_modules_and_not_by_its_init() -> None:
    inits = [path for path in CODE if path.name == "__init__.py"]
    long = [named(path) for path in inits if len(path.read_text(encoding="utf-8").splitlines()) > 30]
    assert long == []
