"""All that is kept of a person, as they read it: on the page, on paper, in words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, String
from sqlmodel import SQLModel

from deliberation.agenda.actions import propose
from deliberation.council.roll.actions import keep
from deliberation.db.columns import Moment
from deliberation.front import belongings_queries, own_data_queries
from deliberation.front.belongings_queries import Belongings
from deliberation.i18n import dates
from deliberation.i18n.catalog import words
from deliberation.web import pdf
from tests.conftest import Caller, Town
from tests.deliberation.agenda.build import photo
from tests.deliberation.ballot import build as ballots
from tests.deliberation.council import build as councils
from tests.deliberation.council.build import membership
from tests.deliberation.front.test_data import file_of
from tests.deliberation.people import build
from votes.roll import from_table

ALL = "/account/data/all"


def lived(town: Town) -> Caller:
    """An owner who has cast, raised something and named somebody."""
    poll = ballots.opened(town)
    ballots.signed_in(town, "owner").post(f"{ballots.PATH}/{poll}/casting", {"choice": "for"})
    with town.write("owner") as tx:
        propose(tx, title="楼道灯坏了", text="楼道灯坏了，看不清路。", category="repair")
    return build.with_password(town, "owner")


def test_all_that_is_kept_is_read_in_words_and_in_the_time_here(town: Town) -> None:
    caller = lived(town)
    text = caller.get(ALL).text
    assert "我提的事 · 1 条" in text
    assert f"类别 {words()['category']['repair'][0]}" in text
    assert "标题 楼道灯坏了" in text
    assert "面积 120.00 ㎡" in text
    assert "关系 业主" in text
    assert "哪次表决" in text
    assert re.search(r"投于 2026年3月\d+日（周.）\d\d:\d\d", text), text
    assert "repair" not in text
    assert "T0" not in text
    assert "choice" not in text
    caller.client.cookies.set("lang", "en")
    assert "Title 楼道灯坏了" in caller.get(ALL).text


def test_the_page_leads_to_all_of_it_and_the_file_for_programs_stands_beside(town: Town) -> None:
    page = lived(town).get("/account/data")
    assert f'href="{ALL}"' in page.html
    assert 'href="/account/data.pdf"' in page.html
    assert "给电脑程序用的文件" in page.text
    assert "我提的、附议的、评价的 · 1 条" in page.text


def test_every_table_of_the_file_is_on_the_page_and_the_other_way_round() -> None:
    pointing = {table.name for table in SQLModel.metadata.sorted_tables if belongings_queries._pointing(table)}
    grouped = [table for tables in own_data_queries.GROUPS.values() for table in tables]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) == pointing | {"roll_unit"}
    assert set(words()["belonging"]) == {*grouped, *own_data_queries.HANDLED.values()}
    assert set(words()["own_group"]) == set(own_data_queries.GROUPS)


def test_what_a_clerk_did_for_others_stands_with_the_offices_and_not_with_what_is_theirs(town: Town) -> None:
    with town.db.read() as session:
        told = own_data_queries.told(
            session, town.cast.ids["desk"], Belongings({}, {"membership": [{"asked_at": town.now}]}), "zh"
        )
    assert list(told) == ["office"]
    assert told["office"][0].rows == [[("申请于", dates.moment(town.now, "zh", year=True))]]


def test_what_reads_alike_is_said_once_with_how_many_there_are(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number above the list and what stands in it agree, on the page and on paper."""
    with town.write("moderator") as tx:
        for _ in range(2):
            keep(tx, from_table(councils.table()), file_name="roll.csv")
    caller = build.with_password(town, "resident")
    assert len(file_of(caller)["rows"]["roll_unit"]) == 6
    monkeypatch.setattr(pdf, "_library", lambda: False)
    for page in (ALL, "/account/data.pdf"):
        text = caller.get(page).text
        assert "名册上我的房屋 · 6 条" in text
        assert text.count("同样的记录 3 条") == 2, "two parts on three versions"


def test_one_s_own_picture_stands_with_what_one_raised_and_not_with_an_office(town: Town) -> None:
    form = {"title": "楼道灯坏了", "text": "楼道灯坏了，看不清路。", "category": "repair"}
    owner = build.with_password(town, "owner")
    assert owner.post("/c/jinxiu/matters", form, files=[("photos", photo())]).status == 303
    page = owner.get(ALL).html
    matters = page[page.index('<section class="section" id="matters">') :].split("</section>")[0]
    assert "上传的照片 · 1 条" in matters
    assert "提的事" in matters
    assert 'id="office"' not in page
    assert file_of(owner)["rows"]["photo"][0]["subject"] == "proposal"


def test_what_a_notice_said_is_read_there_too(town: Town) -> None:
    why = {"reason": "听说已经搬走了"}
    town.as_("desk").follow(f"/c/jinxiu/residents/{membership(town, 'resident').id}/ending", why)
    text = town.as_("resident").get(ALL).text
    notice = text[text.index("账号变动的提醒 · 1 条") :]
    assert "水仙里1幢1单元0101" in notice
    assert why["reason"] in notice


def columns_of_the_page() -> list[Column[Any]]:
    found = []
    for table in SQLModel.metadata.sorted_tables:
        pointing = belongings_queries._pointing(table)
        whole = table.name == "roll_unit" or any(belongings_queries.about(one) for one in pointing)
        for column in table.c if pointing or whole else []:
            trace = column.name == "council_id" or isinstance(column.type, Moment)
            if belongings_queries._given_out(column) and own_data_queries.on_page(column) and (whole or trace):
                found.append(column)
    return found


def test_every_column_of_the_page_has_its_words_and_no_words_are_left_over() -> None:
    used = {"verb"}
    for column in columns_of_the_page():
        own = f"own_{column.table.name}_{column.name}"
        used.add(own if own in words()["own_column"] else column.name)
    assert used == set(words()["own_column"])


WRITTEN = {
    "account": {"name", "phone", "sign_in_name", "claimed_phone"},
    "passkey": {"name"},
    "phone_code": {"phone"},
    "proposal": {"raised_for", "title", "text", "suggestion", "place", "reason"},
    "provider_tie": {"issuer", "subject"},
    "recovery": {"checked"},
    "seat": {"building"},
    "seat_change": {"building"},
    "roll_dispute": {"text"},
    "presence": {"name", "home"},
    "attestation": {"note"},
    "membership": {"home", "note"},
    "proxy": {"place", "given_name", "holder_name", "holder_place", "note"},
    "statement": {"text", "hidden_reason"},
    "ballot": {"cast_by", "receipt"},
    "objection": {"text", "answer"},
    "dispute": {"text", "finding"},
    "progress": {"text"},
    "rating": {"text"},
}
"""What people or the roll wrote themselves; every other text is a code and is said by its words."""


def test_every_text_on_the_page_is_what_somebody_wrote_or_has_words_for_its_codes() -> None:
    for column in columns_of_the_page():
        table, name = column.table.name, f"{column.table.name}.{column.name}"
        if isinstance(column.type, String) and table != "roll_unit":
            known = (
                column.name in WRITTEN.get(table, set()),
                name in own_data_queries.WORDED,
                name in own_data_queries.DEVICES,
            )
            assert sum(known) == 1, name
    assert set(own_data_queries.WORDED.values()) <= set(words())


def test_a_row_for_every_table_is_told_without_a_word_missing(town: Town) -> None:
    """Whatever a table of later holds: one made-up row of each, in both languages."""
    me = town.cast.ids["owner"]
    rows: dict[str, list[dict[str, Any]]] = {"event": [{"verb": "poll.opened", "facts": '{"title": "甲"}'}]}
    for column in columns_of_the_page():
        rows.setdefault(column.table.name, [{}])[0][column.name] = made_up(column, me)
    about = {name: some for name, some in rows.items() if name not in own_data_queries.GROUPS["office"]}
    handled = {name: some for name, some in rows.items() if name in own_data_queries.GROUPS["office"]}
    for lang in ("zh", "en"):
        with town.db.read() as session:
            told = own_data_queries.told(session, me, Belongings(about, handled), lang)
        parts = [part for some in told.values() for part in some]
        assert {part.table for part in parts} == {table for some in own_data_queries.GROUPS.values() for table in some}
        assert all(part.rows for part in parts)


def made_up(column: Column[Any], me: int) -> Any:
    if column.foreign_keys or isinstance(column.type, Integer):
        return me
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Moment):
        return datetime(2026, 3, 1, tzinfo=UTC)
    if isinstance(column.type, Date):
        return date(2026, 3, 1)
    return "written"


def test_of_years_of_acts_the_page_tells_the_newest_and_says_where_the_others_are(town: Town) -> None:
    me = town.cast.ids["owner"]
    acts = [
        {
            "council_id": town.cast.council_id,
            "seq": n,
            "at": town.now,
            "verb": "poll.opened",
            "facts": '{"title": "甲"}',
        }
        for n in range(own_data_queries.MOST + 7)
    ]
    with town.db.read() as session:
        part = own_data_queries.told(session, me, Belongings({"event": acts}, {}), "zh")["journal"][0]
    assert (part.count, part.earlier, len(part.rows)) == (own_data_queries.MOST + 7, 7, own_data_queries.MOST)
    assert ("编号", str(own_data_queries.MOST + 6)) in part.rows[0]


def test_it_is_a_pdf_too_or_a_sheet_to_print_and_nobody_keeps_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = lived(town)
    made: list[str] = []

    def once(html: str) -> bytes:
        made.append(html)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "once", once)
    answer = caller.client.get("/account/data.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert "楼道灯坏了" in made[0]
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "_library", lambda: False)
    assert "请直接打印本页" in caller.get("/account/data.pdf").text
    answers = [caller.get("/account/data.pdf").status for _ in range(6)]
    assert (answers[0], answers[-1]) == (200, 429), "one person alone would keep the only place where files are made"


def test_who_has_looked_at_others_reads_when_and_not_at_whom(town: Town) -> None:
    desk = town.as_("desk")
    desk.get(f"/c/jinxiu/residents/{membership(town, 'resident').id}")
    text = desk.get(ALL).text
    assert "我看过的资料 · 1 条" in text
    assert "谢玉志" not in text
