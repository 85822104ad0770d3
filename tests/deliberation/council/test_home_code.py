"""Typing a code from a slip: one answer for all that is wrong, and a home for what is right (RELIABILITY 22, 92, 93)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import col, func, select

from deliberation import typed
from deliberation.council.slips import actions as slip_actions
from deliberation.council.slips import rules as slip_rules
from deliberation.council.tables import HomeSlip, SlipTry
from deliberation.people.tables import Account
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import membership, verbs
from tests.deliberation.council.slips import (
    CODE,
    SLIPS,
    C,
    form,
    membership_of_phone,
    no_pdf,
    printed,
    released,
    roll_with_phones,
    signed_in,
    used,
)
from tests.deliberation.people.build import with_password
from tests.deliberation.web.test_signed_out_while_typing import signed_in as sign_in_there

STRANGER = "13700000001"
ONE_ANSWER = "验证码和手机尾号对不上"


@pytest.fixture
def codes(town: Town, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    no_pdf(monkeypatch)
    roll_with_phones(town)
    return released(town)


def accounts(town: Town) -> int:
    with town.db.read() as session:
        return session.exec(select(func.count()).select_from(Account)).one()


def test_a_slip_makes_an_account_that_is_the_owner_s_at_once(town: Town, codes: dict[str, str]) -> None:
    phone = town.as_(None)
    form_page = phone.get(CODE)
    assert "纸条上的 16 位数字" in form_page.text
    page = phone.follow(CODE, form(codes["0901"]))
    assert "已确认您是这一户的业主" in page.text
    assert "您计 1 人、100.00 ㎡" in page.text
    assert "核对情况 凭家庭验证码纸条 名册" in page.text, "the one way that was gone, not one of two"
    assert "您还没有密码" in page.text
    assert "去首页看有什么要办" in page.text, "a poll may be open, and this page says nothing of it"
    assert "您还没有密码" not in phone.get("/c/jinxiu/residents/me").text, "said once, on arriving"
    member = membership_of_phone(town)
    assert member is not None
    assert (member.tie, member.state, member.head_key, member.level) == ("owner", "verified", "Y11", 1)
    assert verbs(town)[-1] == "slip.used"
    assert phone.get("/account").status == 200


def test_a_password_is_offered_and_then_signs_in(town: Town, codes: dict[str, str]) -> None:
    differing = used(town, codes["0901"], password="eight-letters", again="other-letters")
    assert differing.status == 422
    assert used(town, codes["0901"], password="eight-letters", again="eight-letters").status == 303
    elsewhere = town.as_(None)
    known = {"identifier": "13700001111", "password": "eight-letters"}
    assert elsewhere.post("/sign-in", known).status == 303


def test_who_is_signed_in_ties_the_home_to_that_account(town: Town, codes: dict[str, str]) -> None:
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids["stranger"]).name = "方静淑"
    stranger = town.as_("stranger")
    page = stranger.get(CODE)
    assert 'name="phone"' not in page.html
    before = accounts(town)
    assert stranger.post(CODE, {"code": codes["0901"], "tail": "5678"}).status == 303
    assert accounts(town) == before
    member = membership(town, "stranger")
    assert (member.state, member.head_key, member.level) == ("verified", "Y11", 1)


def test_who_signs_in_from_there_comes_back_with_the_code_in_the_form(town: Town, codes: dict[str, str]) -> None:
    """By a button of the form, also without JavaScript: no code ever stands in an address."""
    with_password(town, "stranger")
    browser = town.as_(None)
    assert 'name="have_account"' in browser.get(CODE).html
    typed = {"code": codes["0901"], "tail": "5678", "name": "", "phone": "", "have_account": "1"}
    shown = browser.post(CODE, typed, headers={"referer": f"http://127.0.0.1{CODE}"})
    assert "登录后回到家庭验证码那一页，您填的还在。" in shown.text
    assert "登录过期" not in shown.text
    sent_on = sign_in_there(browser, shown, identifier=STRANGER)
    assert sent_on.status == 303
    again = browser.get(sent_on.location)
    assert f'value="{codes["0901"]}"' in again.html
    assert codes["0901"].replace(" ", "") not in sent_on.location.replace("%20", "")
    assert 'name="have_account"' not in again.html


def test_who_has_typed_nothing_yet_comes_back_too(town: Town) -> None:
    with_password(town, "stranger")
    browser = town.as_(None)
    empty = {"code": "", "tail": "", "have_account": "1"}
    location = browser.post(CODE, empty, headers={"referer": f"http://127.0.0.1{CODE}"}).location
    shown = browser.get(location)
    assert "登录过期" not in shown.text
    assert sign_in_there(browser, shown, identifier=STRANGER).location == CODE


def test_an_account_of_another_home_is_sent_to_the_desk_and_the_slip_stays_good(
    town: Town, codes: dict[str, str]
) -> None:
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids["neighbor"]).name = "方静淑"
    answer = town.as_("neighbor").post(CODE, {"code": codes["0901"], "tail": "5678"})
    assert answer.status == 422
    assert "已经登记在另一户名下" in answer.text
    assert membership(town, "neighbor").head_key == "Y03"
    assert used(town, codes["0901"]).status == 303


@pytest.mark.parametrize(
    "typed",
    [
        "{0}{1}{2}{3}",
        "{0}-{1}-{2}-{3}",
        " {0} {1}　{2} {3} ",
        "{0}\u200b{1}\u2060{2}\ufeff{3}\u202e",
        "wide",
        "验证码：{0}.{1}.{2}.{3}。",
    ],
)
def test_a_code_is_read_however_it_is_typed(town: Town, codes: dict[str, str], typed: str) -> None:
    """RELIABILITY 22."""
    groups = codes["0901"].split(" ")
    text = (
        typed.format(*groups)
        if typed != "wide"
        else "".join(groups).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    )
    assert used(town, text, tail="５６ 7\u200b8").status == 303


@pytest.mark.parametrize("place", range(16))
def test_one_digit_copied_wrong_is_told_and_costs_no_try(town: Town, codes: dict[str, str], place: int) -> None:
    digits = codes["0901"].replace(" ", "")
    wrong = digits[:place] + str((int(digits[place]) + 3) % 10) + digits[place + 1 :]
    answer = used(town, wrong)
    assert answer.status == 422
    assert "有一位数字抄错了" in answer.text
    with town.db.read() as session:
        assert session.exec(select(func.count()).select_from(SlipTry)).one() == 0


def test_a_code_has_at_least_forty_bits_and_its_check_digit_holds() -> None:
    made = {slip_rules.new_code() for _ in range(300)}
    assert len(made) == 300
    assert all(len(one) == 16 and typed.copied_right(one) for one in made)
    assert 10**slip_rules.RANDOM_DIGITS > 2**40
    assert not typed.copied_right("1234567890123456") or not typed.copied_right("1234567890123457")


@contextmanager
def counted(town: Town) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, without their values."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(town.db.writer, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(town.db.writer, "before_cursor_execute", note)


def wrong_ones(town: Town, codes: dict[str, str]) -> dict[str, tuple[str, str]]:
    """(code, tail) of every way to be wrong."""
    good = codes["0901"]
    assert used(town, codes["0902"], tail="4321", name="何玉梅", phone="13700002222").status == 303
    return {
        "unknown code": (slip_rules.new_code(), "5678"),
        "wrong digits of the phone": (good, "0000"),
        "used": (codes["0902"], "4321"),
    }


def shown(answer: Answer) -> str:
    """The page but for what was typed into it."""
    import re

    return re.sub(r'value="[^"]*"', "", answer.html)


def test_whatever_is_wrong_is_answered_alike(town: Town, codes: dict[str, str]) -> None:
    """RELIABILITY 93: text, status and the work done, which is the time, tell nothing apart."""
    pages, works = {}, {}
    for why, (code, tail) in wrong_ones(town, codes).items():
        caller = town.as_(None)
        with counted(town) as statements:
            answer = used(town, code, tail=tail, phone="13700009999", caller=caller)
        assert answer.status == 422, why
        assert ONE_ANSWER in answer.text, why
        pages[why], works[why] = shown(answer), list(statements)
    # The phone of an account that is known changes nothing either.
    known = used(town, slip_rules.new_code(), phone="13800000007")
    pages["known phone"] = shown(known)
    again = printed(town, place="水仙里1幢1单元")["0901"]
    pages["not released"] = shown(used(town, again, phone="13700009999"))
    pages["replaced"] = shown(used(town, codes["0901"], phone="13700009999"))
    assert len(set(pages.values())) == 1
    assert len({tuple(one) for one in works.values()}) == 1
    assert any("slip_try" in one for one in works["unknown code"])


def test_an_old_slip_is_answered_like_a_wrong_one(town: Town, codes: dict[str, str]) -> None:
    town.travel(days=slip_rules.VALID_FOR.days)
    answer = used(town, codes["0901"])
    assert answer.status == 422
    assert ONE_ANSWER in answer.text
    assert "13700001111" in answer.html, "what was typed stays"


def test_tries_are_forgotten_when_no_slip_of_their_time_can_be_used(town: Town, codes: dict[str, str]) -> None:
    used(town, codes["0901"], tail="0000")
    for days, left in ((80, 1), (11, 0)):
        town.travel(days=days)
        with town.db.read() as session:
            assert session.exec(select(func.count()).select_from(SlipTry)).one() == left


def test_tries_at_codes_that_never_were_fill_no_table(
    town: Town, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slip_actions, "MOST_AT_NO_SLIP", 5)
    used(town, codes["0901"], tail="0000")
    for _ in range(8):
        assert ONE_ANSWER in used(town, slip_rules.new_code()).text
    with town.db.read() as session:
        tries = session.exec(select(SlipTry.id, SlipTry.slip_id).order_by(col(SlipTry.id))).all()
    assert [slip is None for _, slip in tries] == [False, *[True] * 5], "a try at a slip is never pushed out"
    assert [number for number, _ in tries[1:]] == [5, 6, 7, 8, 9], "the newest stay"


def test_a_slip_works_once(town: Town, codes: dict[str, str]) -> None:
    assert used(town, codes["0901"]).status == 303
    second = used(town, codes["0901"], phone="13700005555")
    assert second.status == 422
    assert membership_of_phone(town, "13700005555") is None


def test_guessing_the_phone_kills_the_slip_and_the_right_digits_come_too_late(
    town: Town, codes: dict[str, str]
) -> None:
    """RELIABILITY 92: who found a slip has five tries at ten thousand endings, wherever they sit."""
    for number in range(slip_rules.MOST_TRIES):
        assert used(town, codes["0901"], tail=f"000{number}").status == 422
    assert used(town, codes["0901"]).status == 422
    assert used(town, codes["0902"], tail="4321", name="何玉梅").status == 303
    page = town.as_("resident").get(SLIPS).text
    assert "填错的次数 6" in page


def test_one_guesser_does_not_lock_out_a_compound_behind_one_address(town: Town, codes: dict[str, str]) -> None:
    """RELIABILITY 92: the limit is on codes that begin alike, not on the address."""
    stuck = slip_rules.new_code()
    answers = [used(town, stuck, tail=f"{number:04d}").status for number in range(14)]
    assert answers[-1] == 429
    for number in range(60):
        used(town, slip_rules.new_code(), tail=f"{number:04d}")
    assert used(town, codes["0901"]).status == 303


def test_another_name_than_the_roll_s_is_sent_to_the_desk(town: Town, codes: dict[str, str]) -> None:
    before = accounts(town)
    answer = used(town, codes["0901"], name="方小偷")
    assert answer.status == 422
    assert "姓名与名册上这一户的业主不同" in answer.text
    assert accounts(town) == before
    assert used(town, codes["0901"]).status == 303


def test_a_known_phone_signs_in_first_and_the_slip_stays_good(town: Town, codes: dict[str, str]) -> None:
    answer = used(town, codes["0901"], phone="13800000007")
    assert answer.status == 422
    assert "您填的手机号已有账号。请先登录，再用这张纸条" in answer.text
    assert used(town, codes["0901"]).status == 303


@pytest.mark.parametrize("changed", [{"code": ""}, {"tail": ""}, {"tail": "12"}, {"code": "1234"}, {"phone": "1"}])
def test_a_form_with_a_fault_costs_no_try_and_keeps_what_was_typed(
    town: Town, codes: dict[str, str], changed: dict[str, str]
) -> None:
    answer = town.as_(None).post(CODE, {**form(codes["0901"]), **changed})
    assert answer.status == 422
    assert 'value="方静淑"' in answer.html
    with town.db.read() as session:
        assert session.exec(select(func.count()).select_from(SlipTry)).one() == 0


def test_a_code_of_one_council_is_nothing_in_another(town: Town, codes: dict[str, str]) -> None:
    """RELIABILITY 25."""
    answer = town.as_(None).post("/c/other/home-code", form(codes["0901"]))
    assert answer.status == 422
    assert ONE_ANSWER in answer.text


def test_a_home_that_left_the_roll_has_no_code_any_more(town: Town, codes: dict[str, str]) -> None:
    from deliberation.council.roll.actions import keep
    from tests import cast
    from votes.roll import from_table

    with town.write("moderator") as tx:
        keep(tx, from_table([line.split(",") for line in cast.ROLL.strip().splitlines()]), file_name="sold.csv")
    assert ONE_ANSWER in used(town, codes["0901"]).text


def test_two_who_use_one_slip_at_once_get_one_home(town: Town, codes: dict[str, str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    callers = [Caller(town.app, None) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = list(
            pool.map(
                lambda pair: used(town, codes["0901"], caller=pair[1], phone=f"1370000777{pair[0]}").status,
                enumerate(callers),
            )
        )
    assert sorted(statuses) == [303, 422, 422, 422]
    with town.db.read() as session:
        assert session.exec(select(func.count()).where(HomeSlip.used_at.is_not(None))).one() == 1  # type: ignore[union-attr]


def test_a_slip_takes_a_waiting_request_with_it(town: Town, codes: dict[str, str]) -> None:
    joining = {"tie": "owner", "building": "水仙里1幢1单元", "room": "0901"}
    with town.write("desk") as tx:
        tx.session.get_one(Account, town.cast.ids["stranger"]).name = "方静淑"
    stranger = signed_in(town, "stranger")
    assert "家里收到过带验证码的纸条" in stranger.get(f"{C}/join").text
    stranger.post(f"{C}/join", joining)
    assert stranger.post(CODE, {"code": codes["0901"], "tail": "5678"}).status == 303
    assert membership(town, "stranger").state == "verified"
