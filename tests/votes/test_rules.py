"""SPEC 3: rules as data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from votes.refusal import Refused
from votes.rules import MATTERS, SilenceClause, from_toml, matter, preset, presets, rule_for_matter
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


def refusal(text: str | bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as refused:
        from_toml(text.encode() if isinstance(text, str) else text)
    return refused.value.code, refused.value.facts


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


@pytest.mark.parametrize("field", ["rule", "adopted", "warning"])
def test_a_silence_clause_needs_rule_date_and_warning(field: str) -> None:
    without = "\n".join(line for line in OWN.splitlines() if not line.startswith(field))
    assert refusal(without) == ("silence_without_basis", {"missing": field})
    blank = "\n".join(f'{field} = " "' if line.startswith(field) else line for line in OWN.splitlines())
    assert refusal(blank) == ("silence_without_basis", {"missing": field})


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (('name = "shuixianli-2026"', ""), "name"),
        (('name = "shuixianli-2026"', 'name = " "'), "name"),
        (('name = "shuixianli-2026"', 'name = "civil-code-278-major"'), "name"),
        (('version = "2"', "version = 2"), "version"),
        (('version = "2"', ""), "version"),
        (('based_on = "civil-code-278-major"', ""), "based_on"),
        (('version = "2"', 'version = "2"\nconsent = "> 1/2"'), "consent"),
        (('conflict = "last"', 'conflict = "coin"'), "settings.conflict"),
        (("proxy_limit = 2", "proxy_limit = -1"), "settings.proxy_limit"),
        (("proxy_limit = 2", "proxy_limit = 1001"), "settings.proxy_limit"),
        (("proxy_limit = 2", "proxy_limit = true"), "settings.proxy_limit"),
        (("proxy_limit = 2", "proxy_limit = 2.5"), "settings.proxy_limit"),
        (("count_parking = true", "count_parking = 1"), "settings.count_parking"),
        (("count_parking = true", "count_parkings = true"), "settings.count_parkings"),
        (("adopted = 2024-05-01", 'adopted = "last May"'), "settings.silence.adopted"),
        (("warning =", "warnings ="), "settings.silence.warnings"),
    ],
)
def test_what_may_not_be_set_is_refused_where_it_stands(change: tuple[str, str], where: str) -> None:
    assert change[0] in OWN
    assert refusal(OWN.replace(*change)) == ("bad_rule_file", {"where": where})


@pytest.mark.parametrize("limit", [0, 1000])
def test_the_proxy_limit_may_be_none_or_large(limit: int) -> None:
    assert from_toml(OWN.replace("proxy_limit = 2", f"proxy_limit = {limit}").encode()).proxy_limit == limit


def test_an_unknown_base_is_refused() -> None:
    assert refusal(OWN.replace("civil-code-278-major", "regulation-12"))[0] == "unknown_rule"


@pytest.mark.parametrize("data", [b"=", b"a = 2026-13-99", b"\xff", b"a = [" + b"[" * 5000, b"x" * 70_000])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    assert refusal(data)[0] == "bad_rule_file"


def test_too_large_a_file_is_refused_and_the_largest_allowed_is_read() -> None:
    padding = "#" * (64 * 1024 - len(OWN.encode()))
    assert from_toml((OWN + padding).encode()).version == "2"
    assert refusal(OWN + padding + "#") == ("bad_rule_file", {"where": "size"})
