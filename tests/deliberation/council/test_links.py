"""A link that works once says who gave it and what it leads to, before it asks for a password."""

from tests.conftest import Town
from tests.deliberation.council.build import membership
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.council.test_recovery import begin, confirm, link_of
from tests.deliberation.council.test_seating import NEW as RECORDER
from tests.deliberation.council.test_seating import PLATFORM, SEATS, agree, put
from tests.deliberation.council.test_seats import NEW as COMMITTEE
from tests.deliberation.people.build import invitation

C = "/c/jinxiu"
DOUBT = "有哪一项不对，或说的不是您？请不要设密码"


def shown(town: Town, address: str) -> str:
    return town.as_(None).get(address).text


def test_a_seat_that_one_gives_names_the_council_the_seat_and_the_giver(town: Town) -> None:
    page = shown(town, slip_address(town.as_("moderator").post(SEATS, COMMITTEE).html))
    for part in ("新委员", "锦绣邻里议事会", "锦绣小区", "业主委员会", "主持人林主持", DOUBT):
        assert part in page
    assert "东园" not in page


def test_a_seat_that_takes_two_names_whoever_handed_the_link_out(town: Town) -> None:
    page = shown(town, slip_address(agree(town, "supervisor", put(town, RECORDER)).html))
    for part in ("锦绣邻里议事会", "记录人", "居务监督监督员"):
        assert part in page
    assert "林主持" not in page


def test_what_the_platform_gives_says_so(town: Town) -> None:
    slip = town.as_("admin").post(PLATFORM, {"name": "新社区", "phone": "13611112222", "role": "community"})
    page = shown(town, slip_address(slip.html))
    for part in ("锦绣邻里议事会", "社区工作人员", "平台管理员"):
        assert part in page


def test_a_resident_reads_for_which_home_and_as_what(town: Town) -> None:
    form = {"name": "林新来", "phone": "13811112222", "tie": "tenant", "building": "水仙里1幢1单元", "room": "0104"}
    page = shown(town, slip_address(town.as_("desk").post(f"{C}/residents/new", form).html))
    for part in ("锦绣邻里议事会", "水仙里1幢1单元0104 · 租户", "服务台服务台甲", DOUBT):
        assert part in page


def test_a_link_tells_nothing_of_another_council(town: Town) -> None:
    """Whoever finds it, or gives it, learns nothing from it of what the person is elsewhere."""
    page = shown(town, f"/invitations/{invitation(town, 'other_resident')}")
    assert "锦绣邻里议事会" in page
    assert "东园" not in page
    assert "1幢" not in page


def test_the_way_back_in_names_both_who_let_the_person_in(town: Town) -> None:
    assert membership(town, "resident").state == "verified"
    begin(town)
    page = shown(town, link_of(confirm(town)))
    for part in ("谢玉志", "锦绣邻里议事会", "水仙里1幢1单元0101", "服务台服务台甲、服务台服务台乙"):
        assert part in page


def test_what_was_typed_wrong_comes_back_with_the_same_page(town: Town) -> None:
    address = slip_address(town.as_("moderator").post(SEATS, COMMITTEE).html)
    answer = town.as_(None).post(address, {"password": "short", "again": "short"})
    assert answer.status == 422
    assert "锦绣邻里议事会" in answer.text
