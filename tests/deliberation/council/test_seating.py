"""Seats that take two: put forward by one, in force when a second person agrees."""

import re

import pytest
from sqlmodel import select

from deliberation.council import queries
from deliberation.council.actions import appoint, end_seat
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import queries as seating_queries
from deliberation.council.tables import Seat, SeatChange
from deliberation.people.queries import by_identifier
from deliberation.web.viewer import NotHere
from tests.conftest import Answer, Town
from tests.deliberation.council.build import PASSWORD, begin_seat, verbs
from tests.deliberation.council.test_platform import slip_address
from tests.deliberation.council.test_seats import WHY, ending
from tests.deliberation.people.build import with_password

SEATS = "/c/jinxiu/seats"
PLATFORM = "/platform/councils/jinxiu"
NEW = {"name": "新记录", "phone": "13611112222", "role": "recorder"}
NEIGHBOR = {"name": "吴志燕", "phone": "13800000008", "role": "desk"}


def officer(town: Town) -> None:
    """The stranger becomes the community's officer."""
    form = {"name": "路人", "phone": "13700000001", "role": "community"}
    town.as_("admin").follow(PLATFORM, form)


def put(town: Town, form: dict[str, str]) -> int:
    answer = town.as_("moderator").follow(SEATS, form)
    assert "等另一位同意后生效" in answer.text
    with town.db.read() as session:
        return max(session.exec(select(SeatChange.id)).all())


def agree(town: Town, who: str, number: int, base: str = SEATS, *, known: bool = True) -> Answer:
    form = {f"known_{number}": "1"} if known else {}
    return town.as_(who).post(f"{base}/changes/{number}/confirmation", form)


def test_a_seat_that_takes_two_is_in_force_when_the_supervisor_agrees_who_hands_over_the_link(town: Town) -> None:
    number = put(town, NEW)
    assert verbs(town)[-1] == "seat.put"
    with town.db.read() as session:
        account = by_identifier(session, "13611112222")
        assert account
        assert queries.roles_of(session, town.cast.council_id, account.id) == frozenset()
    slip = agree(town, "supervisor", number)
    assert slip.status == 200
    assert verbs(town)[-2:] == ["seat.agreed", "seat.rests"]
    guest = town.as_(None)
    guest.post(slip_address(slip.html), {"password": PASSWORD, "again": PASSWORD})
    begin_seat(town, guest, by="moderator")
    assert guest.get("/c/jinxiu/residents").status == 200
    with town.db.read() as session:
        (seat,) = queries.held(session, town.cast.council_id, account.id, "recorder")
    page = town.as_("resident").get(f"{SEATS}/{seat.id}")
    assert "任命 林主持 同意 监督员" in page.text


def test_everybody_reads_what_waits_and_only_the_second_finds_the_button(town: Town) -> None:
    number = put(town, NEW)
    for who in ("resident", "recorder", "moderator"):
        page = town.as_(who).get(SEATS)
        assert "林主持提出任命这位" in page.text
        assert f"changes/{number}/confirmation" not in page.html
    assert f"changes/{number}/confirmation" in town.as_("supervisor").get(SEATS).html
    assert f"changes/{number}/confirmation" in town.as_("admin").get(PLATFORM).html


def test_who_still_has_to_agree_stands_there_by_name_and_whoever_asked_is_told_to_call(town: Town) -> None:
    put(town, NEW)
    page = town.as_("moderator").get(SEATS).text
    assert "还要下面一位同意：居务监督监督员、平台管理员。" in page
    assert "打个电话说一声更快" in page
    assert "打个电话说一声更快" not in town.as_("recorder").get(SEATS).text
    assert "还要" not in town.as_("supervisor").get(SEATS).text


def test_the_platforms_admin_is_told_on_the_first_page_and_in_the_list(town: Town) -> None:
    admin = town.as_("admin")
    assert "席位变动" not in admin.get("/").text + admin.get("/platform").text
    put(town, NEW)
    put(town, NEIGHBOR)
    assert "有 2 件席位变动等人同意，您就可以同意。" in admin.get("/").text
    page = admin.get("/platform")
    assert "有 2 件席位变动等您同意" in page.text
    assert f'href="{PLATFORM}#changes"' in page.html
    assert "席位变动" not in town.as_("resident").get("/").text


def test_an_admin_who_works_there_is_not_told_that_they_could_agree(town: Town) -> None:
    """A sentence that offered it, and a page that refuses it."""
    number = put(town, NEIGHBOR)
    outside = town.as_("admin").get(PLATFORM).text
    assert "可以是您，也可以是这个议事会的居务监督" in outside
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "desk")
    page = town.as_("admin").get(PLATFORM)
    assert "可以是您" not in page.text
    assert "有 1 件席位变动等另一位同意" in page.text
    assert f"changes/{number}/" not in page.html
    assert "您在这个议事会任职" in page.text
    assert "席位变动" not in town.as_("admin").get("/platform").text


def test_somebody_whom_two_have_seen_keeps_their_password(town: Town) -> None:
    neighbor = with_password(town, "neighbor")
    number = put(town, NEIGHBOR)
    answer = agree(town, "supervisor", number)
    assert answer.status == 303
    assert neighbor.get("/c/jinxiu/residents").status == 200
    assert "account.link_given" not in verbs(town)


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_a_community_officer_or_the_platform_agrees_too(town: Town, who: str) -> None:
    officer(town)
    number = put(town, NEIGHBOR)
    base = PLATFORM if who == "admin" else SEATS
    answer = agree(town, who, number, base)
    assert answer.status in {200, 303}
    assert verbs(town).count("seat.agreed") == 1


def test_an_admin_who_is_the_communitys_officer_too_is_still_from_outside(town: Town) -> None:
    town.as_("admin").follow(PLATFORM, {"name": "平台管理员", "phone": "13700000002", "role": "community"})
    number = put(town, NEIGHBOR)
    assert agree(town, "admin", number, PLATFORM).status in {200, 303}
    assert verbs(town).count("seat.agreed") == 1


def test_an_officer_of_the_platform_seats_at_once_like_any_admin(town: Town) -> None:
    other = "/platform/councils/other"
    town.as_("admin").follow(other, {"name": "平台管理员", "phone": "13700000002", "role": "community"})
    assert "/invitations/" in town.as_("admin").post(other, NEW).html
    assert verbs(town, town.cast.other_council_id)[-1] == "seat.appointed"


def test_an_admin_who_works_here_still_names_the_communitys_officers(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "desk")
    officer(town)
    assert town.as_("stranger").get(SEATS).status == 200
    assert "seat.put" not in verbs(town)


def test_who_sits_there_already_is_not_put_forward_again(town: Town) -> None:
    answer = town.as_("moderator").post(SEATS, {"name": "陈记录", "phone": "13800000001", "role": "recorder"})
    assert answer.status == 422
    assert "已经是这个席位" in answer.text
    assert "seat.put" not in verbs(town)


def test_a_moderator_leaves_alone_and_is_sent_away_by_two(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["stranger"], "moderator")
    moderator = town.as_("moderator")
    assert "等另一位同意后生效" in moderator.follow(ending(moderator.get(SEATS).html, "路人"), WHY).text
    assert town.as_("stranger").get("/c/jinxiu/settings").status == 200
    assert moderator.post(ending(moderator.get(SEATS).html, "林主持"), WHY).status == 303
    assert moderator.get("/c/jinxiu/settings").status == 404


def test_a_change_about_a_seat_that_ended_meanwhile_lapses(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["stranger"], "supervisor")
    moderator = town.as_("moderator")
    moderator.follow(ending(moderator.get(SEATS).html, "监督员"), WHY)
    with town.write("admin") as tx:
        (seat,) = queries.held(tx.session, town.cast.council_id, town.cast.ids["supervisor"], "supervisor")
        end_seat(tx, seat)
    with town.db.read() as session:
        (change,) = session.exec(select(SeatChange)).all()
        assert change.state == "lapsed"
    assert verbs(town)[-2:] == ["seat.ended", "seat.change_lapsed"]
    assert agree(town, "stranger", change.id).status == 422
    assert "监督员的居务监督席位" in moderator.get("/c/jinxiu").text


@pytest.mark.parametrize(("name", "phone"), [("平台管理员", "13700000002"), ("外区主持", "13900000001")])
def test_nobody_here_hands_out_a_key_to_an_account_with_an_office_elsewhere(town: Town, name: str, phone: str) -> None:
    """It has no password yet, for which anybody else's would get a new link."""
    number = put(town, {"name": name, "phone": phone, "role": "desk"})
    answer = agree(town, "supervisor", number)
    assert answer.status == 303
    assert "account.link_given" not in verbs(town)


def test_a_colleague_who_has_a_seat_that_took_two_keeps_their_password(town: Town) -> None:
    colleague = with_password(town, "desk")
    number = put(town, {"name": "服务台甲", "phone": "13800000002", "role": "recorder"})
    assert agree(town, "supervisor", number).status == 303
    assert colleague.get("/c/jinxiu/work").status == 200


def test_without_having_spoken_with_the_person_nobody_agrees(town: Town) -> None:
    number = put(town, NEIGHBOR)
    answer = agree(town, "supervisor", number, known=False)
    assert answer.status == 422
    assert "请先跟本人谈过" in answer.text
    assert verbs(town)[-1] == "seat.put"


@pytest.mark.parametrize("who", ["moderator", "recorder", "desk", "resident", "committee"])
def test_no_other_agrees(town: Town, who: str) -> None:
    number = put(town, NEIGHBOR)
    assert agree(town, who, number).status == 403
    assert agree(town, who, number, PLATFORM).status == 403


def test_whose_seat_has_ended_since_they_were_let_in_agrees_with_nothing(town: Town) -> None:
    number = put(town, NEIGHBOR)
    with town.write("desk") as tx, pytest.raises(NotHere):
        seating_actions.agree(tx, number)


def test_what_waits_asks_the_database_no_more_often_when_it_is_more(town: Town) -> None:
    put(town, NEW)
    moderator = town.as_("moderator")
    with town.asking() as one:
        moderator.get(SEATS)
    put(town, NEIGHBOR)
    with town.asking() as two:
        moderator.get(SEATS)
    assert len(two) == len(one)


def test_another_councils_change_is_not_there(town: Town) -> None:
    number = put(town, NEIGHBOR)
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["supervisor"], "supervisor")
    assert agree(town, "supervisor", number, "/c/other/seats").status == 404
    assert agree(town, "admin", number, "/platform/councils/other").status == 404
    assert town.as_("admin").post(f"/platform/councils/other/changes/{number}/refusal").status == 404
    assert town.as_("supervisor").post(f"/c/other/seats/changes/{number}/refusal").status == 404


@pytest.mark.parametrize(("who", "base"), [("moderator", SEATS), ("supervisor", SEATS), ("admin", PLATFORM)])
def test_it_is_taken_back_or_not_agreed_with(town: Town, who: str, base: str) -> None:
    number = put(town, NEIGHBOR)
    assert town.as_(who).post(f"{base}/changes/{number}/refusal").status == 303
    assert verbs(town)[-1] == "seat.change_refused"
    late = agree(town, "supervisor", number)
    assert late.status == 422
    assert "已经有人处理" in late.text
    with town.db.read() as session:
        assert not queries.roles_of(session, town.cast.council_id, town.cast.ids["neighbor"])


def test_it_is_put_forward_once(town: Town) -> None:
    put(town, NEIGHBOR)
    answer = town.as_("moderator").post(SEATS, NEIGHBOR)
    assert answer.status == 422
    assert "已经有人提出过" in answer.text


def test_somebody_is_put_forward_for_one_building_beside_another(town: Town) -> None:
    form = {**NEIGHBOR, "role": "building", "building": "水仙里1幢1单元"}
    put(town, form)
    put(town, {**form, "building": "红茶里2幢1单元"})
    assert "已经有人提出过" in town.as_("moderator").post(SEATS, form).text


def test_the_supervisor_is_not_sent_away_by_the_moderator_alone(town: Town) -> None:
    moderator = town.as_("moderator")
    address = ending(moderator.get(SEATS).html, "监督员")
    assert "等另一位同意后生效" in moderator.follow(address, WHY).text
    assert verbs(town)[-1] == "seat.end_put"
    assert moderator.post(address, WHY).status == 422
    assert town.as_("supervisor").get("/c/jinxiu/work").status == 200
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    assert agree(town, "supervisor", number).status == 303
    assert verbs(town)[-1] == "seat.end_agreed"
    assert town.as_("supervisor").get(SEATS).status == 404


def test_the_platform_seats_the_first_ones_at_once(town: Town) -> None:
    admin = town.as_("admin")
    for number, role in enumerate(("recorder", "desk", "supervisor")):
        form = {"name": f"第一位{role}", "phone": f"1361111222{number}", "role": role}
        assert re.search(r"/invitations/", admin.post("/platform/councils/other", form).html)
    moderator = town.as_("other_moderator")
    page = moderator.get("/c/other/seats")
    addresses = re.findall(r'href="(/c/other/seats/\d+)">第一位', page.html)
    assert len(addresses) == 3
    assert all("任命 平台管理员" in moderator.get(one).text for one in addresses)


def test_nobody_is_put_forward_where_nobody_could_agree(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "desk")
        (seat,) = queries.held(tx.session, tx.council, town.cast.ids["supervisor"], "supervisor")
        end_seat(tx, seat)
    assert town.as_("moderator").post(SEATS, NEIGHBOR).status == 422
    assert "seat.put" not in verbs(town)


@pytest.mark.parametrize(
    ("name", "phone"), [("平台管理员", "13700000002"), ("外区主持", "13900000001"), ("外区居民", "13900000000")]
)
def test_nor_does_the_platform_for_who_was_put_forward_but_belongs_elsewhere(town: Town, name: str, phone: str) -> None:
    with town.write() as tx:
        for seat in tx.session.exec(select(Seat).where(Seat.role == "desk")):
            tx.session.delete(seat)
    form = {"name": name, "phone": phone, "role": "desk"}
    assert town.as_("moderator").post(f"{SEATS}/changes/{put(town, form)}/refusal").status == 303
    assert town.as_("admin").post(PLATFORM, form).status == 303
    assert verbs(town)[-1] == "seat.appointed"
    assert "account.link_given" not in verbs(town)


def test_what_waits_is_asked_of_the_same_change_alone(town: Town) -> None:
    number = put(town, NEIGHBOR)
    same = (town.cast.council_id, town.cast.ids["neighbor"], "appointing", "desk")
    others = (town.cast.other_council_id, town.cast.ids["resident"], "ending", "recorder")
    with town.db.read() as session:
        assert seating_queries.waits(session, *same)
        for place, other in enumerate(others):
            asked = (*same[:place], other, *same[place + 1 :])
            assert not seating_queries.waits(session, *asked), asked  # type: ignore[arg-type]
    town.as_("moderator").post(f"{SEATS}/changes/{number}/refusal")
    with town.db.read() as session:
        assert not seating_queries.waits(session, *same)


def test_an_account_closed_meanwhile_is_given_no_seat(town: Town) -> None:
    town.as_("admin").follow(PLATFORM, {"name": "路人", "phone": "13700000001", "role": "community"})
    number = put(town, NEIGHBOR)
    neighbor = with_password(town, "neighbor")
    assert neighbor.post("/account/closing", {"for_good": "1", "current": "eight-letters"}).status == 303
    assert "seat.change_lapsed" in verbs(town)
    answer = agree(town, "supervisor", number)
    assert answer.status == 422
    assert "已经有人处理" in answer.text
    with town.db.read() as session:
        assert not queries.roles_of(session, town.cast.council_id, town.cast.ids["neighbor"])


def test_the_platform_seats_nobody_past_a_change_that_waits(town: Town) -> None:
    number = put(town, NEW)
    admin = town.as_("admin")
    answer = admin.post(PLATFORM, NEW)
    assert answer.status == 422
    assert "请在本页上面同意" in answer.text
    assert f"changes/{number}/confirmation" in answer.html
    assert 'value="新记录"' in answer.html
    assert "seat.appointed" not in verbs(town)
    assert admin.post(f"{PLATFORM}/changes/{number}/refusal").status == 303
    assert admin.post(PLATFORM, NEW).status == 303
    assert verbs(town)[-1] == "seat.put"


def test_whoever_put_it_reads_on_their_home_what_became_of_it(town: Town) -> None:
    home = "/c/jinxiu"
    agree(town, "supervisor", put(town, NEW))
    number = put(town, NEIGHBOR)
    town.as_("supervisor").post(f"{SEATS}/changes/{number}/refusal")
    page = town.as_("moderator").get(home)
    assert "您提出任命新记录为记录人：监督员已同意，当面核对本人后生效。" in page.text
    assert "您提出任命吴志燕为服务台：监督员没有同意，席位不变。" in page.text
    assert f'href="{SEATS}"' in page.html
    for who in ("supervisor", "recorder", "resident"):
        assert "您提出任命" not in town.as_(who).get(home).text
    town.as_("moderator").post(f"{SEATS}/changes/{put(town, NEIGHBOR)}/refusal")
    assert town.as_("moderator").get(home).text.count("您提出任命") == 2
    town.travel(days=8)
    assert "您提出任命" not in town.as_("moderator").get(home).text


def test_an_admin_who_put_it_reads_what_became_of_it_at_the_platform_too(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["admin"], "desk")
    admin = town.as_("admin")
    assert "等另一位同意后生效" in admin.follow(PLATFORM, NEW).text
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    said = "您提出任命新记录为记录人：监督员没有同意，席位不变。"
    assert said not in admin.get("/").text + admin.get(PLATFORM).text
    town.as_("supervisor").post(f"{SEATS}/changes/{number}/refusal")
    first = admin.get("/")
    assert said in first.text
    assert f'href="{PLATFORM}"' in first.html
    assert said in admin.get(PLATFORM).text
    assert said not in admin.get("/platform/councils/other").text
    assert said not in town.as_("stranger").get("/").text


def test_the_reason_for_an_ending_is_read_by_the_second_person_and_stands_in_the_journal(town: Town) -> None:
    moderator = town.as_("moderator")
    moderator.follow(ending(moderator.get(SEATS).html, "监督员"), {"reason": "搬去外地了，不再住这里。"})
    with town.db.read() as session:
        number = max(session.exec(select(SeatChange.id)).all())
    for who, path in (("supervisor", SEATS), ("admin", PLATFORM), ("resident", "/c/jinxiu/log")):
        assert "搬去外地了，不再住这里。" in town.as_(who).get(path).text
    assert agree(town, "admin", number, PLATFORM).status == 303
    page = town.as_("resident").get(SEATS)
    assert "以前的席位（1 个）" in page.text
    assert "搬去外地了，不再住这里。" in page.text
