"""A compound's own settings: a TOML file on top of a preset (SPEC 3.4). The majorities are the law's and cannot be set."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from votes.problem import Problem, Unusable
from votes.rules import CONFLICTS, RuleSet, SilenceClause, preset, presets

MAX_TOML = 64 * 1024
MOST_PROXIES = 1000
SAMPLE = """\
name = "shuixianli-2026"
based_on = "civil-code-278-major"
version = "1"
[settings]
conflict = "paper"
[settings.silence]
rule = "议事规则第十二条"
adopted = 2024-05-01
warning = "送达后未交回的，计入多数意见"
"""

_Table = Mapping[str, object]
_Shape = Mapping[str, type | tuple[type, ...]]
_TOP: _Shape = {"name": str, "based_on": str, "version": str, "title_zh": str, "title_en": str, "settings": dict}
_SETTINGS: _Shape = {
    "invalid_takes_part": bool,
    "count_parking": bool,
    "conflict": str,
    "proxy_limit": int,
    "silence": dict,
}
_SILENCE: _Shape = {"rule": str, "adopted": (str, date), "warning": str}
_WRONG = {str: "not_text", bool: "not_true_or_false", int: "not_whole", dict: "not_a_section"}
_AT = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")


def from_toml(data: bytes) -> RuleSet:
    """Raises `Unusable`, every fault with its line and its key: a misspelt setting must not count as the default in silence."""
    if len(data) > MAX_TOML:
        raise Unusable([Problem(1, "", "file_too_large")])
    try:
        text = data.decode("utf-8-sig")
        given: _Table = tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:  # tomllib lets a plain ValueError out for 2026-13-99
        at = _AT.search(str(error))
        raise Unusable([Problem(int(at[1]) if at else 1, at[2] if at else "", "not_toml")]) from None
    settings, silence = _section(given, "settings"), _section(_section(given, "settings"), "silence")
    faults = [*_shaped("", given, _TOP), *_shaped("settings.", settings, _SETTINGS)]
    faults += _shaped("settings.silence.", silence, _SILENCE)
    faults += () if faults else _sensible(given, settings, silence)
    if faults:
        raise Unusable(Problem(_line(text, where), where, code, value) for where, code, value in faults)
    titles = {field: given[field] for field in ("title_zh", "title_en") if field in given}
    plain = {field: value for field, value in settings.items() if field != "silence"}
    rule = replace(
        preset(str(given["based_on"])),
        name=str(given["name"]),
        version=str(given["version"]),
        **titles,  # type: ignore[arg-type]
        **plain,  # type: ignore[arg-type]
    )
    return replace(rule, silence=SilenceClause(**_words(silence))) if "silence" in settings else rule


def _section(given: _Table, name: str) -> _Table:
    found = given.get(name, {})
    return found if isinstance(found, dict) else {}


def _shaped(prefix: str, given: _Table, shape: _Shape) -> Iterator[tuple[str, str, str]]:
    """Keys nobody knows, and values of another kind."""
    for field, value in given.items():
        kind = shape.get(field)
        if kind is None:
            yield prefix + field, "unknown_key", field
        elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield prefix + field, "bad_date" if isinstance(kind, tuple) else _WRONG[kind], str(value)


def _sensible(given: _Table, settings: _Table, silence: _Table) -> Iterator[tuple[str, str, str]]:
    """What is missing, and values of the right kind that make no sense."""
    for field in ("name", "based_on", "version"):
        if not str(given.get(field, "")).strip():
            yield field, "missing_key", ""
    known = {rule.name for rule in presets()}
    if given.get("name") in known:
        yield "name", "name_of_preset", str(given["name"])
    if given.get("based_on", "") not in ("", *known):
        yield "based_on", "unknown_base", str(given["based_on"])
    if settings.get("conflict", "first") not in CONFLICTS:
        yield "settings.conflict", "unknown_conflict", str(settings["conflict"])
    limit = settings.get("proxy_limit", 0)
    if isinstance(limit, int) and not 0 <= limit <= MOST_PROXIES:
        yield "settings.proxy_limit", "bad_limit", str(limit)
    if "silence" in settings:
        yield from ((f"settings.silence.{f}", "silence_without_basis", "") for f, t in _words(silence).items() if not t)
        adopted = _words(silence)["adopted"]
        if adopted and not _is_date(adopted):
            yield "settings.silence.adopted", "bad_date", adopted


def _words(silence: _Table) -> dict[str, str]:
    return {field: str(silence.get(field, "")).strip() for field in _SILENCE}


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _line(text: str, where: str) -> int:
    """Where a key stands; where it is missing, the section that lacks it."""
    for name in reversed(where.split(".")):
        word = re.escape(name)
        found = re.search(
            rf"""^[ \t]*(?:["']?{word}["']?[ \t]*[=.]|\[[^\n]*\b{word}["']?[ \t]*\])""", text, re.MULTILINE
        )
        if found:
            return text.count("\n", 0, found.start()) + 1
    return 1
