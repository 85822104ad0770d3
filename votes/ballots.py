"""The ballots 表决票 as they came in, and the other lists a count may need (SPEC 2.4, 5.4, 5.5, 5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from votes.moment import parse_moment
from votes.proxy import Proxy
from votes.rows import decode
from votes.table import Sheet, key, plain

CHOICES = ("for", "against", "abstain", "invalid")
CHANNELS = ("online", "paper", "hall")

_CHOICE_WORDS: Mapping[str, str] = {
    "for": "for", "同意": "for", "赞成": "for",
    "against": "against", "反对": "against", "不同意": "against",
    "abstain": "abstain", "弃权": "abstain",
    "invalid": "invalid", "无效": "invalid",
}  # fmt: skip
_CHANNEL_WORDS: Mapping[str, str] = {
    "online": "online", "线上": "online",
    "paper": "paper", "纸质": "paper", "书面": "paper",
    "hall": "hall", "现场": "hall",
}  # fmt: skip
_BALLOT_NAMES = {
    "owner_id": "owner_id", "业主编号": "owner_id",
    "choice": "choice", "选择": "choice", "表决意见": "choice", "意见": "choice",
    "channel": "channel", "方式": "channel", "投票方式": "channel",
    "cast_at": "cast_at", "时间": "cast_at", "投票时间": "cast_at",
    "cast_by": "cast_by", "投票人": "cast_by", "签字人": "cast_by",
}  # fmt: skip
_DESIGNATED_NAMES = {
    "owner_id": "owner_id", "业主编号": "owner_id",
    "name": "name", "行使表决权人": "name", "推举的人": "name", "姓名": "name",
}  # fmt: skip
_PROXY_NAMES = {
    "principal": "principal", "委托人业主编号": "principal", "owner_id": "principal", "业主编号": "principal",
    "holder": "holder", "代理人": "holder", "受托人": "holder",
    "scope": "scope", "委托事项": "scope",
    "signed_at": "signed_at", "签署时间": "signed_at",
    "until": "until", "有效期至": "until",
    "revoked_at": "revoked_at", "撤回时间": "revoked_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot. `choice` is one of CHOICES, `channel` one of CHANNELS; `cast_at` without a zone is China time; `cast_by` is
    the name of who held the pen, when it matters; `line` is where it stands in the list."""

    owner_id: str
    choice: str
    channel: str = "paper"
    cast_at: datetime | None = None
    cast_by: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if self.choice not in CHOICES:
            raise ValueError(f"unknown choice {self.choice!r}")
        if self.channel not in CHANNELS:
            raise ValueError(f"unknown channel {self.channel!r}")


def read_ballots(data: bytes) -> tuple[Ballot, ...]:
    """Ballots from the bytes of a CSV file; raises `Unusable` with every problem found. An empty list is a list."""
    return ballots_from_table(decode(data))


def ballots_from_table(rows: Iterable[Sequence[str]]) -> tuple[Ballot, ...]:
    sheet = Sheet(rows, _BALLOT_NAMES, ("owner_id", "choice"))
    ballots: list[Ballot] = []
    for line, cells in sheet.records():
        owner_id = plain(sheet.name(line, cells, "owner_id"))
        choice = _word(sheet, line, "choice", cells, _CHOICE_WORDS, "")
        channel = _word(sheet, line, "channel", cells, _CHANNEL_WORDS, "paper")
        cast_at = _time(sheet, line, "cast_at", cells)
        if choice and channel:
            ballots.append(Ballot(owner_id, choice, channel, cast_at, cells.get("cast_by", ""), line))
    sheet.done()
    return tuple(ballots)


def read_delivered(data: bytes) -> tuple[str, ...]:
    """The owner_ids to whom delivery of the ballot paper is proved (column owner_id; others are ignored)."""
    sheet = Sheet(decode(data), {"owner_id": "owner_id", "业主编号": "owner_id"}, ("owner_id",))
    ids = tuple(plain(sheet.name(line, cells, "owner_id")) for line, cells in sheet.records())
    sheet.done()
    return ids


def read_designated(data: bytes) -> dict[str, str]:
    """owner_id -> the co-owner named in writing after the roll was frozen; an owner_id that names two is refused."""
    sheet = Sheet(decode(data), _DESIGNATED_NAMES, ("owner_id", "name"))
    named: dict[str, tuple[str, str]] = {}
    for line, cells in sheet.records():
        owner_id, name = (sheet.name(line, cells, field) for field in ("owner_id", "name"))
        before = named.setdefault(key(owner_id), (plain(owner_id), name))
        if key(before[1]) != key(name):
            sheet.problem(line, "name", "two_named", name)
    sheet.done()
    return dict(named.values())


def read_proxies(data: bytes) -> tuple[Proxy, ...]:
    """Written proxies 委托书: principal, holder and optionally scope (matters, split by ;), signed_at, until, revoked_at."""
    sheet = Sheet(decode(data), _PROXY_NAMES, ("principal", "holder"))
    proxies: list[Proxy] = []
    for line, cells in sheet.records():
        principal, holder = (sheet.name(line, cells, field) for field in ("principal", "holder"))
        scope = tuple(
            part.strip()
            for part in cells.get("scope", "").replace("、", ";").replace("；", ";").split(";")
            if part.strip()
        )
        signed_at, until, revoked_at = (_time(sheet, line, f, cells) for f in ("signed_at", "until", "revoked_at"))
        proxies.append(Proxy(plain(principal), holder, scope, signed_at, until, revoked_at, line))
    sheet.done()
    return tuple(proxies)


def _word(sheet: Sheet, line: int, field: str, cells: Mapping[str, str], words: Mapping[str, str], default: str) -> str:
    text = cells.get(field, "")
    if not text:
        if not default:
            sheet.problem(line, field, "missing")
        return default
    word = words.get(key(text), "")
    if not word:
        sheet.problem(line, field, f"unknown_{field}", text)
    return word


def _time(sheet: Sheet, line: int, field: str, cells: Mapping[str, str]) -> datetime | None:
    text = cells.get(field, "")
    if not text:
        return None
    time = parse_moment(plain(text))
    if time is None:
        sheet.problem(line, field, "bad_time", text)
    return time
