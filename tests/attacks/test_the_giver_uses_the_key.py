"""Whoever hands out the link for a seat and uses it first has an account, and no seat: another has to see the person with it."""

import re

from sqlmodel import select

from deliberation.council.tables import SeatChange
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import begin_seat, number_shown, resting_seat, verbs

C = "/c/jinxiu"
NEW = {"password": "a-long-password", "again": "a-long-password"}


def _key(town: Town, by: str = "supervisor", role: str = "recorder") -> str:
    """Put by the moderator, agreed with by the supervisor, who is shown the link."""
    form = {"name": "新来的", "phone": "13611112222", "role": role}
    assert town.as_("moderator").post(f"{C}/seats", form).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    base = "/platform/councils/jinxiu" if by == "admin" else f"{C}/seats"
    slip = town.as_(by).post(f"{base}/changes/{number}/confirmation", {f"known_{number}": "1"})
    link = re.search(r"/invitations/[\w-]{20,}", slip.html)
    assert link
    return link[0]


def _opened(town: Town, link: str) -> Caller:
    browser = town.as_(None)
    assert browser.post(link, NEW).status == 303
    return browser


def _type(town: Town, who: str, number: str) -> Answer:
    seat = resting_seat(town).id
    base = "/platform/councils/jinxiu" if who == "admin" else C
    return town.as_(who).post(f"{base}/seats/{seat}/seeing", {f"number_{seat}": number})


def test_the_supervisor_who_opens_the_account_first_sees_nothing_of_the_council(town: Town) -> None:
    thief = _opened(town, _key(town))
    assert verbs(town)[-2:] == ["seat.agreed", "seat.rests"]
    for path in ("/residents", "/roll", "/work", "/seats"):
        assert thief.get(f"{C}{path}").location == f"{C}/resting"
    assert "还差一步，席位才生效" in thief.get(f"{C}/resting").text


def test_the_hander_out_does_not_type_the_number_nor_does_the_holder(town: Town) -> None:
    thief = _opened(town, _key(town))
    answer = _type(town, "supervisor", number_shown(thief))
    assert answer.status == 422
    assert "请另一位当面核对" in answer.text
    assert thief.get(f"{C}/residents").location == f"{C}/resting"


def test_whoever_put_it_types_what_the_newcomers_own_phone_shows(town: Town) -> None:
    newcomer = _opened(town, _key(town))
    page = newcomer.get(f"{C}/resting")
    assert "林主持" in page.text
    assert "监督员" not in page.text.split("请当面")[1].split("看，")[0]
    wrong = _type(town, "moderator", "000000")
    assert wrong.status == 422
    assert "数字不对" in wrong.text
    assert _type(town, "moderator", number_shown(newcomer)).status == 303
    assert verbs(town)[-1] == "seat.begins"
    assert newcomer.get(f"{C}/residents").status == 200
    assert newcomer.get(f"{C}/resting").location == C


def test_whoever_can_see_the_person_is_told_on_the_home_page_and_who_put_it_that_it_waits(town: Town) -> None:
    newcomer = _opened(town, _key(town))
    home = town.as_("moderator").get(C).text
    assert "请当面核对：新来的" in home
    assert "监督员已同意，当面核对本人后生效" in home
    assert "现在生效" not in home
    for other in ("supervisor", "recorder", "resident"):
        assert "请当面核对：新来的" not in town.as_(other).get(C).text
    assert _type(town, "moderator", number_shown(newcomer)).status == 303
    home = town.as_("moderator").get(C).text
    assert "请当面核对" not in home
    assert "监督员已同意，现在生效" in home


def test_the_page_with_the_number_leads_on_once_it_was_typed(town: Town) -> None:
    newcomer = _opened(town, _key(town))
    assert f'href="{C}/resting"' in newcomer.get(f"{C}/resting").html
    assert "对方已输入，继续" in newcomer.get(f"{C}/resting").text
    assert _type(town, "moderator", number_shown(newcomer)).status == 303
    assert newcomer.get(f"{C}/resting").location == C


def test_an_admin_who_gives_a_new_link_does_not_see_the_person_either(town: Town) -> None:
    """They would open the moderator's account that the supervisor has given the key for, and let it begin."""
    _key(town, role="moderator")
    whose = resting_seat(town).account_id
    slip = town.as_("admin").post(f"/platform/councils/jinxiu/people/{whose}/link")
    link = re.search(r"/invitations/[\w-]{20,}", slip.html)
    assert link
    thief = _opened(town, link[0])
    assert _type(town, "admin", number_shown(thief)).status == 422
    assert thief.get(f"{C}/residents").location == f"{C}/resting"
    assert _type(town, "moderator", number_shown(thief)).status == 303


def test_where_the_platform_agreed_somebody_of_the_council_sees_the_person_and_the_other_way_round(town: Town) -> None:
    newcomer = _opened(town, _key(town, by="admin"))
    assert _type(town, "admin", number_shown(newcomer)).status == 422
    assert _type(town, "supervisor", number_shown(newcomer)).status == 303


def test_the_platform_sees_them_where_the_council_has_nobody_else(town: Town) -> None:
    newcomer = _opened(town, _key(town))
    assert "等人当面核对后生效" in town.as_("admin").get("/platform/councils/jinxiu").text
    assert _type(town, "admin", number_shown(newcomer)).status == 303


def test_who_does_not_watch_or_moderate_types_no_number(town: Town) -> None:
    newcomer = _opened(town, _key(town))
    for who in ("desk", "resident"):
        assert _type(town, who, number_shown(newcomer)).status == 403
    assert _type(town, "other_moderator", number_shown(newcomer)).status in {403, 404}


def test_a_seat_that_rests_is_no_second_person_and_no_pair_of_hands(town: Town) -> None:
    watcher = _opened(town, _key(town, role="supervisor"))
    form = {"name": "再一位", "phone": "13611113333", "role": "desk"}
    assert town.as_("moderator").post(f"{C}/seats", form).status == 303
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    answer = watcher.post(f"{C}/seats/changes/{number}/confirmation", {f"known_{number}": "1"})
    assert answer.location == f"{C}/resting"
    begin_seat(town, watcher, by="moderator")
    assert watcher.get(f"{C}/seats").status == 200


def test_the_seats_page_says_that_it_does_not_count_yet_and_it_can_be_ended_at_once(town: Town) -> None:
    _opened(town, _key(town))
    page = town.as_("resident").get(f"{C}/seats").text
    assert "还没有生效" in page
    seat = resting_seat(town).id
    assert town.as_("moderator").post(f"{C}/seats/{seat}/ending", {"reason": "重新提出"}).status == 303
    assert verbs(town)[-1] == "seat.ended"
