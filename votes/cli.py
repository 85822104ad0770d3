"""The commands `count` and `roll` (SPEC 8). Exit 0: counted, whatever the outcome; 2: unusable input, line and column named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from votes.ballots import read_ballots, read_delivered, read_proxies
from votes.infile import CannotRead, read_file
from votes.moment import parse_moment
from votes.printed import print_json
from votes.problem import SENTENCES, Problem, Unusable
from votes.refusal import Refused
from votes.report import explanation, roll_report, table
from votes.roll import Roll, read
from votes.rulefile import SAMPLE, from_toml
from votes.rules import CONFLICTS, RuleSet, preset, presets
from votes.tally import Verdict, count
from votes.words import refused_sentence

T = TypeVar("T")
LANGUAGES = ("zh", "en")


class BadInput(Exception):
    """What to print on the error stream before leaving with 2."""


def count_command(arguments: Sequence[str]) -> int:
    parser = _parser("count", "Count a poll 计票. Options not given are as the rule-set says.")
    parser.epilog = f"presets: {', '.join(rule.name for rule in presets())}\n\na rule file of one's own:\n\n{SAMPLE}"
    parser.add_argument("--rule", required=True, help="a preset's name or a TOML file, see below")
    parser.add_argument("--roll", required=True, metavar="ROLL.csv")
    parser.add_argument("--ballots", required=True, metavar="BALLOTS.csv")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--explain", action="store_true", help="every test as a sentence, every ballot left out")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh")
    parser.add_argument("--invalid-takes-part", action="store_true", default=None)
    parser.add_argument("--count-parking", action="store_true", default=None)
    parser.add_argument("--conflict", choices=CONFLICTS, default=None)
    parser.add_argument("--silence-follows-majority", metavar="DELIVERED.csv")
    parser.add_argument("--proxies", metavar="PROXIES.csv", help="check who held the pen against these")
    parser.add_argument("--matter", default="", help="what the proxies' scope must name")
    parser.add_argument("--opens", metavar="TIME", help="refuse ballots cast before")
    parser.add_argument("--closes", metavar="TIME", help="refuse ballots cast at or after")
    options = parser.parse_args(arguments)
    try:
        verdict = _count(options)
    except (BadInput, CannotRead) as bad:
        print(bad, file=sys.stderr)
        return 2
    if options.json:
        print_json(verdict.as_json())
    else:
        lines = table(verdict, options.lang)
        print("\n".join(lines + explanation(verdict, options.lang) if options.explain else lines))
    return 0


def _count(options: argparse.Namespace) -> Verdict:
    rule = _rule(options.rule)
    roll = _load(options.roll, lambda data: read(data, heads_only=not rule.by_area))
    ballots = _load(options.ballots, read_ballots)
    silence, papers = options.silence_follows_majority, options.proxies
    delivered = None if silence is None else _load(silence, read_delivered)
    proxies = None if papers is None else _load(papers, read_proxies)
    opens, closes = (_moment(name, getattr(options, name)) for name in ("opens", "closes"))
    try:
        return count(
            rule,
            roll,
            ballots,
            invalid_takes_part=options.invalid_takes_part,
            count_parking=options.count_parking,
            conflict=options.conflict,
            delivered=delivered,
            proxies=proxies,
            matter=options.matter,
            opens=opens,
            closes=closes,
        )
    except Refused as refused:  # only a roll without a unit that counts is left to refuse here
        raise BadInput(_fault(options.roll, Problem(1, "", refused.code))) from None


def _moment(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    time = parse_moment(text)
    if time is None:
        raise BadInput(f"--{name}: {' / '.join(words.format(value=text) for words in SENTENCES['bad_time'])}")
    return time


def roll_command(arguments: Sequence[str]) -> int:
    parser = _parser("roll", "Check a roll 核对名册: units, heads, area, quorum and what looks odd.")
    parser.add_argument("file", metavar="ROLL.csv")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh")
    parser.add_argument("--count-parking", action="store_true")
    parser.add_argument("--heads-only", action="store_true", help="a residents' or villagers' body: owner_id is enough")
    options = parser.parse_args(arguments)
    try:
        roll: Roll = _load(options.file, lambda data: read(data, heads_only=options.heads_only))
    except (BadInput, CannotRead) as bad:
        print(bad, file=sys.stderr)
        return 2
    report = roll_report(roll, options.count_parking, options.heads_only, options.lang)
    if options.json:
        print_json(report.facts)
    else:
        print("\n".join(report.lines))
    return 0


def _parser(name: str, description: str) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(
        prog=f"python -m votes {name}", description=description, allow_abbrev=False, formatter_class=raw
    )


def _rule(name: str) -> RuleSet:
    known = [rule.name for rule in presets()]
    if name in known:
        return preset(name)
    if name.endswith(".toml") or Path(name).is_file():
        return _load(name, from_toml)
    sentences = (
        refused_sentence(Refused("unknown_rule", name=name, known=", ".join(known)), lang) for lang in LANGUAGES
    )
    raise BadInput(f"--rule: {' / '.join(sentences)}")


def _load(path: str, reader: Callable[[bytes], T]) -> T:
    data = read_file(path)
    try:
        return reader(data)
    except Unusable as unusable:
        raise BadInput("\n".join(_fault(path, problem) for problem in unusable.problems)) from None


def _fault(path: str, problem: Problem) -> str:
    """FILE:LINE:COLUMN: as editors and other programs find it, then the sentence in both languages."""
    return f"{path}:{problem.line}:{problem.column or '-'}: {' / '.join(problem.sentence(lang) for lang in LANGUAGES)}"
