"""The commands `count` and `roll` (SPEC 8). Exit 0: counted, whatever the outcome; 2: unusable input, line and column named."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from votes.asked import Asked
from votes.ballots import Ballot, read_ballots, read_delivered, read_designated, read_proxies
from votes.infile import CannotRead, read_file
from votes.moment import parse_moment
from votes.printed import print_json
from votes.problem import MAX_PROBLEMS, SENTENCES, Problem, Unusable
from votes.refusal import Refused
from votes.report import explanation, roll_report, table
from votes.roll import Roll, read
from votes.rulefile import SAMPLE, from_toml
from votes.rules import CONFLICTS, RuleSet, preset, presets
from votes.tally import Verdict, count
from votes.words import refused_sentence

MANY = 20  # faults of one kind in one column
T = TypeVar("T")
LANGUAGES = ("zh", "en")
LANG_HELP = "输出的语言 / language of the output"
PARKING_HELP = "车位也计人数和面积 / parking carries votes too"
ROLL_HELP = """核对名册：有多少房屋、表决权人和面积，三分之二是多少，哪里要再看一看。
Check a roll: units, heads, area, quorum and what looks odd."""
MAJOR_HELP = """\
  重大事项：筹集维修资金，改建重建，改变共有部分用途或利用共有部分经营（第六至八项）；其他都是一般事项
"""
HEADINGS_HELP = """\
表格 / files: Excel 里另存为“CSV UTF-8”，第一行是列名 / save as CSV; the first row names the columns
  名册 / roll:      业主编号、专有部分面积、用途（住宅、商业、车位）、交付状态（已交付、已售未交付、未售）
                    owner_id, area, use, delivery
  表决票 / ballots: 业主编号、选择（也可写 意见：同意、反对、弃权、无效），可加 方式（纸质、线上、现场）、投票时间、投票人
                    owner_id, choice; optional channel, cast_at, cast_by"""


class BadInput(Exception):
    """What to print on the error stream before leaving with 2."""


def count_command(arguments: Sequence[str]) -> int:
    parser = Asked(
        "python -m votes count",
        description="计票。没有写的选项照规则办。 / Count a poll. Options not given are as the rule-set says.",
    )
    parser.epilog = _help_of_count()
    parser.add_argument(
        "--rule", required=True, help="规则的名称或规则文件，见下面 / a preset's name or a TOML file, see below"
    )
    parser.add_argument("--roll", required=True, metavar="ROLL.csv", help="名册 / the roll")
    parser.add_argument("--ballots", required=True, metavar="BALLOTS.csv", help="表决票清单 / the ballots")
    parser.add_argument("--json", action="store_true", help="给程序读的 JSON 格式 / machine-readable")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="逐项说明为什么通过或不通过，哪张票没有计入 / every test as a sentence, every ballot left out",
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help=LANG_HELP)
    help_text = "无效票也算参加表决 / invalid papers take part"
    parser.add_argument("--invalid-takes-part", action="store_true", default=None, help=help_text)
    parser.add_argument("--count-parking", action="store_true", default=None, help=PARKING_HELP)
    help_text = (
        "一人多票时计哪一张：first 第一张，last 最后一张，paper 纸质优先 / which of several ballots of one head counts"
    )
    parser.add_argument("--conflict", choices=CONFLICTS, default=None, help=help_text)
    help_text = "送达清单：已送达而未交回的从多数，规则里要有约定 / delivered, not returned: with the majority, if the rules say so"
    parser.add_argument("--silence-follows-majority", metavar="DELIVERED.csv", help=help_text)
    parser.add_argument(
        "--proxies", metavar="PROXIES.csv", help="委托书清单，用来核对代投的人 / check who held the pen against these"
    )
    help_text = "共有人书面推举名单：业主编号、姓名 / who was named in writing for co-owners: owner_id, name"
    parser.add_argument("--designated", metavar="DESIGNATED.csv", help=help_text)
    parser.add_argument("--matter", default="", help="委托书上要写明的事项 / what the proxies' scope must name")
    parser.add_argument("--opens", metavar="TIME", help="开始时间，早于它的票不计 / refuse ballots cast before")
    parser.add_argument(
        "--closes",
        metavar="TIME",
        help="截止时间，到时或晚于它的票不计；不写就不查 / refuse ballots cast at or after, if given",
    )
    options = parser.parse_args(arguments)
    try:
        verdict, given = _count(options)
    except (BadInput, CannotRead) as bad:
        print(bad, file=sys.stderr)
        return 2
    if options.json:
        print_json(verdict.as_json())
    else:
        lines = table(verdict, options.lang, explained=options.explain)
        lines += explanation(verdict, options.lang) if options.explain else []
        print("\n".join([*lines, *_read(verdict, given, options)]))
    return 0


def _read(verdict: Verdict, given: Sequence[Ballot], options: argparse.Namespace) -> list[str]:
    """What was read, to be compared with the stack of papers, and what was not looked at for want of a time or a list."""
    times = sum(ballot.cast_at is not None for ballot in given)
    zh, en = f"表决票清单里有 {len(given):,} 张", f"{len(given):,} ballots were read"
    if not options.closes and times:
        zh += "；没有写 --closes 截止时间，没有查哪些票晚了"
        en += "; as there is no --closes, none was refused as late"
    lines = ["", zh if options.lang == "zh" else en]
    if verdict.rule.silence is not None and verdict.silence is None:
        zh = "规则写了未交回的从多数；没有给 --silence-follows-majority 送达清单，这一条没有用"
        en = "the rules let silence follow the majority; without --silence-follows-majority this was not applied"
        lines.append(zh if options.lang == "zh" else en)
    return lines


def _count(options: argparse.Namespace) -> tuple[Verdict, Sequence[Ballot]]:
    rule = _rule(options.rule)
    roll = _load(options.roll, lambda data: read(data, heads_only=not rule.by_area))
    ballots = _load(options.ballots, read_ballots)
    silence, papers = options.silence_follows_majority, options.proxies
    delivered = None if silence is None else _load(silence, read_delivered)
    proxies = None if papers is None else _load(papers, read_proxies)
    designated = None if options.designated is None else _load(options.designated, read_designated)
    opens, closes = (_moment(name, getattr(options, name)) for name in ("opens", "closes"))
    try:
        verdict = count(
            rule,
            roll,
            ballots,
            invalid_takes_part=options.invalid_takes_part,
            count_parking=options.count_parking,
            conflict=options.conflict,
            delivered=delivered,
            proxies=proxies,
            matter=options.matter,
            designated=designated,
            opens=opens,
            closes=closes,
        )
        return verdict, ballots
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
    parser = Asked("python -m votes roll", description=ROLL_HELP)
    parser.epilog = HEADINGS_HELP
    parser.add_argument("file", metavar="ROLL.csv", help="名册 / the roll")
    parser.add_argument("--json", action="store_true", help="给程序读的 JSON 格式 / machine-readable")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help=LANG_HELP)
    parser.add_argument("--count-parking", action="store_true", help=PARKING_HELP)
    help_text = "居民、村民会议只数人：有业主编号就够 / a residents' or villagers' body: owner_id is enough"
    parser.add_argument("--heads-only", action="store_true", help=help_text)
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


def _help_of_count() -> str:
    names = "".join(f"  {rule.name:30} {rule.title('zh')} / {rule.title('en')}\n" for rule in presets())
    return f"{HEADINGS_HELP}\n\n规则 / presets:\n{names}{MAJOR_HELP}\n自己的规则文件 / a rule file of one's own:\n\n{SAMPLE}"


def _rule(name: str) -> RuleSet:
    known = [rule.name for rule in presets()]
    if name in known:
        return preset(name)
    if name.endswith(".toml") or Path(name).is_file():
        return _load(name, from_toml)
    titled = {lang: ", ".join(f"{rule.name} ({rule.title(lang)})" for rule in presets()) for lang in LANGUAGES}
    sentences = (refused_sentence(Refused("unknown_rule", name=name, known=titled[lang]), lang) for lang in LANGUAGES)
    raise BadInput(f"--rule: {' / '.join(sentences)}")


def _load(path: str, reader: Callable[[bytes], T]) -> T:
    data = read_file(path)
    try:
        return reader(data)
    except Unusable as unusable:
        faults = [_fault(path, problem) for problem in unusable.problems]
        raise BadInput("\n".join(faults + _summed(path, unusable.problems))) from None


def _summed(path: str, problems: Sequence[Problem]) -> list[str]:
    """What a long list of faults comes to: a whole column put in the wrong place, or more faults than are shown."""
    lines = []
    for (column, _), times in Counter((each.column, each.code) for each in problems).items():
        if times >= MANY and column:
            zh = f"“{column}”列有 {times} 处同样的错误，看看是不是整列放错了、列名写错了"
            lines.append(f"{path}: {zh} / column {column} is wrong {times} times: is it in the wrong place?")
    if len(problems) == MAX_PROBLEMS:
        zh = f"只列出前 {MAX_PROBLEMS} 处，改好后再运行一次"
        lines.append(f"{path}: {zh} / only the first {MAX_PROBLEMS} faults are listed; correct them and run it again")
    return lines


def _fault(path: str, problem: Problem) -> str:
    """FILE:LINE:COLUMN: as editors and other programs find it, then the sentence in both languages."""
    return f"{path}:{problem.line}:{problem.column or '-'}: {' / '.join(problem.sentence(lang) for lang in LANGUAGES)}"
