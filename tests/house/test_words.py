"""No English left in a Chinese page, no code without words, and each thing is called by its one name."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from deliberation.i18n.catalog import words

ROOT = Path(__file__).parents[2]
APP = ROOT / "deliberation"
GLOSSARY = tomllib.loads((APP / "i18n/glossary.toml").read_text("utf-8"))
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "trim_blocks": "true", "silent": "false"}}


def used() -> dict[str, str]:
    """msgid -> where it is used; a plural counts as its singular, under which it is translated."""
    found: dict[str, str] = {}
    keywords = {"_": None, "ngettext": (1, 2)}
    for name, _line, message, _comments, _context in extract_from_dir(APP, METHODS, OPTIONS, keywords=keywords):
        one = message[0] if isinstance(message, tuple) else message
        if one:
            found.setdefault(one, name)
    return found


def translated() -> Iterator[tuple[str, str, str]]:
    """(file, msgid, msgstr); a plural counts as its forms joined."""
    for path in sorted((APP / "i18n/zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans_CN"):
                if message.id:
                    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
                    yield path.name, str(ids[0]), " ".join(one or "" for one in strings)


def test_every_sentence_has_its_chinese() -> None:
    known = {msgid for _, msgid, msgstr in translated() if msgstr}
    assert len(known) > 50
    assert {msgid: where for msgid, where in used().items() if msgid not in known} == {}


def test_no_translation_is_left_over() -> None:
    alive = used()
    assert [(name, msgid) for name, msgid, _ in translated() if msgid not in alive] == []


def test_one_sentence_is_translated_one_way() -> None:
    said: dict[str, str] = {}
    twice = []
    for name, msgid, msgstr in translated():
        if said.setdefault(msgid, msgstr) != msgstr:
            twice.append((name, msgid))
    assert twice == []


def test_a_translation_keeps_the_facts_of_its_sentence() -> None:
    facts = re.compile(r"%\((\w+)\)s")
    assert [
        (name, msgid) for name, msgid, msgstr in translated() if set(facts.findall(msgid)) != set(facts.findall(msgstr))
    ] == []


def calls(function: str) -> Iterator[tuple[str, ast.Call]]:
    for path in APP.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name == function:
                    yield str(path.relative_to(ROOT)), node


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@pytest.mark.parametrize(
    ("function", "position", "section"),
    [("Refused", 0, "refusal"), ("TooOften", 0, "refusal"), ("fault", 1, "refusal"), ("record", 1, "verb")],
)
def test_every_code_has_words(function: str, position: int, section: str) -> None:
    codes = {
        (where, code)
        for where, call in calls(function)
        if len(call.args) > position and (code := literal(call.args[position]))
    }
    assert codes
    assert {(where, code) for where, code in codes if code not in words()[section]} == set()


def test_every_confirmation_has_words() -> None:
    said = {
        (where, code)
        for where, call in calls("to")
        for key in call.keywords
        if key.arg == "said" and (code := literal(key.value))
    }
    assert said
    assert {(where, code) for where, code in said if code not in words()["said"]} == set()


def test_coded_words_carry_the_same_facts_in_both_languages() -> None:
    fact = re.compile(r"\{(\w+)")
    assert [
        (section, code)
        for section, entries in words().items()
        for code, (chinese, english) in entries.items()
        if set(fact.findall(chinese)) != set(fact.findall(english)) or not chinese.strip() or not english.strip()
    ] == []


def pairs() -> Iterator[tuple[str, str, str]]:
    yield from translated()
    for section, entries in words().items():
        for chinese, english in entries.values():
            yield section, english, chinese


def test_each_thing_is_called_by_its_one_chinese_word() -> None:
    wrong = []
    for where, english, chinese in pairs():
        for term, rule in GLOSSARY["term"].items():
            if re.search(rf"\b{term}s?\b", english, re.IGNORECASE):
                wrong += [(where, english, chinese, bad) for bad in rule.get("never", ()) if bad in chinese]
            if english.strip().lower() == term and chinese not in (rule["zh"], *rule.get("also", ())):
                wrong.append((where, english, chinese, rule["zh"]))
    assert wrong == []


def test_chinese_words_have_full_width_punctuation() -> None:
    half = re.compile(r"([\u4e00-\u9fff）”》}]|\)s)\s?[:,;] ")
    assert [(where, chinese) for where, _, chinese in pairs() if half.search(chinese)] == []


def test_english_says_vote_only_as_a_verb_and_says_no_jargon() -> None:
    never = re.compile(r"\b(" + "|".join(GLOSSARY["english"]["never"]) + r")\b", re.IGNORECASE)
    assert [(where, english) for where, english, _ in pairs() if never.search(english)] == []


def test_square_metres_have_one_sign_in_each_language() -> None:
    """The single character of Chinese print is a box on some phones that read English."""
    assert [english for _, english, _ in pairs() if "㎡" in english] == []
    assert [chinese for _, _, chinese in pairs() if "m²" in chinese] == []
    sources = [*APP.glob("templates/**/*.html"), *APP.glob("**/*.py")]
    assert [path.name for path in sources if "㎡" in path.read_text("utf-8")] == []


def test_no_chinese_stands_in_a_template_itself() -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    allowed = {"base.html"}  # the link that says 中文
    wrong = []
    for path in APP.glob("templates/**/*.html"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        if path.name not in allowed and chinese.search(text):
            wrong.append(str(path.relative_to(APP)))
    assert wrong == []


def test_chinese_text_has_chinese_punctuation() -> None:
    """Facts are set aside first: `{count}` and `%(day)s` stand for words of either kind."""
    half = re.compile(
        r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)|[\u4e00-\u9fff]\s*\(|\)\s*[\u4e00-\u9fff]"
    )
    facts = re.compile(r"%\(\w+\)s|\{\w+\}")
    coded = [(code, chinese) for entries in words().values() for code, (chinese, _) in entries.items()]
    sentences = [(msgid, msgstr) for _, msgid, msgstr in translated()]
    assert [name for name, text in [*coded, *sentences] if half.search(facts.sub("X", text))] == []


ELSEWHERE = {"opinion_passed", "opinion_failed", "opinion_invalid"}
"""Made of another code by a replacement (story/station_rules.py)."""


def composed() -> Iterator[str]:
    """Patterns of codes that are put together where they are used: f"paper_{why}", and in templates "finding_" ~ code."""
    for path in APP.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [literal(part) for part in node.values]
                if re.fullmatch(r"[\w.]{4,}", "".join(part or "" for part in parts)):
                    yield "".join(".+" if part is None else re.escape(part) for part in parts)
    for path in APP.glob("templates/**/*.html"):
        for start in re.findall(r'"(\w{2,}[_.])"\s*~', path.read_text("utf-8")):
            yield re.escape(start) + ".+"


def test_no_coded_word_is_left_over() -> None:
    sources = [*APP.glob("**/*.py"), *APP.glob("templates/**/*.html"), *(ROOT / "votes").glob("**/*.py")]
    named = {
        code
        for path in sources
        for code in re.findall(r"""["']([\w.]+)|\bsaid=(\w+)""", path.read_text("utf-8"))
        for code in code
    }
    put_together = re.compile("|".join(f"(?:{one})" for one in composed()))
    left = [
        (section, code)
        for section, entries in words().items()
        for code in entries
        if code not in named | ELSEWHERE and not put_together.fullmatch(code)
    ]
    assert left == []
