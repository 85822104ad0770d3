"""What is kept of oneself: said, taken along, and removed."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, String
from sqlmodel import SQLModel, select

from deliberation.agenda.actions import propose
from deliberation.council.actions import appoint
from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.roll.actions import keep
from deliberation.council.tables import Membership, RollAmendment, RollDispute
from deliberation.db.columns import Moment
from deliberation.db.tables import Event, Submission
from deliberation.front import belongings_queries, own_data_queries
from deliberation.front.belongings_queries import Belongings
from deliberation.i18n import dates
from deliberation.i18n.catalog import words
from deliberation.jobs import retention
from deliberation.people import due
from deliberation.people.actions import CLOSED
from deliberation.people.devices.actions import tell
from deliberation.people.tables import Account, OneTimeLink, PaperCode, PhoneCode, Recovery, SignIn
from deliberation.web import pdf
from tests.conftest import Caller, Town
from tests.deliberation.agenda.build import photo
from tests.deliberation.ballot import build as ballots
from tests.deliberation.ballot import test_proxies as proxies
from tests.deliberation.council import build as councils
from tests.deliberation.council.build import JOINING, membership, verbs
from tests.deliberation.people import build
from votes.roll import from_table

CLOSING = {"current": build.PASSWORD, "for_good": "1"}


def file_of(caller: Caller) -> dict[str, Any]:
    answer = caller.get("/account/data.json")
    assert answer.status == 200
    found: dict[str, Any] = json.loads(answer.html)
    return found


def test_who_has_looked_at_one_s_page_is_answered_when_nobody_has_too(town: Town) -> None:
    page = town.as_("resident").get("/account/data").text
    assert "谁看过您的资料 没有工作人员看过的记录" in page
    assert "我的信息、谁看过、注销账号" in town.as_("resident").get("/account").text
    town.as_("desk").get(f"/c/jinxiu/residents/{membership(town, 'resident').id}")
    page = town.as_("resident").get("/account/data").text
    assert "服务台甲" in page
    assert "没有工作人员看过的记录" not in page


def test_the_page_says_what_is_kept_why_who_sees_it_and_how_long(town: Town) -> None:
    for path in ("/account/data", "/help/privacy"):
        text = town.as_("resident").get(path).text
        for one in retention.ALL:
            assert words()["kept"][one.code][0] in text
            assert words()["kept_why"][one.code][0] in text
            assert (
                f"{dates.days(one.days, 'zh')}后自动删除" in text
                if one.days
                else words()["kept_until"][one.code][0] in text
            )


def test_all_that_is_kept_of_a_person_can_be_taken_along_and_no_secret_with_it(town: Town) -> None:
    poll = ballots.opened(town)
    ballots.signed_in(town, "owner").post(f"{ballots.PATH}/{poll}/casting", {"choice": "for"})
    with town.write("owner") as tx:
        propose(tx, title="楼道灯坏了", text="楼道灯坏了，看不清路。", category="repair")
    caller = build.with_password(town, "owner")
    found = file_of(caller)
    rows = found["rows"]
    assert rows["account"][0]["phone"].startswith("138")
    assert rows["membership"][0]["home"] == "水仙里1幢1单元0104"
    assert rows["proposal"][0]["title"] == "楼道灯坏了"
    assert rows["roll_unit"][0]["area"] == 12000
    assert len(rows["ballot"]) == 1
    text = json.dumps(rows)
    for secret in ("argon2", '"choice"', "token_hash", "salt"):
        assert secret not in text
    assert "吴志燕" not in json.dumps(rows, ensure_ascii=False)


def test_the_file_of_a_clerk_tells_nothing_of_those_they_served(town: Town) -> None:
    poll = ballots.opened(town)
    slip = {"slip_no": "a7", "room": "水仙里1幢1单元0103", "choice": "against", "cast_by": "吴志燕"}
    assert ballots.signed_in(town, "desk").post(f"{ballots.PATH}/{poll}/paper", slip).status == 303
    rows = file_of(ballots.signed_in(town, "desk"))["rows"]
    assert len(rows["paper_ballot"]) == 1
    text = json.dumps(rows, ensure_ascii=False)
    assert "吴志燕" not in text
    assert "0103" not in text


def test_a_written_proxy_is_in_the_file_of_who_gave_and_who_holds_it_and_of_nobody_else(town: Town) -> None:
    ballots.announced(town)
    assert proxies.given(town, "owner5", "tenant").status == 303
    for who in ("owner5", "tenant"):
        assert file_of(ballots.signed_in(town, who))["rows"]["proxy"][0]["holder_name"] == "租户甲", who
    assert "proxy" not in file_of(ballots.signed_in(town, "neighbor"))["rows"]


def test_notices_are_told_in_words_and_codes_on_paper_not_at_all(town: Town) -> None:
    me = town.cast.ids["resident"]
    with town.write() as tx:
        tell(tx, me, "new_device")
        tx.session.add(PaperCode(account_id=me, mark="7Q", code_hash="h"))
    rows = file_of(build.with_password(town, "resident"))["rows"]
    assert rows["account_notice"][0]["code"] == "new_device"
    assert set(rows["paper_code"][0]) == {"id", "account_id", "used_at"}


def test_every_table_that_names_a_person_is_in_the_file() -> None:
    """A table added later with a person in it is in the file by itself; what is left out has its reason."""
    naming = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        if any(key.column.table.name == "account" for column in table.c for key in column.foreign_keys)
    }
    assert len(naming) > 20
    assert {table.name for table in SQLModel.metadata.sorted_tables if belongings_queries._pointing(table)} == {
        *naming,
        "account",
    }
    columns = {column.name for table in SQLModel.metadata.sorted_tables for column in table.c}
    assert {name for name in belongings_queries.NEVER if name not in columns} == set()


def test_closing_an_account_ends_its_sign_ins_and_takes_its_name_away(town: Town) -> None:
    with town.write("resident") as tx:
        raised = propose(tx, title="楼道灯坏了", text="楼道灯坏了，看不清路。", category="repair").id
    other = town.as_("resident")
    caller = build.with_password(town, "resident")
    link = build.invitation(town, "resident")
    answer = caller.follow("/account/closing", CLOSING)
    assert "您的账号已注销" in answer.text
    for one in (caller, other):
        assert one.get("/account").status == 303
    with town.db.read() as session:
        account = session.get_one(Account, town.cast.ids["resident"])
        member = session.exec(select(Membership).where(Membership.account_id == account.id)).one()
        left = [
            *session.exec(select(SignIn).where(SignIn.account_id == account.id)),
            *session.exec(select(OneTimeLink).where(OneTimeLink.account_id == account.id)),
        ]
        verbs = session.exec(select(Event.verb).order_by(Event.id)).all()  # type: ignore[arg-type]
    assert (account.name, account.phone, account.sign_in_name, account.password_hash) == (CLOSED, None, None, None)
    assert (member.state, member.home, member.head_key, member.level) == ("ended", "", None, 0)
    assert left == []
    assert verbs[-1] == "resident.left"
    reader = town.as_("tenant")
    assert "楼道灯坏了" in reader.get(f"/c/jinxiu/matters/{raised}").text
    assert "谢玉志" not in reader.get(f"/c/jinxiu/matters/{raised}").text
    log = reader.get("/c/jinxiu/log").text
    assert "谢玉志" not in log
    assert "日志完整" in log
    assert Caller(town.app, None).get(f"/invitations/{link}").status == 422


def test_a_number_that_was_only_claimed_goes_with_the_account_too(town: Town) -> None:
    newcomer = Caller(town.app, None)
    assert newcomer.post("/c/jinxiu/join", JOINING).status == 303
    claimed = Account.claimed_phone == JOINING["phone"]
    with town.db.read() as session:
        account_id = session.exec(select(Account.id).where(claimed)).one()
    answer = newcomer.follow("/account/closing", {"current": JOINING["password"], "for_good": "1"})
    assert "您的账号已注销" in answer.text
    with town.db.read() as session:
        account = session.get_one(Account, account_id)
    assert (account.claimed_phone, account.phone_proved_at) == (None, None)


def test_who_has_no_password_is_asked_for_none_and_can_close_too(town: Town) -> None:
    """A household slip lets people in without one."""
    with town.write() as tx:
        tx.session.get_one(Account, town.cast.ids["resident"]).password_hash = None
    caller = town.as_("resident")
    assert 'name="current"' not in caller.get("/account/data").html
    assert "您还没有密码" in caller.get("/account/password").text
    assert "您的账号已注销" in caller.follow("/account/closing", {"for_good": "1"}).text
    assert caller.get("/account").status == 303


@pytest.mark.parametrize(("changed", "sentence"), [({"current": "not mine"}, "密码不对"), ({"for_good": ""}, "请")])
def test_closing_asks_for_the_password_and_whether_one_is_sure(
    town: Town, changed: dict[str, str], sentence: str
) -> None:
    caller = build.with_password(town, "resident")
    answer = caller.post("/account/closing", {**CLOSING, **changed})
    assert answer.status == 422
    assert sentence in answer.text
    assert caller.get("/account").status == 200


def test_who_has_no_password_can_close_the_account_too(town: Town) -> None:
    caller = town.as_("resident")
    assert 'name="current"' not in caller.get("/account/data").html
    assert "您的账号已注销" in caller.follow("/account/closing", {**CLOSING, "current": ""}).text
    assert caller.get("/account").status == 303


def test_who_holds_an_office_hands_it_over_first(town: Town) -> None:
    caller = build.with_password(town, "resident")
    with town.write("moderator") as tx:
        appoint(tx, town.cast.ids["resident"], "desk")
    answer = caller.post("/account/closing", CLOSING)
    assert answer.status == 422
    assert "交接" in answer.text
    assert caller.get("/account").status == 200


def test_what_is_past_its_time_is_gone_and_nothing_else(town: Town) -> None:
    """By the same table that the page shows."""
    build.invitation(town, days=1)
    with town.write() as tx:
        tx.session.add(Submission(once="a" * 64, location="/", at=tx.now))
        me = town.cast.ids["resident"]
        tx.session.add(
            PhoneCode(account_id=me, phone="13800000007", code_hash="c", created_at=tx.now, expires_at=tx.now)
        )
        tx.session.add(
            Recovery(council_id=town.cast.council_id, account_id=me, checked="身份证", started_by=me, started_at=tx.now)
        )
    kept = (
        (PhoneCode, retention.PHONE_CODE.span),
        (Submission, retention.SUBMISSION.span),
        (OneTimeLink, timedelta(days=1) + retention.LINK.span),
        (SignIn, timedelta(days=30) + retention.SIGN_IN.span),
        (Recovery, retention.RECOVERY.span),
    )
    start = town.now
    for table, span in kept:
        due.clean.__wrapped__(town.db, start + span - timedelta(hours=1))  # type: ignore[attr-defined]
        with town.db.read() as session:
            assert session.exec(select(table)).first() is not None, table
        due.clean.__wrapped__(town.db, start + span + timedelta(hours=1))  # type: ignore[attr-defined]
        with town.db.read() as session:
            assert session.exec(select(table)).first() is None, table


def test_closing_ends_what_one_said_is_wrong_on_the_roll_and_takes_its_words(town: Town) -> None:
    with town.write("resident") as tx:
        said = dispute_actions.dispute(tx, text="我家其实是 101 平方米。", head_key="Y01").id
    with town.write("desk") as tx:
        found = dispute_queries.dispute(tx.session, tx.council, said)
        put = dispute_actions.put(
            tx, kind="stays", base_id=town.cast.roll_id, edits=(), reason="与登记簿相同。", dispute=found
        ).id
    build.with_password(town, "resident").follow("/account/closing", CLOSING)
    with town.db.read() as session:
        left = session.get_one(RollDispute, said)
        assert (left.text, left.outcome, left.settled_at) == ("", "left", town.now)
        assert session.get_one(RollAmendment, put).state == "refused"
    assert "roll.dispute_dropped" in verbs(town)
    page = town.as_("moderator").get("/c/jinxiu/roll/disputes").text
    assert "101 平方米" not in page
    assert "提出的人已注销账号" in town.as_("moderator").get(f"/c/jinxiu/roll/disputes/{said}").text
    assert town.as_("recorder").post(f"/c/jinxiu/roll/changes/{put}/confirmation").status == 422


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
