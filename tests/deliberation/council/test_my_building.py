"""The building leader sees how far the homes of their building are, hands out its slips, and reaches nothing outside it."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from deliberation.council import actions
from deliberation.council.buildings import queries as building_queries
from deliberation.council.buildings.queries import Reached
from deliberation.council.roll.actions import keep
from deliberation.council.rules import Role, check_seats_together
from deliberation.council.tables import Council, HomeSlip, Membership
from tests.conftest import Town
from tests.deliberation.council.build import asked, table, verbs
from tests.deliberation.council.slips import SLIPS, no_pdf, roll_with_phones
from votes.refusal import Refused
from votes.roll import from_table

PAGE = "/c/jinxiu/my-building"
MINE, OTHER = "水仙里1幢1单元", "红茶里2幢1单元"


@pytest.fixture
def led(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The tenant leads one building; slips are printed for all and released."""
    no_pdf(monkeypatch)
    roll_with_phones(town)
    with town.write("admin") as tx:
        actions.appoint(tx, town.cast.ids["tenant"], Role.BUILDING, building=MINE)
    return town


def released(town: Town) -> list[int]:
    """The slips of the leader's building, printed by the desk and counted by the recorder."""
    assert town.as_("desk").post(f"{SLIPS}/printing", {"place": MINE}).status == 200
    assert town.as_("recorder").post(f"{SLIPS}/1/release", {"counted_1": "2"}).status == 303
    with town.db.read() as session:
        return list(session.exec(select(HomeSlip.id).order_by(col(HomeSlip.id))))


def test_the_leader_reads_rooms_and_how_far_each_is_and_no_names(led: Town) -> None:
    asked(led, home=f"{MINE}0901")
    page = led.as_("tenant").get(PAGE)
    assert page.status == 200
    assert "共 9 户，还有 3 户没有加入" in page.text
    assert "已申请，等服务台确认 0901" in page.text
    assert "没有纸条，请告诉服务台 0902、0903" in page.text
    for name in ("方静淑", "谢玉志", "13912345678", "红茶里", "S01"):
        assert name not in page.html


def test_in_english_rooms_are_listed_with_commas_of_its_own(led: Town) -> None:
    leader = led.as_("tenant")
    leader.client.cookies.set("lang", "en")
    page = leader.get(PAGE).text
    assert "0901, 0902" in page
    assert "、" not in page


def test_slips_are_the_leaders_to_hand_out_when_two_others_have_released_them(led: Town) -> None:
    assert led.as_("desk").post(f"{SLIPS}/printing", {"place": MINE}).status == 200
    assert "纸条已打印，还没有启用 0901、0902" in led.as_("tenant").get(PAGE).text
    assert led.as_("tenant").post(f"{SLIPS}/1/release", {"counted_1": "2"}).status == 403
    assert led.as_("tenant").post(f"{SLIPS}/printing", {"place": MINE}).status == 403
    assert led.as_("recorder").post(f"{SLIPS}/1/release", {"counted_1": "2"}).status == 303
    assert "有 2 张纸条待送" in led.as_("tenant").get("/c/jinxiu").text
    with led.db.read() as session:
        first = session.exec(select(HomeSlip.id).order_by(col(HomeSlip.id))).first()
    page = led.as_("tenant").follow(f"{PAGE}/handing", {"slip": str(first)})
    assert "已记下送到的纸条" in page.text
    assert "纸条已送到，还没有用 0901" in page.text
    assert verbs(led)[-1] == "slip.handed_out"
    with led.db.read() as session:
        handed = session.get_one(HomeSlip, first)
        assert (handed.handed_at, handed.handed_by) == (led.now, led.cast.ids["tenant"])
    again = led.as_("tenant").post(f"{PAGE}/handing", {"slip": str(first)})
    assert again.status == 422


def reached(led: Town, when: datetime) -> dict[str, list[str]]:
    with led.db.read() as session:
        found = building_queries.building(session, led.cast.council_id, MINE, when)
    return {how: [home.room for home in found.at(how)] for how in Reached if found.at(how)}


def test_a_slip_that_ended_or_ran_out_is_no_way_to_a_home(led: Town) -> None:
    first, _ = released(led)
    assert reached(led, led.now)["to_hand"] == ["0901", "0902"]
    with led.write("desk") as tx:
        tx.session.get_one(HomeSlip, first).ended_at = tx.now
    assert reached(led, led.now)["to_hand"] == ["0902"]
    assert "to_hand" not in reached(led, led.now + timedelta(days=91))
    assert set(reached(led, led.now + timedelta(days=91))["nothing"]) >= {"0901", "0902"}


def test_a_slip_that_was_used_is_not_to_be_handed_out(led: Town) -> None:
    first, _ = released(led)
    with led.write("desk") as tx:
        tx.session.get_one(HomeSlip, first).used_at = tx.now
    assert reached(led, led.now)["to_hand"] == ["0902"]


def test_a_family_member_s_tie_does_not_make_a_home_an_owner_s(led: Town) -> None:
    before = reached(led, led.now)["joined"]
    with led.write("moderator") as tx:
        for member in tx.session.exec(select(Membership).where(Membership.head_key == "Y05")):
            member.tie = "family"
    assert reached(led, led.now)["joined"] == [room for room in before if room != "0201"]


def test_parking_is_no_home(led: Town) -> None:
    stall = ["水仙里", "1幢", "1单元", "P01", "车位", "12.50", "Y01", "谢玉志", "单独所有", "谢玉志", "已交付"]
    with led.write("moderator") as tx:
        tx.session.get_one(Council, tx.council).count_parking = True
        keep(tx, from_table([*table(), stall]), file_name="roll.csv")
    assert "P01" not in str(reached(led, led.now))


def test_nothing_ticked_is_one_plain_sentence(led: Town) -> None:
    answer = led.as_("tenant").post(f"{PAGE}/handing")
    assert answer.status == 422
    assert "请勾选已经送到的房号" in answer.text


def test_another_buildings_slip_is_out_of_reach(led: Town) -> None:
    (first, *_) = released(led)
    with led.write("admin") as tx:
        actions.appoint(tx, led.cast.ids["family"], Role.BUILDING, building=OTHER)
    answer = led.as_("family").post(f"{PAGE}/handing", {"slip": str(first)})
    assert answer.status == 422
    assert "不在您的楼栋" in answer.text
    assert "0901" not in led.as_("family").get(PAGE).text
    assert led.as_("family").post(f"{PAGE}/handing", {"slip": "999"}).status == 422


@pytest.mark.parametrize("who", ["moderator", "recorder", "desk", "supervisor", "resident", "admin"])
def test_it_is_the_leaders_page_alone(led: Town, who: str) -> None:
    assert led.as_(who).get(PAGE).status in {403, 404}


def test_the_moderator_puts_a_leader_forward_for_a_building_of_the_roll(led: Town) -> None:
    form = {"name": "家属甲", "phone": "13800000014", "role": "building"}
    moderator = led.as_("moderator")
    assert moderator.post("/c/jinxiu/seats", form).status == 422
    assert moderator.post("/c/jinxiu/seats", {**form, "building": "别处"}).status == 422
    page = moderator.follow("/c/jinxiu/seats", {**form, "building": OTHER})
    assert f"楼栋长 · {OTHER}" in page.text


@pytest.mark.parametrize("other", ["moderator", "recorder", "supervisor"])
def test_who_carries_slips_knows_no_phone_numbers_and_watches_nothing(other: str) -> None:
    with pytest.raises(Refused, match="carries_or_knows"):
        check_seats_together({"building", other})
    check_seats_together({"building", "desk"})


def test_a_leader_of_two_buildings_sees_both_and_loses_one_with_its_seat(led: Town) -> None:
    with led.write("admin") as tx:
        seat = actions.appoint(tx, led.cast.ids["tenant"], Role.BUILDING, building=OTHER)
    page = led.as_("tenant").get(PAGE)
    assert MINE in page.text
    assert OTHER in page.text
    with led.write("moderator") as tx:
        actions.end_seat(tx, tx.session.merge(seat))
    assert OTHER not in led.as_("tenant").get(PAGE).text
