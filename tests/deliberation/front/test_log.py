import hashlib
import json

import pytest
from sqlmodel import select

from deliberation.agenda.actions import propose
from deliberation.council.actions import appoint, end_seat, new_link
from deliberation.council.residents.actions import confirm, end, join, refuse
from deliberation.db import journal
from deliberation.db.tables import Event
from deliberation.front import log
from deliberation.i18n.catalog import words
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build as ballots
from tests.deliberation.followup import build as followup


def test_members_read_every_act_in_words(town: Town) -> None:
    followup.task(town)
    text = town.as_("committee").get("/c/jinxiu/log").text
    assert "日志完整" in text
    assert "主持人林主持交办：装好八个充电桩" in text
    assert "提出：架空层加装充电桩" in text


def test_the_log_and_the_dossier_name_a_neighbor_alike(town: Town) -> None:
    matter = followup.matter(town)
    for who in ("owner", "resident", "desk", "tenant"):
        for page in ("log", f"matters/{matter}"):
            text = town.as_(who).get(f"/c/jinxiu/{page}").text
            assert "谢玉志提出：架空层加装充电桩" in text
            assert "主持人林主持受理" in text
            assert "谢**" not in text


def test_who_asks_to_join_is_masked_for_the_neighbors(town: Town) -> None:
    with town.write("stranger") as tx:
        name = tx.session.get_one(Account, tx.actor).name
        join(tx, tx.actor, tie="family", home="3 栋 301")
    for who in ("owner", "committee", "supervisor"):
        text = town.as_(who).get("/c/jinxiu/log").text
        assert name not in text
        assert f"{name[0]}**申请加入" in text
    assert f"{name}申请加入" in town.as_("desk").get("/c/jinxiu/log").text


def test_no_fact_that_members_read_says_whose_account_or_home_it_is(town: Town) -> None:
    stranger = town.cast.ids["stranger"]
    with town.write("moderator") as tx:
        end_seat(tx, appoint(tx, town.cast.ids["owner"], "committee"))
    with town.write("stranger") as tx:
        member = join(tx, stranger, tie="family", home="3 栋 301").id
    with town.write("moderator") as tx:
        confirm(tx, member, tie="family", head=None, in_person=True, note="")
        end(tx, member, "搬走了")
        new_link(tx, town.cast.ids["resident"], by_moderator=True)
    with town.write("stranger") as tx:
        join(tx, stranger, tie="family", home="3 栋 301")
    with town.write("moderator") as tx:
        refuse(tx, member, "没有找到")
    acts = [json.loads(line) for line in town.as_("owner").get("/c/jinxiu/log.jsonl").response.text.splitlines()]
    assert {act["verb"].split(".")[0] for act in acts} >= {"seat", "resident", "account"}
    assert [act for act in acts if {"account_id", "head_key"} & set(json.loads(act["facts"]))] == []


@pytest.mark.parametrize("place", ["log", "log.jsonl"])
def test_the_journal_is_for_members(town: Town, place: str) -> None:
    assert town.as_(None).get(f"/c/jinxiu/{place}").status == 303
    assert town.as_("stranger").get(f"/c/jinxiu/{place}").status == 404
    assert town.as_("tenant").get(f"/c/jinxiu/{place}").status == 200


def test_a_changed_act_shows(town: Town) -> None:
    followup.matter(town)
    with town.write("moderator") as tx:
        event = tx.session.exec(select(Event).where(Event.verb == "proposal.raised")).one()
        event.facts = event.facts.replace("充电桩", "停车位")
        tx.session.add(event)
        seq = event.seq
    text = town.as_("resident").get("/c/jinxiu/log").text
    assert "日志被改动过" in text
    assert f"从第 {seq} 条起对不上" in text


def test_a_second_look_checks_only_what_is_new_and_the_next_day_all_of_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    plain = journal.digest

    def digest(event: Event) -> str:
        looked_at.append(event.seq)
        return plain(event)

    resident = town.as_("resident")
    followup.matter(town)
    with monkeypatch.context() as patched:
        patched.setattr(journal, "digest", digest)
        assert "日志完整" in resident.get("/c/jinxiu/log").text
        before = len(looked_at)
        resident.get("/c/jinxiu/log")
        assert looked_at == list(range(1, before + 1))
    with town.write("moderator") as tx:
        new = journal.record(tx, "roll.imported", version=2).seq
    with monkeypatch.context() as patched:
        patched.setattr(journal, "digest", digest)
        assert "日志完整" in resident.get("/c/jinxiu/log").text
        assert looked_at == [*range(1, before + 1), new]
    with town.write("moderator") as tx:
        event = tx.session.exec(select(Event).where(Event.verb == "proposal.raised")).one()
        event.facts = event.facts.replace("充电桩", "停车位")
        tx.session.add(event)
    town.travel(days=1)
    assert "日志被改动过" in resident.get("/c/jinxiu/log").text


def test_an_act_taken_out_shows_at_once(town: Town) -> None:
    followup.matter(town)
    assert "日志完整" in town.as_("resident").get("/c/jinxiu/log").text
    with town.write("moderator") as tx:
        tx.session.delete(tx.session.exec(select(Event).where(Event.verb == "proposal.raised")).one())
    assert "日志被改动过" in town.as_("resident").get("/c/jinxiu/log").text


def test_the_downloaded_journal_can_be_checked_as_the_page_says(town: Town) -> None:
    followup.task(town)
    prev = "0" * 64
    lines = town.as_("resident").get("/c/jinxiu/log.jsonl").response.text.splitlines()
    assert len(lines) > 3
    for line in lines:
        act = json.loads(line)
        body = [act[name] for name in ("council", "seq", "at", "actor", "verb", "matter", "meeting", "facts")]
        text = json.dumps([*body, prev], ensure_ascii=False, separators=(",", ":"))
        assert act["prev"] == prev
        assert hashlib.sha256(text.encode()).hexdigest() == act["hash"]
        prev = act["hash"]


def test_the_newest_acts_come_first_page_by_page(town: Town) -> None:
    for _ in range(11):
        followup.task(town)
    first = town.as_("resident").get("/c/jinxiu/log")
    assert "第 1 页，共 2 页" in first.text
    assert 'id="act-1"' not in first.html
    assert 'id="act-1"' in town.as_("resident").get("/c/jinxiu/log?page=2").html


def test_the_journal_says_that_ballots_are_not_in_it(town: Town) -> None:
    poll_id = ballots.opened(town)
    ballots.cast(town, poll_id, {"Y01": "for"})
    page = ballots.signed_in(town, "resident").get("/c/jinxiu/log").text
    assert "投票不记在这里" in page
    assert "谢玉志投" not in page


def test_the_journal_can_be_read_by_kind_and_month(town: Town) -> None:
    followup.task(town)
    town.travel(days=40)
    with town.write("moderator") as tx:
        propose(tx, title="四月的事", text="楼道灯坏了，看不清路。", category="repair")
    reader = ballots.signed_in(town, "resident")
    tasks = reader.get("/c/jinxiu/log?kind=tasks").text
    assert "交办：装好八个充电桩" in tasks
    assert "四月的事" not in tasks
    april = reader.get("/c/jinxiu/log?month=2026-04").text
    assert "四月的事" in april
    assert "交办" not in april
    assert "没有找到" in reader.get("/c/jinxiu/log?kind=polls&month=2026-03").text
    for strange in ("kind=nope", "month=2031-01", "month=x"):
        assert "四月的事" in reader.get(f"/c/jinxiu/log?{strange}").text


def test_the_acts_of_those_in_office_can_be_read_by_themselves(town: Town) -> None:
    followup.task(town)
    reader = ballots.signed_in(town, "resident")
    staff = reader.get("/c/jinxiu/log?by=staff").text
    assert "主持人林主持交办：装好八个充电桩" in staff
    assert "谢玉志提出" not in staff
    others = reader.get("/c/jinxiu/log?by=others").text
    assert "谢玉志提出" in others
    assert "交办" not in others
    by_itself = reader.get("/c/jinxiu/log?by=clock").text
    assert "林主持" not in by_itself
    assert "谢玉志提出" not in by_itself


def test_an_act_of_the_staff_stands_with_its_reason(town: Town) -> None:
    with town.write("resident") as tx:
        raised = propose(tx, title="换掉物业", text="物业不好，换一家。", category="other").id
    reason = "属于业主大会的事项，请先找业委会"
    assert town.as_("moderator").post(f"/c/jinxiu/proposals/{raised}/refusal", {"reason": reason}).status == 303
    assert reason in town.as_("tenant").get("/c/jinxiu/log?by=staff").text


def test_the_journal_says_since_when_it_is_whole(town: Town) -> None:
    followup.task(town)
    assert "从2026年3月1日（周日）起共" in town.as_("resident").get("/c/jinxiu/log").text.replace(" ", "")


def test_every_act_is_of_one_kind() -> None:
    firsts = [first for some in log.KINDS.values() for first in some]
    assert len(firsts) == len(set(firsts))
    assert {verb.split(".")[0] for verb in words()["verb"]} == set(firsts)
