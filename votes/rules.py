"""Rules as data (SPEC 3): what the law fixes is a preset; what a compound may set on top of one is read by `rulefile`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from votes.refusal import Refused
from votes.threshold import Bar

CONFLICTS = ("first", "last", "paper")
TWO_THIRDS, THREE_QUARTERS = Bar(2, 3, False), Bar(3, 4, False)
MORE_THAN_HALF = Bar(1, 2, True)


@dataclass(frozen=True, slots=True)
class SilenceClause:
    """The owners' own rule that delivered but unreturned ballots follow the majority: all three are needed (SPEC 5.7)."""

    rule: str
    adopted: str
    warning: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """How one kind of decision is counted. `quorum` is measured on all, `consent` on those taking part; `by_area` adds the
    area twin of each test. `effective` is the ISO date since when the source applies."""

    name: str
    title_zh: str
    title_en: str
    source_zh: str
    source_en: str
    effective: str
    version: str
    quorum: Bar
    consent: Bar
    by_area: bool
    invalid_takes_part: bool = False
    count_parking: bool = False
    conflict: str = "first"
    proxy_limit: int = 3
    silence: SilenceClause | None = None

    def title(self, lang: str = "zh") -> str:
        return self.title_zh if lang == "zh" else self.title_en

    def source(self, lang: str = "zh") -> str:
        return self.source_zh if lang == "zh" else self.source_en

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "quorum": str(self.quorum), "consent": str(self.consent), "hash": self.hash}

    @property
    def hash(self) -> str:
        """SHA-256 over every field: two rule-sets with one hash count alike."""
        plain = {**asdict(self), "quorum": str(self.quorum), "consent": str(self.consent)}
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"votes-rule-1\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Matter:
    """One of the nine matters owners decide together, Civil Code art. 278; `kind` is "ordinary" or "major"."""

    number: int
    zh: str
    en: str
    kind: str

    def words(self, lang: str = "zh") -> str:
        return self.zh if lang == "zh" else self.en


MATTERS: tuple[Matter, ...] = (
    Matter(1, "制定和修改业主大会议事规则", "make or change the owners' rules of procedure", "ordinary"),
    Matter(2, "制定和修改管理规约", "make or change the management covenant", "ordinary"),
    Matter(3, "选举业主委员会或者更换业主委员会成员", "elect the owners' committee or replace members", "ordinary"),
    Matter(4, "选聘和解聘物业服务企业或者其他管理人", "hire or dismiss the property firm or manager", "ordinary"),
    Matter(5, "使用建筑物及其附属设施的维修资金", "use the maintenance money", "ordinary"),
    Matter(6, "筹集建筑物及其附属设施的维修资金", "raise maintenance money", "major"),
    Matter(7, "改建、重建建筑物及其附属设施", "alter or rebuild the building or its facilities", "major"),
    Matter(
        8,
        "改变共有部分的用途或者利用共有部分从事经营活动",
        "change the use of common parts, or do business on them",
        "major",
    ),
    Matter(
        9, "有关共有和共同管理权利的其他重大事项", "other major matters of common ownership and management", "ordinary"
    ),
)


def _civil(name: str, zh: str, en: str, consent: Bar) -> RuleSet:
    return RuleSet(
        name=f"civil-code-278-{name}",
        title_zh=f"业主共同决定（{zh}）",
        title_en=f"Owners' joint decision ({en})",
        source_zh="《中华人民共和国民法典》第二百七十八条",
        source_en="Civil Code, article 278",
        effective="2021-01-01",
        version="1",
        quorum=TWO_THIRDS,
        consent=consent,
        by_area=True,
    )


def _body(name: str, zh: str, en: str, articles: str, quorum: Bar) -> RuleSet:
    laws = {
        "residents": ("《中华人民共和国城市居民委员会组织法》", "Urban Residents' Committees Organisation Law"),
        "villagers": ("《中华人民共和国村民委员会组织法》", "Villagers' Committees Organisation Law"),
    }
    law = name.split("-", maxsplit=1)[0]
    return RuleSet(
        name=name,
        title_zh=zh,
        title_en=en,
        source_zh=f"{laws[law][0]}（2025年修订）第{articles}条",
        source_en=f"{laws[law][1]} (2025 revision), articles {articles}",
        effective="2026-01-01",
        version="1",
        quorum=quorum,
        consent=MORE_THAN_HALF,
        by_area=False,
    )


_PRESETS: Mapping[str, RuleSet] = {
    rule.name: rule
    for rule in (
        _civil("ordinary", "一般事项，过半数同意", "ordinary matters, more than half", MORE_THAN_HALF),
        _civil("major", "重大事项，四分之三以上同意", "matters 6, 7 and 8, three quarters", THREE_QUARTERS),
        _body("residents-assembly", "居民会议", "Residents' assembly", "26-27", MORE_THAN_HALF),
        _body("residents-representatives", "居民代表会议", "Residents' representatives", "28-29", TWO_THIRDS),
        _body(
            "villagers-assembly-adults", "村民会议（成年村民）", "Villagers' assembly (adults)", "25-26", MORE_THAN_HALF
        ),
        _body(
            "villagers-assembly-households",
            "村民会议（户代表）",
            "Villagers' assembly (households)",
            "25-26",
            TWO_THIRDS,
        ),
        _body("villagers-representatives", "村民代表会议", "Villagers' representatives", "29-30", TWO_THIRDS),
        _body("villagers-group", "村民小组会议", "Villagers' group", "32", TWO_THIRDS),
    )
}


def presets() -> tuple[RuleSet, ...]:
    return tuple(_PRESETS.values())


def preset(name: str) -> RuleSet:
    """The rule-set of that name; Refused("unknown_rule") lists what there is."""
    if name not in _PRESETS:
        raise Refused("unknown_rule", name=name, known=", ".join(_PRESETS))
    return _PRESETS[name]


def matter(number: int) -> Matter:
    found = next((matter for matter in MATTERS if matter.number == number), None)
    if found is None:
        raise Refused("unknown_matter", number=number)
    return found


def rule_for_matter(number: int) -> RuleSet:
    """The rule-set for matter 1-9 of Civil Code art. 278."""
    return preset(f"civil-code-278-{matter(number).kind}")
