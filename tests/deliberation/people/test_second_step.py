"""Codes from the phone: set up, asked for at every sign-in, never good twice, replaced by paper, ended only with a code."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from sqlmodel import select

from deliberation.council.actions import change_settings, make_council
from deliberation.people.sealing import unseal
from deliberation.people.second import actions as second_actions
from deliberation.people.second import one_time_codes
from deliberation.people.tables import Account, AccountNotice, PaperCode, SecondStep
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import begin_seat
from tests.deliberation.people.build import PASSWORD, invitation, with_password
from votes.refusal import Refused

PAGE = "/account/second-step"
PHONES = {"desk": "13800000002", "resident": "13800000007"}


def code_of(town: Town, own: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(own).at(town.now + timedelta(seconds=30 * steps))


def begun(town: Town, caller: Caller, **changes: str) -> tuple[str, Answer]:
    """The secret, and the answer to its first code."""
    page = caller.get(PAGE).html
    offer, own = re.search(r'name="offer" value="([^"]+)"', page), re.search(r'translate="no">([A-Z2-7 ]+)<', page)
    assert offer
    assert own
    secret = own[1].replace(" ", "")
    form = {"offer": offer[1], "current": PASSWORD, "code": code_of(town, secret), **changes}
    return secret, caller.post(PAGE, form)


def paper_of(answer: Answer) -> list[str]:
    return ["".join(re.findall(r"<span>(\w+)</span>", one)) for one in re.findall(r"<li>(<span>.+?)</li>", answer.html)]


def half_way(town: Town, who: str = "desk") -> Caller:
    """Somebody who has shown the password on a new browser."""
    browser = town.as_(None)
    answer = browser.post("/sign-in", {"identifier": PHONES[who], "password": PASSWORD, "next": "/c/jinxiu/roll"})
    assert (answer.status, answer.location) == (303, "/sign-in/code")
    return browser


@pytest.fixture
def clerk(town: Town) -> Caller:
    return with_password(town, "desk")


@pytest.fixture
def own(town: Town, clerk: Caller) -> str:
    """The desk's secret, set up half an hour ago."""
    secret, answer = begun(town, clerk)
    assert answer.status == 200, answer.text
    town.travel(minutes=30)
    return secret


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1, the last six of its eight digits."""
    from datetime import UTC, datetime

    own = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        moment = datetime.fromtimestamp(seconds, UTC)
        assert one_time_codes.step_of(own, code, moment) == seconds // 30


def test_the_second_step_is_set_up_with_a_first_code_and_shows_codes_for_paper_once(town: Town, clerk: Caller) -> None:
    _, answer = begun(town, clerk)
    codes = paper_of(answer)
    assert len(codes) == one_time_codes.ON_PAPER
    assert len(set(codes)) == len(codes)
    page = clerk.get(PAGE).text
    assert "第二步验证已开启" in page
    assert "还剩 8 个备用码" in page
    assert codes[0] not in page


def test_setting_it_up_signs_all_other_devices_out_and_changes_this_one_s_token(town: Town, clerk: Caller) -> None:
    other, before = town.as_(None), clerk.client.cookies["sign-in"]
    other.post("/sign-in", {"identifier": PHONES["desk"], "password": PASSWORD})
    begun(town, clerk)
    assert other.get("/account").status == 303
    assert clerk.client.cookies["sign-in"] != before
    assert clerk.get("/account").status == 200


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "000000"}, "验证码不对"),
        ({"current": "not-mine-at-all"}, "现在的密码不对"),
        ({"offer": "x"}, "重新扫码"),
    ],
)
def test_it_is_not_set_up_without_the_code_the_password_and_the_secret_it_was_shown_with(
    town: Town, clerk: Caller, changed: dict[str, str], sentence: str
) -> None:
    _, answer = begun(town, clerk, **changed)
    assert answer.status == 422
    assert sentence in answer.text
    with town.db.read() as session:
        assert session.exec(select(SecondStep)).all() == []


def test_a_wrong_first_code_keeps_the_secret_that_was_scanned(town: Town, clerk: Caller) -> None:
    own, answer = begun(town, clerk, code="000000")
    shown = re.search(r'translate="no">([A-Z2-7 ]+)<', answer.html)
    assert shown
    assert shown[1].replace(" ", "") == own


def test_nobody_can_set_up_a_secret_that_was_offered_to_somebody_else(town: Town, clerk: Caller) -> None:
    page = town.as_("recorder").get(PAGE).html
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert offer
    _, answer = begun(town, clerk, offer=offer[1])
    assert answer.status == 422


def test_the_database_alone_gives_neither_the_secret_nor_the_paper_codes(town: Town, clerk: Caller) -> None:
    own, answer = begun(town, clerk)
    with town.db.read() as session:
        sealed = session.exec(select(SecondStep.sealed)).one()
        hashes = session.exec(select(PaperCode.code_hash)).all()
    assert own.encode() not in sealed
    assert unseal(b"another secret", second_actions.PURPOSE, sealed) is None
    assert unseal(town.site.settings.secret, "something else", sealed) is None
    assert all(one.startswith("$argon2id$") for one in hashes)
    assert not any(code in str(hashes) for code in paper_of(answer))


def test_a_password_alone_signs_nobody_in_any_more(town: Town, own: str) -> None:
    browser = half_way(town)
    assert browser.get("/account").status == 303
    assert "六位数字" in browser.get("/sign-in/code").text
    answer = browser.post("/sign-in/code", {"code": f" {code_of(town, own)[:3]} {code_of(town, own)[3:]}"})
    assert (answer.status, answer.location) == (303, "/c/jinxiu/roll")
    assert "服务台甲" in browser.get("/account").text


def test_a_link_for_a_new_password_does_not_go_round_the_second_step(town: Town, own: str) -> None:
    link = f"/invitations/{invitation(town, 'desk')}"
    browser = town.as_(None)
    answer = browser.post(link, {"password": "a-stolen-link", "again": "a-stolen-link"})
    assert answer.location == "/sign-in/code"
    assert browser.get("/account").status == 303


def test_the_same_code_is_refused_the_second_time(town: Town, own: str) -> None:
    code = code_of(town, own)
    assert half_way(town).post("/sign-in/code", {"code": code}).status == 303
    again = half_way(town).post("/sign-in/code", {"code": code})
    assert again.status == 422
    assert "已经用过了" in again.text
    earlier = half_way(town).post("/sign-in/code", {"code": code_of(town, own, steps=-1)})
    assert earlier.status == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(town: Town, own: str, steps: int, status: int) -> None:
    assert half_way(town).post("/sign-in/code", {"code": code_of(town, own, steps=steps)}).status == status


def test_guessing_codes_is_stopped_and_keeps_nobody_out_on_a_device_that_is_known(
    town: Town, clerk: Caller, own: str
) -> None:
    guesser = half_way(town)
    for _ in range(5):
        assert guesser.post("/sign-in/code", {"code": "000000"}).status == 422
    assert guesser.post("/sign-in/code", {"code": code_of(town, own)}).status == 429
    clerk.post("/sign-out")
    clerk.post("/sign-in", {"identifier": PHONES["desk"], "password": PASSWORD})
    assert clerk.post("/sign-in/code", {"code": code_of(town, own)}).status == 303


def test_the_password_shown_is_good_for_ten_minutes_on_the_same_browser(town: Town, own: str) -> None:
    browser = half_way(town)
    thief = town.as_(None)
    thief.client.cookies.set("second-step", browser.client.cookies["second-step"])
    thief.client.cookies.set("guard", "another-guard")
    answer = thief.client.get("/sign-in/code")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?expired=1")
    town.travel(minutes=11)
    assert browser.get("/sign-in/code").location == "/sign-in?expired=1"
    assert browser.post("/sign-in/code", {"code": code_of(town, own)}).location == "/sign-in?expired=1"


def test_a_code_from_paper_works_once_and_is_told_at_home(town: Town, clerk: Caller) -> None:
    _, answer = begun(town, clerk)
    code = paper_of(answer)[3]
    town.travel(minutes=30)
    typed = f"{code[:4].lower()}-{code[4:8]} {code[8:]}"
    assert half_way(town).post("/sign-in/code", {"code": typed}).status == 303
    assert half_way(town).post("/sign-in/code", {"code": typed}).status == 422
    page = clerk.get("/account").text
    assert "您的一个备用码" in page
    assert "还剩 7 个备用码" in clerk.get(PAGE).text


@pytest.mark.parametrize("meanwhile", ["used", "renewed"])
def test_a_paper_code_that_was_good_a_moment_ago_is_looked_at_again_when_it_is_used(
    town: Town, clerk: Caller, meanwhile: str
) -> None:
    """It is compared before the transaction begins: two who send one at the same moment are not both let in."""
    _, answer = begun(town, clerk)
    account_id = town.cast.ids["desk"]
    with town.db.read() as session:
        found = second_actions.fitting_paper_code(
            session, town.app.state.site.settings.secret, account_id, paper_of(answer)[3]
        )
    assert found is not None
    with town.write("desk") as tx:
        if meanwhile == "used":
            second_actions.use_paper_code(tx, found)
        else:
            second_actions.renew_paper_codes(tx, account_id, [])
    with town.write("desk") as tx, pytest.raises(Refused, match="wrong_paper_code"):
        second_actions.use_paper_code(tx, found)


def test_new_paper_codes_take_the_place_of_the_old_ones(town: Town, clerk: Caller) -> None:
    own, answer = begun(town, clerk)
    old = paper_of(answer)[0]
    town.travel(minutes=30)
    form = {"current": PASSWORD, "code": code_of(town, own)}
    new = paper_of(clerk.post(f"{PAGE}/paper-codes", form))
    assert len(new) == one_time_codes.ON_PAPER
    assert half_way(town).post("/sign-in/code", {"code": old}).status == 422
    assert half_way(town).post("/sign-in/code", {"code": new[0]}).status == 303


@pytest.mark.parametrize(
    ("changed", "status"), [({}, 303), ({"current": "not-mine-at-all"}, 422), ({"code": "000000"}, 422)]
)
def test_it_is_ended_with_the_password_and_a_code_together(
    town: Town, clerk: Caller, own: str, changed: dict[str, str], status: int
) -> None:
    form = {"current": PASSWORD, "code": code_of(town, own), **changed}
    assert clerk.post(f"{PAGE}/ending", form).status == status
    with town.db.read() as session:
        assert len(session.exec(select(SecondStep)).all()) == (0 if status == 303 else 1)


def test_a_council_may_want_it_of_its_staff(town: Town, clerk: Caller) -> None:
    assert clerk.get("/c/jinxiu/work").status == 200
    with town.write("moderator") as tx:
        change_settings(tx, {"staff_second_step": True})
    town.travel(days=15)
    for page in ("/c/jinxiu", "/c/jinxiu/work", "/c/jinxiu/seats"):
        answer = clerk.get(page)
        assert answer.location.startswith(f"{PAGE}?next=%2Fc%2Fjinxiu"), page
    assert "要求工作人员用第二步验证" in clerk.get(clerk.get("/c/jinxiu/work").location).text
    assert clerk.post(f"/c/jinxiu/people/{town.cast.ids['resident']}/link").location.startswith(PAGE)
    assert town.as_("property").get("/c/jinxiu").status == 200
    assert town.as_("resident").get("/c/jinxiu").status == 200
    begun(town, clerk)
    begin_seat(town, clerk, by="admin")
    assert clerk.get("/c/jinxiu/work").status == 200


def test_staff_who_live_here_go_on_as_residents_until_they_have_set_it_up(town: Town) -> None:
    with town.write("moderator") as tx:
        change_settings(tx, {"staff_second_step": True})
        tx.session.add(_seat(town, "neighbor"))
    person = with_password(town, "neighbor")
    page = person.get("/c/jinxiu")
    assert page.status == 200
    assert "您在这里只是居民" in page.text
    assert "工作台" not in page.text
    assert person.get("/c/jinxiu/work").location.startswith(PAGE)


def _seat(town: Town, who: str) -> object:
    from deliberation.council.tables import Seat

    return Seat(
        council_id=town.cast.council_id,
        account_id=town.cast.ids[who],
        role="recorder",
        since=town.now - timedelta(days=15),
    )


def test_a_new_seat_has_a_fortnight_to_set_it_up_and_is_led_there(town: Town, clerk: Caller) -> None:
    with town.write("moderator") as tx:
        change_settings(tx, {"staff_second_step": True})
    town.travel(days=13)
    home = clerk.get("/c/jinxiu")
    assert "3月15日" in home.text
    assert "没有设置就不能办理工作" in home.text
    assert f'href="{PAGE}?next=/c/jinxiu"' in home.html
    assert clerk.get("/c/jinxiu/work").status == 200
    assert "第二步" not in town.as_("property").get("/c/jinxiu").text
    town.travel(days=2)
    assert clerk.get("/c/jinxiu/work").location.startswith(PAGE)


def test_a_council_that_is_made_wants_it_of_its_staff_from_the_start(town: Town) -> None:
    with town.write("admin") as tx:
        made = make_council(tx, slug="neu", name="新邻里议事会", compound="新小区", community="新社区")
        assert made.staff_second_step


def test_codes_on_paper_alone_are_a_second_step_for_a_phone_without_an_app(town: Town, clerk: Caller) -> None:
    page = clerk.get(f"{PAGE}?way=paper")
    offer = re.search(r'name="offer" value="([^"]+)"', page.html)
    assert offer
    codes = paper_of(page)
    assert len(codes) == 8
    form = {"way": "paper", "offer": offer[1], "current": PASSWORD}
    wrong = clerk.post(PAGE, {**form, "code": "AAAABBBBCCCC"})
    assert wrong.status == 422
    assert "备用码不对" in wrong.text
    assert paper_of(wrong) == codes
    assert "没有您纸上的备用码也登录不了" not in clerk.get(PAGE).text
    assert clerk.post(PAGE, {**form, "code": codes[0], "current": "not-the-password"}).status == 422
    assert clerk.post(PAGE, {**form, "code": codes[0], "offer": "x"}).status == 422
    with town.db.read() as session:
        assert session.exec(select(SecondStep)).all() == []
    done = clerk.post(PAGE, {**form, "code": codes[0]})
    assert (done.status, done.location) == (303, "/account?said=second_step_on")
    with town.db.read() as session:
        assert session.exec(select(AccountNotice.code)).all() == ["second_step_on"], "told on the devices of before"
    assert "没有您纸上的备用码也登录不了" in clerk.get(PAGE).text
    assert clerk.post(PAGE, {**form, "code": codes[1]}).status == 422, "it is on already"
    browser = half_way(town)
    asked = browser.get("/sign-in/code").text
    assert "还要输入纸上的一个备用码" in asked
    assert "六位数字" not in asked
    assert "手机" not in asked
    for refused in (codes[0], "123456", "000000"):
        answer = browser.post("/sign-in/code", {"code": refused})
        assert answer.status == 422
        assert "备用码不对，或已经用过了" in answer.text
        assert "等下一个验证码" not in answer.text, "on paper no next one comes"
    assert browser.post("/sign-in/code", {"code": codes[1]}).location == "/c/jinxiu/roll"
    with town.db.read() as session:
        assert len(session.exec(select(PaperCode).where(PaperCode.used_at.is_not(None))).all()) == 2  # type: ignore[union-attr]
        assert all(one.encode() not in row.sealed for row in session.exec(select(SecondStep)) for one in codes)


def test_codes_on_paper_count_where_the_council_wants_a_second_step(town: Town, clerk: Caller) -> None:
    with town.write("moderator") as tx:
        change_settings(tx, {"staff_second_step": True})
    town.travel(days=15)
    page = clerk.get(f"{PAGE}?way=paper&next=/c/jinxiu/work")
    offer = re.search(r'name="offer" value="([^"]+)"', page.html)
    assert offer
    form = {"way": "paper", "offer": offer[1], "current": PASSWORD, "code": paper_of(page)[0], "next": "/c/jinxiu/work"}
    assert clerk.post(PAGE, form).status == 303
    begin_seat(town, clerk, by="admin")
    assert clerk.get("/c/jinxiu/work").status == 200


def test_codes_that_were_offered_to_somebody_else_are_no_second_step(town: Town, clerk: Caller) -> None:
    page = with_password(town, "resident").get(f"{PAGE}?way=paper")
    offer = re.search(r'name="offer" value="([^"]+)"', page.html)
    assert offer
    form = {"way": "paper", "offer": offer[1], "current": PASSWORD, "code": paper_of(page)[0]}
    assert clerk.post(PAGE, form).status == 422


def test_the_setting_stands_on_the_council_s_page_and_is_off_at_first(town: Town) -> None:
    page = town.as_("moderator").get("/c/jinxiu/settings").html
    box = re.search(r'<input type="checkbox" id="f-staff_second_step"[^>]*>', page)
    assert box
    assert "checked" not in box[0]


def test_an_account_without_a_password_sets_it_up_with_the_code_alone(town: Town) -> None:
    with town.db.read() as session:
        account = session.get_one(Account, town.cast.ids["recorder"])
        assert account.password_hash is None
    _, answer = begun(town, town.as_("recorder"), current="")
    assert answer.status == 200


def test_a_demo_whose_clock_has_leapt_ahead_goes_by_the_clock_of_the_phone() -> None:
    """A second clock, since the cast's stands still: the codes are those of the machine's own time."""
    from deliberation.jobs.clock import SystemClock, TravelClock

    demo = TravelClock(SystemClock())
    demo.travel(timedelta(days=14))
    assert abs(demo.wall() - SystemClock().now()) < timedelta(seconds=5)
    assert demo.now() - demo.wall() > timedelta(days=13)
