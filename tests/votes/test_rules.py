"""SPEC 3: rules as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import votes
from votes.problem import Unusable
from votes.refusal import Refused
from votes.rulefile import SAMPLE, from_toml
from votes.rules import MATTERS, SilenceClause, matter, preset, presets, rule_for_matter
from votes.threshold import Bar

OWN = """
name = "shuixianli-2026"
based_on = "civil-code-278-major"
version = "2"
title_zh = "水仙里业主大会议事规则"

[settings]
invalid_takes_part = true
count_parking = true
conflict = "last"
proxy_limit = 2

[settings.silence]
rule = "议事规则第十二条"
adopted = 2024-05-01
warning = "送达后未交回的，计入多数意见"
"""


def faults(text: str | bytes) -> list[tuple[int, str, str, str]]:
    with pytest.raises(Unusable) as unusable:
        from_toml(text.encode() if isinstance(text, str) else text)
    return [(p.line, p.column, p.code, p.value) for p in unusable.value.problems]


def test_the_nine_matters_are_mapped_by_the_civil_code() -> None:
    assert [m.number for m in MATTERS] == list(range(1, 10))
    assert [m.number for m in MATTERS if m.kind == "major"] == [6, 7, 8]
    for m in MATTERS:
        assert rule_for_matter(m.number) == preset(f"civil-code-278-{m.kind}")
    assert matter(5).words("zh") == "使用建筑物及其附属设施的维修资金"
    assert matter(8).words("en") == "change the use of common parts, or do business on them"


@pytest.mark.parametrize("number", [0, 10, -1])
def test_there_is_no_tenth_matter(number: int) -> None:
    with pytest.raises(Refused) as refused:
        rule_for_matter(number)
    assert (refused.value.code, refused.value.facts) == ("unknown_matter", {"number": number})


def test_presets_name_their_source_and_date() -> None:
    assert len(presets()) == 8
    for rule in presets():
        assert preset(rule.name) is rule
        assert "条" in rule.source("zh")
        assert "article" in rule.source("en")
        assert rule.title("zh") == rule.title_zh != rule.title("en") == rule.title_en
        assert rule.effective == ("2021-01-01" if rule.name.startswith("civil") else "2026-01-01")
        assert (rule.invalid_takes_part, rule.count_parking, rule.conflict, rule.silence) == (
            False,
            False,
            "first",
            None,
        )
        assert rule.proxy_limit == 3
    assert [rule.name for rule in presets() if rule.by_area] == ["civil-code-278-ordinary", "civil-code-278-major"]
    assert preset("villagers-representatives").source_zh == "《中华人民共和国村民委员会组织法》（2025年修订）第29-30条"
    assert (
        preset("residents-assembly").source_en
        == "Urban Residents' Committees Organisation Law (2025 revision), articles 26-27"
    )


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused) as refused:
        preset("half-of-all")
    assert refused.value.code == "unknown_rule"
    assert "civil-code-278-ordinary, civil-code-278-major" in str(refused.value.facts["known"])


def test_every_field_changes_the_hash_and_equal_rules_share_it() -> None:
    rule = preset("civil-code-278-major")
    clause = SilenceClause("r", "2024-05-01", "w")
    changed = [
        replace(rule, name="other"),
        replace(rule, version="2"),
        replace(rule, quorum=Bar(1, 2, False)),
        replace(rule, consent=Bar(3, 4, True)),
        replace(rule, by_area=False),
        replace(rule, invalid_takes_part=True),
        replace(rule, count_parking=True),
        replace(rule, conflict="last"),
        replace(rule, proxy_limit=2),
        replace(rule, silence=clause),
        replace(rule, silence=replace(clause, adopted="2024-05-02")),
    ]
    assert len({rule.hash, *(r.hash for r in changed)}) == 12
    assert replace(rule).hash == rule.hash == rule.as_json()["hash"]
    assert rule.hash == "67d0ee11d018deeae8e23f24f9394016beb0bbdd39afe90d6c391debe27ceed9"
    assert rule.as_json()["quorum"] == ">= 2/3"


def test_a_compounds_own_settings_stand_on_a_preset() -> None:
    rule = from_toml(OWN.encode())
    base = preset("civil-code-278-major")
    assert (rule.name, rule.version, rule.title_zh) == ("shuixianli-2026", "2", "水仙里业主大会议事规则")
    assert (rule.title_en, rule.source_zh, rule.quorum, rule.consent) == (
        base.title_en,
        base.source_zh,
        base.quorum,
        base.consent,
    )
    assert (rule.invalid_takes_part, rule.count_parking, rule.conflict, rule.proxy_limit) == (True, True, "last", 2)
    assert rule.silence == SilenceClause("议事规则第十二条", "2024-05-01", "送达后未交回的，计入多数意见")


def test_settings_not_given_are_the_presets() -> None:
    rule = from_toml(b'\xef\xbb\xbfname = "a"\nbased_on = "residents-assembly"\nversion = "1"\ntitle_en = "Ours"')
    assert replace(rule, name="residents-assembly", title_en="Residents' assembly") == preset("residents-assembly")


@pytest.mark.parametrize(("field", "line"), [("rule", 13), ("adopted", 13), ("warning", 13)])
def test_a_silence_clause_needs_rule_date_and_warning(field: str, line: int) -> None:
    where = f"settings.silence.{field}"
    without = "\n".join(text for text in OWN.splitlines() if not text.startswith(field))
    assert faults(without) == [(line, where, "silence_without_basis", "")]
    blank = "\n".join(f'{field} = " "' if text.startswith(field) else text for text in OWN.splitlines())
    assert [fault[1:] for fault in faults(blank)] == [(where, "silence_without_basis", "")]
    empty = OWN[: OWN.index("rule =")]
    assert [fault[1] for fault in faults(empty)] == [
        "settings.silence.adopted",
        "settings.silence.rule",
        "settings.silence.warning",
    ]


@pytest.mark.parametrize(
    ("change", "line", "where", "code", "value"),
    [
        (('name = "shuixianli-2026"', ""), 1, "name", "missing_key", ""),
        (('name = "shuixianli-2026"', 'name = " "'), 2, "name", "missing_key", ""),
        (
            ('name = "shuixianli-2026"', 'name = "residents-assembly"'),
            2,
            "name",
            "name_of_preset",
            "residents-assembly",
        ),
        (('version = "2"', "version = 2"), 4, "version", "not_text", "2"),
        (('version = "2"', ""), 1, "version", "missing_key", ""),
        (('based_on = "civil-code-278-major"', ""), 1, "based_on", "missing_key", ""),
        (('based_on = "civil-code-278-major"', 'based_on = "law"'), 3, "based_on", "unknown_base", "law"),
        (('version = "2"', 'version = "2"\nconsent = "> 1/2"'), 5, "consent", "unknown_key", "consent"),
        (('conflict = "last"', 'conflict = "coin"'), 10, "settings.conflict", "unknown_conflict", "coin"),
        (("proxy_limit = 2", "proxy_limit = -1"), 11, "settings.proxy_limit", "bad_limit", "-1"),
        (("proxy_limit = 2", "proxy_limit = 1001"), 11, "settings.proxy_limit", "bad_limit", "1001"),
        (("proxy_limit = 2", "proxy_limit = true"), 11, "settings.proxy_limit", "not_whole", "True"),
        (("proxy_limit = 2", "proxy_limit = 2.5"), 11, "settings.proxy_limit", "not_whole", "2.5"),
        (("count_parking = true", "count_parking = 1"), 9, "settings.count_parking", "not_true_or_false", "1"),
        (("count_parking = true", "'parking' = true"), 9, "settings.parking", "unknown_key", "parking"),
        (("adopted = 2024-05-01", 'adopted = "last May"'), 15, "settings.silence.adopted", "bad_date", "last May"),
        (("adopted = 2024-05-01", "adopted = 2024"), 15, "settings.silence.adopted", "bad_date", "2024"),
        (("warning =", "warnings ="), 16, "settings.silence.warnings", "unknown_key", "warnings"),
    ],
)
def test_what_may_not_be_set_is_refused_where_it_stands(
    change: tuple[str, str], line: int, where: str, code: str, value: str
) -> None:
    assert change[0] in OWN
    assert faults(OWN.replace(*change)) == [(line, where, code, value)]


def test_every_fault_of_a_rule_file_is_told_at_once() -> None:
    text = OWN.replace("conflict =", "conflicts =").replace('version = "2"', "version = 2").replace("rule =", "rules =")
    assert [fault[1:3] for fault in faults(text)] == [
        ("version", "not_text"),
        ("settings.conflicts", "unknown_key"),
        ("settings.silence.rules", "unknown_key"),
    ]
    assert faults('name = "a"\nbased_on = "residents-assembly"\nversion = "1"\nsettings = 3') == [
        (4, "settings", "not_a_section", "3")
    ]
    assert faults(OWN[: OWN.index("[settings.silence]")] + "silence = true") == [
        (13, "settings.silence", "not_a_section", "True")
    ]


@pytest.mark.parametrize("limit", [0, 1000])
def test_the_proxy_limit_may_be_none_or_large(limit: int) -> None:
    assert from_toml(OWN.replace("proxy_limit = 2", f"proxy_limit = {limit}").encode()).proxy_limit == limit


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b"=", (1, "1")),
        (b"\xff", (1, "")),
        (b"a = [" + b"[" * 5000, (1, "")),
        (b"a = 1\nb = ", (1, "")),
        (b"a = 1\nb = x\n", (2, "5")),
    ],
)
def test_what_is_no_toml_is_refused(data: bytes, at: tuple[int, str]) -> None:
    assert faults(data) == [(*at, "not_toml", "")]


def test_a_date_that_is_none_is_refused_too() -> None:
    assert [fault[2] for fault in faults("a = 2026-13-99")] == ["not_toml"]


def test_too_large_a_file_is_refused_and_the_largest_allowed_is_read() -> None:
    padding = "#" * (64 * 1024 - len(OWN.encode()))
    assert from_toml((OWN + padding).encode()).version == "2"
    assert faults(OWN + padding + "#") == [(1, "", "file_too_large", "")]


def test_the_sample_of_the_help_is_that_of_the_specification_and_counts() -> None:
    spec = (Path(votes.__file__).parent / "SPEC.md").read_text(encoding="utf-8")
    assert f"```toml\n{SAMPLE}```" in spec
    rule = from_toml(SAMPLE.encode())
    assert (rule.name, rule.conflict, rule.silence is None) == ("shuixianli-2026", "paper", False)
