"""SPEC 5 and 6: the printed cases of the rules, counted."""

from __future__ import annotations

import json

import pytest

from tests.votes.make import E1, MAJOR, ORDINARY, SAMPLE, Side, poll, roll_of, row
from votes.ballots import Ballot, read_ballots
from votes.refusal import Refused
from votes.report import table
from votes.roll import from_table, read
from votes.rules import preset, presets
from votes.tally import Measure, Verdict, count

WHOLE = (300, 30_000_00)


def missed(verdict: Verdict) -> list[str]:
    return [test.name for test in verdict.tests if not test.met]


@pytest.mark.parametrize(
    ("rule", "for_", "against", "abstain", "valid", "passed", "failing"),
    [
        pytest.param(MAJOR, (150, 15000_00), (40, 4000_00), (10, 1000_00), True, True, [], id="C01"),
        pytest.param(
            MAJOR, (160, 16100_00), (30, 3000_00), (9, 900_00), False, False, ["participation.heads"], id="C02"
        ),
        pytest.param(
            MAJOR, (170, 16999_99), (20, 2000_00), (10, 1000_00), False, False, ["participation.area"], id="C03"
        ),
        pytest.param(
            ORDINARY, (110, 12000_00), (100, 9000_00), (10, 1000_00), True, False, ["consent.heads"], id="C04"
        ),
        pytest.param(ORDINARY, (120, 11000_00), (90, 10000_00), (10, 1000_00), True, False, ["consent.area"], id="C05"),
        pytest.param(ORDINARY, (111, 11000_01), (99, 9999_99), (10, 1000_00), True, True, [], id="C06"),
        pytest.param(MAJOR, (180, 16400_00), (30, 4600_00), (10, 1000_00), True, False, ["consent.area"], id="C07"),
        pytest.param(MAJOR, (160, 18000_00), (50, 3500_00), (10, 500_00), True, False, ["consent.heads"], id="C08"),
        pytest.param(ORDINARY, (110, 11000_00), (90, 9000_00), (0, 0), True, True, [], id="T5"),
    ],
)
def test_the_printed_cases(
    rule: str, for_: Side, against: Side, abstain: Side, valid: bool, passed: bool, failing: list[str]
) -> None:
    rows, ballots = poll({"for": for_, "against": against, "abstain": abstain}, WHOLE)
    verdict = count(preset(rule), from_table(rows), ballots)
    assert (verdict.valid, verdict.passed, missed(verdict)) == (valid, passed, failing)
    assert verdict.totals.roll == Measure(*WHOLE)
    assert verdict.totals.for_ == Measure(*for_)
    assert verdict.totals.against == Measure(*against)
    assert verdict.totals.abstain == Measure(*abstain)
    assert verdict.totals.taking_part == Measure(*for_) + Measure(*against) + Measure(*abstain)


def test_t1_six_flats_of_one_owner_are_one_head() -> None:
    roll = roll_of(*[row("six", 100_00)] * 6, *[row(f"s{n}", 100_00) for n in range(24)])
    verdict = count(preset(ORDINARY), roll, [Ballot("six", "for"), *[Ballot(f"s{n}", "for") for n in range(14)]])
    assert missed(verdict) == ["participation.heads"]
    test = verdict.test("participation.heads")
    assert (test.have, test.of, test.need, test.short_by) == (15, 25, 17, 2)
    assert verdict.test("participation.area").have == 2000_00


@pytest.mark.parametrize("delivery", ["unsold", "delivered"])
def test_t3_parking_counts_only_where_the_rules_say_so(delivery: str) -> None:
    rows = [row(f"F{n}", 90_00) for n in range(200)] + [row("DEV", 13_00, "parking", delivery)] * 150
    ballots = [Ballot(f"F{n}", "for") for n in range(134)]
    without = count(preset(ORDINARY), roll_of(*rows), ballots)
    assert without.passed
    assert (without.totals.roll, without.totals.for_) == (Measure(200, 18000_00), Measure(134, 12060_00))
    counted = count(preset(ORDINARY), roll_of(*rows), ballots, count_parking=True)
    assert counted.totals.roll == Measure(201, 19950_00)
    assert "participation.area" in missed(counted)


def test_t7_co_owners_who_disagree_are_held_with_no_head_and_no_area() -> None:
    roll = roll_of(row("H", 90_00), row("A", 90_00))
    ballots = [Ballot("H", "for", cast_by="husband", line=2), Ballot("H", "against", cast_by="wife", line=3)]
    verdict = count(preset(ORDINARY), roll, ballots)
    assert [held.as_json() for held in verdict.held] == [
        {"owner_id": "H", "code": "co_owners_disagree", "lines": [2, 3], "area": 90_00}
    ]
    assert verdict.totals.taking_part == Measure(0, 0)
    assert verdict.totals.held == Measure(1, 90_00)
    assert verdict.totals.not_returned == Measure(1, 90_00)
    assert verdict.refused == ()


def test_t8_the_buyer_of_an_undelivered_flat_is_refused_and_the_developer_carries_it() -> None:
    roll = roll_of(row("DEV", 100_00, delivery="unsold"), row("B", 90_00, delivery="sold_undelivered"), row("A", 50_00))
    ballots = [Ballot("B", "for", line=2), Ballot("DEV", "against", line=3), Ballot("A", "for", line=4)]
    verdict = count(preset(ORDINARY), roll, ballots)
    assert [refused.as_json() for refused in verdict.refused] == [{"owner_id": "B", "code": "undelivered", "line": 2}]
    assert verdict.totals.against == Measure(1, 190_00)
    assert verdict.totals.roll == Measure(2, 240_00)


class TestE1:
    def test_passes_by_heads_and_fails_by_area(self) -> None:
        verdict = count(preset(MAJOR), read(SAMPLE), read_ballots(E1))
        assert verdict.valid
        assert not verdict.passed
        assert missed(verdict) == ["consent.area"]
        assert verdict.totals.for_ == Measure(101, 11_552_45)
        assert verdict.totals.against == Measure(26, 2_597_16)
        assert verdict.totals.abstain == Measure(7, 1_532_77)
        assert verdict.totals.not_returned == Measure(41, 4_777_04)
        assert verdict.test("participation.heads").need == 117
        assert verdict.test("participation.area").need == 13_639_62
        assert verdict.headline("zh") == "本次表决未通过：面积差 209.34 ㎡"
        assert verdict.headline("en") == "The motion is not carried: area short by 209.34 m²"
        assert (verdict.headline(), verdict.reasons()) == (verdict.headline("zh"), verdict.reasons("zh"))
        assert verdict.reasons("zh") == [
            "本次表决未通过：同意的面积 11,552.45 ㎡，不足参加表决面积 15,682.38 ㎡ 的四分之三（73.67%），差 209.34 ㎡",
            "参加表决的人数 134 人，达到全体人数 175 人的三分之二（76.57%）",
            "参加表决的面积 15,682.38 ㎡，达到全体面积 20,459.42 ㎡ 的三分之二（76.65%）",
            "同意的人数 101 人，达到参加表决人数 134 人的四分之三（75.37%）",
        ]
        assert verdict.reasons("en")[0] == (
            "The motion is not carried: in favour 11,552.45 of 15,682.38 m² taking part (73.67%); "
            "at least three quarters needed: short by 209.34 m²"
        )

    def test_e2_the_developer_in_favour_carries_it(self) -> None:
        ballots = [Ballot("K0001", "for") if b.owner_id == "K0001" else b for b in read_ballots(E1)]
        assert count(preset(MAJOR), read(SAMPLE), ballots).passed

    def test_e3_an_ordinary_matter_is_carried(self) -> None:
        assert count(preset(ORDINARY), read(SAMPLE), read_ballots(E1)).passed

    def test_e4_the_developer_staying_away_lets_it_pass(self) -> None:
        ballots = [b for b in read_ballots(E1) if b.owner_id != "K0001"]
        verdict = count(preset(MAJOR), read(SAMPLE), ballots)
        assert verdict.passed
        assert verdict.totals.taking_part == Measure(133, 14_731_60)
        assert verdict.headline("zh") == "本次表决通过"
        assert verdict.reasons("zh")[0] == "本次表决通过：每一项都达到要求"


class TestInvalid:
    ROLL = roll_of(*[row(f"A{n}", 10_00) for n in range(3)])
    BALLOTS = (Ballot("A0", "for"), Ballot("A1", "invalid"))

    def test_papers_do_not_take_part_and_are_shown(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, self.BALLOTS)
        assert not verdict.valid
        assert verdict.totals.invalid == Measure(1, 10_00)
        assert verdict.totals.taking_part == Measure(1, 10_00)

    def test_papers_take_part_where_the_rules_say_so(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, self.BALLOTS, invalid_takes_part=True)
        assert verdict.valid
        assert verdict.totals.taking_part == Measure(2, 20_00)
        assert missed(verdict) == ["consent.heads", "consent.area"]
        assert verdict.test("consent.heads").short_by == 1

    def test_passed_is_never_true_without_valid(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, [Ballot("A0", "for")])
        assert verdict.test("consent.heads").met
        assert (verdict.valid, verdict.passed) == (False, False)
        assert verdict.headline("zh") == "参加的人不够，本次表决无效：人数差 1 人，面积差 10.00 ㎡"
        assert (
            verdict.headline("en")
            == "Too few took part, the poll is not valid: heads short by 1 head, area short by 10.00 m²"
        )


@pytest.mark.parametrize(
    ("name", "quorum", "consent"),
    [
        ("civil-code-278-ordinary", ">= 2/3", "> 1/2"),
        ("civil-code-278-major", ">= 2/3", ">= 3/4"),
        ("residents-assembly", "> 1/2", "> 1/2"),
        ("residents-representatives", ">= 2/3", "> 1/2"),
        ("villagers-assembly-adults", "> 1/2", "> 1/2"),
        ("villagers-assembly-households", ">= 2/3", "> 1/2"),
        ("villagers-representatives", ">= 2/3", "> 1/2"),
        ("villagers-group", ">= 2/3", "> 1/2"),
    ],
)
@pytest.mark.parametrize("taking_part", range(7))
def test_each_body_has_its_laws_quorum_and_majority(name: str, quorum: str, consent: str, taking_part: int) -> None:
    roll = from_table([["owner_id"], *[[f"R{n}"] for n in range(6)]], heads_only=True)
    rule = preset(name)
    assert (str(rule.quorum), str(rule.consent)) == (quorum, consent)
    if rule.by_area:
        roll = roll_of(*[row(f"R{n}", 10_00) for n in range(6)])
    enough = taking_part * 3 >= 12 if quorum == ">= 2/3" else taking_part * 2 > 6
    for in_favour in range(taking_part + 1):
        ballots = [Ballot(f"R{n}", "for" if n < in_favour else "abstain") for n in range(taking_part)]
        verdict = count(rule, roll, ballots)
        agreed = in_favour * 4 >= taking_part * 3 if consent == ">= 3/4" else in_favour * 2 > taking_part
        assert (verdict.valid, verdict.passed) == (enough, enough and agreed)
        names = ["participation.heads", "consent.heads"]
        both = ["participation.heads", "participation.area", "consent.heads", "consent.area"]
        assert [test.name for test in verdict.tests] == (both if rule.by_area else names)


def test_bodies_that_count_heads_alone_show_no_area() -> None:
    verdict = count(preset("residents-assembly"), read(SAMPLE), [Ballot("Y0001", "for"), Ballot("K0001", "against")])
    assert verdict.totals.roll == Measure(175, 0)
    assert verdict.totals.against == Measure(1, 0)


def test_a_roll_without_area_or_without_a_voting_unit_is_refused() -> None:
    people = from_table([["owner_id"], ["A"]], heads_only=True)
    for roll, code in ((people, "roll_without_area"), (roll_of(row("P", 13_00, "parking")), "empty_roll")):
        with pytest.raises(Refused) as refused:
            count(preset(ORDINARY), roll, [])
        assert refused.value.code == code


def test_an_unknown_conflict_policy_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        count(preset(ORDINARY), roll_of(row("A", 1)), [], conflict="coin")
    assert (refused.value.code, refused.value.facts) == ("unknown_conflict", {"conflict": "coin"})


@pytest.mark.parametrize(("rule", "unmet"), [(MAJOR, 2), (ORDINARY, 4)])
def test_nobody_voting_is_not_valid_and_not_an_error(rule: str, unmet: int) -> None:
    verdict = count(preset(rule), roll_of(row("A", 10_00)), [])
    assert (verdict.valid, verdict.passed) == (False, False)
    assert len(missed(verdict)) == unmet


@pytest.mark.parametrize("rule", [MAJOR, ORDINARY])
def test_nobody_taking_part_is_said_as_such(rule: str) -> None:
    verdict = count(preset(rule), roll_of(row("A", 10_00)), [])
    assert verdict.headline("zh") == "参加的人不够，本次表决无效：人数差 1 人，面积差 6.67 ㎡"
    assert verdict.reasons("zh")[2:] == [
        "没有人参加表决，谈不上同意的人数占多少",
        "没有人参加表决，谈不上同意的面积占多少",
    ]
    assert verdict.reasons("en")[2:] == [
        "nobody took part, so there is no share of heads in favour",
        "nobody took part, so there is no share of area in favour",
    ]
    assert ["同意人数", "0", "—", "0", "—", "无人参加"] in [line.split() for line in table(verdict, "zh")]
    assert "nobody took part" in table(verdict, "en")[-4]


def test_everyone_abstaining_is_valid_and_not_carried() -> None:
    verdict = count(preset(ORDINARY), roll_of(row("A", 10_00)), [Ballot("A", "abstain")])
    assert (verdict.valid, verdict.passed) == (True, False)


class TestSilence:
    """Ten flats of 10 m2; four return: three for, one against."""

    ROLL = roll_of(*[row(f"A{n}", 10_00) for n in range(10)])
    BALLOTS = (*[Ballot(f"A{n}", "for") for n in range(3)], Ballot("A3", "against"))

    def test_is_not_consent_by_default(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, self.BALLOTS)
        assert not verdict.valid
        assert (verdict.silence, verdict.strict) == (None, None)

    def test_follows_the_majority_with_the_strict_count_beside_it(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, self.BALLOTS, delivered=["A0", "A4", "a5", "A6", "nobody"])
        assert verdict.passed
        assert verdict.totals.taking_part == Measure(7, 70_00)
        assert verdict.totals.for_ == Measure(6, 60_00)
        assert verdict.totals.silent == Measure(3, 30_00)
        assert verdict.totals.not_returned == Measure(3, 30_00)
        assert verdict.totals.roll == Measure(10, 100_00)
        assert verdict.silence is not None
        assert verdict.silence.as_json() == {"with_choice": "for", "heads": 3, "area": 30_00, "unknown": ["nobody"]}
        assert verdict.strict == count(preset(ORDINARY), self.ROLL, self.BALLOTS)
        assert verdict.strict.headline("zh") == "参加的人不够，本次表决无效：人数差 3 人，面积差 26.67 ㎡"
        assert len(verdict.reasons("zh")) == 1 + 4 + 2
        assert verdict.reasons("zh")[-2:] == [
            "按业主约定的规则，已送达而没有交回的 3 人、30.00 ㎡计入多数意见“同意”",
            "不用这条规则、只数交回的表决票：" + verdict.strict.headline("zh") + "。两种数法结论不同，请一并公布",
        ]
        assert verdict.reasons("en")[-2:] == [
            "By the owners' own rule, delivered and not returned, 3 heads and 30.00 m², counted with the majority (for)",
            "Without that rule, returned ballots only: "
            + verdict.strict.headline("en")
            + ". The two counts differ; publish both",
        ]

    @pytest.mark.parametrize("choice", ["for", "against", "abstain"])
    def test_follows_whichever_choice_leads(self, choice: str) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, [Ballot("A0", choice)], delivered=["A1"])
        assert verdict.silence is not None
        assert verdict.silence.with_choice == choice
        assert verdict.totals.taking_part == Measure(2, 20_00)

    def test_without_one_majority_by_heads_and_area_only_takes_part(self) -> None:
        roll = roll_of(row("A", 50_00), row("B", 10_00), row("C", 10_00), row("D", 10_00), row("E", 5_00))
        ballots = [Ballot("A", "against"), Ballot("B", "for"), Ballot("C", "for")]
        verdict = count(preset(ORDINARY), roll, ballots, delivered=["D"])
        assert verdict.silence is not None
        assert verdict.silence.with_choice == ""
        assert verdict.totals.taking_part == Measure(4, 80_00)
        assert verdict.totals.for_ == Measure(2, 20_00)
        assert verdict.totals.silent == Measure(1, 10_00)
        assert verdict.totals.not_returned == Measure(1, 5_00)
        assert verdict.totals.roll == Measure(5, 85_00)
        assert verdict.reasons("zh")[-2] == (
            "按业主约定的规则，已送达而没有交回的 1 人、10.00 ㎡只计入参加，因为人数和面积没有指向同一个多数意见"
        )
        assert verdict.reasons("en")[-2].endswith("only taking part: heads and area show no one majority")

    @pytest.mark.parametrize(
        "ballots",
        [
            [],
            [Ballot("A0", "invalid")],
            [Ballot("A0", "for"), Ballot("A1", "against")],
            [Ballot("A0", "for"), Ballot("A1", "against"), Ballot("A2", "abstain")],
        ],
    )
    def test_a_tie_is_not_a_majority(self, ballots: list[Ballot]) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, ballots, delivered=["A8"])
        assert verdict.silence is not None
        assert verdict.silence.with_choice == ""
        assert verdict.totals.silent == Measure(1, 10_00)

    def test_reaches_nobody_who_returned_a_ballot(self) -> None:
        ballots = [
            Ballot("A0", "for"),
            Ballot("A1", "invalid"),
            Ballot("A2", "for", cast_by="x"),
            Ballot("A2", "against", cast_by="y"),
        ]
        verdict = count(preset(ORDINARY), self.ROLL, ballots, delivered=["A0", "A1", "A2"])
        assert verdict.totals.silent == Measure(0, 0)
        assert verdict.totals.for_ == Measure(1, 10_00)

    def test_bodies_that_count_heads_alone_follow_the_heads(self) -> None:
        people = from_table([["owner_id"], *[[f"R{n}"] for n in range(5)]], heads_only=True)
        ballots = [Ballot("R0", "for"), Ballot("R1", "for"), Ballot("R2", "against")]
        verdict = count(preset("residents-assembly"), people, ballots, delivered=["R3"])
        assert verdict.silence is not None
        assert verdict.silence.with_choice == "for"
        assert verdict.totals.for_ == Measure(3, 0)

    def test_same_outcome_needs_no_warning(self) -> None:
        verdict = count(preset(ORDINARY), self.ROLL, [Ballot(f"A{n}", "for") for n in range(8)], delivered=["A9"])
        assert verdict.reasons("zh")[-1] == "不用这条规则、只数交回的表决票：本次表决通过"
        assert verdict.reasons("en")[-1] == "Without that rule, returned ballots only: The motion is carried"


def test_the_json_has_the_agreed_keys() -> None:
    verdict = count(preset(MAJOR), read(SAMPLE), read_ballots(E1), delivered=[])
    out = json.loads(json.dumps(verdict.as_json()))
    assert out["rule"] == MAJOR
    assert set(out["totals"]) == {
        *("roll", "taking_part", "for", "against", "abstain", "invalid", "not_returned", "held", "silent")
    }
    assert out["totals"]["for"] == {"heads": 101, "area": 1155245}
    assert out["totals"]["silent"] == {"heads": 0, "area": 0}
    assert (out["valid"], out["passed"], out["held"], out["refused"]) == (True, False, [], [])
    assert out["tests"][3]["short_by"] == 20934
    assert out["rule_set"]["hash"] == preset(MAJOR).hash
    assert out["roll_fingerprint"] == read(SAMPLE).fingerprint()
    assert out["spec"] == "1.1"
    assert out["strict"]["tests"] == out["tests"]
    assert out["silence"] == {"with_choice": "for", "heads": 0, "area": 0, "unknown": []}
    plain = count(preset(MAJOR), read(SAMPLE), []).as_json()
    assert (out["notices"], plain["notices"]) == ([], [])
    odd = count(preset(MAJOR), roll_of(row("a", 10_00), row("A", 10_00)), []).as_json()
    assert odd["notices"] == [{"code": "same_id_spelled_twice", "lines": [2, 3], "value": "a / A"}]
    assert "silence" not in plain
    assert "strict" not in plain


def test_held_and_refused_are_told_in_sentences() -> None:
    roll = roll_of(row("H", 90_00), row("A", 90_00))
    ballots = [
        Ballot("H", "for", cast_by="husband", line=2),
        Ballot("H", "against", cast_by="wife", line=3),
        Ballot("Z", "for", line=4),
        Ballot("A", "for", line=5),
        Ballot("A", "for", line=6),
        Ballot("Z", "for", line=7),
    ]
    verdict = count(preset(ORDINARY), roll, ballots)
    assert [(r.code, r.line) for r in verdict.refused] == [("not_on_roll", 4), ("duplicate", 6), ("not_on_roll", 7)]
    assert verdict.reasons("zh")[-3:] == [
        "有 1 位表决权人的共有人意见不一，又没有推举一人，暂不计票：H",
        "有 1 张表决票没有计入：同一表决权人已有一张有效的表决票",
        "有 2 张表决票没有计入：业主编号不在名册上",
    ]
    assert verdict.reasons("en")[-3:] == [
        "Held, not counted, as co-owners disagree and nobody is named: H",
        "Ballots not counted, 1: another ballot of the same head counts",
        "Ballots not counted, 2: owner not on the roll",
    ]


def test_more_than_half_is_said_as_such() -> None:
    rows, ballots = poll({"for": (110, 12000_00), "against": (110, 10000_00)}, WHOLE)
    verdict = count(preset(ORDINARY), from_table(rows), ballots)
    assert (
        verdict.reasons("zh")[0]
        == "本次表决未通过：同意的人数 110 人，没有超过参加表决人数 220 人的一半（50.00%），差 1 人"
    )
    assert verdict.reasons("zh")[3] == "同意的面积 12,000.00 ㎡，超过参加表决面积 22,000.00 ㎡ 的一半（54.55%）"
    assert verdict.reasons("en")[0] == (
        "The motion is not carried: in favour 110 of 220 heads taking part (50.00%); more than half needed: short by 1 head"
    )
    assert verdict.reasons("en")[1] == "taking part 220 of 300 heads (73.33%); at least two thirds needed: met"


def test_every_preset_can_count() -> None:
    for rule in presets():
        assert not count(rule, read(SAMPLE), []).passed
