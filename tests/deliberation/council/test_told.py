"""Whose tie or seat was refused, changed or ended reads on their own devices where, why, by which office, and what to do."""

import pytest
from sqlmodel import col, select

from deliberation.council.actions import appoint
from deliberation.people.devices import actions as device_actions
from deliberation.people.tables import AccountNotice
from tests.conftest import Caller, Town
from tests.deliberation.ballot import build as polls
from tests.deliberation.council.build import JOINING, membership, seat_of
from tests.deliberation.council.test_seating import NEIGHBOR, PLATFORM, SEATS, agree, officer, put
from tests.deliberation.council.test_seats import WHY
from tests.deliberation.people.build import PASSWORD, with_password

C = "/c/jinxiu"
REASON = "听说已经搬走了"
ON_THE_OTHER = "如果写了原因，请在您以前用过的设备上看"


def notice(caller: Caller, page: str = "/account") -> str:
    """The text of the notices about the account, without the rest of the page."""
    html = caller.get(page).html
    parts = html.split('<section class="alert alert-waiting" aria-label="关于您的账号">')[1:]
    return " ".join(part.split("</section>")[0] for part in parts)


def test_an_ended_tie_says_which_council_which_home_why_and_by_which_office(town: Town) -> None:
    town.as_("desk").follow(f"{C}/residents/{membership(town, 'resident').id}/ending", {"reason": REASON})
    shown = notice(town.as_("resident"))
    for part in ("身份被结束了", "锦绣邻里议事会", "水仙里1幢1单元0101", REASON, "经办：服务台", "可以恢复"):
        assert part in shown
    assert "服务台甲" not in shown


def test_in_a_poll_both_offices_that_ended_a_tie_are_named_and_the_first_word_of_it_is_taken_down(town: Town) -> None:
    polls.announced(town)
    address = f"{C}/residents/{membership(town, 'resident').id}/ending"
    town.as_("desk").follow(address, {"reason": REASON})
    assert "经办：服务台" in notice(town.as_("resident"))
    town.as_("moderator").follow(address, {"reason": REASON})
    shown = notice(town.as_("resident"))
    assert "经办：服务台、主持人" in shown
    assert "提出结束" not in shown


def test_who_was_not_confirmed_reads_why_and_that_they_can_ask_again(town: Town) -> None:
    guest = town.as_(None)
    guest.follow(f"{C}/join", JOINING)
    found = town.as_("desk").get(f"{C}/residents").html
    number = found.split("/residents/")[-1].split('"')[0]
    town.as_("desk").follow(f"{C}/residents/{number}/refusal", {"reason": "名册上不是这个名字"})
    for page in ("/account", C):
        shown = notice(guest, page)
        assert "没有确认" in shown
        assert "名册上不是这个名字" in shown
        assert "0104" in shown
        assert "再申请" in shown


def test_who_was_moved_to_another_home_on_the_roll_reads_of_it(town: Town) -> None:
    moved = {"tie": "owner", "head_key": "Y04", "note": "本人说换了房"}
    town.as_("desk").follow(f"{C}/residents/{membership(town, 'neighbor').id}/confirmation", moved)
    shown = notice(town.as_("neighbor"))
    for part in ("对应的房屋或身份改了", "水仙里1幢1单元0104", "本人说换了房", "经办：服务台"):
        assert part in shown
    same = {**moved, "in_person": "1"}
    town.as_("recorder").follow(f"{C}/residents/{membership(town, 'neighbor').id}/confirmation", same)
    assert notice(town.as_("neighbor")).count("对应的房屋或身份改了") == 1, "the same tie once more is no news"


def test_a_seat_that_one_ends_alone_is_told_to_its_holder(town: Town) -> None:
    town.as_("moderator").follow(f"{SEATS}/{seat_of(town, 'property')}/ending", WHY)
    shown = notice(town.as_("property"))
    for part in ("席位被结束了", "锦绣邻里议事会 · 物业服务企业", WHY["reason"], "经办：主持人", "居务监督"):
        assert part in shown


def test_who_ends_their_own_seat_is_told_nothing(town: Town) -> None:
    with town.write("admin") as tx:
        appoint(tx, town.cast.ids["resident"], "moderator")
        mine = appoint(tx, town.cast.ids["moderator"], "affected").id
    town.as_("moderator").follow(f"{SEATS}/{mine}/ending", WHY)
    assert notice(town.as_("moderator")) == ""


@pytest.mark.parametrize(
    ("second", "base", "office"), [("admin", PLATFORM, "平台管理员"), ("stranger", SEATS, "社区工作人员")]
)
def test_the_end_of_a_supervisors_seat_is_told_when_it_is_asked_for_and_when_it_ends(
    town: Town, second: str, base: str, office: str
) -> None:
    officer(town)
    town.as_("moderator").follow(f"{SEATS}/{seat_of(town, 'supervisor')}/ending", WHY)
    asked = notice(town.as_("supervisor"))
    assert "有人提出结束您在议事会的席位" in asked
    assert WHY["reason"] in asked
    number = int(town.as_("stranger").get(SEATS).html.split("/seats/changes/")[1].split("/")[0])
    assert agree(town, second, number, base).status == 303
    ended = notice(town.as_("supervisor"))
    assert "席位被结束了" in ended
    assert WHY["reason"] in ended
    assert f"经办：主持人、{office}" in ended
    assert "有人提出结束" not in ended


def test_a_seat_whose_end_was_not_agreed_to_stands_and_its_holder_hears_so(town: Town) -> None:
    town.as_("moderator").follow(f"{SEATS}/{seat_of(town, 'supervisor')}/ending", WHY)
    number = int(town.as_("admin").get(PLATFORM).html.split("/changes/")[1].split("/")[0])
    town.as_("admin").follow(f"{PLATFORM}/changes/{number}/refusal")
    shown = notice(town.as_("supervisor"))
    assert "席位没有结束" in shown
    assert "经办：平台管理员" in shown
    assert "有人提出结束" not in shown


def test_the_end_that_nobody_agreed_to_in_time_is_taken_down(town: Town) -> None:
    town.as_("moderator").follow(f"{SEATS}/{seat_of(town, 'supervisor')}/ending", WHY)
    open_still = select(AccountNotice.code).where(col(AccountNotice.dismissed_at).is_(None))
    with town.db.read() as session:
        assert session.exec(open_still).all() == ["seat_end_asked"]
    town.travel(days=31)
    with town.db.read() as session:
        assert session.exec(open_still).all() == []


def test_an_appointment_that_was_refused_is_told_to_whoever_it_was_about(town: Town) -> None:
    number = put(town, NEIGHBOR)
    town.as_("supervisor").follow(f"{SEATS}/changes/{number}/refusal")
    shown = notice(town.as_("neighbor"))
    assert "任命您的提议没有通过" in shown
    assert "锦绣邻里议事会 · 服务台" in shown
    assert "经办：居务监督" in shown


def test_an_officer_whose_seat_ended_in_all_councils_is_told_once(town: Town) -> None:
    officer(town)
    town.as_("admin").follow(
        f"{PLATFORM}/officers/{town.cast.ids['stranger']}/ending",
        {f"reason_{town.cast.ids['stranger']}": "调到别的社区"},
    )
    shown = notice(town.as_("stranger"))
    assert shown.count("席位被结束了") == 1
    assert "锦绣社区 · 社区工作人员" in shown
    assert "调到别的社区" in shown


def test_a_device_nobody_has_answered_for_reads_what_happened_but_not_the_home_nor_the_reason(town: Town) -> None:
    """It may be a stranger's: they learn what stands on the account's other pages, and cannot put the notice away."""
    with_password(town, "resident")
    own, strange = town.as_(None), town.as_(None)
    for caller in (own, strange):
        assert caller.post("/sign-in", {"identifier": "13800000007", "password": PASSWORD}).status == 303
        town.travel(minutes=5)
    town.as_("desk").follow(f"{C}/residents/{membership(town, 'resident').id}/ending", {"reason": REASON})
    shown = notice(strange)
    for part in ("身份被结束了", "锦绣邻里议事会", "请马上找服务台，可以恢复", ON_THE_OTHER):
        assert part in shown
    for part in (REASON, "0101", "经办", "/reading", "先在那里点明这台设备是您自己的"):
        assert part not in shown
    known = notice(own)
    assert REASON in known
    assert "0101" in known
    assert ON_THE_OTHER not in known


def test_what_is_settled_in_one_council_leaves_the_news_of_another(town: Town) -> None:
    me = town.cast.ids["supervisor"]
    with town.write() as tx:
        for slug in ("jinxiu", "other"):
            device_actions.tell(tx, me, "seat_end_asked", facts={"council": slug, "slug": slug, "role": "supervisor"})
        device_actions.untell(tx, me, "seat_end_asked", about={"slug": "other"})
    shown = notice(town.as_("supervisor"))
    assert "jinxiu" in shown
    assert "other" not in shown
