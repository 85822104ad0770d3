"""The count and its verdict (SPEC 5 and 6). Nothing here knows a file, a clock or a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from votes import SPEC_VERSION, words
from votes.ballots import Ballot
from votes.proxy import Proxies, Proxy
from votes.refusal import Refused
from votes.resolve import HeldHead, RefusedBallot, Window, resolve
from votes.roll import Head, Notice, Roll, need_area
from votes.rules import CONFLICTS, RuleSet
from votes.table import key
from votes.threshold import Test


@dataclass(frozen=True, slots=True)
class Measure:
    """Heads and area (0.01 m2; always 0 for bodies that count heads alone)."""

    heads: int = 0
    area: int = 0

    def __add__(self, other: Measure) -> Measure:
        return Measure(self.heads + other.heads, self.area + other.area)

    def less(self, other: Measure) -> Measure:
        return Measure(self.heads - other.heads, self.area - other.area)

    def as_json(self) -> dict[str, int]:
        return {"heads": self.heads, "area": self.area}


NOTHING = Measure()


@dataclass(frozen=True, slots=True)
class Totals:
    """roll = for + against + abstain + invalid + held + not_returned (+ silent without a majority). Silent heads counted
    with the majority are inside its figure and again, for reading, in `silent`."""

    roll: Measure = NOTHING
    taking_part: Measure = NOTHING
    for_: Measure = NOTHING
    against: Measure = NOTHING
    abstain: Measure = NOTHING
    invalid: Measure = NOTHING
    not_returned: Measure = NOTHING
    held: Measure = NOTHING
    silent: Measure = NOTHING

    def as_json(self) -> dict[str, dict[str, int]]:
        names = ("roll", "taking_part", "for_", "against", "abstain", "invalid", "not_returned", "held", "silent")
        return {name.removesuffix("_"): getattr(self, name).as_json() for name in names}


@dataclass(frozen=True, slots=True)
class Silence:
    """What the silence clause did. `with_choice` is "" when heads and area do not point to one same choice; `unknown` are
    delivered ids that have no head on the roll."""

    with_choice: str
    counted: Measure
    unknown: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {"with_choice": self.with_choice, **self.counted.as_json(), "unknown": list(self.unknown)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome. `valid`: enough took part. `passed` is never true without `valid`. `strict` is the count without the
    silence clause, present whenever the clause was used."""

    rule: RuleSet
    roll_fingerprint: str
    valid: bool
    passed: bool
    tests: tuple[Test, ...]
    totals: Totals
    held: tuple[HeldHead, ...]
    refused: tuple[RefusedBallot, ...]
    notices: tuple[Notice, ...]
    silence: Silence | None = None
    strict: Verdict | None = None

    def test(self, name: str) -> Test:
        return next(test for test in self.tests if test.name == name)

    def as_json(self) -> dict[str, object]:
        out: dict[str, object] = {
            "rule": self.rule.name,
            "valid": self.valid,
            "passed": self.passed,
            "tests": [test.as_json() for test in self.tests],
            "totals": self.totals.as_json(),
            "held": [held.as_json() for held in self.held],
            "refused": [refused.as_json() for refused in self.refused],
            "notices": [notice.as_json() for notice in self.notices],
            "rule_set": self.rule.as_json(),
            "roll_fingerprint": self.roll_fingerprint,
            "spec": SPEC_VERSION,
        }
        if self.silence is not None:
            out["silence"] = self.silence.as_json()
        if self.strict is not None:
            out["strict"] = self.strict.as_json()
        return out

    def headline(self, lang: str = "zh") -> str:
        """The fact in one line."""
        return words.headline(self.valid, self.passed, self.tests, lang)

    def reasons(self, lang: str = "zh") -> list[str]:
        """Full sentences: the outcome with its integers first, then every test, then what was left out and why."""
        out = words.reasons(self.valid, self.passed, self.tests, lang)
        out += words.left_out([held.owner_id for held in self.held], [refused.code for refused in self.refused], lang)
        if self.silence is not None and self.strict is not None:
            out += words.silence(self.silence.with_choice, self.silence.counted.heads, self.silence.counted.area, lang)
            out += words.strict(self.strict.headline(lang), self.strict.passed == self.passed, lang)
        return out


def count(
    rule: RuleSet,
    roll: Roll,
    ballots: Iterable[Ballot],
    *,
    invalid_takes_part: bool | None = None,
    count_parking: bool | None = None,
    conflict: str | None = None,
    delivered: Iterable[str] | None = None,
    proxies: Iterable[Proxy] | None = None,
    matter: str = "",
    designated: Mapping[str, str] | None = None,
    opens: datetime | None = None,
    closes: datetime | None = None,
) -> Verdict:
    """Count `ballots` of `roll` by `rule`. An option left None is as the rule-set says. `delivered`: owner_ids with proof of
    delivery; giving it applies the silence clause. `proxies`: giving it checks every pen; `matter` is what their scope must
    name. `designated`: owner_id -> the co-owner named in writing after the roll was frozen. Ballots outside [opens, closes)
    are refused. Raises Refused "unknown_conflict", "roll_without_area" or "empty_roll"."""
    changed = {"invalid_takes_part": invalid_takes_part, "count_parking": count_parking, "conflict": conflict}
    rule = replace(rule, **{name: value for name, value in changed.items() if value is not None})  # type: ignore[arg-type]
    if rule.conflict not in CONFLICTS:
        raise Refused("unknown_conflict", conflict=rule.conflict)
    heads = _heads(rule, roll)
    papers = None if proxies is None else Proxies(proxies, rule.proxy_limit, matter)
    resolved = resolve(roll, heads, ballots, rule.conflict, Window(opens, closes), papers, designated or {})
    held = {head.owner_id for head in resolved.held}
    sums = dict.fromkeys(("for", "against", "abstain", "invalid", "held", "not_returned"), NOTHING)
    quiet: list[Head] = []
    for head in heads:
        ballot = resolved.counted.get(head.key)
        name = ballot.choice if ballot else "held" if head.key in held else "not_returned"
        sums[name] += Measure(1, head.area)
        if name == "not_returned":
            quiet.append(head)
    left_out = tuple(resolved.held), tuple(resolved.refused)
    blank = Verdict(rule, roll.fingerprint(), False, False, (), Totals(), *left_out, roll.notices(heads))
    strict = _judge(blank, sums)
    return strict if delivered is None else _with_silence(strict, sums, heads, quiet, tuple(delivered))


def _heads(rule: RuleSet, roll: Roll) -> tuple[Head, ...]:
    if rule.by_area:
        need_area(roll)
    heads = roll.heads(rule.count_parking) if rule.by_area else roll.people
    if not heads:
        raise Refused("empty_roll")
    return heads


def _judge(blank: Verdict, sums: Mapping[str, Measure], silent: Measure = NOTHING) -> Verdict:
    """The tests of the rule on these sums. Silent heads with no choice to follow only take part."""
    rule = blank.rule
    part = sums["for"] + sums["against"] + sums["abstain"] + sums.get("silent", NOTHING)
    if rule.invalid_takes_part:
        part += sums["invalid"]
    whole = sum(sums.values(), start=NOTHING)
    measured = [("participation", rule.quorum, part, whole), ("consent", rule.consent, sums["for"], part)]
    tests: list[Test] = []
    for name, bar, have, of in measured:
        tests.append(bar.test(f"{name}.heads", have.heads, of.heads))
        if rule.by_area:
            tests.append(bar.test(f"{name}.area", have.area, of.area))
    valid = all(test.met for test in tests if test.name.startswith("participation"))
    totals = Totals(
        roll=whole,
        taking_part=part,
        for_=sums["for"],
        against=sums["against"],
        abstain=sums["abstain"],
        invalid=sums["invalid"],
        not_returned=sums["not_returned"],
        held=sums["held"],
        silent=silent,
    )
    return replace(blank, valid=valid, passed=valid and all(t.met for t in tests), tests=tuple(tests), totals=totals)


def _with_silence(
    strict: Verdict,
    sums: Mapping[str, Measure],
    heads: Iterable[Head],
    quiet: Iterable[Head],
    delivered: tuple[str, ...],
) -> Verdict:
    """Delivered and not returned: takes part, and follows the choice that leads by heads and by area (SPEC 5.7)."""
    reached = {key(owner_id) for owner_id in delivered}
    silent = NOTHING
    for head in quiet:
        if any(key(owner_id) in reached for owner_id in head.owner_ids):
            silent += Measure(1, head.area)
    leader = _leader(sums, strict.rule.by_area)
    moved = dict(sums)
    moved["not_returned"] = sums["not_returned"].less(silent)
    moved[leader or "silent"] = sums.get(leader, NOTHING) + silent
    on_roll = {key(owner_id) for head in heads for owner_id in head.owner_ids}
    unknown = tuple(dict.fromkeys(owner_id for owner_id in delivered if key(owner_id) not in on_roll))
    deemed = _judge(strict, moved, silent)
    return replace(deemed, silence=Silence(leader, silent, unknown), strict=strict)


def _leader(sums: Mapping[str, Measure], by_area: bool) -> str:
    """The one choice with most heads and most area; "" when there is none, since a tie is never broken in silence."""
    choices = ("for", "against", "abstain")
    most = max(sums[choice].heads for choice in choices)
    leading = [choice for choice in choices if sums[choice].heads == most]
    if by_area:
        widest = max(sums[choice].area for choice in choices)
        by_space = [choice for choice in choices if sums[choice].area == widest]
        if by_space != leading:
            return ""
    return leading[0] if len(leading) == 1 else ""
