"""A link that works once says who gave it and what it leads to, before it asks for a password."""

import pytest

from deliberation.council.actions import appoint
from tests.conftest import Town
from tests.deliberation.council.build import membership
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.council.test_recovery import NEW, begin, confirm, link_of
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


def test_what_is_over_and_what_is_elsewhere_is_not_told(town: Town) -> None:
    me = town.cast.ids["resident"]
    with town.write("admin") as tx:
        seat = appoint(tx, me, "affected")
        seat.until = tx.now
        tx.session.add(seat)
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, me, "committee")
    address = f"{C}/residents/{membership(town, 'resident').id}/ending"
    town.as_("desk").follow(address, {"reason": "搬走了"})
    page = shown(town, f"/invitations/{invitation(town, 'resident')}")
    assert "锦绣邻里议事会" in page
    for part in ("0101", "搬走了", "利害关系", "业主委员会"):
        assert part not in page


def test_a_giver_with_two_offices_is_named_by_the_first_of_them(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["desk"], "moderator")
    form = {"name": "林新来", "phone": "13811112222", "tie": "tenant", "building": "水仙里1幢1单元", "room": "0104"}
    page = shown(town, slip_address(town.as_("desk").post(f"{C}/residents/new", form).html))
    assert "主持人服务台甲" in page


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


def test_a_page_behind_a_link_leaves_no_trace_on_a_computer_that_others_use(town: Town) -> None:
    begin(town)
    for address in (f"/invitations/{invitation(town, 'neighbor')}", link_of(confirm(town))):
        answer = town.as_(None).client.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize("how", ["used", "too old", "another kind", "made up"])
def test_a_link_that_opens_nothing_tells_nothing(town: Town, how: str) -> None:
    """The same page for all of them, so that nobody learns from it whether there was such a link, nor for whom."""
    begin(town)
    links = [f"/invitations/{invitation(town, 'neighbor')}", link_of(confirm(town))]
    if how == "used":
        for link in links:
            assert town.as_(None).post(link, NEW).status == 303
    elif how == "too old":
        town.travel(days=8)
    elif how == "another kind":
        kinds = {"invitations": "recovery", "recovery": "invitations"}
        links = [f"/{kinds[link.split('/')[1]]}/{link.split('/')[2]}" for link in links]
    else:
        links = ["/invitations/nothing", "/recovery/nothing"]
    pages = [town.as_(None).get(link) for link in links]
    assert [page.status for page in pages] == [422, 422]
    assert {page.html.replace(link, "") for page, link in zip(pages, links, strict=True)} == {
        town.as_(None).get("/invitations/other").html.replace("/invitations/other", "")
    }
