"""Two willing staff of one council let somebody back in: their offices in another council give no powers there before two of that
council have seen the person."""

from sqlmodel import select

from deliberation.council.actions import appoint, appoint_officer
from deliberation.council.resting.actions import rest
from deliberation.council.resting.rules import Why
from deliberation.council.tables import Council, Seat
from tests.conftest import Answer, Caller, Town
from tests.deliberation.council.build import number_shown, resting_seat, verbs
from tests.deliberation.council.test_recovery import NEW, by_platform, confirm, link_of

OTHER = "/c/other"


def _stolen(town: Town, *, role: str = "recorder") -> Caller:
    """The clerk of our council has an office in the other one. Ours lets them in; whoever was shown the link uses it."""
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["desk"], role)
        for who in ("neighbor", "owner"):
            appoint(tx, town.cast.ids[who], "moderator" if who == "neighbor" else "supervisor")
    assert by_platform(town, "desk").status == 303
    thief = town.as_(None)
    assert thief.post(link_of(confirm(town, "moderator")), NEW).status == 303
    return thief


def _type(town: Town, who: str, number: str) -> Answer:
    seat = resting_seat(town, town.cast.other_council_id).id
    return town.as_(who).post(f"{OTHER}/seats/{seat}/seeing", {f"number_{seat}": number})


def test_the_office_elsewhere_gives_nothing_and_the_one_at_home_stays(town: Town) -> None:
    thief = _stolen(town)
    assert thief.get("/c/jinxiu/residents").status == 200
    for path in ("/residents", "/roll", "/seats"):
        assert thief.get(f"{OTHER}{path}").location == f"{OTHER}/resting"
    assert "由另一个议事会找回" in thief.get(f"{OTHER}/resting").text
    assert verbs(town, town.cast.other_council_id)[-2:] == ["account.recovery_confirmed", "seat.rests"]


def test_it_takes_two_there_and_one_of_them_watches(town: Town) -> None:
    thief = _stolen(town)
    number = number_shown(thief, OTHER)
    assert _type(town, "other_moderator", number).status == 303
    assert verbs(town, town.cast.other_council_id)[-1] == "seat.seen"
    assert thief.get(f"{OTHER}/residents").location == f"{OTHER}/resting"
    assert _type(town, "other_moderator", number).status == 422
    second = _type(town, "neighbor", number)
    assert second.status == 422
    assert "监督员、社区干部或平台管理员" in second.text
    assert _type(town, "owner", number).status == 303
    assert verbs(town, town.cast.other_council_id)[-1] == "seat.begins"
    assert thief.get(f"{OTHER}/residents").status == 200


def test_whoever_was_shown_the_link_sees_nobody_there(town: Town) -> None:
    with town.write("admin", town.cast.other_council_id) as tx:
        appoint(tx, town.cast.ids["moderator"], "moderator")
    thief = _stolen(town)
    answer = _type(town, "moderator", number_shown(thief, OTHER))
    assert answer.status == 422
    assert "请另一位当面核对" in answer.text


def _an_officer_to_let_in(town: Town) -> None:
    """The clerk sits above both councils, and the platform has begun to let them back in here."""
    with town.write() as tx:
        for council in tx.session.exec(select(Council)).all():
            council.community = "锦绣社区"
            tx.session.add(council)
    with town.write("admin") as tx:
        appoint_officer(tx, "锦绣社区", town.cast.ids["desk"])
    assert by_platform(town, "desk").status == 303


def test_an_officer_of_the_community_who_works_here_rests_above_the_other_council(town: Town) -> None:
    _an_officer_to_let_in(town)
    thief = town.as_(None)
    assert thief.post(link_of(confirm(town, "moderator")), NEW).status == 303
    assert thief.get(f"{OTHER}/seats").location == f"{OTHER}/resting"


def test_no_moderator_ends_the_seat_of_an_officer_that_rests(town: Town) -> None:
    _an_officer_to_let_in(town)
    confirm(town, "moderator")
    seat = resting_seat(town, town.cast.other_council_id)
    assert seat.role == "community"
    answer = town.as_("other_moderator").post(f"{OTHER}/seats/{seat.id}/ending", {"reason": "不需要了"})
    assert answer.status == 422
    assert resting_seat(town, town.cast.other_council_id).until is None


def test_seats_that_rest_leave_nobody_to_the_platform_alone(town: Town) -> None:
    """An admin who lets all colleagues of a moderator in through a council made for it has not made the moderator the last one."""
    with town.write() as tx:
        for one in tx.session.exec(select(Seat).where(Seat.council_id == town.cast.council_id)).all():
            if one.account_id not in {town.cast.ids["moderator"], town.cast.ids["recorder"]}:
                one.until = tx.now
            elif one.role == "recorder":
                rest(tx, one, Why.RECOVERY)
            tx.session.add(one)
    answer = by_platform(town, "moderator")
    assert answer.status == 303, "it waits for a second person"
    assert verbs(town)[-1] == "account.recovery_started"
