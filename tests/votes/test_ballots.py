"""SPEC 2.4: ballots, deliveries and proxies as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from votes.ballots import Ballot, read_ballots, read_delivered, read_proxies
from votes.moment import CHINA, parse_moment
from votes.problem import Unusable
from votes.proxy import Proxy


def problems(read: Callable[[bytes], object], text: str) -> list[tuple[int, str, str, str]]:
    with pytest.raises(Unusable) as unusable:
        read(text.encode())
    return [(p.line, p.column, p.code, p.value) for p in unusable.value.problems]


def test_ballots_are_read_with_their_lines() -> None:
    text = "owner_id,choice,channel,cast_at,cast_by\nY1,for,online,2026-11-20T09:00:00+08:00,甲\n\nＹ2,AGAINST,hall,,\n"
    assert read_ballots(text.encode()) == (
        Ballot("Y1", "for", "online", datetime(2026, 11, 20, 9, tzinfo=CHINA), "甲", 2),
        Ballot("Y2", "against", "hall", None, "", 4),
    )


def test_chinese_headings_and_words_are_read() -> None:
    heading = "业主编号,表决意见,投票方式,投票时间,签字人"
    words = (
        "Y1,同意,线上,2026/1/3 9:05,",
        "Y2,反对,纸质,,",
        "Y3,弃权,现场,,",
        "Y4,无效,书面,,",
        "Y5,赞成,,,",
        "Y6,不同意,,,",
    )
    text = "\n".join([heading, *words])
    ballots = read_ballots(text.encode("gb18030"))
    assert [(b.choice, b.channel) for b in ballots] == [
        ("for", "online"),
        ("against", "paper"),
        ("abstain", "hall"),
        ("invalid", "paper"),
        ("for", "paper"),
        ("against", "paper"),
    ]
    assert ballots[0].cast_at == datetime(2026, 1, 3, 9, 5, tzinfo=CHINA)


def test_only_owner_and_choice_are_needed_and_a_list_may_be_empty() -> None:
    assert read_ballots(b"choice,owner_id\nfor,A\n") == (Ballot("A", "for", line=2),)
    assert read_ballots(b"owner_id,choice\n") == ()


def test_every_problem_has_line_column_and_value() -> None:
    text = "owner_id,choice,channel,cast_at\n,for,online,\nA,,paper,\nB,maybe,paper,\nC,for,pigeon,\nD,for,paper,yesterday\n"
    assert problems(read_ballots, text) == [
        (2, "owner_id", "missing", ""),
        (3, "choice", "missing", ""),
        (4, "choice", "unknown_choice", "maybe"),
        (5, "channel", "unknown_channel", "pigeon"),
        (6, "cast_at", "bad_time", "yesterday"),
    ]
    assert problems(read_ballots, "owner_id\nA\n") == [(1, "choice", "missing_column", "")]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-20T09:00:00", datetime(2026, 11, 20, 9, tzinfo=CHINA)),
        ("2026-11-20 09:00", datetime(2026, 11, 20, 9, tzinfo=CHINA)),
        ("2026-11-20T01:00:00Z", datetime(2026, 11, 20, 9, tzinfo=CHINA)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=CHINA)),
        ("2026/1/3 9:05", datetime(2026, 1, 3, 9, 5, tzinfo=CHINA)),
        ("2026-1-3 19:05:30", datetime(2026, 1, 3, 19, 5, 30, tzinfo=CHINA)),
        ("2026年1月3日 9:05", datetime(2026, 1, 3, 9, 5, tzinfo=CHINA)),
        ("2026年1月3日", datetime(2026, 1, 3, tzinfo=CHINA)),
    ],
)
def test_times_are_read_as_people_and_spreadsheets_write_them(text: str, time: datetime) -> None:
    assert parse_moment(text) == time


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026/13/3", "2026/2/30 9:05", "9:05", "46345.8125", "2026/1/3 25:00", "0/0/0"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_moment(text) is None


def test_deliveries_are_a_list_of_ids() -> None:
    assert read_delivered("业主编号,送达方式\nY1,挂号信\nＹ2,上门\n".encode()) == ("Y1", "Y2")
    assert problems(read_delivered, "owner_id,way\n,post\n") == [(2, "owner_id", "missing", "")]
    assert problems(read_delivered, "way\npost\n") == [(1, "owner_id", "missing_column", "")]


def test_proxies_are_read_with_scope_and_period() -> None:
    text = "业主编号,代理人,委托事项,签署时间,有效期至,撤回时间\nＹ1,林,m8；m6、m5 ; ,2026-11-01,2026-12-01,2026-11-20\nY2,陈,,,,\n"
    signed, until, revoked = (datetime(2026, month, day, tzinfo=CHINA) for month, day in ((11, 1), (12, 1), (11, 20)))
    assert read_proxies(text.encode()) == (
        Proxy("Y1", "林", ("m8", "m6", "m5"), signed, until, revoked, 2),
        Proxy("Y2", "陈", line=3),
    )


@pytest.mark.parametrize("dash", ["-", "/", "无", "—"])
def test_a_dash_is_no_owner(dash: str) -> None:
    assert problems(read_ballots, f"owner_id,choice\n{dash},for\n") == [(2, "owner_id", "missing", "")]
    assert problems(read_delivered, f"owner_id\n{dash}\n") == [(2, "owner_id", "missing", "")]
    assert problems(read_proxies, f"principal,holder\n{dash},{dash}\n") == [
        (2, "holder", "missing", ""),
        (2, "principal", "missing", ""),
    ]


def test_a_proxy_needs_both_names_and_true_times() -> None:
    text = "principal,holder,until\n,x,\nA,,\nA,x,soon\n"
    assert problems(read_proxies, text) == [
        (2, "principal", "missing", ""),
        (3, "holder", "missing", ""),
        (4, "until", "bad_time", "soon"),
    ]
