"""Household slips: printed by one, released by another, counted for all (RELIABILITY 69, 70)."""

import json
import re
from collections import Counter

import pytest
from sqlmodel import col, select

from deliberation import typed
from deliberation.council.roll.actions import keep
from deliberation.council.slips import actions as slip_actions
from deliberation.council.slips import queries as slip_queries
from deliberation.council.slips import rules as slip_rules
from deliberation.council.tables import HomeSlip, Membership, SlipTry
from deliberation.db.tables import Event
from deliberation.web import pdf
from tests.conftest import Town
from tests.deliberation.council.build import membership, table, verbs
from tests.deliberation.council.slips import (
    SLIPS,
    C,
    codes_on,
    membership_of_phone,
    no_pdf,
    printed,
    release,
    released,
    roll_with_phones,
    signed_in,
    used,
)
from votes.roll import from_table


@pytest.fixture(autouse=True)
def _page_instead_of_pdf(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    no_pdf(monkeypatch)
    roll_with_phones(town)


def facts(town: Town, verb: str) -> dict[str, object]:
    with town.db.read() as session:
        found = session.exec(select(Event.facts).where(Event.verb == verb)).all()
        return dict(json.loads(found[-1]))


def test_each_silent_home_gets_a_code_and_one_without_phone_is_sent_to_the_desk(town: Town) -> None:
    answer = town.as_("desk").post(f"{SLIPS}/printing", {"place": "all"})
    codes = codes_on(answer)
    assert {"0901", "0902", "0903"} <= set(codes)
    assert codes["0903"] == ""
    assert "名册上没有您家的手机号" in answer.text
    assert all(typed.copied_right(codes[one].replace(" ", "")) for one in ("0901", "0902"))
    assert codes["0901"] != codes["0902"]
    assert "0101" not in codes, "whose owner is confirmed needs none"
    assert answer.html.count('class="home-slip-qr"><svg') == 2
    assert "方**" in answer.text
    assert "方静淑" not in answer.text
    assert answer.response.headers["cache-control"] == "no-store"


def test_the_code_is_kept_nowhere(town: Town) -> None:
    code = printed(town)["0901"].replace(" ", "")
    with town.db.read() as session:
        kept = [slip.model_dump_json() for slip in session.exec(select(HomeSlip))]
        told = [event.facts for event in session.exec(select(Event))]
    assert kept
    assert not any(code in text or code[:15] in text for text in [*kept, *told])
    hashed = slip_rules.code_hash(town.site.settings.secret, code)
    assert any(hashed in text for text in kept)
    assert hashed != slip_rules.code_hash(b"another secret", code)


def test_no_code_works_before_a_second_person_has_released_it(town: Town) -> None:
    code = printed(town)["0901"]
    assert used(town, code).status == 422
    assert membership_of_phone(town) is None
    assert release(town).status == 303
    assert used(town, code).status == 303


@pytest.mark.parametrize("who", ["desk", "desk2", "supervisor", "resident"])
def test_neither_the_printer_nor_any_other_clerk_releases(town: Town, who: str) -> None:
    printed(town)
    assert release(town, who=who).status == 403
    assert "slip.released" not in verbs(town)


def test_69_who_prints_and_releases_are_two_people_even_with_both_seats(town: Town) -> None:
    """RELIABILITY 69: a clerk who issues slips to themself."""
    from deliberation.council.actions import appoint

    printed(town)
    with town.write("moderator") as tx:
        appoint(tx, town.cast.ids["desk"], "recorder")
    answer = release(town, who="desk")
    assert answer.status == 422
    assert "须由另一位同事清点启用" in answer.text
    again = signed_in(town, "desk").post(f"{SLIPS}/printing", {"place": "all"})
    assert again.status == 422
    assert "不能由知道业主手机号的人打印" in again.text


def test_who_imported_a_roll_prints_no_codes(town: Town) -> None:
    from deliberation.council.actions import appoint, end_seat
    from deliberation.council.tables import Seat

    with town.write("recorder") as tx:
        appoint(tx, town.cast.ids["moderator"], "desk")
        appoint(tx, town.cast.ids["recorder"], "moderator")
        seat = tx.session.exec(
            select(Seat).where(Seat.account_id == town.cast.ids["moderator"], Seat.role == "moderator")
        ).one()
        end_seat(tx, seat)
    assert signed_in(town, "moderator").post(f"{SLIPS}/printing", {"place": "all"}).status == 422


def test_a_roll_brought_to_another_council_tells_no_numbers_here(town: Town) -> None:
    with town.write("desk", town.cast.other_council_id) as tx:
        keep(tx, from_table(table()), file_name="roll.csv")
    assert printed(town)["0901"]


def test_slips_that_wait_stand_on_the_workbench_of_who_releases_them(town: Town) -> None:
    printed(town)
    for who, waits in (("moderator", True), ("recorder", True), ("desk", False)):
        page = signed_in(town, who).get(f"{C}/work").text
        assert ("2 张家庭验证码纸条等着清点启用" in page) is waits, who
    release(town)
    assert "等着清点启用" not in signed_in(town, "moderator").get(f"{C}/work").text


def test_homes_with_neither_account_nor_slip_stand_on_the_workbench_until_slips_are_printed(town: Town) -> None:
    said = "2 户没有账号，也没有家庭验证码纸条"

    def listed(who: str) -> bool:
        return said in signed_in(town, who).get(f"{C}/work").text

    desk, moderator = signed_in(town, "desk").get(f"{C}/work"), signed_in(town, "moderator").get(f"{C}/work")
    assert f"{said}。请打印，装进信封。" in desk.text
    assert f"{said}。请服务台打印。" in moderator.text
    assert all(f'href="{SLIPS}"' in page.html for page in (desk, moderator))
    assert [who for who in ("desk", "moderator", "recorder", "supervisor") if listed(who)] == ["desk", "moderator"]
    codes = printed(town)
    assert not listed("desk"), "they wait to be released"
    release(town)
    assert not listed("desk")
    used(town, codes["0901"])
    assert not listed("desk")
    town.travel(days=slip_rules.VALID_FOR.days)
    assert "1 户没有账号，也没有家庭验证码纸条" in signed_in(town, "desk").get(f"{C}/work").text


def test_a_batch_of_which_nothing_is_left_is_used_up_and_no_more_withdrawn(town: Town) -> None:
    codes = released(town)
    assert used(town, codes["0901"]).status == 303
    page = signed_in(town, "desk").get(SLIPS).text
    assert "已启用" in page
    assert "作废这批纸条" in page
    assert used(town, codes["0902"], tail="4321", name="何玉梅", phone="13700002222").status == 303
    page = signed_in(town, "desk").get(SLIPS).text
    assert "已用完" in page
    assert "已启用" not in page
    assert "作废这批纸条" not in page


def test_a_wrong_count_of_envelopes_releases_nothing(town: Town) -> None:
    code = printed(town)["0901"]
    answer = release(town, counted=1)
    assert answer.status == 422
    assert "与打印的份数不同，没有启用" in answer.text
    assert used(town, code).status == 422
    assert release(town).status == 303
    assert release(town).status == 422, "once"


def test_printing_anew_ends_the_earlier_slips_at_once(town: Town) -> None:
    first = released(town)["0901"]
    second = printed(town)["0901"]
    assert first != second
    assert used(town, first).status == 422
    assert used(town, second).status == 422, "not released yet"
    assert facts(town, "slip.printed")["ended"] == 2
    printed(town)
    assert facts(town, "slip.printed")["ended"] == 2, "not the first ones again"


def test_printing_anew_ends_no_slip_that_was_used_and_none_of_another_council(town: Town) -> None:
    """A second council may have a head of the same number."""
    assert used(town, released(town)["0901"]).status == 303
    member = membership_of_phone(town)
    with town.write("desk") as tx:
        assert member
        tx.session.merge(member).state = "ended"
        other = tx.session.exec(select(HomeSlip).where(HomeSlip.head_key == "Y12")).one()
        other.council_id = town.cast.other_council_id
    printed(town)
    with town.db.read() as session:
        ended = session.exec(select(HomeSlip.ended_at).order_by(col(HomeSlip.id))).all()
    assert ended == [None] * 4, "the two of before, the two printed now"


def test_a_code_is_good_in_its_own_council_alone(town: Town) -> None:
    code = released(town)["0901"]
    with town.write("desk") as tx:
        for one in tx.session.exec(select(HomeSlip)).all():
            one.council_id = town.cast.other_council_id
    assert used(town, code).status == 422


@pytest.mark.parametrize("late", [False, True])
def test_what_was_discarded_or_is_past_its_time_is_released_no_more(town: Town, late: bool) -> None:
    printed(town)
    if late:
        town.travel(days=slip_rules.VALID_FOR.days)
    else:
        with town.db.read() as session:
            batch_id = session.exec(select(HomeSlip.batch_id)).first()
        assert signed_in(town, "desk").post(f"{SLIPS}/{batch_id}/removal").status == 303
    assert release(town).status == 422
    assert "slip.released" not in verbs(town)


def test_wrong_tries_are_told_for_a_month(town: Town) -> None:
    code = released(town)["0901"]
    assert used(town, code, tail="0000").status == 422
    with town.db.read() as session:
        now = slip_queries.counts(session, town.cast.council_id, town.now)
        later = slip_queries.counts(session, town.cast.council_id, town.now + slip_queries.TRIES_SHOWN)
    assert (now.wrong_tries, later.wrong_tries) == (1, 0)


def test_tries_at_no_slip_push_out_none_of_another_council(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip_actions, "MOST_AT_NO_SLIP", 2)
    for council_id in (town.cast.other_council_id, town.cast.council_id):
        for _ in range(3):
            with town.write("desk", council_id) as tx:
                slip_actions.try_code(tx, "0" * 64, "0000")
    with town.db.read() as session:
        kept = Counter(session.exec(select(SlipTry.council_id)))
    assert kept == {town.cast.other_council_id: 2, town.cast.council_id: 2}


def test_looking_at_the_sheet_again_ends_no_code_on_paper(town: Town) -> None:
    desk = signed_in(town, "desk")
    form = {"place": "all", "once": "shown-at-nine"}
    code = codes_on(desk.post(f"{SLIPS}/printing", form))["0901"]
    again = desk.post(f"{SLIPS}/printing", form)
    assert (again.status, again.location) == (303, f"{SLIPS}?said=slips_printed_before")
    assert release(town).status == 303
    assert used(town, code).status == 303


def test_slips_past_their_time_are_called_expired_and_the_counts_add_up(town: Town) -> None:
    used(town, released(town)["0901"])
    assert "已过期" not in signed_in(town, "desk").get(SLIPS).text
    town.travel(days=slip_rules.VALID_FOR.days - 1)
    printed(town)
    page = signed_in(town, "desk").get(SLIPS).text
    assert "已打印 3 现在可用 0 已用 1 换过或作废 1 还没有启用 1 " in page
    town.travel(days=1)
    late = signed_in(town, "desk").get(SLIPS).text
    assert late.count("已过期") == 1, "the older batch of the two"
    assert "已启用" not in late
    assert "作废这批纸条" not in late, "there is nothing left to withdraw"
    town.travel(days=slip_rules.VALID_FOR.days)
    assert "已打印 3 现在可用 0 已用 1 换过或作废 1 已过期没用的 1 " in signed_in(town, "desk").get(SLIPS).text


def test_discarded_slips_die_and_what_was_done_with_used_ones_stands(town: Town) -> None:
    codes = released(town)
    assert used(town, codes["0901"]).status == 303
    desk = signed_in(town, "desk")
    with town.db.read() as session:
        batch_id = session.exec(select(HomeSlip.batch_id)).first()
    assert desk.post(f"{SLIPS}/{batch_id}/removal").status == 303
    assert used(town, codes["0902"], tail="4321", name="何玉梅", phone="13700002222").status == 422
    member = membership_of_phone(town)
    assert member is not None
    assert (member.state, member.head_key) == ("verified", "Y11")
    assert facts(town, "slip.discarded")["count"] == 1
    assert desk.post(f"{SLIPS}/{batch_id}/removal").status == 422


def test_70_a_reissued_slip_ends_the_old_one_and_suspends_the_tie_made_with_it(town: Town) -> None:
    """RELIABILITY 70: somebody else used the slip; the owner comes to the desk."""
    code = released(town)["0901"]
    thief = town.as_(None)
    assert used(town, code, caller=thief).status == 303
    assert thief.get(f"{C}/residents/me").status == 200
    page = signed_in(town, "desk").get(f"{SLIPS}?head=0901")
    assert "方静淑" in page.text
    with town.write("desk") as tx:
        tx.session.exec(select(Membership).where(Membership.head_key == "Y11")).one().note = "电话里说过"
    answer = signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y11", "disputed": "1"})
    new = codes_on(answer)["0901"]
    assert thief.get(f"{C}/residents/me").status == 404
    member = membership_of_phone(town)
    assert member is not None
    assert (member.state, member.level, member.slip_id, member.note) == ("waiting", 0, None, "")
    assert used(town, code, phone="13700003333").status == 422
    assert used(town, new, phone="13700003333").status == 422, "not released yet"
    assert release(town).status == 303
    assert used(town, new, phone="13700003333").status == 303
    said = facts(town, "slip.reissued")
    assert said["suspended"] == 1
    assert len(str(said["old"])) == len(str(said["new"])) == len("['0123456789abcdef']")
    assert code.replace(" ", "") not in json.dumps(said)


def test_somebody_else_used_it_is_asked_only_where_a_slip_was_used(town: Town) -> None:
    code, asked = released(town)["0901"], 'name="disputed"'
    desk = signed_in(town, "desk")
    assert asked not in desk.get(f"{SLIPS}?head=0901").html
    assert used(town, code).status == 303
    page = desk.get(f"{SLIPS}?head=0901")
    assert asked in page.html
    assert "这一户的纸条用过：" in page.text
    assert asked not in desk.get(f"{SLIPS}?head=0902").html
    desk.post(f"{SLIPS}/reissue", {"head_key": "Y11", "disputed": "1"})
    assert asked not in desk.get(f"{SLIPS}?head=0901").html, "the one that was used has ended"


def test_a_search_that_finds_more_than_it_shows_says_so(town: Town) -> None:
    with town.write("recorder") as tx:
        lines = [
            f"水仙里,3幢,1单元,{one:04d},住宅,90.00,Z{one},业主{one},单独所有,业主{one},已交付" for one in range(25)
        ]
        rows = [*table(), *(line.split(",") for line in lines)]
        keep(tx, from_table(rows), file_name="roll.csv")
    told = "找到 25 户，只列出前 20 户"
    resident = f"{C}/residents/{membership(town, 'resident').id}"
    for page in (SLIPS, resident):
        assert told in town.as_("desk").get(f"{page}?head=3幢").text
        assert "只列出前" not in town.as_("desk").get(f"{page}?head=3幢 001").text
        assert "只列出前" not in town.as_("desk").get(page).text


def test_a_tie_that_two_of_the_staff_saw_outlives_the_slip(town: Town) -> None:
    code = released(town)["0901"]
    assert used(town, code).status == 303
    member = membership_of_phone(town)
    assert member is not None
    for who in ("desk", "desk2"):
        form = {"tie": "owner", "head_key": "Y11", "in_person": "1"}
        assert signed_in(town, who).post(f"{C}/residents/{member.id}/confirmation", form).status == 303
    signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y11", "disputed": "1"})
    member = membership_of_phone(town)
    assert member is not None
    assert (member.state, member.level) == ("verified", 2)


def test_a_lost_slip_is_replaced_and_a_co_owner_s_account_stays(town: Town) -> None:
    lost = released(town)["0901"]
    answer = signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y11"})
    first = codes_on(answer)["0901"]
    release(town)
    assert used(town, lost).status == 422
    assert used(town, first).status == 303
    answer = signed_in(town, "desk").post(f"{SLIPS}/reissue", {"head_key": "Y11"})
    release(town)
    second = codes_on(answer)["0901"]
    assert used(town, second, phone="13700008888").status == 303
    for phone in ("13700001111", "13700008888"):
        member = membership_of_phone(town, phone)
        assert member is not None
        assert (member.state, member.head_key) == ("verified", "Y11")
    assert facts(town, "slip.reissued")["suspended"] == 0


def test_69_every_resident_reads_how_many_were_printed_and_used(town: Town) -> None:
    codes = released(town)
    used(town, codes["0901"])
    used(town, codes["0902"], tail="0000")
    page = town.as_("resident").get(SLIPS).text
    assert "印了 2 张家庭验证码纸条，已用 1 张" in page
    assert "现在可用 1" in page
    assert "30 天内填错的次数 1" in page
    assert "服务台甲" not in page
    assert town.as_("stranger").get(SLIPS).status == 404
    assert town.as_("other_moderator").get(SLIPS).status == 404


def test_70_both_acts_stand_in_the_journal_as_counts_and_hashes(town: Town) -> None:
    codes = released(town)
    used(town, codes["0901"])
    assert verbs(town)[-3:] == ["slip.printed", "slip.released", "slip.used"]
    said, freed = facts(town, "slip.printed"), facts(town, "slip.released")
    assert (said["count"], said["without_phone"]) == (2, 1)
    assert said["digest"] == freed["digest"]
    log = town.as_("resident").get(f"{C}/log").text
    assert "打印了 2 张家庭验证码纸条" in log
    assert "清点并启用了 2 张家庭验证码纸条" in log
    assert "方**用家庭验证码纸条确认了业主身份" in log
    assert "方静淑" not in log


def test_slips_of_another_council_are_not_reached(town: Town) -> None:
    printed(town)
    with town.db.read() as session:
        batch_id = session.exec(select(HomeSlip.batch_id)).first()
    other = town.as_("other_moderator")
    assert other.post(f"/c/other/home-slips/{batch_id}/release", {f"counted_{batch_id}": "2"}).status == 404
    assert other.post(f"/c/other/home-slips/{batch_id}/removal").status == 404
    assert town.as_("other_moderator").post("/c/other/home-slips/printing", {"place": "all"}).status == 403


def test_only_homes_on_the_roll_without_a_confirmed_owner_get_slips(town: Town) -> None:
    desk = town.as_("desk")
    assert set(printed(town, place="红茶里2幢1单元")) == {"0301"}
    nowhere = desk.post(f"{SLIPS}/printing", {"place": "nowhere"})
    assert (nowhere.status, "请从列出的选项中选一项" in nowhere.text) == (422, True)
    unknown = desk.post(f"{SLIPS}/reissue", {"head_key": "Y99"})
    assert (unknown.status, "名册上没有这一位" in unknown.text) == (422, True)


def test_the_slips_come_as_pdf_and_stay_in_no_memory(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    answer = town.as_("desk").post(f"{SLIPS}/printing", {"place": "all"})
    if answer.response.headers["content-type"] != "application/pdf":
        pytest.skip("needs the Pango libraries and a Chinese font")
    assert answer.response.content.startswith(b"%PDF-")
    assert answer.response.headers["cache-control"] == "no-store"
    assert answer.response.content not in pdf._kept.values()


def test_the_slips_open_beside_the_page_on_which_they_are_then_released(town: Town) -> None:
    """In the same tab a PDF would leave the desk without a way on."""
    page = town.as_("desk").get(SLIPS)
    assert re.search(r'<form[^>]*target="_blank"[^>]*/home-slips/printing"', page.html)
    assert "请主持人或记录人在本页清点并启用" in page.text
    found = town.as_("desk").get(f"{SLIPS}?head=0104").html
    assert re.search(r'<form[^>]*target="_blank"[^>]*/home-slips/reissue"', found)
