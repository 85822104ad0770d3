"""What is kept of oneself: said, taken along, and removed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from deliberation.agenda.actions import propose
from deliberation.council.actions import appoint
from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.tables import Membership, RollAmendment, RollDispute
from deliberation.db.tables import Event, Submission
from deliberation.front import belongings_queries
from deliberation.i18n import dates
from deliberation.i18n.catalog import words
from deliberation.jobs import retention
from deliberation.people import due
from deliberation.people.actions import CLOSED
from deliberation.people.devices.actions import tell
from deliberation.people.tables import Account, OneTimeLink, PaperCode, PhoneCode, Recovery, SignIn
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.ballot import test_proxies as proxies
from tests.deliberation.council.build import JOINING, membership, verbs
from tests.deliberation.people import build

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
