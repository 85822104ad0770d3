"""Owner numbers that are one head, and parts that are another: put by one of the staff, confirmed by another, with a reason."""

import re

import pytest
from sqlmodel import select

from deliberation.council.disputes import actions as dispute_actions
from deliberation.council.disputes import queries as dispute_queries
from deliberation.council.roll import changes as roll_changes
from deliberation.council.roll import likeness as roll_likeness
from deliberation.council.roll import queries as roll_queries
from deliberation.council.slips import actions as slip_actions
from deliberation.council.tables import HomeSlip, Membership, SlipBatch
from deliberation.people.tables import Account
from tests.conftest import Town
from tests.deliberation.ballot import build as polls
from tests.deliberation.council.build import as_csv, asked, membership, newest_roll, replaced, table, verbs
from votes.refusal import Refused
from votes.roll import from_table

OWNERS = "/c/jinxiu/roll/owners"
WHY = "产权证核对：两套是同一人所有。"


def put(town: Town, kind: str, lines: tuple[int, ...], owner_id: str, who: str = "desk") -> int:
    with town.write(who) as tx:
        roll = roll_queries.newest(tx.session, tx.council)
        assert roll
        edits = roll_changes.regrouped(roll_queries.voting_roll(tx.session, roll.id).units, lines, owner_id)
        return dispute_actions.put(tx, kind=kind, base_id=roll.id, edits=edits, reason=WHY).id


def confirmed(town: Town, number: int, who: str = "moderator") -> None:
    with town.write(who) as tx:
        dispute_actions.confirm(tx, dispute_queries.amendment(tx.session, tx.council, number))


def test_two_heads_become_one_with_both_areas_and_the_people_follow(town: Town) -> None:
    before = newest_roll(town)
    confirmed(town, put(town, "merge", (4,), "Y01"))
    after = newest_roll(town)
    assert verbs(town)[-1] == "roll.heads_merged"
    assert (after.heads, after.area, after.reason) == (before.heads - 1, before.area, WHY)
    assert after.fingerprint != before.fingerprint
    assert membership(town, "neighbor").head_key == "Y01"
    page = town.as_("neighbor").get("/c/jinxiu/residents/me").text
    assert "您计 1 人、280.50 ㎡" in page


def test_parts_of_one_head_become_another(town: Town) -> None:
    before = newest_roll(town)
    confirmed(town, put(town, "split", (7,), "Y11"))
    after = newest_roll(town)
    assert verbs(town)[-1] == "roll.heads_split"
    assert (after.heads, after.area) == (before.heads + 1, before.area)
    assert membership(town, "resident").head_key == "Y01"
    assert "您计 1 人、100.00 ㎡" in town.as_("resident").get("/c/jinxiu/residents/me").text


def test_who_put_it_does_not_confirm_it(town: Town) -> None:
    number = put(town, "merge", (4,), "Y01", "moderator")
    with pytest.raises(Refused, match="another_confirms_roll"):
        confirmed(town, number)
    assert newest_roll(town).version == 1


def with_owner(town: Town, **columns: str) -> None:
    """The cast's roll with one more flat, and the columns that tell owners apart."""
    heading = [*table()[0], "证件尾号", "联系电话", "备注"]
    rows = [
        [*row, "1234" if row[6] == "Y02" else "", "13800000000" if row[6] == "Y03" else "", ""] for row in table()[1:]
    ]
    more = {
        **dict.fromkeys(heading, ""),
        "组团": "红茶里",
        "幢": "2幢",
        "单元": "1单元",
        "房号": "0401",
        "用途": "住宅",
        "专有部分面积": "70.00",
        "业主编号": "Z99",
        "业主姓名": "别人",
        "交付状态": "已交付",
        **columns,
    }
    replaced(town, as_csv([heading, *rows, [more[name] for name in heading]]))


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"业主姓名": "張建強", "证件尾号": "１２３４"}, "证件尾号相同"),
        ({"业主姓名": "张 建强", "证件尾号": "1234"}, "证件尾号相同"),
        ({"业主姓名": "吳志燕", "联系电话": "１３８００００００００"}, "电话相同"),
        ({"业主编号": "YO2"}, "只差容易看错的字"),
    ],
)
def test_58_one_owner_in_two_spellings_is_pointed_out_and_stays_two_heads_until_people_decide(
    town: Town, columns: dict[str, str], sentence: str
) -> None:
    with_owner(town, **columns)
    page = town.as_("desk").get(OWNERS)
    assert "有 1 对业主编号可能是同一人" in page.text
    assert sentence in page.text
    assert newest_roll(town).heads == 10


def test_58_an_identity_tail_with_a_small_or_wide_x_is_the_same(town: Town) -> None:
    one, other = (
        roll_likeness.alike(
            from_table(
                [
                    ["业主编号", "业主姓名", "证件尾号", "用途", "专有部分面积", "交付状态"],
                    ["A", "陳大文", "123X", "住宅", "1", "已交付"],
                    ["B", "陈大文", tail, "住宅", "1", "已交付"],
                ]
            )
        )
        for tail in ("123ｘ", "1239")
    )
    assert [(pair.one.owner_id, pair.other.owner_id, pair.why) for pair in one] == [("A", "B", "identity")]
    assert other == []


def test_58_one_number_in_two_spellings_is_one_head_from_the_start(town: Town) -> None:
    rows = table()
    rows[6][6] = "ｙ０１ "
    replaced(town, as_csv(rows))
    assert newest_roll(town).heads == 9


def test_two_unlike_owners_of_one_name_are_left_alone(town: Town) -> None:
    with_owner(town, 业主姓名="张建强", 证件尾号="9876")
    assert "没有发现像同一人的业主编号" in town.as_("desk").get(OWNERS).text


def test_merging_is_put_with_a_reason_and_confirmed_by_a_second_person(town: Town) -> None:
    base = str(newest_roll(town).id)
    form = {"into": "Ｙ０１", "other": "y03", "reason": WHY, "base": base}
    desk = town.as_("desk")
    assert desk.post(f"{OWNERS}/merging", {**form, "reason": ""}).status == 422
    first = desk.post(f"{OWNERS}/merging", form)
    assert first.status == 422
    assert "请先看清这两个编号是谁" in first.text
    assert "Y01 谢玉志 · " in first.text
    assert "Y03 吴志燕 · " in first.text
    assert WHY in first.text
    shown = re.search(r'name="seen" value="([^"]+)"', first.html)
    assert shown
    assert shown[1] in desk.get(f"{OWNERS}?one=Y01&other=Y03").html
    form["seen"] = shown[1]
    other = desk.post(f"{OWNERS}/merging", {**form, "other": "Y04"})
    assert other.status == 422
    assert "郑志婷" in other.text
    assert "等您以外的主持人或记录人确认" in desk.follow(f"{OWNERS}/merging", form).text
    assert newest_roll(town).version == 1
    waiting = town.as_("moderator").get("/c/jinxiu/roll/disputes").text
    assert "合并为一人" in waiting
    assert "Y03 → Y01" in waiting
    assert "名册上 Y01 是谢玉志" in waiting
    assert "处名册更改等另一位确认" in waiting
    town.as_("moderator").follow("/c/jinxiu/roll/changes/1/confirmation")
    assert newest_roll(town).heads == 8


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"other": "Y77"}, "没有这个业主编号"), ({"other": "Y01"}, "是同一个"), ({"base": "0"}, "已有人导入了新的名册")],
)
def test_numbers_that_cannot_be_merged_keep_the_form(town: Town, changes: dict[str, str], sentence: str) -> None:
    form = {
        "into": "Y01",
        "other": "Y03",
        "reason": WHY,
        "base": str(newest_roll(town).id),
        "seen": "y01\ty03",
        **changes,
    }
    answer = town.as_("desk").post(f"{OWNERS}/merging", form)
    assert answer.status == 422
    assert sentence in answer.text
    assert WHY in answer.text


def test_parting_takes_some_of_a_head_s_parts_and_a_new_number(town: Town) -> None:
    base = str(newest_roll(town).id)
    form = {"part": "Y01", "lines": "7", "new_number": "Y11", "part_reason": WHY, "base": base}
    desk = town.as_("desk")
    assert "水仙里1幢1单元0202" in desk.get(f"{OWNERS}?part=Y01").text
    assert "不能全部都选" in desk.post(f"{OWNERS}/parting", {**form, "lines": ["2", "7"]}).text
    assert "已经有这个业主编号" in desk.post(f"{OWNERS}/parting", {**form, "new_number": "y02"}).text
    desk.follow(f"{OWNERS}/parting", form)
    town.as_("recorder").follow("/c/jinxiu/roll/changes/1/confirmation")
    assert newest_roll(town).heads == 10


def test_a_slip_for_the_merged_head_casts_no_ballot_of_whom_the_poll_s_roll_has_there(town: Town) -> None:
    poll_id = polls.announced(town)
    town.travel(days=1)
    confirmed(town, put(town, "merge", (4,), "Y01"))
    tied_by_slip(town, "neighbor")
    town.travel(days=14, hours=1)
    answer = polls.signed_in(town, "neighbor").post(f"{polls.PATH}/{poll_id}/casting", {"choice": "for"})
    assert answer.status == 422
    assert "或投纸质表决票" in answer.text


def tied_by_slip(town: Town, who: str) -> None:
    with town.write("desk") as tx:
        member = tx.session.exec(select(Membership).where(Membership.account_id == town.cast.ids[who])).one()
        roll = roll_queries.newest(tx.session, tx.council)
        assert roll
        batch = SlipBatch(
            council_id=tx.council, roll_id=roll.id, slips=1, without_phone=0, digest="d",
            printed_by=tx.actor, printed_at=tx.now, expires_at=tx.now,
        )  # fmt: skip
        tx.session.add(batch)
        tx.session.flush()
        slip = HomeSlip(council_id=tx.council, batch_id=batch.id, head_key=str(member.head_key), code_hash="h")
        tx.session.add(slip)
        tx.session.flush()
        member.slip_id = slip.id
        tx.session.add(member)


@pytest.mark.parametrize("by_slip", [False, True])
def test_who_was_merged_after_the_notice_votes_on_paper_in_that_poll(town: Town, by_slip: bool) -> None:
    """On the poll's fixed roll the two heads are still apart: the account must not cast the other one's ballot."""
    if by_slip:
        tied_by_slip(town, "neighbor")
    poll_id = polls.announced(town)
    town.travel(days=1)
    confirmed(town, put(town, "merge", (4,), "Y01"))
    town.travel(days=14, hours=1)
    answer = polls.signed_in(town, "neighbor").post(f"{polls.PATH}/{poll_id}/casting", {"choice": "for"})
    assert answer.status == 422
    assert "或投纸质表决票" in answer.text


def test_who_came_with_a_slip_and_was_merged_by_two_votes_in_the_polls_that_follow(town: Town) -> None:
    with town.write() as tx:
        tx.session.get_one(Membership, membership(town, "neighbor").id).level = 1
    tied_by_slip(town, "neighbor")
    confirmed(town, put(town, "merge", (4,), "Y01"))
    poll_id = polls.opened(town)
    assert polls.signed_in(town, "neighbor").post(f"{polls.PATH}/{poll_id}/casting", {"choice": "for"}).status == 303


def test_a_merged_home_that_says_its_slip_was_used_by_another_has_that_tie_suspended(town: Town) -> None:
    with town.write() as tx:
        tx.session.get_one(Membership, membership(town, "neighbor").id).level = 1
    tied_by_slip(town, "neighbor")
    confirmed(town, put(town, "merge", (4,), "Y01"))
    with town.write("desk2") as tx:
        slip_actions.reissue(tx, b"a secret", "Y01", disputed=True)
    assert membership(town, "neighbor").state == "waiting"
    assert membership(town, "resident").state == "verified", "two have seen the papers of that one"


@pytest.mark.parametrize(
    ("note", "sentence"),
    [("业主已故，继承人未定", "已故或继承"), ("业主未成年，由监护人代", "未成年或监护"), ("法院查封", "法院、查封")],
)
def test_67_a_note_of_a_death_a_minor_or_a_court_is_shown_and_a_person_decides_in_writing(
    town: Town, note: str, sentence: str
) -> None:
    with_owner(town, 备注=note, 业主姓名="林新来")
    assert sentence in town.as_("desk").get(OWNERS).text
    number = asked(town, home="红茶里2幢1单元0401")
    with town.write() as tx:
        tx.session.get_one(Account, town.cast.ids["stranger"]).name = "林新来"
    desk = town.as_("desk")
    assert sentence in desk.get(f"/c/jinxiu/residents/{number}").text
    form = {"tie": "owner", "head_key": "Z99", "note": ""}
    answer = desk.post(f"/c/jinxiu/residents/{number}/confirmation", form)
    assert answer.status == 422
    assert "请写明由谁代为行使" in answer.text
    form["note"] = "监护人，看过户口簿"
    assert desk.post(f"/c/jinxiu/residents/{number}/confirmation", form).status == 303
