"""Every act that is written into the journal is seen to be written by a test of its step."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from deliberation.i18n.catalog import words

ROOT = Path(__file__).parents[2]
VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def kinds() -> frozenset[str]:
    return frozenset(verb.split(".")[0] for verb in words()["verb"])


def literals(path: Path) -> Iterator[str]:
    """Each text in a module that looks like a verb of ours."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value):
            yield node.value


OUTCOMES = ("carried", "not_carried", "not_valid", "opinion_for", "opinion_not_for", "opinion_not_valid")


def written() -> set[str]:
    """The verbs that stand in the modules that write: actions, and what acts under another name."""
    found = {
        text
        for path in (ROOT / "deliberation").rglob("*.py")
        if "record(" in path.read_text("utf-8")
        for text in literals(path)
        if text.split(".")[0] in kinds() and not text.endswith(".csv")
    }
    found |= {text for path in (ROOT / "deliberation").rglob("*.py") for text in literals(path)} & set(words()["verb"])
    # Put together from its outcome.
    return found | {f"decision.{outcome}" for outcome in OUTCOMES}


def asserted() -> set[str]:
    return {text for path in (ROOT / "tests").rglob("*.py") if "house" not in path.parts for text in literals(path)}


def test_every_verb_that_is_written_has_words_and_no_other_has() -> None:
    assert len(written()) > 60
    assert written() ^ set(words()["verb"]) == set()


def test_every_verb_that_is_written_is_asserted_by_a_test_of_its_step() -> None:
    assert written() - asserted() == set()
