"""The sentences of a verdict, in Chinese and English (SPEC 6.3). Integers decide; percentages are for reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from votes.refusal import Refused
from votes.threshold import Test, area_text, percent_text

_MEASURE_ZH = {True: "面积", False: "人数"}
_MEASURE_EN = {True: "area", False: "heads"}
_SHARES_ZH = {"1/2": "一半", "2/3": "三分之二", "3/4": "四分之三"}
_SHARES_EN = {"1/2": "half", "2/3": "two thirds", "3/4": "three quarters"}

REFUSALS: dict[str, tuple[str, str]] = {
    "not_on_roll": ("业主编号不在名册上", "owner not on the roll"),
    "undelivered": (
        "房屋已售未交付，表决权仍在建设单位",
        "the flat is sold but not delivered, so its vote is still the developer's",
    ),
    "parking_only": ("只有车位，车位不计表决权", "holds only parking, which carries no vote here"),
    "duplicate": ("同一表决权人已有一张有效的表决票", "another ballot of the same head counts"),
    "not_designated": ("投票的不是共有人推举的那一位", "cast by someone other than the co-owner who was named"),
    "too_early": ("早于开始时间", "cast before the opening"),
    "too_late": ("晚于截止时间", "cast after the close"),
    "no_proxy": ("没有书面委托", "no written proxy"),
    "proxy_chain": ("代理人不能再转委托", "a proxy cannot be passed on"),
    "proxy_limit": ("这位代理人接受的委托超过上限", "the holder has more proxies than the rule allows"),
    "proxy_scope": ("委托书没有包括这一事项", "the proxy does not cover this matter"),
    "proxy_revoked": ("委托已经撤回", "the proxy was revoked"),
    "proxy_expired": ("委托已经到期", "the proxy has expired"),
    "proxy_not_yet_signed": ("投票早于签署委托书", "cast before the proxy was signed"),
    "principal_voted": ("业主本人已经投票", "the owner voted in person"),
}


def amount(test: Test, value: int, lang: str) -> str:
    """A figure with its unit: 134 人 / 15,682.38 ㎡."""
    if test.about_area:
        return f"{area_text(value)} {'㎡' if lang == 'zh' else 'm²'}"
    return f"{value:,} 人" if lang == "zh" else f"{value:,} {'head' if value == 1 else 'heads'}"


def _share(test: Test, lang: str) -> str:
    words = _SHARES_ZH if lang == "zh" else _SHARES_EN
    numerator, denominator = test.required.split("/")
    plain = f"{denominator}分之{numerator}" if lang == "zh" else test.required
    return words.get(test.required, plain)


def _taking_part(test: Test) -> bool:
    return test.name.startswith("participation")


def measured(test: Test, lang: str) -> str:
    """One test with the integers that were compared; without anybody taking part there is nothing to compare."""
    if test.of == 0:
        if lang == "zh":
            return f"没有人参加表决，谈不上同意的{_MEASURE_ZH[test.about_area]}占多少"
        return f"nobody took part, so there is no share of {_MEASURE_EN[test.about_area]} in favour"
    share, strict, percent = _share(test, lang), test.comparison == ">", f"{percent_text(test.have, test.of)}%"
    if lang == "zh":
        return _measured_zh(test, share, strict, percent)
    unit = "m²" if test.about_area else "heads"
    have, of = (area_text(n) if test.about_area else f"{n:,}" for n in (test.have, test.of))
    whole = f"{of} {unit}" if _taking_part(test) else f"{of} {unit} taking part"
    outcome = "met" if test.met else f"short by {amount(test, test.short_by, lang)}"
    who = "taking part" if _taking_part(test) else "in favour"
    return f"{who} {have} of {whole} ({percent}); {'more than' if strict else 'at least'} {share} needed: {outcome}"


def _measured_zh(test: Test, share: str, strict: bool, percent: str) -> str:
    have, of, gap = (amount(test, value, "zh") for value in (test.have, test.of, test.short_by))
    measure, space = _MEASURE_ZH[test.about_area], " " if test.about_area else ""
    who, whole = f"同意的{measure}", f"参加表决{measure}"
    if _taking_part(test):
        who, whole = f"参加表决的{measure}", f"全体{measure}"
    whole = f"{whole} {of}{space}的{share}"
    if test.met:
        return f"{who} {have}，{'超过' if strict else '达到'}{whole}（{percent}）"
    return f"{who} {have}，{'没有超过' if strict else '不足'}{whole}（{percent}），差 {gap}"


def _outcome(valid: bool, passed: bool, lang: str) -> str:
    if passed:
        return "本次表决通过" if lang == "zh" else "The motion is carried"
    if valid:
        return "本次表决未通过" if lang == "zh" else "The motion is not carried"
    return "参加的人不够，本次表决无效" if lang == "zh" else "Too few took part, the poll is not valid"


def _deciding(valid: bool, tests: Sequence[Test]) -> list[Test]:
    """The tests that a motion failed by: where too few took part, consent decides nothing."""
    return [test for test in tests if not test.met and (valid or _taking_part(test))]


def headline(valid: bool, passed: bool, tests: Sequence[Test], lang: str = "zh") -> str:
    outcome = _outcome(valid, passed, lang)
    if passed:
        return outcome
    short = [(test, amount(test, test.short_by, lang)) for test in _deciding(valid, tests)]
    if lang == "zh":
        return f"{outcome}：{'，'.join(f'{_MEASURE_ZH[test.about_area]}差 {gap}' for test, gap in short)}"
    return f"{outcome}: {', '.join(f'{_MEASURE_EN[test.about_area]} short by {gap}' for test, gap in short)}"


def reasons(valid: bool, passed: bool, tests: Sequence[Test], lang: str = "zh") -> list[str]:
    """Every test as a sentence; those that decided come first and carry the outcome."""
    outcome, colon = _outcome(valid, passed, lang), "：" if lang == "zh" else ": "
    if passed:
        every = "每一项都达到要求" if lang == "zh" else "every test is met"
        return [outcome + colon + every, *(measured(test, lang) for test in tests)]
    deciding = _deciding(valid, tests)
    others = [test for test in tests if test not in deciding]
    return [outcome + colon + measured(test, lang) for test in deciding] + [measured(test, lang) for test in others]


def left_out(held: Sequence[str], refused: Iterable[str], lang: str = "zh") -> list[str]:
    out: list[str] = []
    if held and lang == "zh":
        out.append(f"有 {len(held)} 位表决权人的共有人意见不一，又没有推举一人，暂不计票：{'、'.join(held)}")
    elif held:
        out.append(f"Held, not counted, as co-owners disagree and nobody is named: {', '.join(held)}")
    for code, times in sorted(Counter(refused).items()):
        text = refusal(code, lang)
        out.append(f"有 {times} 张表决票没有计入：{text}" if lang == "zh" else f"Ballots not counted, {times}: {text}")
    return out


def refusal(code: str, lang: str = "zh") -> str:
    return REFUSALS[code][0 if lang == "zh" else 1]


def silence(choice: str, heads: int, area: int, lang: str = "zh") -> list[str]:
    zh = {"for": "同意", "against": "反对", "abstain": "弃权"}
    if lang == "zh":
        where = f"计入多数意见“{zh[choice]}”" if choice else "只计入参加，因为人数和面积没有指向同一个多数意见"
        return [f"按业主约定的规则，已送达而没有交回的 {heads:,} 人、{area_text(area)} ㎡{where}"]
    where = (
        f"counted with the majority ({choice})" if choice else "only taking part: heads and area show no one majority"
    )
    return [f"By the owners' own rule, delivered and not returned, {heads:,} heads and {area_text(area)} m², {where}"]


def strict(headline: str, same: bool, lang: str = "zh") -> list[str]:
    if lang == "zh":
        return [f"不用这条规则、只数交回的表决票：{headline}" + ("" if same else "。两种数法结论不同，请一并公布")]
    return [
        f"Without that rule, returned ballots only: {headline}"
        + ("" if same else ". The two counts differ; publish both")
    ]


_RULE_SAYS: dict[str, tuple[str, str]] = {
    "unknown_rule": ("没有“{name}”这套规则，可用：{known}", "no rule-set is called {name}; there are: {known}"),
    "unknown_matter": ("没有第 {number} 项事项，只有第 1 到第 9 项", "there is no matter {number}, only 1 to 9"),
    "roll_without_area": (
        "第 {line} 行没有面积，这套规则要看面积",
        "line {line} has no area and this rule weighs area",
    ),
    "empty_roll": ("名册里没有可以计票的房屋", "no unit on the roll carries a vote"),
    "unknown_conflict": ("没有“{conflict}”这种处理办法", "there is no conflict policy {conflict}"),
    "unknown_method": ("没有“{method}”这种表决方法", "there is no method {method}"),
    "bad_options": ("选项至少两个，而且不能重复：{options}", "at least two different options are needed: {options}"),
    "bad_seats": ("名额 {seats} 不对", "{seats} is not a possible number of seats or marks"),
    "bad_grades": ("评语至少两档，而且不能重复：{grades}", "at least two different grades are needed: {grades}"),
    "bad_bar": ("“{value}”不是门槛", "{value} is not a threshold"),
}


def refused_sentence(refused: Refused, lang: str = "zh") -> str:
    """The plain sentence of a refusal that stops a count."""
    return _RULE_SAYS[refused.code][0 if lang == "zh" else 1].format(**refused.facts)
