"""Phone and password lost: two of the staff let the person back in, and nobody lets in themselves or those who watch."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from deliberation.council.actions import appoint, appoint_officer
from deliberation.council.tables import Council, Membership, Seat
from deliberation.i18n.dates import moment
from deliberation.people.tables import Recovery, SecondStep
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import verbs
from tests.deliberation.people.build import PASSWORD, with_password
from tests.deliberation.people.test_second_step import begun

LIST = "/c/jinxiu/recoveries"
SEEN = {"checked": "看过身份证和房产证，是本人。", "present": "1"}
NEW = {"password": "a-new-beginning", "again": "a-new-beginning"}


def begin(town: Town, by: str = "desk", whom: str = "resident", **changes: str) -> Answer:
    return town.as_(by).post(f"/c/jinxiu/people/{town.cast.ids[whom]}/recovery", {**SEEN, **changes})


def number(town: Town) -> int:
    with town.db.read() as session:
        return session.exec(select(Recovery.id).order_by(Recovery.id.desc())).first() or 0  # type: ignore[attr-defined]


def confirm(town: Town, by: str = "desk2") -> Answer:
    return town.as_(by).post(f"{LIST}/{number(town)}/confirmation", {"present": "1"})


def link_of(slip: Answer) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/recovery/[\w-]+)", slip.html)
    assert found, slip.text
    return found[1]


def sign_in(caller: Caller, password: str = PASSWORD, phone: str = "13800000007") -> Answer:
    return caller.post("/sign-in", {"identifier": phone, "password": password})


def test_the_neighbors_do_not_read_who_lost_phone_and_password(town: Town) -> None:
    begin(town)
    assert town.as_(None).post(link_of(confirm(town)), NEW).status == 303
    for who in ("owner", "committee", "supervisor"):
        log = town.as_(who).get("/c/jinxiu/log").text
        assert "谢**用链接找回了账号" in log
        assert "谢玉志" not in log
    assert "谢玉志用链接找回了账号" in town.as_("desk").get("/c/jinxiu/log").text


def test_one_begins_another_confirms_and_the_person_is_back_in_without_the_second_step(town: Town) -> None:
    person = with_password(town, "resident")
    begun(town, person)
    assert (
        "请另一位同事核对"
        in town.as_("desk").follow(f"/c/jinxiu/people/{town.cast.ids['resident']}/recovery", SEEN).text
    )
    assert verbs(town)[-1] == "account.recovery_started"
    assert "有人手机和密码都丢了" in town.as_("desk2").get("/c/jinxiu/work").text
    assert "须由另一位同事在 " + moment(town.now + timedelta(days=1), "zh") in town.as_("desk").get(LIST).text
    slip = confirm(town)
    assert slip.status == 200
    assert "<svg" in slip.html
    assert verbs(town)[-1] == "account.recovery_confirmed"
    assert person.get("/account").status == 303
    browser = town.as_(None)
    assert "谢玉志" in browser.get(link_of(slip)).text
    answer = browser.post(link_of(slip), NEW)
    assert answer.location == "/account?said=recovered"
    assert "谢玉志" in browser.get("/account").text
    assert verbs(town)[-1] == "account.recovered"
    with town.db.read() as session:
        assert session.exec(select(SecondStep)).all() == []
        member = session.exec(select(Membership).where(Membership.account_id == town.cast.ids["resident"])).one()
        assert member.state == "verified"
    assert sign_in(town.as_(None), NEW["password"]).location == "/"
    assert sign_in(town.as_(None)).status == 422


def test_the_link_works_once_and_for_one_hour(town: Town) -> None:
    begin(town)
    link = link_of(confirm(town))
    town.travel(minutes=61)
    assert town.as_(None).get(link).status == 422
    assert town.as_(None).post(link, NEW).status == 422
    begin(town)
    link = link_of(confirm(town))
    town.travel(minutes=59)
    assert town.as_(None).post(link, NEW).status == 303
    assert town.as_(None).get(link).status == 422
    assert town.as_(None).post(link, NEW).status == 422


def test_whoever_began_it_cannot_confirm_it(town: Town) -> None:
    begin(town)
    answer = confirm(town, "desk")
    assert answer.status == 422
    assert "须由另一位同事当面核对" in answer.text


@pytest.mark.parametrize(
    ("by", "whom", "status"),
    [
        ("desk", "desk", 422),
        ("desk", "supervisor", 422),
        ("moderator", "supervisor", 422),
        ("desk", "admin", 404),
        ("desk", "stranger", 404),
        ("desk", "other_moderator", 404),
        ("resident", "neighbor", 403),
        ("supervisor", "neighbor", 403),
        ("committee", "neighbor", 403),
        ("desk", "moderator", 303),
        ("moderator", "desk", 303),
        ("recorder", "neighbor", 303),
    ],
)
def test_who_may_begin_it_for_whom(town: Town, by: str, whom: str, status: int) -> None:
    assert begin(town, by, whom).status == status


def test_a_platform_admin_who_lives_here_is_let_in_by_nobody(town: Town) -> None:
    with town.write() as tx:
        tx.session.add(
            Membership(
                council_id=town.cast.council_id,
                account_id=town.cast.ids["admin"],
                tie="tenant",
                home="1",
                state="verified",
                asked_at=tx.now,
            )
        )
    answer = begin(town, "moderator", "admin")
    assert answer.status == 422
    assert "平台管理员" in answer.text


def test_nobody_confirms_their_own_and_for_a_colleague_the_second_is_a_moderator(town: Town) -> None:
    begin(town, "recorder", "desk2")
    assert confirm(town, "desk2").status == 422
    answer = confirm(town, "desk")
    assert answer.status == 422
    assert "第二位须是主持人" in answer.text
    assert confirm(town, "moderator").status == 200


@pytest.mark.parametrize(("checked", "present"), [("", "1"), ("看过身份证", "")])
def test_it_is_not_begun_without_saying_what_was_shown_and_that_the_person_is_there(
    town: Town, checked: str, present: str
) -> None:
    answer = begin(town, checked=checked, present=present)
    assert answer.status == 422
    assert number(town) == 0


def test_it_is_not_confirmed_without_seeing_the_person(town: Town) -> None:
    begin(town)
    answer = town.as_("desk2").post(f"{LIST}/{number(town)}/confirmation", {})
    assert answer.status == 422
    assert "请先当面核对本人" in answer.text


def test_it_waits_for_the_second_person_for_a_day_and_is_begun_once(town: Town) -> None:
    begin(town)
    assert begin(town, "desk2").status == 422
    town.travel(hours=25)
    assert confirm(town).status == 422
    assert "过时未办" in town.as_("desk2").get(LIST).text
    assert begin(town, "desk2").status == 303


def test_the_person_is_told_on_every_device_still_signed_in_and_stops_it_there(town: Town) -> None:
    home = with_password(town, "resident")
    begin(town)
    page = home.get("/c/jinxiu")
    assert "服务台正在为您找回账号" in page.text
    slip = re.search(r"/account/notices/\d+/not-me", page.html)
    assert slip
    home.follow(slip[0])
    assert verbs(town)[-1] == "account.recovery_stopped"
    assert confirm(town).status == 422
    assert "已停止" in town.as_("desk").get(LIST).text


def test_that_was_not_me_kills_a_link_that_is_already_handed_out(town: Town) -> None:
    with_password(town, "resident")
    home = town.as_(None)
    sign_in(home)
    town.travel(minutes=5)
    begin(town)
    notice = re.search(r"/account/notices/\d+/not-me", home.get("/account").html)
    link = link_of(confirm(town))
    assert notice
    assert "已在服务台重新办理登录" in home.get("/sign-in").text
    assert sign_in(home).status == 303
    home.follow(notice[0])
    assert town.as_(None).post(link, NEW).status == 422


def test_a_device_that_was_signed_out_reads_why_on_the_sign_in_page(town: Town) -> None:
    with_password(town, "resident")
    home, elsewhere = town.as_(None), town.as_(None)
    sign_in(home)
    town.travel(minutes=5)
    begin(town)
    town.as_(None).post(link_of(confirm(town)), NEW)
    assert "已在服务台重新办理登录" in home.get("/sign-in").text
    assert "已在服务台重新办理登录" not in elsewhere.get("/sign-in").text
    sign_in(home, NEW["password"])
    assert "您的账号在服务台重新办理了登录" in home.get("/account").text
    home.post("/sign-out")
    assert "已在服务台重新办理登录" not in home.get("/sign-in").text


def test_the_staff_can_stop_it_and_another_council_cannot_see_it(town: Town) -> None:
    begin(town)
    other = f"/c/other/recoveries/{number(town)}"
    for act in ("confirmation", "stopping"):
        assert town.as_("other_moderator").post(f"{other}/{act}", {"present": "1"}).status in {403, 404}
    assert town.as_("moderator").post(f"{LIST}/{number(town)}/stopping").status == 303
    assert verbs(town)[-1] == "account.recovery_stopped"
    assert confirm(town).status == 422


def test_a_ballot_in_another_council_waits_until_its_own_staff_have_seen_the_person(town: Town) -> None:
    with town.write() as tx:
        member = Membership(
            council_id=town.cast.other_council_id,
            account_id=town.cast.ids["resident"],
            tie="owner",
            home="1",
            state="verified",
            level=2,
            asked_at=tx.now,
        )
        tx.session.add(member)
    begin(town)
    confirm(town)
    with town.db.read() as session:
        rows = session.exec(select(Membership).where(Membership.account_id == town.cast.ids["resident"]))
        states = {one.council_id: (one.state, one.level) for one in rows}
    assert states == {town.cast.council_id: ("verified", 2), town.cast.other_council_id: ("waiting", 0)}


def test_the_link_names_the_address_of_the_settings_whatever_the_request_says(town: Town) -> None:
    """Catalogue 94: a reset link cannot be bent by Host or X-Forwarded-Host."""
    begin(town)
    slip = town.as_("desk2").post(
        f"{LIST}/{number(town)}/confirmation",
        {"present": "1"},
        headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"},
    )
    assert link_of(slip)
    assert "evil.example" not in slip.html


def test_the_token_is_kept_as_a_hash(town: Town) -> None:
    begin(town)
    token = link_of(confirm(town)).rpartition("/")[2]
    with town.db.read() as session:
        kept = session.exec(select(Recovery.token_hash)).one()
    assert kept
    assert token not in kept


def by_platform(town: Town, whom: str, checked: str = "视频里核对了本人") -> Answer:
    return town.as_("admin").post(
        f"/platform/councils/jinxiu/people/{town.cast.ids[whom]}/recovery", {"checked": checked}
    )


@pytest.mark.parametrize(
    ("whom", "by", "status"),
    [
        ("moderator", "desk", 200),
        ("moderator", "moderator", 422),
        ("supervisor", "desk", 422),
        ("supervisor", "moderator", 200),
    ],
)
def test_the_platform_begins_it_for_an_only_moderator_and_a_supervisor_and_the_staff_confirm(
    town: Town, whom: str, by: str, status: int
) -> None:
    assert by_platform(town, whom).status == 303
    assert verbs(town)[-1] == "account.recovery_started"
    assert confirm(town, by).status == status


@pytest.mark.parametrize("whom", ["resident", "other_moderator", "stranger"])
def test_the_platform_begins_it_for_nobody_else(town: Town, whom: str) -> None:
    assert by_platform(town, whom).status == 404


def test_a_platform_admin_who_sits_in_the_council_is_one_of_its_staff(town: Town) -> None:
    with town.write("moderator") as tx:
        tx.session.add(
            Seat(council_id=town.cast.council_id, account_id=town.cast.ids["admin"], role="moderator", since=tx.now)
        )
    assert by_platform(town, "supervisor").status == 422


def test_the_platform_says_what_it_was_shown(town: Town) -> None:
    assert by_platform(town, "moderator", "").status == 422
    assert "在议事会任职的人登不上了" in town.as_("admin").get("/platform/councils/jinxiu").text


def officer(town: Town) -> None:
    """The stranger, above both councils."""
    with town.write() as tx:
        for council in tx.session.exec(select(Council)):
            council.community = "锦绣社区"
            tx.session.add(council)
    with town.write("admin") as tx:
        appoint_officer(tx, "锦绣社区", town.cast.ids["stranger"])


def test_an_officer_of_the_community_gets_the_link_from_the_platform_and_each_council_reads_it(town: Town) -> None:
    officer(town)
    lost = with_password(town, "stranger")
    slip = by_platform(town, "stranger")
    assert slip.status == 200
    assert lost.get("/account").status == 303
    for council_id in (town.cast.council_id, town.cast.other_council_id):
        assert verbs(town, council_id)[-1] == "account.recovery_by_platform"
    browser = town.as_(None)
    assert browser.post(link_of(slip), NEW).status == 303
    assert browser.get("/c/other/seats").status == 200


def test_no_councils_staff_let_an_officer_in_who_agrees_with_their_appointments(town: Town) -> None:
    with town.write("admin") as tx:
        appoint_officer(tx, "锦绣社区", town.cast.ids["stranger"])
    answer = begin(town, whom="stranger")
    assert answer.status == 422
    assert "请找平台管理员发起" in answer.text


def test_an_admin_who_works_in_one_of_the_councils_does_not_take_an_officers_account(town: Town) -> None:
    officer(town)
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["admin"], "moderator")
    answer = by_platform(town, "stranger")
    assert "/recovery/" not in "".join(re.findall(r"http://127[^<]*", answer.html))
    assert verbs(town).count("account.recovery_by_platform") == 0


def test_the_recorder_of_a_council_of_two_comes_back_by_platform_and_moderator(town: Town) -> None:
    with town.write() as tx:
        for seat in tx.session.exec(select(Seat).where(Seat.role == "desk")):
            seat.until = tx.now
            tx.session.add(seat)
    assert begin(town, "moderator", "recorder").status == 303
    assert confirm(town, "moderator").status == 422
    town.as_("moderator").post(f"{LIST}/{number(town)}/stopping")
    assert by_platform(town, "recorder").status == 303
    assert confirm(town, "moderator").status == 200


def test_the_only_one_left_at_a_council_comes_back_by_the_platform_alone(town: Town) -> None:
    with town.write() as tx:
        for seat in tx.session.exec(select(Seat).where(Seat.role != "moderator")):
            seat.until = tx.now
            tx.session.add(seat)
    slip = by_platform(town, "moderator")
    assert slip.status == 200
    assert town.as_(None).get(link_of(slip)).status == 200
    assert verbs(town)[-1] == "account.recovery_by_platform"


def test_whoever_works_in_two_councils_is_let_in_by_platform_and_staff_and_both_read_it(town: Town) -> None:
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["desk"], "desk")
    assert begin(town, "recorder", "desk").status == 422
    assert by_platform(town, "desk").status == 303
    assert confirm(town, "recorder").status == 200
    for council_id in (town.cast.council_id, town.cast.other_council_id):
        said = [one for one in verbs(town, council_id) if one.startswith("account.")]
        assert said[-2:] == ["account.recovery_started", "account.recovery_confirmed"]
