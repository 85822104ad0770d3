"""The verifier's report as lines for people and as findings for machines (SPEC S12.2)."""

from __future__ import annotations

from typing import Any

from votes.secret import words
from votes.secret.finding import Finding, Report
from votes.secret.tally import summary

LANGUAGES = ("zh", "en")


def detail(finding: Finding, language: int) -> str:
    if finding.ok:
        return words.CHECKS[finding.check][language]
    return words.fault(finding.code, finding.facts)[language]


def findings_json(report: Report) -> list[dict[str, Any]]:
    """Each check that was reached, so that all are true exactly where the exit code is 0. Of an election without second proofs
    there is no `factors`, and the detail of `election` says what that leaves open."""
    found: list[dict[str, Any]] = []
    for each in report.findings:
        said = [detail(each, 0), detail(each, 1)]
        if each.check == "election" and _unproved(report):
            said = [f"{sentence}. {warning}" for sentence, warning in zip(said, words.UNPROVED, strict=True)]
        found.append({"check": each.check, "ok": each.ok, "detail": " / ".join(said)})
    return found


def _unproved(report: Report) -> bool:
    return report.election is not None and not report.election.bindings.second_proof


def lines(report: Report, lang: str = "zh") -> list[str]:
    """In one language: what was asked, each check, what could not be reached, what no check can promise."""
    which = LANGUAGES.index(lang)

    def say(zh: str, en: str) -> str:
        return (zh, en)[which]

    found = []
    if report.election:
        found += [f"{words.plain(report.election.name)}  ({report.election.uuid})"]
    broken = any(each.check in ("archive", "chain") and not each.ok for each in report.findings)
    so_far = say("只读到出错的地方，那里的状态：", "State, read up to the fault: ")
    found += [
        (so_far if broken else say("状态：", "State: ")) + words.STAGES.get(report.stage, words.STAGES[""])[which]
    ]
    found += [
        say(
            f"共 {report.ballots} 张表决票，计入 {report.counted} 张，权重合计 {report.weight}",
            f"{report.ballots} ballots, {report.counted} of them count, total weight {report.weight}",
        )
    ]
    if report.counts:
        found += [say("计票方式：", "Counted ") + words.list_name(report.counts)[which]]
    found += [f"  {'✓' if each.ok else '✗'} {detail(each, which)}" for each in report.findings]
    if report.election and report.totals:
        for question in summary(report.election, report.totals, say("空白", "blank")):
            shown = say("，", ", ").join(f"{words.plain(name)} {total}" for name, total in question["totals"])
            found.append(f"{words.plain(question['question'])}  {shown}")
    if report.election:
        bound = report.election.bindings
        for digest, named in ((bound.roll, say("名册", "roll")), (bound.rules, say("规则", "rules"))):
            if digest:
                found.append(say(f"表决票认定的{named}校验码：", f"The ballots commit to the {named} ") + digest)
    unproved = _unproved(report)
    options = {"finished", "head", "earlier", "bindings"} | ({"factors"} if unproved else set())
    unread = [words.CHECKS[check][which] for check in report.not_reached if check not in options]
    if unread:
        found += [say("未能核验：", "Not reached:"), *(f"  · {each}" for each in unread)]
    notes = [words.UNBOUND] if "bindings" in report.not_reached else []
    notes += [words.UNPROVED] if unproved else []
    notes += [*words.NOT_PROMISED, *([words.NO_HEAD] if "head" in report.not_reached else [])]
    found += [say("请注意：", "Note:"), *(f"  · {each[which]}" for each in notes)]
    found.append(say("最后一条记录的校验码：", "Fingerprint of the last entry: ") + report.head)
    found.append(say(*_outcome(report, unproved)))
    return found


def _outcome(report: Report, unproved: bool) -> words.Pair:
    if not report.ok:
        return "核验结论：不成立，原因见打 ✗ 的各行", "Outcome: it fails, see each ✗"
    if unproved:
        return (
            "核验结论：各项成立，但没有第二份证明，结果的真假还要靠受托人诚实",
            "Outcome: all checks hold, but without the second proof the result still rests on honest trustees",
        )
    return "核验结论：全部成立", "Outcome: all checks hold"
