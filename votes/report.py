"""The readable forms of a verdict and of a roll (SPEC 8.2)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from votes.roll import Notice, Roll
from votes.rules import TWO_THIRDS
from votes.tally import Verdict
from votes.threshold import Test, area_text, percent_text
from votes.words import refusal

_ROWS = (
    ("roll", "名册", "roll"),
    ("taking_part", "参加表决", "taking part"),
    ("for_", "同意", "for"),
    ("against", "反对", "against"),
    ("abstain", "弃权", "abstain"),
    ("invalid", "无效", "invalid"),
    ("held", "暂不计票", "held"),
    ("not_returned", "未交回", "not returned"),
    ("silent", "其中：未交回计入", "silent, deemed"),
)
_TESTS = {
    "participation.heads": ("参加人数", "heads taking part"),
    "participation.area": ("参加面积", "area taking part"),
    "consent.heads": ("同意人数", "heads in favour"),
    "consent.area": ("同意面积", "area in favour"),
}
NOTICES = {
    "same_id_spelled_twice": (
        "同一业主编号有两种写法，已合并为一个表决权人",
        "one owner id spelled in two ways, counted as one head",
    ),
    "one_id_two_names": (
        "同一业主编号下有两个姓名，仍按一个表决权人计，请核对",
        "two names under one owner id, counted as one head, please check",
    ),
    "same_person_two_ids": (
        "姓名和证件尾号相同，业主编号不同，请核对",
        "same name and id digits under two owner ids, please check",
    ),
    "several_developers": (
        "未售房屋在不同编号名下，已合并为建设单位一个表决权人",
        "unsold units under several ids, counted as one developer",
    ),
    "developer_unknown": (
        "没有写明建设单位，这些房屋的表决权暂时没有人能行使，请补上",
        "no developer is named, so nobody can vote for these units; please add it",
    ),
}


@dataclass(frozen=True, slots=True)
class RollReport:
    facts: dict[str, object]
    lines: list[str]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Left column flush left, the others flush right; Chinese characters are two wide."""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0] + " " * (widths[0] - _width(row[0]))]
            + [" " * (widths[n] - _width(row[n])) + row[n] for n in range(1, len(row))]
        ).rstrip()
        for row in rows
    ]


def table(verdict: Verdict, lang: str, *, explained: bool = False) -> list[str]:
    zh = lang == "zh"
    rule = verdict.rule
    by_area = rule.by_area
    head = ["", "人数" if zh else "heads", *((["面积 ㎡" if zh else "area m²"]) if by_area else [])]
    body = [head]
    for field, zh_name, en_name in _ROWS:
        measure = getattr(verdict.totals, field)
        if measure.heads or field not in ("held", "silent"):
            area = [area_text(measure.area)] if by_area else []
            body.append([zh_name if zh else en_name, f"{measure.heads:,}", *area])
    tests = [["检验", "有", "需", "共", "比例", "结果"] if zh else ["test", "have", "need", "of", "share", "result"]]
    tests += [_test_row(test, zh) for test in verdict.tests]
    lines = [
        verdict.headline(lang),
        f"{rule.title(lang)} · {rule.source(lang)}",
        "",
        *columns(body),
        "",
        *columns(tests),
    ]
    if verdict.strict is not None:
        label = "不用未交回计入的规则" if zh else "Without the silence clause"
        lines += ["", f"{label}: {verdict.strict.headline(lang)}"]
    left = len(verdict.refused) + len(verdict.held)
    if left and not explained:
        lines += ["", f"未计入 {left} 项，加 --explain 看原因" if zh else f"{left} left out; --explain says why"]
    if verdict.notices:
        lines += ["", *(_notice(notice, zh) for notice in verdict.notices)]
    label = "名册校验码" if zh else "roll fingerprint"
    return [*lines, "", f"{label} {verdict.roll_fingerprint}"]


def _test_row(test: Test, zh: bool) -> list[str]:
    name = _TESTS[test.name][0 if zh else 1]
    if test.of == 0:
        return [name, "0", "—", "0", "—", "无人参加" if zh else "nobody took part"]
    have, need, of = (area_text(n) if test.about_area else f"{n:,}" for n in (test.have, test.need, test.of))
    gap = area_text(test.short_by) if test.about_area else f"{test.short_by:,}"
    at_least = "超过" if test.comparison == ">" else "至少"
    result = ("达到" if zh else "met") if test.met else f"{'差' if zh else 'short'} {gap}"
    return [
        name,
        have,
        f"{need}（{at_least} {test.required}）" if zh else f"{test.comparison}{test.required} = {need}",
        of,
        f"{percent_text(test.have, test.of)}%",
        result,
    ]


def explanation(verdict: Verdict, lang: str) -> list[str]:
    lines = ["", *verdict.reasons(lang)]
    for refused in verdict.refused:
        why = refusal(refused.code, lang)
        if lang == "zh":
            stands = f"，计入的是第 {refused.stands} 行" if refused.stands else ""
            lines.append(f"  第 {refused.line} 行 {refused.owner_id}：{why}{stands}")
        else:
            stands = f"; line {refused.stands} counts" if refused.stands else ""
            lines.append(f"  line {refused.line} {refused.owner_id}: {why}{stands}")
    return lines


def roll_report(roll: Roll, count_parking: bool, heads_only: bool, lang: str) -> RollReport:
    zh = lang == "zh"
    heads = roll.people if heads_only else roll.heads(count_parking)
    area = sum(head.area for head in heads)
    owners = Counter(len(head.units) for head in heads if not head.is_developer)
    several = sum(times for units, times in owners.items() if units > 1)
    notices = roll.notices(heads)
    need_heads, need_area = TWO_THIRDS.least(len(heads)), TWO_THIRDS.least(area)
    facts: dict[str, object] = {
        "units": len(roll.units),
        "heads": len(heads),
        "area": area,
        "owners_with_several_units": several,
        "developer_units": sum(len(head.units) for head in heads if head.is_developer),
        "two_thirds": {"heads": need_heads, "area": need_area if area else 0},
        "fingerprint": roll.fingerprint(),
        "notices": [notice.as_json() for notice in notices],
    }
    lines = [
        f"{len(roll.units):,} 处房屋，{len(heads):,} 个表决权人"
        if zh
        else f"{len(roll.units):,} units, {len(heads):,} heads"
    ]
    if area:
        lines[0] += f"，{area_text(area)} ㎡" if zh else f", {area_text(area)} m²"
        need = (
            f"{need_heads:,} 人、{area_text(need_area)} ㎡"
            if zh
            else f"{need_heads:,} heads and {area_text(need_area)} m²"
        )
        lines.append(f"三分之二是 {need}" if zh else f"two thirds: {need}")
    lines += [_notice(notice, zh) for notice in notices]
    lines.append(f"{'名册校验码' if zh else 'fingerprint'} {roll.fingerprint()}")
    return RollReport(facts, lines)


def _notice(notice: Notice, zh: bool) -> str:
    where = ("、" if zh else ", ").join(str(line) for line in notice.lines)
    text = NOTICES[notice.code][0 if zh else 1]
    return f"请看第 {where} 行（{notice.value}）：{text}" if zh else f"See lines {where} ({notice.value}): {text}"
